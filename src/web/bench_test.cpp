// From approved row to certificate in force, through the portal's own addresses, with the
// authority's keys and the subscribers' devices in real SoftHSM tokens.
#include <gtest/gtest.h>

#include <functional>
#include <nlohmann/json.hpp>
#include <thread>

#include "app/bench_access.hpp"
#include "app/certificate_order.hpp"
#include "app/change_device.hpp"
#include "app/hand_over.hpp"
#include "app/issue_central.hpp"
#include "app/issue_line.hpp"
#include "app/print_pin_envelopes.hpp"
#include "app/receive_devices.hpp"
#include "app/record_key.hpp"
#include "app/reset_pin.hpp"
#include "app/take_line.hpp"
#include "ca/authority.hpp"
#include "ca/ceremony.hpp"
#include "ca/key_store.hpp"
#include "forms/paper_library.hpp"
#include "hsm/certification_request.hpp"
#include "hsm/token.hpp"
#include "kit/portal.hpp"
#include "kit/software_token.hpp"
#include "openssl/sha.h"
#include "pki/certificate.hpp"
#include "pki/certificate_request.hpp"
#include "pki/key.hpp"
#include "store/devices.hpp"
#include "store/dossier_events.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"
#include "store/handovers.hpp"
#include "store/personalisations.hpp"
#include "store/settings.hpp"

namespace antin::web {
namespace {

using nlohmann::json;
using namespace std::chrono_literals;

template <class T>
T must(Result<T> result) {
    if (!result) throw std::runtime_error(result.error().code + ": " + result.error().detail);
    if constexpr (!std::is_void_v<T>) return std::move(*result);
}

/// The desk with its plugged-in devices: what antin-token does, without the WebSocket.
class Desk {
  public:
    Desk(const std::string& library, const std::string& folder)
        : module_(must(hsm::Module::open({library, folder, 3s}))) {}
    std::string new_device() {
        const auto label = "blank-" + std::to_string(++count_);
        return must(module_->initialise(label, so_pin, "12345678")).serial;
    }
    json serials() {
        json list = json::array();
        const auto tokens = must(module_->tokens());
        for (const auto& token : tokens) {
            if (token.initialised) list.push_back(token.serial);
        }
        return list;
    }
    Status prepare(const json& task) {
        const auto tokens = module_->tokens();
        if (!tokens) return fail(tokens.error());
        for (const auto& token : *tokens) {
            if (token.serial != task["device"]) continue;
            const auto made = module_->reinitialise(token.slot, task["label"].get<std::string>(),
                                                    so_pin, task["pin"].get<std::string>());
            return made ? Status{} : Status{fail(made.error())};
        }
        return fail(ErrorKind::Unavailable, "token.missing");
    }
    Result<std::shared_ptr<hsm::Token>> open(const json& task) {
        hsm::TokenAccess access;
        access.serial = task["device"];
        access.pin = task["pin"];
        access.workers = 1;
        return hsm::Token::open(module_, access);
    }
    /// By the desk's SO-PIN, as antin-token's "unlock".
    Status unlock(const json& task) {
        return module_->set_pin_by_so(task["device"].get<std::string>(), so_pin,
                                      task["pin"].get<std::string>());
    }
    Result<std::string> request(const json& task) {
        ANTIN_TRY(token, open(task));
        const std::string key = task["key"];
        ANTIN_TRY(kind, kind_for(*token, task));
        ANTIN_CHECK(token->generate_key(key, kind));
        ANTIN_TRY(signer, token->signer(key));
        ANTIN_TRY(der, hsm::make_certification_request(*signer, key));
        return to_base64(der);
    }
    Result<std::string> write(const json& task) {
        ANTIN_TRY(token, open(task));
        const std::string key = task["key"];
        ANTIN_CHECK(
            token->write_certificate(key, *from_base64(task["certificate"].get<std::string>())));
        ANTIN_TRY(der, token->read_certificate(key));
        return to_base64(der);
    }
    Result<json> check(const json& task) {
        ANTIN_TRY(token, open(task));
        const std::string key = task["key"];
        ANTIN_TRY(der, token->read_certificate(key));
        ANTIN_TRY(signer, token->signer(key));
        const auto text = "antin-token check 1\n" +
                          std::string{as_text(*from_base64(task["challenge"].get<std::string>()))};
        Bytes digest(SHA256_DIGEST_LENGTH);
        SHA256(as_bytes(text).data(), text.size(), digest.data());
        ANTIN_TRY(signature, signer->sign_digest_sha256(digest));
        return json{{"read_back", to_base64(der)}, {"signature", to_base64(signature)}};
    }
    static constexpr const char* so_pin = "so-12345678";
    bool takes_wanted_kind = false;  // else P-256, which costs least

  private:
    /// As antin-token: the first wanted kind that the device can make.
    [[nodiscard]] Result<pki::KeyKind> kind_for(hsm::Token& token, const json& task) const {
        if (!takes_wanted_kind) return pki::KeyKind::P256;
        ANTIN_TRY(able, token.kinds());
        for (const auto& wanted : task["kinds"]) {
            for (const auto kind : able) {
                if (pki::to_name(kind) == wanted.get<std::string>()) return kind;
            }
        }
        return fail(ErrorKind::Unavailable, "token.key_too_big");
    }

