#pragma once
// A portal with a working authority (keys in memory), an agency and everybody an office needs, for
// tests of requests on certificates that are there already.
//
//   kit::CertificateOffice office;
//   const auto serial = office.certificate("Vàng A Sinh", "sinhva@laichau.gov.vn");
//   const auto id = office.draft(domain::Procedure::Revocation, {serial});
//   office.send(id); office.approve(id);
//
#include <fmt/format.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "app/accept_dossier.hpp"
#include "app/assess_lines.hpp"
#include "app/assign_dossier.hpp"
#include "app/certificate_order.hpp"
#include "app/choose_rows.hpp"
#include "app/create_dossier.hpp"
#include "app/decide_lines.hpp"
#include "app/hand_over.hpp"
#include "app/issue_line.hpp"
#include "app/submit_dossier.hpp"
#include "base/random.hpp"
#include "ca/authority.hpp"
#include "ca/ceremony.hpp"
#include "forms/paper_library.hpp"
#include "kit/portal.hpp"
#include "kit/software_signer.hpp"
#include "kit/temp_folder.hpp"
#include "pki/certificate_request.hpp"
#include "store/attachments.hpp"
#include "store/devices.hpp"
#include "store/notices.hpp"
#include "store/personalisations.hpp"
#include "store/rules.hpp"
#include "store/subscriber_certificates.hpp"

namespace antin::kit {

class CertificateOffice {
  public:
    CertificateOffice() {
        auto script = ca::default_ceremony().value();
        script.root.key = script.responder_key = pki::KeyKind::P256;
        for (auto& issuing : script.issuing) issuing.key = pki::KeyKind::P256;
        good(ca::hold_ceremony(*portal.database, portal.clock, *keys, *keys, script,
                               "http://127.0.0.1:8081", folder.path() / "public"));
        ca::AuthoritySettings settings;
        settings.status_url = "http://127.0.0.1:8081";
        settings.public_dir = folder.path() / "public";
        authority = good(ca::Authority::open(*portal.database, portal.clock, keys, settings));
        portal.services->authority = authority.get();
        papers.emplace(good(forms::PaperLibrary::load()));
        portal.services->papers = &*papers;
        using enum domain::Role;
        provider = portal.provider();
        agency = portal.add_agency("UBND xã Thử Nghiệm", "peoples_committee");
        clerk = portal.add_person("Lò Thị Đầu Mối", agency, {FocalPoint});
        head = portal.add_person("Giàng A Lãnh Đạo", agency, {Head});
        intake = portal.add_person("Tòng Văn Tiếp", provider, {IntakeOfficer});
        assessor = portal.add_person("Trần Thu Thẩm", provider, {Assessor});
        approver = portal.add_person("Đinh Thị Duyệt", provider, {Approver});
        bench = portal.add_person("Bùi Anh Dũng", provider, {RegistrationOfficer});
    }
    ~CertificateOffice() {
        portal.services->authority = nullptr;
        authority.reset();
    }
    CertificateOffice(const CertificateOffice&) = delete;
    CertificateOffice& operator=(const CertificateOffice&) = delete;

    /// The value, or the end of the test with the error's words.
    template <class T>
    static T good(Result<T> result) {
        if (!result) throw std::runtime_error(result.error().code + " " + result.error().detail);
        if constexpr (!std::is_void_v<T>) return std::move(*result);
    }
    template <class Work>
    auto look(Work&& work) {
        return good(portal.database->read(
            [&](sql::Reader& db) -> Result<decltype(work(db))> { return work(db); }));
    }
    template <class Work>
    void change(Work&& work) {
        good(portal.database->transact([&](sql::Transaction& tx) -> Status {
            work(tx);
            return {};
        }));
    }
    void set_rule(std::string name, std::string value, std::string from) {
        change([&](sql::Transaction& tx) {
            store::insert_rule(
                tx, {std::move(name), std::move(value), "", "thử", "recalled", std::move(from)},
                std::nullopt, portal.clock.now());
        });
    }

