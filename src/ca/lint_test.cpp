// Every rule of the linter, each on a certificate that is right but for one thing.
#include "pki/lint.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <functional>

#include "ca/profiles.hpp"
#include "kit/software_signer.hpp"
#include "pki/certificate.hpp"
#include "pki/der.hpp"
#include "pki/key.hpp"
#include "pki/oids.hpp"

namespace antin::ca {
namespace {

using namespace pki;

const Bytes& p256_key() {
    static const auto signer = kit::make_software_signer(KeyKind::P256);
    return signer->public_key_info();
}
const Bytes& rsa_key() {
    static const auto signer = kit::make_software_signer(KeyKind::Rsa2048);
    return signer->public_key_info();
}

CertificateBody right_body() {
    CertificateBody body;
    body.serial = *from_hex("54010aff00112233");
    body.signer = KeyKind::Rsa3072;
    body.issuer = encode_name({{std::string{oids::common_name}, "CA"}});
    Subject subject;
    subject.locality = "Lai Châu";
    subject.organisation = "Ủy ban nhân dân tỉnh Lai Châu";
    subject.units = {"Ủy ban nhân dân xã Thử Nghiệm"};
    subject.common_name = "Nguyễn Thị Mẫu";
    body.subject = encode_name(subject_name(subject));
    body.not_before = parse_iso("2026-11-23T00:00:00Z").value();
    body.not_after = body.not_before + std::chrono::days{1825};
    body.public_key_info = p256_key();
    body.extensions = {
        extensions::authority_key_id(Bytes(20, 1)),
        extensions::subject_key_id(key_identifier(p256_key()).value()),
        extensions::basic_constraints(false, std::nullopt),
        extensions::key_usage(key_usage::digital_signature | key_usage::non_repudiation),
        extensions::extended_key_usage(
            {"1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4", "1.3.6.1.4.1.311.20.2.2"}),
        extensions::policy("2.16.704.1.1.1.1.1", "https://ca.gov.vn/pki/pub/policies/CP"),
        extensions::alternative_names("mau@laichau.gov.vn", "", {}),
        extensions::crl_distribution("http://127.0.0.1/crl/state.crl"),
        extensions::authority_access("http://127.0.0.1/ocsp", "http://127.0.0.1/aia/state.crt")};
    return body;
}

std::vector<std::string> rules_broken(const CertificateBody& body, const char* profile) {
    const Bytes whole =
        assemble(encode_body(body), body.signer, placeholder_signature(body.signer));
    const auto view = read_certificate(whole).value();
    std::vector<std::string> out;
    for (const auto& departure : lint(view, **find_profile(profile))) out.push_back(departure.rule);
    return out;
}

TEST(Lint, ARightCertificateHasNoDepartures) {
    EXPECT_TRUE(rules_broken(right_body(), "individual").empty());
    EXPECT_TRUE(rules_broken(right_body(), "organisation").empty());
}

ExtensionBody& extension(CertificateBody& body, std::string_view oid) {
    return *std::ranges::find(body.extensions, oid, &ExtensionBody::oid);
}
void rename(CertificateBody& body, const std::function<void(Name&)>& spoil) {
    Name name = read_name(body.subject).value();
    spoil(name);
    body.subject = encode_name(name);
}

struct Spoilt {
    const char* name;
    std::function<void(CertificateBody&)> spoil;
    const char* rule;
};
class EachRule : public testing::TestWithParam<Spoilt> {};
TEST_P(EachRule, IsFound) {
    CertificateBody body = right_body();
    GetParam().spoil(body);
    const auto broken = rules_broken(body, "individual");
    EXPECT_NE(std::ranges::find(broken, GetParam().rule), broken.end())
        << testing::PrintToString(broken);
}

const Spoilt frame_cases[] = {
    {"LongSerial", [](CertificateBody& b) { b.serial = Bytes(9, 0x11); }, "serial.length"},
    {"CountedSerial", [](CertificateBody& b) { b.serial = Bytes{7}; }, "serial.entropy"},
    {"ZeroSerial", [](CertificateBody& b) { b.serial = Bytes{0}; }, "serial.positive"},
    {"EndsBeforeItBegins",
     [](CertificateBody& b) { b.not_after = b.not_before - std::chrono::seconds{1}; },
     "validity.order"},
    {"TooLong", [](CertificateBody& b) { b.not_after = b.not_before + std::chrono::days{1827}; },
     "validity.length"},
    {"UnknownKey", [](CertificateBody& b) { b.public_key_info = der::sequence({der::null()}); },
     "key.unreadable"},
};
const Spoilt name_cases[] = {
    {"NoCountry", [](CertificateBody& b) { rename(b, [](Name& n) { n.erase(n.begin()); }); },
     "subject.order"},
    {"OtherCountry", [](CertificateBody& b) { rename(b, [](Name& n) { n[0].value = "LA"; }); },
     "subject.country"},
    {"OtherOrder", [](CertificateBody& b) { rename(b, [](Name& n) { std::swap(n[1], n[2]); }); },
     "subject.order"},
    {"NoCommonName", [](CertificateBody& b) { rename(b, [](Name& n) { n.pop_back(); }); },
     "subject.order"},
    {"MailInName",
     [](CertificateBody& b) {
         rename(b, [](Name& n) { n.push_back({std::string{oids::email_address}, "a@b.vn"}); });
     },
     "subject.order"},
    {"PrintableName",
     [](CertificateBody& b) {
         rename(b, [](Name& n) { n[4].value = "A", n[4].string_tag = der::tag::printable_string; });
     },
     "subject.encoding"},
    {"Decomposed",
     [](CertificateBody& b) { rename(b, [](Name& n) { n[4].value = "Ma\xcc\x82\xcc\x83u"; }); },
     "subject.text"},
    {"RightToLeft",
     [](CertificateBody& b) {
         rename(b, [](Name& n) {
             n[4].value =
                 "A\xe2\x80\xae"
                 "B";
         });
     },
     "subject.text"},
    {"Nul",
     [](CertificateBody& b) { rename(b, [](Name& n) { n[4].value = std::string("A\0B", 3); }); },
     "subject.text"},
    {"Spaces", [](CertificateBody& b) { rename(b, [](Name& n) { n[4].value = "A  B"; }); },
     "subject.text"},
    {"LongName",
     [](CertificateBody& b) { rename(b, [](Name& n) { n[4].value = std::string(65, 'A'); }); },
     "subject.length"},
    {"Empty", [](CertificateBody& b) { rename(b, [](Name& n) { n[4].value = ""; }); },
     "subject.empty"},
};
const Spoilt extension_cases[] = {
    {"NoKeyUsage", [](CertificateBody& b) { b.extensions.erase(b.extensions.begin() + 3); },
     "extension.missing"},
    {"NoPolicy", [](CertificateBody& b) { b.extensions.erase(b.extensions.begin() + 5); },
     "extension.missing"},
    {"Twice", [](CertificateBody& b) { b.extensions.push_back(b.extensions[3]); },
     "extension.twice"},
    {"Unexpected", [](CertificateBody& b) { b.extensions.push_back(extensions::ocsp_nocheck()); },
     "extension.unexpected"},
    {"UsageNotCritical", [](CertificateBody& b) { extension(b, oids::key_usage).critical = false; },
     "extension.critical"},
    {"NamesCritical",
     [](CertificateBody& b) { extension(b, oids::subject_alternative_name).critical = true; },
     "extension.critical"},
    {"IsAuthority",
     [](CertificateBody& b) {
         extension(b, oids::basic_constraints) = extensions::basic_constraints(true, 0);
     },
     "basic_constraints"},
    {"EcEncipherment",
     [](CertificateBody& b) { extension(b, oids::key_usage) = extensions::key_usage(0b1111); },
     "key_usage"},
    {"RsaWithoutEncipherment", [](CertificateBody& b) { b.public_key_info = rsa_key(); },
     "key_usage"},
    {"SignsCertificates",
     [](CertificateBody& b) { extension(b, oids::key_usage) = extensions::key_usage(0b100011); },
     "key_usage"},
    {"OtherPurpose",
     [](CertificateBody& b) {
         extension(b, oids::extended_key_usage) =
             extensions::extended_key_usage({"1.3.6.1.5.5.7.3.9"});
     },
     "extended_key_usage"},
    {"OtherPolicy",
     [](CertificateBody& b) {
         extension(b, oids::certificate_policies) = extensions::policy("1.2.3.4", "");
     },
     "policy"},
    {"NoMail",
     [](CertificateBody& b) {
         extension(b, oids::subject_alternative_name).value = der::sequence({});
     },
     "alternative_name"},
    {"BadMail",
     [](CertificateBody& b) {
         extension(b, oids::subject_alternative_name) =
             extensions::alternative_names("mau", "", {});
     },
     "alternative_name"},
    {"HostOfPerson",
     [](CertificateBody& b) {
         extension(b, oids::subject_alternative_name) =
             extensions::alternative_names("a@b.vn", "may-chu.vn", {});
     },
     "alternative_name"},
    {"OtherKeyId",
     [](CertificateBody& b) {
         extension(b, oids::subject_key_id) = extensions::subject_key_id(Bytes(20, 2));
     },
     "subject_key_id"},
    {"ShortIssuerKeyId",
     [](CertificateBody& b) {
         extension(b, oids::authority_key_id) = extensions::authority_key_id(Bytes(4, 2));
     },
     "authority_key_id"},
    {"TlsForCrl",
     [](CertificateBody& b) {
         extension(b, oids::crl_distribution_points) =
             extensions::crl_distribution("https://127.0.0.1/a.crl");
     },
     "address"},
};
std::string name_of(const testing::TestParamInfo<Spoilt>& one) {
    return one.param.name;
}
INSTANTIATE_TEST_SUITE_P(Frame, EachRule, testing::ValuesIn(frame_cases), name_of);
INSTANTIATE_TEST_SUITE_P(Names, EachRule, testing::ValuesIn(name_cases), name_of);
INSTANTIATE_TEST_SUITE_P(Extensions, EachRule, testing::ValuesIn(extension_cases), name_of);

TEST(Lint, ComparesWithTheIssuer) {
    const Bytes whole = assemble(encode_body(right_body()), KeyKind::Rsa3072,
                                 placeholder_signature(KeyKind::Rsa3072));
    const auto view = read_certificate(whole).value();
    LintContext context;
    context.issuer = &view;  // its own subject is not its issuer
    std::vector<std::string> rules;
    for (const auto& d : lint(view, **find_profile("individual"), context)) rules.push_back(d.rule);
    for (const auto* rule : {"issuer.name", "authority_key_id", "key.issuer"}) {
        EXPECT_NE(std::ranges::find(rules, rule), rules.end()) << rule;
    }
    context.issuer = nullptr;
    context.crl_url = "http://other/crl";
    EXPECT_EQ(lint(view, **find_profile("individual"), context).at(0).rule, "address");
}

TEST(Lint, EquipmentMayNameHosts) {
    CertificateBody body = right_body();
    extension(body, oids::extended_key_usage) =
        extensions::extended_key_usage({"1.3.6.1.5.5.7.3.2", "1.3.6.1.5.5.7.3.4"});
    extension(body, oids::subject_alternative_name) = extensions::alternative_names(
        "a@b.vn", "may-chu.laichau.gov.vn", read_ip_address("10.0.0.1"));
    EXPECT_TRUE(rules_broken(body, "equipment").empty());
}

TEST(Profiles, AllOfTheBinaryAreRight) {
    for (const auto* name :
         {"individual", "organisation", "equipment", "root", "issuing", "responder"}) {
        EXPECT_TRUE(find_profile(name)) << name;
    }
    for (const auto* name : {"", "..", "ceremony", "no_such", "a/b"}) {
        EXPECT_EQ(find_profile(name).error().code, "ca.profile_unknown");
    }
    EXPECT_EQ(read_profile("{}").error().field, "file");
    EXPECT_EQ(read_profile("không").error().field, "file");
}

}  // namespace
}  // namespace antin::ca