    std::shared_ptr<hsm::Module> module_;
    int count_ = 0;
};

class Bench : public testing::Test {
  protected:
    explicit Bench(bool authority_behind_shim = false) : shim(folder) {
        const auto library = authority_behind_shim ? kit::Shim::library() : hsm::find_softhsm();
        module = must(hsm::Module::open({library, folder / "tokens", 3s}));
        must(module->initialise("issuing", Desk::so_pin, "123456"));
        hsm::TokenAccess access;
        access.label = "issuing";
        access.pin = "123456";
        access.limit = 2s;
        token = must(hsm::Token::open(module, access));
        keys = ca::keys_in(token);
        auto script = must(ca::default_ceremony());
        script.root.key = script.responder_key = pki::KeyKind::P256;
        for (auto& issuing : script.issuing) issuing.key = pki::KeyKind::P256;
        must(ca::hold_ceremony(*portal.database, portal.clock, *keys, *keys, script,
                               "http://127.0.0.1:8081", folder.path() / "public"));
        open_authority();
        papers.emplace(must(forms::PaperLibrary::load()));
        portal.services->papers = &*papers;
        app::use_central_keys(*portal.database, keys);
        agency = portal.add_agency("Ủy ban nhân dân xã Thử Nghiệm", "peoples_committee");
        provider = portal.provider();
        examiner = portal.add_person("Trần Văn Thẩm", provider, {domain::Role::Assessor});
        approver = portal.add_person("Lê Thị Duyệt", provider, {domain::Role::Approver});
        officer = portal.add_person("Bùi Anh Dũng", provider, {domain::Role::RegistrationOfficer});
        clerk = portal.add_person("Lò Thị Đầu Mối", agency, {domain::Role::FocalPoint});
        desk.emplace(authority_behind_shim ? hsm::find_softhsm() : kit::Shim::library(),
                     folder / "desk");
    }
    ~Bench() override {
        portal.services->authority = nullptr;
        app::use_central_keys(*portal.database, nullptr);
        authority.reset();
    }
    /// As a program that starts again: everything in memory is gone.
    void open_authority() {
        authority.reset();
        ca::AuthoritySettings settings;
        settings.status_url = "http://127.0.0.1:8081";
        settings.public_dir = folder.path() / "public";
        authority = must(ca::Authority::open(*portal.database, portal.clock, keys, settings));
        portal.services->authority = authority.get();
    }
    /// An accepted dossier whose rows two people approved. Returns the ids of the rows.
    std::vector<std::int64_t> approved(int rows,
                                       domain::Carrier carrier = domain::Carrier::PkiToken) {
        return must(portal.database->transact(
            [&](sql::Transaction& tx) -> Result<std::vector<std::int64_t>> {
                store::Dossier dossier;
                dossier.code = "G11.07-261123-000" + std::to_string(++dossiers);
                dossier.check_value = "ABCD-EFGH";
                dossier.state = domain::DossierState::InProgress;
                dossier.carrier = carrier;
                dossier.agency_id = agency;
                dossier.receiver_id = provider;
                dossier.recipient = {{"full_name", "Lò Thị Đầu Mối"}, {"position", "Văn thư"}};
                dossier.shared_values = {{"province", "Lai Châu"}};
                dossier.line_count = rows;
                dossier.rules_date = "2026-11-23";
                dossier.created_by = clerk;
                dossier.created_at = dossier.saved_at = portal.clock.now();
                dossier.id = store::add_dossier(tx, dossier);
                dossier_id = dossier.id;
                std::vector<std::int64_t> ids;
                for (int i = 1; i <= rows; ++i) {
                    store::DossierLine line;
                    line.dossier_id = dossier.id;
                    line.number = i;
                    line.carrier = carrier;
                    line.state = domain::LineState::Approved;
                    line.name = "Người Thử " + std::to_string(i);
                    line.values = {{"full_name", line.name},
                                   {"email", "thu" + std::to_string(i) + "@laichau.gov.vn"}};
                    if (!unit.empty()) line.values["agency_name"] = unit;
                    line.email = line.values["email"];
                    line.proposal = domain::Proposal::Grant;
                    line.proposed_by = examiner;
                    line.decided_by = approver;
                    line.decision = "approved";
                    line.decided_at = portal.clock.now();
                    line.id = store::add_line(tx, line);
                    ANTIN_CHECK(app::order_certificate(tx, *portal.services, dossier, line,
                                                       {examiner, "Trần Văn Thẩm"},
                                                       {approver, "Lê Thị Duyệt"}));
                    ids.push_back(line.id);
                }
                return ids;
            }));
    }
    std::string stocked() {
        const auto serial = desk->new_device();
        must(app::receive_devices(*portal.services, portal.actor(officer),
                                  {serial, "Thẻ phần mềm", "Tủ 1", false}));
        return serial;
    }
    /// POSTs a step; the answer with its status.
    json step(kit::Browser& browser, std::int64_t line, const char* act, const json& body = {}) {
        const auto answer = browser.post_json("/cap-phat/dong/" + std::to_string(line) + "/" + act,
                                              body.is_null() ? "{}" : body.dump());
        auto out = json::parse(answer.body, nullptr, false);
        if (!out.is_object()) out = json::object();
        out["status"] = answer.status;
        return out;
    }
    static std::string code(const json& answer) {
        return answer.contains("error") ? answer["error"].value("code", "?") : "";
    }
    json take(kit::Browser& browser, std::int64_t line) {
        return step(browser, line, "nhan", {{"serials", desk->serials()}});
    }
    /// All that the page's script does for one row.
    json write_device(kit::Browser& browser, std::int64_t line) {
        auto answer = take(browser, line);
        while (answer.contains("task") && answer["task"]["step"] < 6) {
            const auto task = answer["task"];
            switch (task["step"].get<int>()) {
                case 1:
                    must(desk->prepare(task));
                    answer = step(browser, line, "xoa-trang");
                    break;
                case 2:
                    answer = step(browser, line, "khoa", {{"request", must(desk->request(task))}});
                    break;
                case 3:
                    answer = step(browser, line, "cap");
                    break;
                case 4:
                    answer = step(browser, line, "ghi", {{"read_back", must(desk->write(task))}});
                    break;
                default:
                    answer = step(browser, line, "kiem", must(desk->check(task)));
            }
        }
        return answer;
    }
    store::DossierLine line_of(std::int64_t id) {
        return must(portal.database->read([&](sql::Reader& db) -> Result<store::DossierLine> {
            return store::find_line_by_id(db, id).value();
        }));
    }
    domain::DossierState dossier_state() {
        return must(portal.database->read([&](sql::Reader& db) -> Result<store::Dossier> {
                   return store::find_dossier(db, dossier_id).value();
               }))
            .state;
    }
    /// What the look-up page shows, oldest first.
    std::vector<std::string> public_acts() {
        return must(portal.database->read([&](sql::Reader& db) -> Result<std::vector<std::string>> {
            std::vector<std::string> acts;
            for (const auto& event :
                 store::dossier_events(db, dossier_id, store::EventAudience::Public)) {
                acts.push_back(event.act);
            }
            return acts;
        }));
    }
    /// `round` 2: after its first device broke.
    std::optional<ca::CertificateRecord> certificate_of(std::int64_t id, int round = 1) {
        const auto order = "line:" + std::to_string(id) + (round == 1 ? "" : ".2");
        return must(portal.database->read(
            [&](sql::Reader& db) -> Result<std::optional<ca::CertificateRecord>> {
                return ca::find_by_order(db, order);
            }));
    }
    store::Device device(const std::string& serial) {
        return must(portal.database->read([&](sql::Reader& db) -> Result<store::Device> {
            return store::find_device_by_serial(db, serial).value();
        }));
    }
    std::int64_t count(const char* table_and_where) {
        const std::string text = std::string{"SELECT COUNT(*) AS n FROM "} + table_and_where;
        return must(portal.database->read([&](sql::Reader& db) -> Result<std::int64_t> {
            return db.query_built("test.count", text, {})[0].integer("n");
        }));
    }