    /// A certificate in force on a token that its holder has; the serial.
    std::string certificate(const std::string& name, const std::string& email,
                            std::int64_t of_agency = 0) {
        const auto agency_id = of_agency == 0 ? agency : of_agency;
        std::int64_t dossier_id = 0, line_id = 0;
        change([&](sql::Transaction& tx) {
            store::Dossier dossier;
            dossier.code = fmt::format("G11.07-261123-{:04}", ++count);
            dossier.state = domain::DossierState::InProgress;
            dossier.agency_id = agency_id;
            dossier.receiver_id = provider;
            dossier.shared_values = {{"province", "Lai Châu"}, {"agency_name", "UBND xã Thử"}};
            dossier.line_count = 1;
            dossier.rules_date = to_iso(local_date(portal.clock.now()));
            dossier.created_by = clerk;
            dossier.created_at = dossier.saved_at = portal.clock.now();
            dossier.id = dossier_id = store::add_dossier(tx, dossier);
            store::DossierLine line;
            line.dossier_id = dossier.id;
            line.number = 1;
            line.state = domain::LineState::Approved;
            line.name = name;
            line.email = email;
            line.subject_key = fmt::format("0120790044{:02}", count);
            line.values = {{"full_name", name},
                           {"personal_id", line.subject_key},
                           {"position", "Chuyên viên"},
                           {"email", email}};
            line.id = line_id = store::add_line(tx, line);
            good(app::order_certificate(tx, *portal.services, dossier, line,
                                        {assessor, "Trần Thu Thẩm"}, {approver, "Đinh Thị Duyệt"}));
        });
        return finish(dossier_id, line_id, agency_id);
    }

    /// From an approved row to a certificate in force, on a new token, as the bench does it.
    std::string finish(std::int64_t dossier_id, std::int64_t line_id, std::int64_t agency_id = 0) {
        const auto serial = issue_on_token(line_id, agency_id == 0 ? agency : agency_id);
        hand_over_and_confirm(dossier_id, line_id, agency_id == 0 ? agency : agency_id);
        return serial;
    }
    std::string issue_on_token(std::int64_t line_id, std::int64_t agency_id) {
        make_key(line_id, agency_id);
        const auto record = good(app::issue_line(*portal.services, portal.actor(bench), line_id));
        change([&](sql::Transaction& tx) {
            auto work = store::find_personalisation(tx, line_id).value();
            work.written_at = work.checked_at = work.printed_at = portal.clock.now();
            store::put_personalisation(tx, work);
            auto device = store::find_device(tx, work.device_id).value();
            device.state = domain::DeviceState::Personalised;
            if (!store::save_device(tx, device)) throw std::runtime_error("device changed");
        });
        return record.serial;
    }
    /// A new token is taken for the row and has made its key.
    void make_key(std::int64_t line_id, std::int64_t agency_id) {
        const auto key = make_software_signer(pki::KeyKind::P256);
        change([&](sql::Transaction& tx) {
            store::Device device;
            device.serial = fmt::format("9f3a{:04}", ++count);
            device.state = domain::DeviceState::Assigned;
            device.agency_id = agency_id;
            device.line_id = line_id;
            device.created_at = portal.clock.now();
            device.id = store::add_device(tx, device).value();
            store::Personalisation work;
            work.line_id = line_id;
            work.device_id = device.id;
            work.officer_id = bench;
            work.certificate_request = good(pki::make_certificate_request(*key, "thu"));
            work.started_at = portal.clock.now();
            work.prepared_at = work.key_at = portal.clock.now();
            store::put_personalisation(tx, work);
            auto line = store::find_line_by_id(tx, line_id).value();
            line.state = domain::LineState::KeyReady;
            line.device_id = device.id;
            if (!store::save_line(tx, line)) throw std::runtime_error("line changed");
        });
    }
    void hand_over_and_confirm(std::int64_t dossier_id, std::int64_t line_id,
                               std::int64_t agency_id) {
        app::HandOver input;
        input.dossier_id = dossier_id;
        input.line_ids = {line_id};
        input.method = "direct";
        input.recipient_name = "Lò Thị Đầu Mối";
        input.submit_key = random_token(9);
        const auto handover = good(app::hand_over(*portal.services, portal.actor(bench), input));
        const auto who = agency_id == agency ? clerk
                                             : portal.add_person("Người Nhận", agency_id,
                                                                 {domain::Role::FocalPoint});
        good(app::confirm_handover(*portal.services, portal.actor(who), handover));
    }

