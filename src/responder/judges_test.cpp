// Five strangers judge what this authority makes: openssl, GnuTLS, NSS, Java's PKIX, and each over
// the real plain port. Keys lie in SoftHSM, as in a default installation.
#include <gtest/gtest.h>

#include <array>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "ca/authority.hpp"
#include "ca/ceremony.hpp"
#include "hsm/token.hpp"
#include "http/client.hpp"
#include "http/server.hpp"
#include "kit/ca_world.hpp"
#include "kit/temp_folder.hpp"
#include "pki/certificate.hpp"
#include "pki/certificate_request.hpp"
#include "pki/ocsp.hpp"
#include "pki/pem.hpp"
#include "responder/status_endpoints.hpp"

namespace antin::responder {
namespace {

using kit::must;

struct Output {
    int code = 0;
    std::string text;
};
Output run(const std::string& command) {
    Output out;
    std::FILE* pipe = ::popen((command + " 2>&1").c_str(), "r");
    std::array<char, 4096> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) out.text += buffer.data();
    out.code = WEXITSTATUS(::pclose(pipe));
    return out;
}
Bytes must_hex(const std::string& serial) {
    return from_hex(serial).value_or(Bytes{});
}
bool has(const Output& output, std::string_view text) {
    return output.text.find(text) != std::string::npos;
}

std::shared_ptr<ca::KeyStore> new_token(const std::filesystem::path& folder,
                                        const std::string& label) {
    hsm::ModuleSettings settings;
    settings.library = hsm::find_softhsm();
    settings.folder = folder / ("tokens-" + label);
    std::filesystem::create_directories(settings.folder);
    auto module = must(hsm::Module::open(settings));
    static_cast<void>(must(module->initialise(label, "so-12345678", "12345678")));
    hsm::TokenAccess access;
    access.label = label;
    access.pin = "12345678";
    return ca::keys_in(must(hsm::Token::open(module, access)));
}

/// An authority on SoftHSM behind a real plain port, with one certificate of each state.
class Judged : public testing::TestWithParam<pki::KeyKind> {
  protected:
    void SetUp() override {
        const bool p256 = GetParam() == pki::KeyKind::P256;
        http::ServerSettings settings;
        settings.quick = [this](const http::Request& r) -> std::optional<http::Response> {
            auto* open = service.load();
            return open == nullptr ? std::nullopt : quick_status(*open, r);
        };
        server = must(http::Server::start(settings, [this](http::Request& r) {
            auto* open = service.load();
            auto answered = open == nullptr ? std::nullopt : answer_status(*open, r);
            return answered ? std::move(*answered) : http::plain_text(404, "not found\n");
        }));
        url = "http://127.0.0.1:" + std::to_string(server->port());
        sql::Settings database;
        database.sqlite_path = folder / "antin.db";
        db = must(sql::Database::open(database));
        const auto steps = kit::ca_migrations();
        must(db->migrate(steps));
        auto script = must(ca::default_ceremony());
        // The defaults, but for the root's size: RSA-4096 takes long to make and proves no more.
        script.root.key = p256 ? pki::KeyKind::P256 : pki::KeyKind::Rsa3072;
        if (p256) script.responder_key = GetParam();
        for (auto& issuing : script.issuing) issuing.key = GetParam();
        const auto root = new_token(folder.path(), "root");
        const auto keys = new_token(folder.path(), "issuing");
        static_cast<void>(
            must(ca::hold_ceremony(*db, clock, *root, *keys, script, url, folder / "public")));
        ca::AuthoritySettings authority_settings;
        authority_settings.public_dir = folder / "public";
        authority = must(ca::Authority::open(*db, clock, keys, authority_settings));
        service = &authority->status();
        held = issue("held", p256 ? pki::KeyKind::P256 : pki::KeyKind::Rsa2048, true);
        good = issue("good", pki::KeyKind::P256, false);
        revoked = issue("revoked", pki::KeyKind::Rsa2048, false);
        must(db->transact([&](sql::Transaction& tx) -> Status {
            const auto done = ca::revoke(tx, revoked.serial, ca::RevocationReason::KeyCompromise,
                                         {12, "B"}, "", clock.now());
            return done ? Status{} : Status{fail(done.error())};
        }));
        must(authority->maintain());
        const auto chain = authority->chain("state");
        write("state.pem", pki::to_pem("CERTIFICATE", chain.at(0)));
        write("root.pem", pki::to_pem("CERTIFICATE", chain.at(1)));
        write("both.pem",
              pki::to_pem("CERTIFICATE", chain.at(0)) + pki::to_pem("CERTIFICATE", chain.at(1)));
        for (const auto* name : {"root", "state"}) {
            write(std::string{name} + "-crl.pem",
                  pki::to_pem("X509 CRL",
                              read(folder / "public" / "crl" / (std::string{name} + ".crl"))));
        }
    }
    void TearDown() override {
        if (server) server->stop(std::chrono::milliseconds{100});
        service = nullptr;
    }
    static Bytes read(const std::filesystem::path& path) {
        std::ifstream file{path, std::ios::binary};
        return Bytes{std::istreambuf_iterator<char>{file}, {}};
    }
    void write(const std::string& name, const std::string& text) const {
        std::ofstream{folder / name, std::ios::binary} << text;
    }
    ca::CertificateRecord issue(const std::string& name, pki::KeyKind kind, bool on_hold) {
        auto terms = kit::CaWorld::terms("line:" + name);
        terms.subject.common_name = "Người Thử " + name;
        terms.on_hold = on_hold;
        return issue(name, kind, terms);
    }
    ca::CertificateRecord issue(const std::string& name, pki::KeyKind kind,
                                const ca::OrderTerms& terms) {
        must(db->transact([&](sql::Transaction& tx) {
            return ca::approve_order(tx, terms, {11, "A"}, {12, "B"}, clock.now());
        }));
        const auto key = kit::make_software_signer(kind);
        auto record =
            must(authority->issue(ca::IssueRequest{must(authority->approval_of(terms.order_id)),
                                                   must(pki::make_certificate_request(*key, name)),
                                                   {}}));
        const std::string leaf = pki::to_pem("CERTIFICATE", record.der);
        write(name + ".pem", leaf);
        write(name + ".der", std::string{as_text(record.der)});
        return record;
    }
    [[nodiscard]] std::string at(const std::string& name) const { return folder / name; }