    kit::TemporaryFolder folder;
    kit::Shim shim;
    kit::Portal portal;
    std::shared_ptr<hsm::Module> module;
    std::shared_ptr<hsm::Token> token;
    std::shared_ptr<ca::KeyStore> keys;
    std::optional<forms::PaperLibrary> papers;
    std::unique_ptr<ca::Authority> authority;
    std::optional<Desk> desk;
    std::int64_t agency = 0, provider = 0, examiner = 0, approver = 0, officer = 0, clerk = 0;
    std::int64_t dossier_id = 0;
    int dossiers = 0;
    std::string unit;  // where the people of the rows work
};

class BenchWithFaultyAuthority : public Bench {
  protected:
    BenchWithFaultyAuthority() : Bench(true) {}
};

TEST_F(Bench, ABatchGoesFromApprovedRowsToCertificatesInForce) {
    const auto rows = approved(2);
    const auto first = stocked(), second = stocked();
    auto browser = portal.sign_in(officer);
    EXPECT_NE(browser.get("/cap-phat").body.find("Người Thử 2"), std::string::npos);
    for (const auto row : rows) {
        const auto done = write_device(browser, row);
        ASSERT_EQ(done["status"], 200) << done.dump();
        EXPECT_EQ(done["task"]["step"], 6);
        EXPECT_EQ(line_of(row).state, domain::LineState::Issued);
    }
    EXPECT_EQ(device(first).state, domain::DeviceState::Personalised);
    EXPECT_NE(device(first).line_id, device(second).line_id);
    EXPECT_EQ(dossier_state(), domain::DossierState::Decided);
    EXPECT_EQ(certificate_of(rows[0])->state, ca::CertificateState::Hold);

    // PIN envelopes: one file, printed once, then the PINs are gone.
    const kit::Typed chosen{{"dong", std::to_string(rows[0])}, {"dong", std::to_string(rows[1])}};
    const auto envelopes = browser.post("/cap-phat/phong-bi", chosen);
    EXPECT_EQ(envelopes.header("content-type"), "application/pdf");
    EXPECT_TRUE(envelopes.body.starts_with("%PDF"));
    EXPECT_EQ(count("pin_envelope WHERE sealed IS NOT NULL"), 0);
    EXPECT_EQ(browser.post("/cap-phat/phong-bi", chosen).status, 409) << "printed once";

    // Handover: the form twice acts once; the dossier is returned (10).
    const auto form = browser.get("/ban-giao/moi?ho-so=" + std::to_string(dossier_id));
    EXPECT_NE(form.body.find(first), std::string::npos);
    const auto made = browser.submit(form, "/ban-giao/moi", {{"recipient_name", "Lò Thị Nhận"}});
    ASSERT_EQ(made.status, 303) << made.body;
    const auto again = browser.submit(form, "/ban-giao/moi", {{"recipient_name", "Lò Thị Nhận"}});
    EXPECT_EQ(again.header("location"), made.header("location"));
    EXPECT_EQ(count("handover WHERE 1 = 1"), 1);
    EXPECT_EQ(dossier_state(), domain::DossierState::Returned);
    EXPECT_EQ(line_of(rows[0]).state, domain::LineState::HandedOver);
    EXPECT_EQ(certificate_of(rows[0])->state, ca::CertificateState::Hold);

    // The agency confirms: in force.
    auto their = portal.sign_in(clerk);
    const auto shown = their.get(made.header("location"));
    EXPECT_EQ(shown.status, 200);
    const auto confirmed = their.submit(shown, "/xac-nhan");
    ASSERT_EQ(confirmed.status, 303) << confirmed.body;
    for (const auto row : rows) {
        EXPECT_EQ(certificate_of(row)->state, ca::CertificateState::InForce);
        EXPECT_EQ(line_of(row).state, domain::LineState::InForce);
    }
    EXPECT_EQ(device(first).state, domain::DeviceState::HandedOver);
    EXPECT_EQ(their.post(made.header("location") + "/xac-nhan").status, 303) << "again is fine";
    EXPECT_EQ(public_acts(), (std::vector<std::string>{"decided", "handed_over", "returned",
                                                       "handover_confirmed"}));
    EXPECT_EQ(count("mail WHERE recipient <> ''") > 0, true);
    const auto history = browser.get("/kho/" + first).body;
    EXPECT_NE(history.find("Lò Thị Nhận"), std::string::npos);
}

TEST_F(Bench, TheCertificateNamesTheSuperiorBodyTheAgencyAndThePersonsUnit) {
    stocked(), stocked(), stocked();
    auto browser = portal.sign_in(officer);
    const auto subject = [&] {
        const auto row = approved(1).front();
        EXPECT_EQ(write_device(browser, row)["status"], 200);
        return certificate_of(row).value().subject;
    };
    // Nobody stands above the agency on record: it is O itself.
    EXPECT_EQ(subject(), "CN=Người Thử 1,O=Ủy ban nhân dân xã Thử Nghiệm,L=Lai Châu,C=VN");

    auto coordinator = portal.sign_in(domain::Role::ProvinceCoordinator, portal.provincial_desk());
    const auto page = "/co-quan/" + std::to_string(agency);
    ASSERT_EQ(
        coordinator
            .submit(coordinator.get(page), page, {{"superior", "Ủy ban nhân dân tỉnh Lai Châu"}})
            .status,
        303);
    unit = "UBND xã Thử Nghiệm";  // the agency in other words
    const std::string below =
        "OU=Ủy ban nhân dân xã Thử Nghiệm,O=Ủy ban nhân dân tỉnh Lai Châu,"
        "L=Lai Châu,C=VN";
    EXPECT_EQ(subject(), "CN=Người Thử 1," + below);
    unit = "Phòng Kinh tế";
    EXPECT_EQ(subject(), "CN=Người Thử 1,OU=Phòng Kinh tế," + below);
}

TEST_F(Bench, AnotherAgencySeesNoHandoverOfThisOne) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    ASSERT_EQ(write_device(browser, row)["status"], 200);
    const auto form = browser.get("/ban-giao/moi?ho-so=" + std::to_string(dossier_id));
    const auto made = browser.submit(form, "/ban-giao/moi", {{"recipient_name", "Lò Thị Nhận"}});
    const auto other = portal.add_agency("Đảng ủy xã Khác");
    auto stranger = portal.sign_in(domain::Role::Head, other);
    EXPECT_EQ(stranger.get(made.header("location")).status, 404);
    EXPECT_EQ(stranger.post(made.header("location") + "/xac-nhan").status, 404);
    EXPECT_EQ(certificate_of(row)->state, ca::CertificateState::Hold);
    EXPECT_EQ(stranger.get("/cap-phat").status, 403);
    EXPECT_EQ(stranger.get("/kho").status, 403);
    EXPECT_EQ(portal.journal().back(), "access.denied");
}

TEST_F(Bench, TwoOfficersOnOneRowOneWinsTheOtherIsToldWhoAndWhen) {
    const auto row = approved(1).front();
    stocked();
    auto one = portal.sign_in(officer);
    auto two = portal.sign_in(domain::Role::RegistrationOfficer, provider);
    ASSERT_EQ(take(one, row)["status"], 200);
    const auto late = take(two, row);
    EXPECT_EQ(late["status"], 409);
    EXPECT_NE(late["error"]["message"].get<std::string>().find("Bùi Anh Dũng"), std::string::npos);
    // After the lease the other one goes on where it stopped.
    portal.clock.advance(11min);
    EXPECT_EQ(take(two, row)["status"], 200);
    EXPECT_EQ(code(step(one, row, "xoa-trang")), "bench.taken");
}

TEST_F(Bench, OnlyDevicesOfTheStockAreTaken) {
    const auto rows = approved(2);
    auto browser = portal.sign_in(officer);
    EXPECT_EQ(code(step(browser, rows[0], "nhan", {{"serials", json::array()}})),
              "bench.no_device");
    const auto unknown = desk->new_device();
    EXPECT_EQ(code(take(browser, rows[0])), "bench.device_unknown");
    must(app::receive_devices(*portal.services, portal.actor(officer), {unknown, "", "", false}));
    ASSERT_EQ(take(browser, rows[0])["status"], 200);
    EXPECT_EQ(code(take(browser, rows[1])), "bench.device_taken");
    // The row in work wants its own device, not any.
    EXPECT_EQ(code(step(browser, rows[0], "nhan", {{"serials", {"0123456789"}}})),
              "bench.other_device");
    // Changed before a certificate exists: the device is free again.
    EXPECT_EQ(browser.post("/cap-phat/dong/" + std::to_string(rows[0]) + "/doi-thiet-bi").status,
              303);
    EXPECT_EQ(device(unknown).state, domain::DeviceState::InStock);
    EXPECT_EQ(write_device(browser, rows[1])["task"]["step"], 6);
}

TEST_F(Bench, ADevicePulledOutAtAnyStepGoesOnThereAndIssuesOnce) {
    const auto rows = approved(5);
    auto browser = portal.sign_in(officer);
    for (int pulled_at = 1; pulled_at <= 5; ++pulled_at) {
        const auto row = rows[static_cast<std::size_t>(pulled_at) - 1];
        stocked();
        bool pulled = false;
        auto answer = take(browser, row);
        while (answer["task"]["step"] < 6) {
            const auto task = answer["task"];
            const int now = task["step"];
            if (now == pulled_at && !pulled) {
                shim.say({"vanish"});
                std::string failure;
                if (now == 1) failure = desk->prepare(task).error().code;
                if (now == 2) failure = desk->request(task).error().code;
                if (now == 4) failure = desk->write(task).error().code;
                if (now == 5) failure = desk->check(task).error().code;
                if (now != 3) {
                    EXPECT_EQ(failure, "token.missing");
                    step(browser, row, "loi", {{"code", failure}});
                    EXPECT_EQ(line_of(row).problem, "token.missing");
                    EXPECT_NE(browser.get("/cap-phat").body.find("Cắm thiết bị đúng số"),
                              std::string::npos);
                }
                shim.heal();
                pulled = true;
                answer = take(browser, row);
                EXPECT_EQ(answer["task"]["step"], now) << "goes on at the open step";
                EXPECT_EQ(line_of(row).problem, "");
                continue;
            }
            answer = [&] {
                switch (now) {
                    case 1:
                        must(desk->prepare(task));
                        return step(browser, row, "xoa-trang");
                    case 2:
                        return step(browser, row, "khoa", {{"request", must(desk->request(task))}});
                    case 3:
                        return step(browser, row, "cap");
                    case 4:
                        return step(browser, row, "ghi", {{"read_back", must(desk->write(task))}});
                    default:
                        return step(browser, row, "kiem", must(desk->check(task)));
                }
            }();
            ASSERT_EQ(answer["status"], 200) << answer.dump();
        }
    }
    EXPECT_EQ(count("ca_certificate WHERE order_id LIKE 'line:%'"), 5);
}

TEST_F(Bench, EveryStepSentTwiceActsOnce) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    auto task = take(browser, row)["task"];
    must(desk->prepare(task));
    step(browser, row, "xoa-trang");
    task = step(browser, row, "xoa-trang")["task"];
    const auto request = must(desk->request(task));
    step(browser, row, "khoa", {{"request", request}});
    EXPECT_EQ(step(browser, row, "khoa", {{"request", request}})["status"], 200);
    const auto serial = step(browser, row, "cap")["task"]["serial"];
    task = step(browser, row, "cap")["task"];
    EXPECT_EQ(task["serial"], serial) << "the same certificate again";
    // Another key now is refused: nothing is issued twice.
    const auto other =
        hsm::make_certification_request(*must(keys->generate("another", pki::KeyKind::P256)), "x");
    EXPECT_EQ(code(step(browser, row, "khoa", {{"request", to_base64(*other)}})),
              "bench.already_issued");
    must(desk->write(task));
    EXPECT_EQ(code(step(browser, row, "ghi", {{"read_back", to_base64(to_bytes("khác"))}})),
              "bench.read_back_differs");
    const auto tried = must(desk->check(task));
    EXPECT_EQ(
        code(step(browser, row, "kiem",
                  {{"read_back", tried["read_back"]}, {"signature", to_base64(to_bytes("giả"))}})),
        "bench.signature_wrong");
    EXPECT_EQ(step(browser, row, "kiem", tried)["task"]["step"], 6);
    EXPECT_EQ(step(browser, row, "kiem", tried)["task"]["step"], 6);
    EXPECT_EQ(count("ca_certificate WHERE order_id LIKE 'line:%'"), 1);
}