    /// A draft with these certificates (or devices) chosen.
    std::int64_t draft(domain::Procedure procedure, const std::vector<std::string>& numbers) {
        app::CreateDossier input;
        input.agency_id = agency;
        input.procedure = procedure;
        const auto dossier =
            good(app::create_dossier(*portal.services, portal.actor(clerk), input));
        good(app::choose_rows(*portal.services, portal.actor(clerk), {dossier.id, numbers}));
        change([&](sql::Transaction& tx) {
            auto now = store::find_dossier(tx, dossier.id).value();
            now.recipient = {{"full_name", "Lò Thị Đầu Mối"}, {"personal_id", "012192003071"},
                             {"id_issued_on", "2022-01-11"},  {"id_issued_by", "Cục CSQLHC"},
                             {"position", "Văn thư"},         {"phone", "0900000105"},
                             {"email", "thu@laichau.gov.vn"}, {"address", "Bản Một, Lai Châu"},
                             {"agency_name", "UBND xã Thử"}};
            if (!store::save_dossier(tx, now)) throw std::runtime_error("dossier changed");
        });
        return dossier.id;
    }
    /// The head sends it, with the stamped scan.
    Result<store::Dossier> send(std::int64_t id) {
        change([&](sql::Transaction& tx) {
            store::Attachment scan;
            scan.dossier_id = id;
            scan.kind = "form_scan";
            scan.file.sha256 = std::string(64, 'a');
            scan.file.media_type = "application/pdf";
            scan.file.name = "mau.pdf";
            scan.file.agency_id = agency;
            scan.file.created_at = scan.added_at = portal.clock.now();
            scan.file.id = store::add_file(tx, scan.file);
            scan.added_by = clerk;
            (void)store::add_attachment(tx, scan);
        });
        const auto seen = dossier(id);
        return app::submit_dossier(*portal.services, portal.actor(head),
                                   {id, seen.version, to_millis(seen.saved_at), random_token(9)});
    }
    /// Intake, assessment and proposal of every row.
    void propose(std::int64_t id) {
        auto& services = *portal.services;
        good(app::accept_dossier(services, portal.actor(intake), {id, dossier(id).version}));
        good(app::assign_dossier(services, portal.actor(assessor),
                                 {id, dossier(id).version, assessor}));
        app::AssessLines choices{id, {}};
        for (const auto& line : lines(id))
            choices.choices.push_back({line.number, domain::Proposal::Grant, {}});
        good(app::assess_lines(services, portal.actor(assessor), choices));
        good(app::propose_lines(services, portal.actor(assessor), {id, dossier(id).version}));
    }
    Result<app::Decided> decide(std::int64_t id) {
        app::DecideLines decisions{id, dossier(id).version, {}};
        for (const auto& line : lines(id)) decisions.decisions.push_back({line.number, true, {}});
        return app::decide_lines(*portal.services, portal.actor(approver), decisions);
    }
    /// Sent, proposed and approved.
    void approve(std::int64_t id) {
        good(send(id));
        propose(id);
        good(decide(id));
    }

    store::Dossier dossier(std::int64_t id) {
        return look([&](sql::Reader& db) { return store::find_dossier(db, id).value(); });
    }
    std::vector<store::DossierLine> lines(std::int64_t id) {
        return look([&](sql::Reader& db) { return store::dossier_lines(db, id); });
    }
    store::SubscriberCertificate page_of(const std::string& serial) {
        return look([&](sql::Reader& db) {
            return store::find_subscriber_certificate(db, serial).value();
        });
    }
    /// All mails so far, subjects and bodies.
    std::string mails() {
        return look([&](sql::Reader& db) {
            std::string all;
            for (const auto& mail : store::list_mails(db, "", 200, 0))
                all += mail.subject + "\n" + mail.body + "\n";
            return all;
        });
    }
    ca::CertificateRecord ledger_of(const std::string& serial) {
        return look([&](sql::Reader& db) { return ca::find_by_serial(db, serial).value(); });
    }
    store::Device device_of(const std::string& serial) {
        const auto id = page_of(serial).device_id.value();
        return look([&](sql::Reader& db) { return store::find_device(db, id).value(); });
    }

    Portal portal;
    TempFolder folder;
    std::shared_ptr<SoftwareKeys> keys = std::make_shared<SoftwareKeys>();
    std::unique_ptr<ca::Authority> authority;
    std::optional<forms::PaperLibrary> papers;
    std::int64_t provider = 0, agency = 0, clerk = 0, head = 0, intake = 0, assessor = 0,
                 approver = 0, bench = 0;

  private:
    int count = 0;
};

}  // namespace antin::kit