    kit::TempFolder folder;
    SystemClock clock;
    std::atomic<ca::StatusService*> service{nullptr};
    std::unique_ptr<http::Server> server;
    std::string url;
    std::unique_ptr<sql::Database> db;
    std::unique_ptr<ca::Authority> authority;
    ca::CertificateRecord held, good, revoked;
};
INSTANTIATE_TEST_SUITE_P(Keys, Judged, testing::Values(pki::KeyKind::P256, pki::KeyKind::Rsa3072),
                         [](const auto& kind) {
                             return kind.param == pki::KeyKind::P256 ? "P256" : "Rsa3072";
                         });

TEST_P(Judged, ByOpenssl) {
    for (const std::string name : {"held", "good", "revoked"}) {
        const auto chain = run("openssl verify -x509_strict -CAfile " + at("root.pem") +
                               " -untrusted " + at("state.pem") + " " + at(name + ".pem"));
        EXPECT_TRUE(has(chain, ": OK")) << chain.text;
        const auto with_crl =
            run("openssl verify -crl_check_all -CAfile " + at("root.pem") + " -untrusted " +
                at("state.pem") + " -CRLfile " + at("root-crl.pem") + " -CRLfile " +
                at("state-crl.pem") + " " + at(name + ".pem"));
        EXPECT_EQ(has(with_crl, ": OK"), name == "good") << with_crl.text;
        for (const std::string how : {"", " -no_nonce", " -sha256 -no_nonce"}) {
            const std::string hash = how.find("sha256") != std::string::npos ? " -sha256" : "";
            const auto ocsp = run("openssl ocsp -issuer " + at("state.pem") + hash + " -cert " +
                                  at(name + ".pem") + " -url " + url + "/ocsp -CAfile " +
                                  at("both.pem") + (how.empty() ? "" : " -no_nonce"));
            EXPECT_TRUE(has(ocsp, "Response verify OK")) << ocsp.text;
            EXPECT_TRUE(has(ocsp, name == "good" ? ".pem: good" : ".pem: revoked")) << ocsp.text;
            const std::string reason = name == "held"      ? "certificateHold"
                                       : name == "revoked" ? "keyCompromise"
                                                           : "";
            EXPECT_TRUE(has(ocsp, reason)) << ocsp.text;
            EXPECT_FALSE(how.empty() && has(ocsp, "no nonce")) << ocsp.text;
        }
    }
    const auto text =
        run("openssl x509 -noout -text -nameopt utf8,sep_comma_plus -in " + at("good.pem"));
    for (const auto* part :
         {"Subject: C=VN,L=Lai Châu,O=Ủy ban nhân dân tỉnh Lai Châu,OU=Ủy ban nhân dân xã Thử "
          "Nghiệm,CN=Người Thử good",
          "Digital Signature, Non Repudiation\n",
          "TLS Web Client Authentication, E-mail Protection", "Policy: 2.16.704.1.1.1.1.1",
          "email:mau@thunghiem.laichau.gov.vn", "/crl/state.crl", "OCSP - URI:http://127.0.0.1",
          "CA Issuers - URI:http://127.0.0.1"}) {
        EXPECT_TRUE(has(text, part)) << part << "\n" << text.text;
    }
}

TEST_P(Judged, ByGnuTls) {
    for (const std::string name : {"held", "good", "revoked"}) {
        write("chain.pem", pki::to_pem("CERTIFICATE", read(folder / (name + ".der"))) +
                               pki::to_pem("CERTIFICATE", authority->chain("state").at(0)));
        const auto chain = run("certtool --verify --load-ca-certificate " + at("root.pem") +
                               " --infile " + at("chain.pem"));
        EXPECT_TRUE(has(chain, "Chain verification output: Verified")) << chain.text;
        const auto with_crl =
            run("certtool --verify --load-ca-certificate " + at("root.pem") + " --load-crl " +
                at("state-crl.pem") + " --infile " + at("chain.pem"));
        EXPECT_EQ(has(with_crl, "revoked"), name != "good") << with_crl.text;
        const auto ocsp =
            run("ocsptool --ask=" + url + "/ocsp --load-issuer " + at("state.pem") +
                " --load-cert " + at(name + ".pem") + " --load-trust " + at("both.pem"));
        EXPECT_TRUE(has(ocsp, "Success")) << ocsp.text;
        EXPECT_TRUE(has(ocsp, name == "good" ? "Status: good" : "Status: revoked")) << ocsp.text;
    }
    const auto crl = run("certtool --verify-crl --load-ca-certificate " + at("state.pem") +
                         " --infile " + at("state-crl.pem"));
    EXPECT_TRUE(has(crl, "Verification output: Verified")) << crl.text;
    EXPECT_TRUE(has(crl, "Revoked certificates (2)")) << crl.text;
}

TEST_P(Judged, ByNss) {
    const std::string base = "sql:" + at("nss");
    std::filesystem::create_directories(folder / "nss");
    ASSERT_EQ(run("certutil -N -d " + base + " --empty-password").code, 0);
    ASSERT_EQ(run("certutil -A -d " + base + " -n root -t C,C,C -i " + at("root.pem")).code, 0);
    ASSERT_EQ(run("certutil -A -d " + base + " -n state -t ,, -i " + at("state.pem")).code, 0);
    for (const std::string name : {"held", "good", "revoked"}) {
        // 4: a signer of mail. The chain alone, then with the status that OCSP gives of the leaf.
        const auto chain = run("vfychain -d " + base + " -u 4 -a " + at(name + ".pem"));
        EXPECT_TRUE(has(chain, "Chain is good!")) << chain.text;
        const auto ocsp = run("vfychain -d " + base +
                              " -pp -u 4 -g leaf -m ocsp -s failIfNoInfo -a " + at(name + ".pem"));
        EXPECT_EQ(has(ocsp, "Chain is good!"), name == "good") << ocsp.text;
    }
}

TEST_P(Judged, ByJava) {
    write("Judge.java", R"java(
import java.io.*;
import java.security.cert.*;
import java.util.*;

public class Judge {
    static X509Certificate read(String path) throws Exception {
        try (InputStream in = new FileInputStream(path)) {
            return (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }
    public static void main(String[] a) throws Exception {
        X509Certificate root = read(a[0]), issuing = read(a[1]);
        for (int i = 2; i < a.length; i++) {
            for (boolean crl : new boolean[] {false, true}) {
                CertPathValidator validator = CertPathValidator.getInstance("PKIX");
                PKIXRevocationChecker checker =
                    (PKIXRevocationChecker) validator.getRevocationChecker();
                Set<PKIXRevocationChecker.Option> options = EnumSet.of(
                    crl ? PKIXRevocationChecker.Option.PREFER_CRLS
                        : PKIXRevocationChecker.Option.ONLY_END_ENTITY,
                    PKIXRevocationChecker.Option.NO_FALLBACK);
                checker.setOptions(options);
                PKIXParameters parameters =
                    new PKIXParameters(Set.of(new TrustAnchor(root, null)));
                parameters.setRevocationEnabled(true);
                parameters.addCertPathChecker(checker);
                CertPath path = CertificateFactory.getInstance("X.509")
                    .generateCertPath(List.of(read(a[i]), issuing));
                String name = new File(a[i]).getName() + (crl ? " crl " : " ocsp ");
                try {
                    validator.validate(path, parameters);
                    System.out.println(name + "good");
                } catch (CertPathValidatorException e) {
                    Throwable cause = e.getCause();
                    Object why = cause instanceof CertificateRevokedException
                        ? ((CertificateRevokedException) cause).getRevocationReason() : "";
                    System.out.println(name + e.getReason() + " " + why + " " + e.getMessage());
                }
            }
        }
    }
}
)java");
    const auto out = run("java -Dcom.sun.security.enableCRLDP=true " + at("Judge.java") + " " +
                         at("root.pem") + " " + at("state.pem") + " " + at("held.pem") + " " +
                         at("good.pem") + " " + at("revoked.pem"));
    for (const std::string how : {" ocsp ", " crl "}) {
        EXPECT_TRUE(has(out, "good.pem" + how + "good")) << out.text;
        EXPECT_TRUE(has(out, "held.pem" + how + "REVOKED CERTIFICATE_HOLD")) << out.text;
        EXPECT_TRUE(has(out, "revoked.pem" + how + "REVOKED KEY_COMPROMISE")) << out.text;
    }
}

/// Every strange reader finds the same profile: usage by the kind of key, purposes, policy, names
/// and addresses; for each kind of subscriber, under the Party's issuing CA as well.
TEST_P(Judged, TheProfileAsStrangersReadIt) {
    struct Case {
        std::string name, profile, issuer, domain;
        pki::KeyKind key;
    };
    const std::vector<Case> cases{
        {"person", "individual", "party", "", pki::KeyKind::P256},
        {"body", "organisation", "state", "", pki::KeyKind::Rsa2048},
        {"system", "equipment", "party", "dv.thunghiem.laichau.gov.vn", pki::KeyKind::Rsa3072}};
    const auto party = authority->chain("party");
    write("party.pem", pki::to_pem("CERTIFICATE", party.at(0)));
    const std::string base = "sql:" + at("nss-profile");
    std::filesystem::create_directories(folder / "nss-profile");
    ASSERT_EQ(run("certutil -N -d " + base + " --empty-password").code, 0);
    ASSERT_EQ(run("certutil -A -d " + base + " -n root -t C,C,C -i " + at("root.pem")).code, 0);
    for (const std::string name : {"party", "state"}) {
        run("certutil -A -d " + base + " -n " + name + " -t ,, -i " + at(name + ".pem"));
    }
    for (const auto& one : cases) {
        auto terms = kit::CaWorld::terms("line:" + one.name);
        terms.profile = one.profile;
        terms.issuer = one.issuer;
        terms.subject.domain_name = one.domain;
        terms.on_hold = false;
        issue(one.name, one.key, terms);
        const std::string leaf = at(one.name + ".pem");
        const auto chain =
            run("openssl verify -x509_strict -purpose smimesign -CAfile " + at("root.pem") +
                " -untrusted " + at(one.issuer + ".pem") + " " + leaf);
        EXPECT_TRUE(has(chain, ": OK")) << chain.text;
        const auto nss = run("vfychain -d " + base + " -u 4 -a " + leaf);
        EXPECT_TRUE(has(nss, "Chain is good!")) << nss.text;

        run("certutil -A -d " + base + " -n " + one.name + " -t ,, -i " + leaf);
        const auto read = std::array{run("openssl x509 -noout -text -in " + leaf),
                                     run("certtool --certificate-info --infile " + leaf),
                                     run("certutil -L -d " + base + " -n " + one.name),
                                     run("keytool -J-Duser.language=en -printcert -file " + leaf)};
        const std::vector<std::array<const char*, 4>> said{
            {"Digital Signature, Non Repudiation", "Non repudiation.", "Non-Repudiation",
             "Non_repudiation"},
            {"TLS Web Client Authentication, E-mail Protection", "Email protection.",
             "E-Mail Protection Certificate", "emailProtection"},
            {"2.16.704.1.1.1.1.1", "2.16.704.1.1.1.1.1", "2.16.704.1.1.1.1.1",
             "2.16.704.1.1.1.1.1"},
            {"CA:FALSE", "Certificate Authority (CA): FALSE", "Is not a CA.", "CA:false"},
            {"/ocsp", "/ocsp", "/ocsp", "/ocsp"},
            {".crl", ".crl", ".crl", ".crl"},
            {".crt", ".crt", ".crt", ".crt"}};
        const std::array encipherment{"Key Encipherment", "Key encipherment", "Key Encipherment",
                                      "Key_Encipherment"};
        for (std::size_t judge = 0; judge < read.size(); ++judge) {
            for (const auto& words : said) {
                EXPECT_TRUE(has(read[judge], words[judge])) << words[judge] << read[judge].text;
            }
            EXPECT_EQ(has(read[judge], encipherment[judge]), one.key != pki::KeyKind::P256)
                << read[judge].text;
            EXPECT_EQ(has(read[judge], "dv.thunghiem.laichau.gov.vn"), !one.domain.empty())
                << read[judge].text;
        }
    }
}

TEST_P(Judged, OverTheWire) {
    http::Client client{{.port = server->port()}};
    const auto chain = authority->chain("state");
    const auto issuer = must(pki::read_certificate(chain.at(0)));
    const auto leaf = must(pki::read_certificate(good.der));
    const Bytes request = pki::make_ocsp_request(
        pki::encode_cert_id(false, issuer.subject, issuer.public_key_info, leaf.serial),
        std::nullopt);
    const auto get = [&](const std::string& target, const http::Client::Headers& headers = {}) {
        return must(client.get(target, headers));
    };
    const auto posted = must(client.send("POST", "/ocsp", as_text(request),
                                         {{"Content-Type", "application/ocsp-request"}}));
    EXPECT_EQ(posted.header("content-type"), "application/ocsp-response");
    EXPECT_EQ(posted.header("cache-control"), "no-store");
    const std::string text = to_base64(request);
    const auto got = get("/ocsp/" + http::url_encode(text));
    EXPECT_EQ(got.status, 200);
    EXPECT_EQ(got.body, posted.body);
    EXPECT_EQ(get("/ocsp/" + text).body, posted.body);  // slashes as they are
    EXPECT_NE(got.header("cache-control").find("max-age="), std::string::npos);
    EXPECT_NE(got.header("etag"), "");
    EXPECT_NE(got.header("last-modified"), "");
    const auto same =
        get("/ocsp/" + http::url_encode(text), {{"If-None-Match", got.header("etag")}});
    EXPECT_EQ(same.status, 304);
    EXPECT_EQ(same.body, "");

    const auto crl = get("/crl/state.crl");
    EXPECT_EQ(crl.header("content-type"), "application/pkix-crl");
    EXPECT_EQ(to_bytes(crl.body), read(folder / "public" / "crl" / "state.crl"));
    const auto aia = get("/aia/state.crt");
    EXPECT_EQ(aia.header("content-type"), "application/pkix-cert");
    EXPECT_EQ(to_bytes(aia.body), chain.at(0));
    for (const auto* other : {"/crl/../antin.db", "/crl/%2e%2e%2fantin.db", "/crl/other.crl",
                              "/aia/state.crl", "/crl/", "/ocspx", "/aia/root.crt/x"}) {
        EXPECT_EQ(get(other).status, 404) << other;
    }
    EXPECT_EQ(must(client.send("DELETE", "/ocsp", "", {})).status, 405);
    EXPECT_EQ(must(client.send("POST", "/crl/state.crl", "", {})).status, 405);
    const auto broken = must(client.send("POST", "/ocsp", "rác", {}));
    EXPECT_EQ(broken.status, 200);
    EXPECT_EQ(to_hex(as_bytes(broken.body)), "30030a0101");
    EXPECT_EQ(to_hex(as_bytes(get("/ocsp/!!!").body)), "30030a0101");
}

/// The whole second: from the commit of the handover to "good" over HTTP, nobody calling wake().
TEST_P(Judged, HandoverIsGoodWithinASecond) {
    authority->start();
    http::Client client{{.port = server->port()}};
    const auto chain = authority->chain("state");
    const auto issuer = must(pki::read_certificate(chain.at(0)));
    const auto leaf = must(pki::read_certificate(held.der));
    const Bytes request = pki::make_ocsp_request(
        pki::encode_cert_id(false, issuer.subject, issuer.public_key_info, leaf.serial),
        std::nullopt);
    const auto status = [&] {
        const auto answer = must(client.send("POST", "/ocsp", as_text(request), {}));
        return must(pki::read_ocsp_response(as_bytes(answer.body))).singles.at(0).status;
    };
    EXPECT_EQ(status(), pki::OcspStatus::Revoked);
    EXPECT_EQ(status(), pki::OcspStatus::Revoked);  // from memory by now
    must(db->transact([&](sql::Transaction& tx) -> Status {
        const auto done = ca::release_hold(tx, held.serial, {12, "B"}, "", clock.now());
        return done ? Status{} : Status{fail(done.error())};
    }));
    const auto begun = std::chrono::steady_clock::now();
    while (status() != pki::OcspStatus::Good) {
        ASSERT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{1});
    // The list follows within five.
    while (
        must(client.get("/crl/state.crl")).body.find(std::string{as_text(must_hex(held.serial))}) !=
        std::string::npos) {
        ASSERT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
    }
    authority->stop();
}

}  // namespace
}  // namespace antin::responder