TEST_F(Bench, ARequestWithoutProofOfPossessionIsRefused) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    auto task = take(browser, row)["task"];
    must(desk->prepare(task));
    task = step(browser, row, "xoa-trang")["task"];
    auto request = *from_base64(must(desk->request(task)));
    request.back() ^= 1;
    EXPECT_EQ(step(browser, row, "khoa", {{"request", to_base64(request)}})["status"], 422);
    EXPECT_EQ(step(browser, row, "khoa", {{"request", "%%"}})["status"], 422);
    EXPECT_EQ(line_of(row).state, domain::LineState::Approved);
}

TEST_F(Bench, ADeviceThatBreaksAfterIssueIsReplacedAndItsCertificateRevoked) {
    const auto row = approved(1).front();
    const auto first = stocked();
    auto browser = portal.sign_in(officer);
    ASSERT_EQ(write_device(browser, row)["task"]["step"], 6);
    const auto old = certificate_of(row).value();
    EXPECT_EQ(dossier_state(), domain::DossierState::Decided);
    const auto path = "/cap-phat/dong/" + std::to_string(row) + "/doi-thiet-bi";
    const auto page = browser.get(path);
    EXPECT_NE(page.body.find("thu hồi ngay"), std::string::npos);
    EXPECT_EQ(browser.post(path, {{"hong", "khong"}}).status, 409)
        << "a sound one is not taken back";
    EXPECT_EQ(browser.submit(page, "/doi-thiet-bi", {}, {{"hong", "co"}}).status, 303);

    EXPECT_EQ(certificate_of(row)->state, ca::CertificateState::Revoked);
    EXPECT_EQ(certificate_of(row)->reason, ca::RevocationReason::Superseded);
    EXPECT_EQ(device(first).state, domain::DeviceState::Lost);
    EXPECT_EQ(line_of(row).state, domain::LineState::Approved);
    EXPECT_EQ(line_of(row).certificate_serial, std::nullopt);
    EXPECT_NE(browser.get("/kho/" + first).body.find("Báo hỏng"), std::string::npos);
    // Not to be handed over meanwhile, and the old device is not taken again.
    EXPECT_EQ(
        browser.get("/ban-giao/moi?ho-so=" + std::to_string(dossier_id)).body.find("name=\"dong\""),
        std::string::npos);
    EXPECT_EQ(code(take(browser, row)), "bench.device_taken");

    const auto second = stocked();
    ASSERT_EQ(write_device(browser, row)["task"]["step"], 6);
    const auto made = certificate_of(row, 2).value();
    EXPECT_NE(made.serial, old.serial);
    EXPECT_NE(made.subject_key, old.subject_key);
    EXPECT_EQ(made.subject, old.subject);
    EXPECT_EQ(line_of(row).certificate_serial, made.serial);
    EXPECT_EQ(device(second).state, domain::DeviceState::Personalised);
    EXPECT_EQ(certificate_of(row)->state, ca::CertificateState::Revoked) << "for good";

    // The new one goes the whole way.
    ASSERT_EQ(browser.post("/cap-phat/phong-bi", {{"dong", std::to_string(row)}}).status, 200);
    const auto form = browser.get("/ban-giao/moi?ho-so=" + std::to_string(dossier_id));
    const auto handed = browser.submit(form, "/ban-giao/moi", {{"recipient_name", "Lò Thị Nhận"}});
    ASSERT_EQ(handed.status, 303) << handed.body;
    EXPECT_EQ(browser.get(path).status, 404) << "no longer at the desk";
    EXPECT_EQ(browser.post(path, {{"hong", "co"}}).status, 409);
    auto their = portal.sign_in(clerk);
    const auto shown = their.get(handed.header("location"));
    ASSERT_EQ(their.submit(shown, "/xac-nhan").status, 303);
    EXPECT_EQ(certificate_of(row, 2)->state, ca::CertificateState::InForce);
    EXPECT_EQ(certificate_of(row)->state, ca::CertificateState::Revoked);
}

