#pragma once
#include <gtest/gtest.h>

#include "app/accept_dossier.hpp"
#include "kit/fake_clock.hpp"
#include "kit/test_database.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossiers.hpp"

namespace antin::kit {

/// Two bodies with receptionists, an agency, and dossiers that wait for intake; on the engine of
/// the test, without pages.
class IntakeWorld : public testing::TestWithParam<sql::Engine> {
  protected:
    IntakeWorld() {
        clock.set("2026-12-07T09:12:00+07:00");
        body = agency("G11.07", "provider");
        other_body = agency("H35.20", "provincial_desk");
        filer = agency("H35.91.01", "peoples_committee");
        clerk = person("thu", filer, domain::Role::FocalPoint);
        first = person("mot", body, domain::Role::IntakeOfficer);
        second = person("hai", body, domain::Role::IntakeOfficer);
        elsewhere = person("ba", other_body, domain::Role::IntakeOfficer);
    }
    template <class Work>
    auto change(Work&& work) {
        return database->transact(std::forward<Work>(work)).value();
    }
    std::int64_t agency(std::string code, std::string kind) {
        store::Agency one;
        one.code = code;
        one.name = "Cơ quan " + code;
        one.kind = kind;
        one.branch = "state";
        one.level = "province";
        one.state = "approved";
        return change([&](sql::Transaction& tx) { return store::insert_agency(tx, one); });
    }
    app::Actor person(const std::string& name, std::int64_t agency_id, domain::Role role) {
        store::Account account;
        account.email = name + "@thu.laichau.gov.vn";
        account.full_name = "Người " + name;
        account.state = "active";
        app::Actor actor;
        actor.name = account.full_name;
        actor.grants.push_back({role, agency_id});
        actor.account_id = change([&](sql::Transaction& tx) -> Result<std::int64_t> {
            ANTIN_TRY(id, store::insert_account(tx, account));
            store::insert_grant(tx, id, role, agency_id, std::nullopt, clock.now());
            return id;
        });
        return actor;
    }
    std::vector<std::int64_t> file(int count, std::int64_t receiver) {
        return change([&](sql::Transaction& tx) -> Result<std::vector<std::int64_t>> {
            std::vector<std::int64_t> ids;
            for (int i = 0; i < count; ++i) {
                store::Dossier dossier;
                dossier.state = domain::DossierState::Submitted;
                dossier.agency_id = filer;
                dossier.receiver_id = receiver;
                dossier.rules_date = "2026-12-07";
                dossier.created_by = clerk.account_id;
                dossier.submitted_by = clerk.account_id;
                dossier.created_at = dossier.saved_at = clock.now();
                dossier.submitted_at = clock.now();
                dossier.line_count = 1;
                ids.push_back(store::add_dossier(tx, dossier));
            }
            return ids;
        });
    }
    store::Dossier read(std::int64_t id) {
        return database
            ->read([&](sql::Reader& db) -> Result<store::Dossier> {
                return store::find_dossier(db, id).value();
            })
            .value();
    }

    TestDatabase database{GetParam()};
    FakeClock clock;
    app::Configuration configuration;
    app::Services services{.db = *database, .clock = clock, .configuration = configuration};
    std::int64_t body = 0, other_body = 0, filer = 0;
    app::Actor clerk, first, second, elsewhere;
};

}  // namespace antin::kit
