#pragma once
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "app/accept_dossier.hpp"
#include "app/assign_dossier.hpp"
#include "kit/portal.hpp"
#include "ledger/issuers.hpp"
#include "store/accounts.hpp"
#include "store/dossier_lines.hpp"

namespace antin::kit {

using domain::DossierState;
using domain::LineState;
using domain::Role;

/// A provider with its officers, an agency, and dossiers of Mẫu 01 that are filed already.
class OfficerWorld : public testing::Test {
  protected:
    OfficerWorld() {
        portal.clock.set("2026-12-07T09:12:00+07:00");
        provider = portal.provider();
        agency = portal.add_agency("UBND xã Thử Nghiệm", "peoples_committee");
        clerk = portal.add_person("Lò Thị Thử", agency, {Role::FocalPoint, Role::Head});
        intake = portal.add_person("Tòng Văn Tiếp", provider, {Role::IntakeOfficer});
        assessor = portal.add_person("Trần Thu Thẩm", provider, {Role::Assessor});
        second = portal.add_person("Hà Văn Hai", provider, {Role::Assessor});
        approver = portal.add_person("Đinh Thị Duyệt", provider, {Role::Approver});
        both = portal.add_person("Vàng A Hai Vai", provider, {Role::Assessor, Role::Approver});
        const auto done = portal.database->transact([&](sql::Transaction& tx) -> Status {
            for (const char* name : {"state", "party"}) {
                ledger::Issuer issuer;
                issuer.name = name;
                issuer.sort = "issuing";
                issuer.serial = name;
                ledger::insert_issuer(tx, issuer);
            }
            return {};
        });
        EXPECT_TRUE(done) << (done ? "" : done.error().detail);
    }

    std::int64_t file_dossier(int rows, int bad_rows = 0) {
        store::Dossier dossier;
        dossier.state = DossierState::Submitted;
        dossier.agency_id = agency;
        dossier.receiver_id = provider;
        dossier.rules_date = "2026-12-07";
        dossier.created_by = clerk;
        dossier.submitted_by = clerk;
        dossier.created_at = dossier.saved_at = portal.clock.now();
        dossier.submitted_at = portal.clock.now();
        dossier.line_count = rows;
        dossier.search_text = "ubnd xa thu nghiem dang van duc";
        dossier.shared_values = {{"province", "Lai Châu"},
                                 {"agency_name", "UBND xã Thử Nghiệm"},
                                 {"id_issued_by", "Cục CSQLHC về TTXH"}};
        dossier.recipient = {{"full_name", "Lò Thị Thử"},     {"personal_id", "012192003071"},
                             {"id_issued_on", "2022-01-11"},  {"id_issued_by", "Cục CSQLHC"},
                             {"position", "Văn thư"},         {"phone", "0900000105"},
                             {"email", "thu@laichau.gov.vn"}, {"address", "Bản Một, Lai Châu"}};
        return portal.database
            ->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
                const auto id = store::add_dossier(tx, dossier);
                for (int i = 1; i <= rows; ++i) {
                    store::DossierLine line;
                    line.dossier_id = id;
                    line.number = i;
                    line.name = fmt::format("Lò Văn Dòng {}", "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[i % 26]);
                    line.values = {{"full_name", line.name},
                                   {"birth_date", "1979-05-12"},
                                   {"personal_id", fmt::format("0120790044{:02}", i)},
                                   {"id_issued_on", "2021-06-21"},
                                   {"email", fmt::format("dong{}@laichau.gov.vn", i)},
                                   {"position", "Chuyên viên"},
                                   {"phone", fmt::format("09000001{:02}", i)}};
                    if (i <= bad_rows) line.values["email"] = fmt::format("dong{}@gmail.com", i);
                    line.email = line.values["email"];
                    line.subject_key = line.values["personal_id"];
                    (void)store::add_line(tx, line);
                }
                return id;
            })
            .value();
    }
    store::Dossier read(std::int64_t id) {
        return portal.database
            ->read([&](sql::Reader& db) -> Result<store::Dossier> {
                return store::find_dossier(db, id).value();
            })
            .value();
    }
    std::vector<store::DossierLine> lines(std::int64_t id) {
        return portal.database
            ->read([&](sql::Reader& db) -> Result<std::vector<store::DossierLine>> {
                return store::dossier_lines(db, id);
            })
            .value();
    }
    std::int64_t in_progress(int rows, int bad_rows = 0) {
        const auto id = file_dossier(rows, bad_rows);
        EXPECT_TRUE(
            app::accept_dossier(*portal.services, portal.actor(intake), {id, read(id).version}));
        EXPECT_TRUE(app::assign_dossier(*portal.services, portal.actor(assessor),
                                        {id, read(id).version, assessor}));
        return id;
    }

    std::string email_of(std::int64_t account) {
        return portal.database
            ->read([&](sql::Reader& db) -> Result<std::string> {
                return store::find_account(db, account).value().email;
            })
            .value();
    }

    Portal portal;
    std::int64_t provider = 0, agency = 0, clerk = 0, intake = 0, assessor = 0, second = 0,
                 approver = 0, both = 0;
};

}  // namespace antin::kit