TEST_F(Bench, ADeviceChangedWhileTheCertificateWaitsNeverGetsTwo) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    auto task = take(browser, row)["task"];
    must(desk->prepare(task));
    task = step(browser, row, "xoa-trang")["task"];
    step(browser, row, "khoa", {{"request", must(desk->request(task))}});
    // The proof for the old key is made; then the device is changed under it.
    auto approval = must(authority->approval_of("line:" + std::to_string(row)));
    const auto request = *from_base64(must(desk->request(task)));
    ASSERT_EQ(
        browser.post("/cap-phat/dong/" + std::to_string(row) + "/doi-thiet-bi", {{"hong", "co"}})
            .status,
        303);
    const auto late = authority->issue(ca::IssueRequest{std::move(approval), request, {}});
    EXPECT_EQ(late.error().code, "ca.order_replaced");
    must(authority->maintain());
    EXPECT_FALSE(certificate_of(row).has_value());
    stocked();
    const auto done = write_device(browser, row);
    ASSERT_TRUE(done.contains("task")) << done.dump();
    ASSERT_EQ(done["task"]["step"], 6);
    EXPECT_EQ(certificate_of(row, 2)->serial, line_of(row).certificate_serial);
    EXPECT_EQ(count("ca_certificate WHERE order_id LIKE 'line:%'"), 1);
}

TEST_F(Bench, AChangedDeviceLeadsBackToApprovedOnTheRecord) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    auto task = take(browser, row)["task"];
    must(desk->prepare(task));
    task = step(browser, row, "xoa-trang")["task"];
    step(browser, row, "khoa", {{"request", must(desk->request(task))}});
    ASSERT_EQ(line_of(row).state, domain::LineState::KeyReady);
    const auto path = "/cap-phat/dong/" + std::to_string(row) + "/doi-thiet-bi";
    ASSERT_EQ(browser.post(path).status, 303);
    EXPECT_EQ(line_of(row).state, domain::LineState::Approved);
    EXPECT_EQ(std::ranges::count(portal.journal(), "line.give_up_key"), 1);
    // Said late, for the device that was taken away.
    EXPECT_EQ(step(browser, row, "xoa-trang")["status"], 409);
    EXPECT_EQ(write_device(browser, row)["task"]["step"], 6);
    EXPECT_EQ(line_of(row).state, domain::LineState::Issued);
}

TEST_F(Bench, ADeviceThatCanNoMoreThanRsa2048GetsItsCertificateForThat) {
    const auto rows = approved(2);
    stocked();
    stocked();
    desk->takes_wanted_kind = true;
    auto browser = portal.sign_in(officer);
    const auto kind_of_row = [&](std::int64_t row) {
        return must(portal.database->read([&](sql::Reader& db) -> Result<pki::KeyKind> {
            const auto work = store::find_personalisation(db, row).value();
            ANTIN_TRY(proved, pki::read_certificate_request(work.certificate_request));
            return pki::key_kind_of(proved.public_key_info);
        }));
    };
    shim.say({"rsa_max 2048"});
    const auto task = take(browser, rows[0])["task"];
    EXPECT_EQ(task["kinds"], (json{"rsa3072", "rsa2048", "p256"}));
    EXPECT_EQ(write_device(browser, rows[0])["task"]["step"], 6);
    EXPECT_EQ(kind_of_row(rows[0]), pki::KeyKind::Rsa2048);
    EXPECT_EQ(line_of(rows[0]).state, domain::LineState::Issued);
    EXPECT_EQ(certificate_of(rows[0])->serial, line_of(rows[0]).certificate_serial);
    shim.say({"rsa_max 1024"});
    EXPECT_EQ(write_device(browser, rows[1])["task"]["step"], 6);
    EXPECT_EQ(kind_of_row(rows[1]), pki::KeyKind::P256) << "no RSA at all";
}

/// Every act of the bench and what it answers to `actor` about a row, its dossier and the stock.
struct BenchAct {
    std::string name;
    std::function<std::string(const app::Actor&)> run;
};

template <class T>
std::string code_of(const Result<T>& result) {
    return result ? "" : result.error().code;
}

class BenchAccess : public Bench {
  protected:
    BenchAccess() {
        row = approved(1).front();
        auto signer = must(keys->generate("thu", pki::KeyKind::P256));
        request = must(hsm::make_certification_request(*signer, "thu"));
    }
    /// `handover`: what the row's and the dossier's acts; `stock`: those of lists and stock.
    std::vector<BenchAct> acts_on_the_row() {
        auto& services = *portal.services;
        const Bytes some{1, 2, 3};
        return {
            {"take",
             [&](const auto& a) {
                 return code_of(app::take_line(services, a, {row, {}}));
             }},
            {"task", [&](const auto& a) { return code_of(app::bench_task(services, a, row)); }},
            {"release",
             [&](const auto& a) { return code_of(app::release_line(services, a, row)); }},
            {"problem",
             [&](const auto& a) {
                 return code_of(app::report_line_problem(services, a, row, "token.missing"));
             }},
            {"prepared",
             [&](const auto& a) { return code_of(app::record_prepared(services, a, row)); }},
            {"key",
             [&](const auto& a) { return code_of(app::record_key(services, a, row, request)); }},
            {"written",
             [&, some](const auto& a) {
                 return code_of(app::record_written(services, a, row, some));
             }},
            {"checked",
             [&, some](const auto& a) {
                 return code_of(app::record_checked(services, a, row, some, some));
             }},
            {"issue", [&](const auto& a) { return code_of(app::issue_line(services, a, row)); }},
            {"change",
             [&](const auto& a) {
                 return code_of(app::change_device(services, a, {row, false}));
             }},
            {"pin", [&](const auto& a) { return code_of(app::reset_pin(services, a, row)); }},
            {"envelope",
             [&](const auto& a) { return code_of(app::print_pin_envelopes(services, a, {row})); }},
            {"hand over",
             [&](const auto& a) {
                 return code_of(app::hand_over(
                     services, a, {dossier_id, {row}, "direct", "Lò Thị Nhận", "", "", "mot-lan"}));
             }},
        };
    }
    std::vector<BenchAct> acts_on_all() {
        auto& services = *portal.services;
        return {
            {"central",
             [&](const auto& a) { return code_of(app::issue_central(services, a, {})); }},
            {"sim list", [&](const auto& a) { return code_of(app::sim_list(services, a)); }},
            {"sim", [&](const auto& a) { return code_of(app::issue_sim(services, a, "")); }},
            {"stock",
             [&](const auto& a) {
                 return code_of(app::receive_devices(services, a, {"TB1", "Thẻ", "Tủ 1", false}));
             }},
        };
    }
    std::ptrdiff_t denials() { return std::ranges::count(portal.journal(), "access.denied"); }
    void move_to(std::int64_t receiver) {
        must(portal.database->transact([&](sql::Transaction& tx) -> Status {
            auto dossier = *store::find_dossier(tx, dossier_id);
            dossier.receiver_id = receiver;
            return store::save_dossier(tx, dossier) ? Status{}
                                                    : Status{fail(ErrorKind::Conflict, "test")};
        }));
    }

    std::int64_t row = 0;
    Bytes request;
};

TEST_F(BenchAccess, WhoIsNoRegistrationOfficerDoesNothing) {
    const auto actor = portal.actor(examiner);
    for (const auto& acts : {acts_on_the_row(), acts_on_all()}) {
        for (const auto& act : acts) {
            const auto before = denials();
            EXPECT_EQ(act.run(actor), "access.role") << act.name;
            EXPECT_EQ(denials(), before + 1) << act.name;
        }
    }
}

TEST_F(BenchAccess, AnOfficerOfAnotherBodyFindsNothingHere) {
    const auto other = portal.add_agency("Đơn vị cung cấp khác", "provider");
    const auto stranger =
        portal.add_person("Phạm Văn Lạ", other, {domain::Role::RegistrationOfficer});
    const auto actor = portal.actor(stranger);
    for (const auto& act : acts_on_the_row()) {
        const auto before = denials();
        EXPECT_TRUE(act.run(actor).ends_with(".not_found")) << act.name;
        EXPECT_EQ(denials(), before + 1) << act.name;
    }
    for (const auto& act : acts_on_all()) {
        const auto before = denials();
        EXPECT_EQ(act.run(actor), "access.role") << act.name;
        EXPECT_EQ(denials(), before + 1) << act.name;
    }
    auto browser = portal.sign_in(stranger);
    const auto of_row = "/cap-phat/dong/" + std::to_string(row);
    const auto of_dossier = "/ban-giao/moi?ho-so=" + std::to_string(dossier_id);
    for (const auto& path : {of_row + "/doi-thiet-bi", of_dossier}) {
        EXPECT_EQ(browser.get(path).status, 404) << path;
    }
    for (const auto* path :
         {"/cap-phat", "/cap-phat/tap-trung", "/cap-phat/sim", "/ban-giao", "/kho", "/kho/TB0"}) {
        EXPECT_EQ(browser.get(path).status, 403) << path;
    }
    EXPECT_EQ(line_of(row).state, domain::LineState::Approved);
    EXPECT_FALSE(line_of(row).work_by);
}

TEST_F(BenchAccess, TheProvidersBenchServesWhatAProvinceReceivedAndNoOtherProviders) {
    const auto actor = portal.actor(officer);
    EXPECT_EQ(code_of(app::release_line(*portal.services, actor, row)), "");
    const auto province = portal.provincial_desk();
    move_to(province);
    const auto told = portal.database->read([&](sql::Reader& db) -> Result<std::int64_t> {
        return app::bench_body(db, province).value();
    });
    EXPECT_EQ(must(told), provider) << "who is told of approved rows";
    EXPECT_EQ(code_of(app::release_line(*portal.services, actor, row)), "");
    move_to(portal.add_agency("Đơn vị cung cấp khác", "provider"));
    for (const auto& act : acts_on_the_row()) {
        const auto before = denials();
        EXPECT_TRUE(act.run(actor).ends_with(".not_found")) << act.name;
        EXPECT_EQ(denials(), before + 1) << act.name;
    }
}

TEST_F(Bench, APinEnvelopeLostAfterPrintingGivesANewPinAndANewEnvelope) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    const auto done = write_device(browser, row);
    const auto old_pin = done["task"]["pin"].get<std::string>();
    const kit::Typed chosen{{"dong", std::to_string(row)}};
    ASSERT_EQ(browser.post("/cap-phat/phong-bi", chosen).status, 200);
    const auto page = browser.get("/cap-phat");
    EXPECT_NE(page.body.find("Mất phong bì PIN"), std::string::npos);
    ASSERT_EQ(browser.submit(page, std::to_string(row) + "/pin-moi").status, 303);
    EXPECT_EQ(browser.post("/cap-phat/phong-bi", chosen).status, 409)
        << "not set on the device yet";

    auto task = take(browser, row)["task"];
    EXPECT_EQ(task["step"], 5);
    EXPECT_TRUE(task["set_pin"].get<bool>());
    EXPECT_NE(task["pin"], old_pin);
    EXPECT_EQ(desk->check(task).error().code, "token.pin_wrong") << "still the old one";
    must(desk->unlock(task));
    const auto checked = step(browser, row, "kiem", must(desk->check(task)));
    ASSERT_EQ(checked["status"], 200) << checked.dump();
    EXPECT_EQ(checked["task"]["step"], 6);
    EXPECT_FALSE(checked["task"]["set_pin"].get<bool>());
    const auto envelope = browser.post("/cap-phat/phong-bi", chosen);
    EXPECT_TRUE(envelope.body.starts_with("%PDF"));
    EXPECT_EQ(count("pin_envelope WHERE sealed IS NOT NULL"), 0);
    EXPECT_EQ(count("pin_envelope WHERE printed_at IS NOT NULL"), 2);
    EXPECT_EQ(count("ca_certificate WHERE order_id LIKE 'line:%'"), 1);
    EXPECT_EQ(count("audit_entry WHERE act = 'pin.reset'"), 1);
}

TEST_F(Bench, ARefusedPinIsNeverTriedAgainUntilANewOneIsSet) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    auto task = take(browser, row)["task"];
    must(desk->prepare(task));
    step(browser, row, "xoa-trang");
    shim.say({"pin_limit 3"});
    auto wrong = take(browser, row)["task"];
    wrong["pin"] = "00000000";
    const auto refused = desk->request(wrong);
    EXPECT_EQ(refused.error().code, "token.pin_wrong");
    EXPECT_EQ(shim.count("login wrong"), 1);
    step(browser, row, "loi", {{"code", refused.error().code}});
    EXPECT_EQ(code(take(browser, row)), "bench.pin_first");
    EXPECT_EQ(shim.count("login wrong"), 1);
    const auto page = browser.get("/cap-phat");
    EXPECT_NE(page.body.find("Đặt mã PIN mới"), std::string::npos);

    // Somebody burns the tries but one: the last is not taken by us either.
    (void)desk->request(wrong);
    EXPECT_EQ(desk->request(wrong).error().code, "token.pin_final_try");
    EXPECT_EQ(shim.count("login wrong"), 2);
    ASSERT_EQ(browser.submit(page, std::to_string(row) + "/pin-moi").status, 303);
    task = take(browser, row)["task"];
    EXPECT_TRUE(task["set_pin"].get<bool>());
    must(desk->unlock(task));
    EXPECT_EQ(write_device(browser, row)["task"]["step"], 6);
    EXPECT_EQ(shim.count("login wrong"), 2);
}

TEST_F(Bench, ALockedDeviceGoesOnAfterANewPin) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    auto task = take(browser, row)["task"];
    must(desk->prepare(task));
    task = step(browser, row, "xoa-trang")["task"];
    task = step(browser, row, "khoa", {{"request", must(desk->request(task))}})["task"];
    task = step(browser, row, "cap")["task"];
    shim.say({"pin_limit 1"});
    auto wrong = task;
    wrong["pin"] = "00000000";
    EXPECT_FALSE(desk->write(wrong)) << "one try is the last: it is not risked";
    EXPECT_EQ(shim.count("login wrong"), 0);
    shim.say({"pin_limit 2"});
    EXPECT_EQ(desk->write(wrong).error().code, "token.pin_wrong_final");
    shim.say({"pin_limit 1"});  // and now it is locked
    const auto locked = desk->write(task).error().code;
    EXPECT_EQ(locked, "token.pin_locked");
    step(browser, row, "loi", {{"code", locked}});
    EXPECT_EQ(code(take(browser, row)), "bench.pin_first");
    ASSERT_EQ(browser.post("/cap-phat/dong/" + std::to_string(row) + "/pin-moi").status, 303);
    task = take(browser, row)["task"];
    shim.say({"pin_limit 8"});
    must(desk->unlock(task));
    EXPECT_EQ(write_device(browser, row)["task"]["step"], 6);
    EXPECT_EQ(count("ca_certificate WHERE order_id LIKE 'line:%'"), 1);
}

TEST_F(BenchWithFaultyAuthority, WhileTheHsmIsAwayNothingIsHalfIssuedAndTheRowGoesOnByItself) {
    for (const char* fault : {"gone", "vanish", "fail C_Sign 0x30 0 1000", "stall C_Sign"}) {
        const auto row = approved(1).front();
        stocked();
        auto browser = portal.sign_in(officer);
        auto task = take(browser, row)["task"];
        must(desk->prepare(task));
        task = step(browser, row, "xoa-trang")["task"];
        ASSERT_EQ(step(browser, row, "khoa", {{"request", must(desk->request(task))}})["status"],
                  200);
        shim.say({fault});
        const auto refused = step(browser, row, "cap");
        EXPECT_EQ(refused["status"], 503) << fault;
        EXPECT_TRUE(code(refused).starts_with("token.")) << fault << refused.dump();
        EXPECT_EQ(line_of(row).state, domain::LineState::KeyReady) << fault;
        EXPECT_EQ(line_of(row).problem, code(refused)) << fault;
        EXPECT_FALSE(certificate_of(row).has_value()) << fault;
        EXPECT_EQ(app::issue_waiting_lines(*portal.services), 0) << fault;
        shim.heal();
        // Nobody presses anything: the job takes it up.
        std::int64_t issued = 0;
        for (int i = 0; i < 200 && issued == 0; ++i) {
            issued = app::issue_waiting_lines(*portal.services);
        }
        EXPECT_EQ(issued, 1) << fault;
        EXPECT_EQ(line_of(row).state, domain::LineState::Issued) << fault;
        EXPECT_EQ(line_of(row).problem, "") << fault;
        EXPECT_EQ(write_device(browser, row)["task"]["step"], 6) << fault;
    }
    EXPECT_EQ(count("ca_certificate WHERE order_id LIKE 'line:%'"), 4);
}

TEST_F(Bench, AServerThatStartsAgainGoesOnWhereItStopped) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    auto task = take(browser, row)["task"];
    must(desk->prepare(task));
    task = step(browser, row, "xoa-trang")["task"];
    step(browser, row, "khoa", {{"request", must(desk->request(task))}});
    open_authority();
    EXPECT_EQ(app::issue_waiting_lines(*portal.services), 1);
    EXPECT_EQ(app::issue_waiting_lines(*portal.services), 0);
    EXPECT_EQ(write_device(browser, row)["task"]["step"], 6);
}

TEST_F(Bench, WithoutAnAuthorityTheRowSaysWhatItWaitsFor) {
    const auto row = approved(1).front();
    stocked();
    auto browser = portal.sign_in(officer);
    auto task = take(browser, row)["task"];
    must(desk->prepare(task));
    task = step(browser, row, "xoa-trang")["task"];
    step(browser, row, "khoa", {{"request", must(desk->request(task))}});
    portal.services->authority = nullptr;
    EXPECT_EQ(step(browser, row, "cap")["status"], 503);
    EXPECT_EQ(line_of(row).problem, "ca.not_open");
    portal.services->authority = authority.get();
    EXPECT_EQ(step(browser, row, "cap")["status"], 200);
}

TEST_F(Bench, CentralisedAccountsAreMadeInTheServersToken) {
    const auto rows = approved(2, domain::Carrier::CentralSigning);
    auto browser = portal.sign_in(officer);
    const auto page = browser.get("/cap-phat/tap-trung");
    EXPECT_NE(page.body.find("Người Thử 1"), std::string::npos);
    const auto done = browser.post("/cap-phat/tap-trung", {{"dong", std::to_string(rows[0])},
                                                           {"dong", std::to_string(rows[1])}});
    EXPECT_EQ(done.status, 200);
    for (const auto row : rows) {
        EXPECT_EQ(line_of(row).state, domain::LineState::Issued);
        EXPECT_TRUE(token->key("antin-" + std::to_string(row)));
    }
    EXPECT_EQ(dossier_state(), domain::DossierState::Decided);
    EXPECT_EQ(browser.post("/cap-phat/phong-bi", {{"dong", std::to_string(rows[0])}}).status, 200);
}

TEST_F(Bench, KeysOfCentralisedAccountsAreOfTheKindThatTheSettingSays) {
    auto browser = portal.sign_in(officer);
    const std::pair<const char*, pki::KeyKind> kinds[] = {{"p256", pki::KeyKind::P256},
                                                          {"rsa2048", pki::KeyKind::Rsa2048},
                                                          {"rsa3072", pki::KeyKind::Rsa3072}};
    for (const auto& [name, kind] : kinds) {
        must(portal.database->transact([&](sql::Transaction& tx) -> Status {
            store::save_setting(tx, "central_key", json(name).dump(), officer, portal.clock.now());
            return {};
        }));
        const auto row = approved(1, domain::Carrier::CentralSigning).front();
        browser.post("/cap-phat/tap-trung", {{"dong", std::to_string(row)}});
        EXPECT_EQ(must(token->key("antin-" + std::to_string(row))).kind, kind) << name;
        const auto record = certificate_of(row).value();
        const auto made = must(pki::read_certificate(record.der));
        EXPECT_EQ(must(pki::key_kind_of(made.public_key_info)), kind) << name;
    }
}

TEST_F(BenchWithFaultyAuthority, AccountsThatWaitForTheTokenGoOnByThemselves) {
    auto browser = portal.sign_in(officer);
    int certificates = 0;
    for (const char* fault :
         {"gone", "fail C_GenerateKeyPair 0x30 0 1000", "fail C_Sign 0x30 1 1000"}) {
        const auto row = approved(1, domain::Carrier::CentralSigning).front();
        shim.say({fault});
        const auto page = browser.post("/cap-phat/tap-trung", {{"dong", std::to_string(row)}});
        EXPECT_EQ(page.status, 200) << fault;
        EXPECT_NE(line_of(row).state, domain::LineState::Issued) << fault;
        EXPECT_TRUE(line_of(row).problem.starts_with("token.")) << fault << line_of(row).problem;
        portal.clock.advance(20s);
        EXPECT_EQ(app::finish_begun_lines(*portal.services), 0) << fault;
        shim.heal();
        std::int64_t done = 0;
        for (int i = 0; i < 200 && done == 0; ++i) {
            portal.clock.advance(20s);
            (void)app::issue_waiting_lines(*portal.services);
            done = app::finish_begun_lines(*portal.services);
        }
        EXPECT_EQ(done, 1) << fault;
        EXPECT_EQ(line_of(row).state, domain::LineState::Issued) << fault;
        EXPECT_EQ(line_of(row).problem, "") << fault;
        EXPECT_EQ(browser.post("/cap-phat/phong-bi", {{"dong", std::to_string(row)}}).status, 200);
        EXPECT_EQ(count("ca_certificate WHERE order_id LIKE 'line:%'"), ++certificates) << fault;
    }
}

TEST_F(Bench, ALostActivationCodeGivesANewOne) {
    const auto row = approved(1, domain::Carrier::CentralSigning).front();
    auto browser = portal.sign_in(officer);
    browser.post("/cap-phat/tap-trung", {{"dong", std::to_string(row)}});
    const kit::Typed chosen{{"dong", std::to_string(row)}};
    ASSERT_EQ(browser.post("/cap-phat/phong-bi", chosen).status, 200);
    const auto page = browser.get("/cap-phat/tap-trung");
    ASSERT_EQ(browser.submit(page, "/pin-moi").status, 303);
    EXPECT_EQ(browser.post("/cap-phat/phong-bi", chosen).status, 200) << "no device is needed";
    EXPECT_EQ(count("pin_envelope WHERE printed_at IS NOT NULL"), 2);
}

TEST_F(Bench, SimPkiGoesFileInFileOutRowByRow) {
    const auto rows = approved(3, domain::Carrier::SimPki);
    auto browser = portal.sign_in(officer);
    const auto list = browser.get("/cap-phat/sim/danh-sach.csv");
    EXPECT_NE(list.body.find("Mã dòng"), std::string::npos);
    const auto request = [&](std::int64_t row) {
        const auto signer = must(keys->generate("sim-" + std::to_string(row), pki::KeyKind::P256));
        return to_base64(must(hsm::make_certification_request(*signer, "sim")));
    };
    const std::string csv =
        "Mã dòng;ICCID;Yêu cầu\n" + std::to_string(rows[0]) + ";8984040000012345678;" +
        request(rows[0]) + "\n" + std::to_string(rows[1]) + ";123;" + request(rows[1]) + "\n" +
        std::to_string(rows[2]) + ";8984040000012345680;AAAA\n999999;8984040000012345681;" +
        request(rows[2]) + "\n";
    const auto send = [&] {
        return browser.post(
            "/cap-phat/sim", {},
            {{.field = "file", .file_name = "sim.csv", .media_type = "text/csv", .content = csv}});
    };
    const auto out = send();
    ASSERT_EQ(out.status, 200) << out.body;
    EXPECT_NE(out.body.find("BEGIN CERTIFICATE"), std::string::npos);
    EXPECT_NE(out.body.find("ICCID có từ 18 đến 22 chữ số"), std::string::npos);
    EXPECT_NE(out.body.find("Không tìm thấy dòng này"), std::string::npos);
    EXPECT_EQ(line_of(rows[0]).state, domain::LineState::Issued);
    EXPECT_EQ(line_of(rows[1]).state, domain::LineState::Approved);
    EXPECT_EQ(line_of(rows[2]).state, domain::LineState::Approved);
    EXPECT_EQ(send().body, out.body) << "the same file again gives the same certificates";
    const auto bad = browser.post("/cap-phat/sim", {},
                                  {{.field = "file",
                                    .file_name = "x.csv",
                                    .media_type = "text/csv",
                                    .content = "a;b\n1;2\n"}});
    EXPECT_EQ(bad.status, 422);
}

TEST_F(Bench, TheStockSaysWhatItTook) {
    auto browser = portal.sign_in(officer);
    const auto page = browser.get("/kho");
    EXPECT_EQ(
        browser.submit(page, "/kho/nhan", {{"serials", "5A21 0087 3C\n5A21-0087-3D\n\n"}}).status,
        303);
    EXPECT_NE(browser.get("/kho").body.find("5A2100873C"), std::string::npos);
    EXPECT_EQ(browser.submit(page, "/kho/nhan", {{"serials", "<script>"}}).status, 422);
    EXPECT_EQ(browser.submit(page, "/kho/nhan", {{"serials", ""}}).status, 422);
    const auto shown = browser.get("/kho/5A2100873C");
    EXPECT_NE(shown.body.find("Nhập kho"), std::string::npos);
    EXPECT_EQ(browser.get("/kho/none").status, 404);
}

}  // namespace
}  // namespace antin::web
