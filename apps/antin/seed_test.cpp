#include "seed.hpp"

#include <gtest/gtest.h>

#include "app/check_dossier.hpp"
#include "app/look_up_dossier.hpp"
#include "forms/paper_library.hpp"
#include "kit/fake_clock.hpp"
#include "kit/test_database.hpp"
#include "seed_dossier.hpp"
#include "seed_people.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/devices.hpp"
#include "store/dossier_lines.hpp"
#include "store/people.hpp"
#include "store/work_queue.hpp"

namespace antin::program {
namespace {

const auto quiet = [](std::int64_t) {};

class Seed : public testing::TestWithParam<sql::Engine> {
  protected:
    Seed() {
        configuration.data_dir = db.folder();
        papers.emplace(forms::PaperLibrary::load(db.folder() / "forms").value());
        services.papers = &*papers;
        const auto made = db->transact([&](sql::Transaction& tx) -> Status {
            for (const char* kind : {"provider", "provincial_desk"}) {
                store::Agency body;
                body.code = std::string{"G99."} + kind;
                body.name = body.kind = kind;
                body.province_code = "12";
                body.state = "approved";
                body.created_at = clock.now();
                ANTIN_TRY(id, store::insert_agency(tx, body));
                if (body.kind == "provider") provider = id;
            }
            return {};
        });
        EXPECT_TRUE(made);
    }

    std::vector<store::Dossier> all_of(store::QueueView view) {
        store::QueueFilter filter;
        filter.receivers = {provider};
        filter.view = view;
        filter.now = clock.now();
        filter.limit = 10'000;
        std::vector<store::Dossier> out;
        const auto read = db->read([&](sql::Reader& reader) -> Status {
            for (auto& row : store::work_queue(reader, filter)) out.push_back(row.dossier);
            return {};
        });
        EXPECT_TRUE(read) << read.error().detail;
        return out;
    }

    kit::TestDatabase db{GetParam()};
    kit::FakeClock clock;
    app::Configuration configuration;
    std::optional<forms::PaperLibrary> papers;
    app::Services services{.db = *db, .clock = clock, .configuration = configuration};
    std::int64_t provider = 0;
};
ANTIN_ON_BOTH_ENGINES(Seed);

TEST_P(Seed, HoldsTheNationalMixInEveryState) {
    const auto outcome = seed_dossiers(services, 300, quiet);
    ASSERT_TRUE(outcome) << outcome.error().code << outcome.error().detail;
    EXPECT_EQ(outcome->dossiers, 300);
    EXPECT_NEAR(static_cast<double>(outcome->lines) / 300, 7, 2.0);
    std::map<domain::Procedure, int> procedures;
    std::map<domain::DossierState, int> states;
    for (const auto& dossier : all_of(store::QueueView::All)) {
        ++procedures[dossier.procedure];
        ++states[dossier.state];
        if (dossier.returned_at) {
            EXPECT_LE(*dossier.returned_at, clock.now());
        }
        if (dossier.state == domain::DossierState::InProgress) {
            EXPECT_TRUE(dossier.due_at);
        }
    }
    EXPECT_NEAR(procedures[domain::Procedure::Issuance], 300 * 0.57, 35);
    EXPECT_NEAR(procedures[domain::Procedure::Amendment], 300 * 0.40, 35);
    using enum domain::DossierState;
    EXPECT_GT(states[Returned], 180);
    for (const auto state : {Submitted, Accepted, InProgress, AwaitingSupplement, Decided}) {
        EXPECT_GT(states[state], 0) << domain::to_text(state);
    }
}

TEST_P(Seed, TheLongDossierIsExaminedAndNearlyClean) {
    const auto outcome = seed_dossiers(services, 30, quiet);
    ASSERT_TRUE(outcome) << outcome.error().code;
    const auto read = db->read([&](sql::Reader& reader) -> Status {
        const auto dossier = store::find_dossier(reader, outcome->dossier300);
        EXPECT_EQ(dossier->line_count, 300);
        const auto checked = app::check_dossier(reader, services, *dossier);
        EXPECT_EQ(checked.lines.size(), 300U);
        EXPECT_TRUE(checked.findings.recipient.defects.empty());
        EXPECT_GT(checked.findings.lines_with_defects(), 0U);
        EXPECT_LT(checked.findings.lines_with_defects(), 40U);
        return {};
    });
    EXPECT_TRUE(read);
}

TEST_P(Seed, ADossierCanBeLookedUpAndPeopleAreFoundWithoutDiacritics) {
    const auto outcome = seed_dossiers(services, 60, quiet);
    ASSERT_TRUE(outcome) << outcome.error().code;
    const auto found =
        app::look_up_dossier(services, "127.0.0.1", outcome->lookup_code, outcome->lookup_check);
    ASSERT_TRUE(found) << found.error().code;
    EXPECT_EQ(found->code, outcome->lookup_code);
    const auto read = db->read([&](sql::Reader& reader) -> Status {
        EXPECT_EQ(store::count_people(reader, "THAM-tra do-tai"), 12);
        return {};
    });
    EXPECT_TRUE(read);
}

/// What the rows of every fiftieth dossier say, in one text.
std::string content_of(sql::Database& db, std::int64_t first, std::int64_t count) {
    std::string out;
    const auto read = db.read([&](sql::Reader& reader) -> Status {
        for (auto id = first; id < first + count; id += 50) {
            const auto dossier = store::find_dossier(reader, id);
            if (!dossier) continue;
            out += dossier->search_text + std::string{domain::to_text(dossier->state)};
            for (const auto& line : store::dossier_lines(reader, id)) {
                out += std::to_string(line.id) + line.subject_key + line.email;
            }
        }
        return {};
    });
    EXPECT_TRUE(read);
    return out;
}

TEST_P(Seed, ARunThatWasCutOffGoesOnToTheSameEnd) {
    struct CutOff {};
    const auto cut = [](std::int64_t) { throw CutOff{}; };
    EXPECT_THROW((void)seed_dossiers(services, 700, cut), CutOff);
    EXPECT_LT(all_of(store::QueueView::All).size(), 600U);
    clock.advance(std::chrono::hours{3});
    const auto outcome = seed_dossiers(services, 700, quiet);
    ASSERT_TRUE(outcome) << outcome.error().code << outcome.error().detail;
    EXPECT_EQ(outcome->dossiers, 700);

    kit::TestDatabase other{GetParam()};
    kit::FakeClock other_clock;
    app::Services whole{.db = *other, .clock = other_clock, .configuration = configuration};
    whole.papers = services.papers;
    ASSERT_TRUE(other->transact([&](sql::Transaction& tx) -> Status {
        for (const auto id : {provider, provider + 1}) {
            (void)db->read([&](sql::Reader& reader) -> Status {
                (void)store::insert_agency(tx, *store::find_agency(reader, id));
                return {};
            });
        }
        return {};
    }));
    const auto at_once = seed_dossiers(whole, 700, quiet);
    ASSERT_TRUE(at_once) << at_once.error().code;
    const auto first = outcome->dossier300 - 699;
    EXPECT_EQ(content_of(*db, first, 700), content_of(*other, first, 700));
}

TEST_P(Seed, ASecondRunAddsNothingAndAnotherNumberIsRefused) {
    const auto outcome = seed_dossiers(services, 30, quiet);
    ASSERT_TRUE(outcome) << outcome.error().code;
    const auto again = seed_dossiers(services, 30, quiet);
    ASSERT_TRUE(again) << again.error().code;
    EXPECT_EQ(again->dossier300, outcome->dossier300);
    EXPECT_EQ(again->lines, outcome->lines);
    EXPECT_NE(again->officer_cookie, outcome->officer_cookie);
    EXPECT_EQ(seed_dossiers(services, 40, quiet).error().code, "seed.other_count");
}

TEST_P(Seed, WhatTheDatabaseNumbersNextLiesBehindTheSeed) {
    const auto outcome = seed_dossiers(services, 30, quiet);
    ASSERT_TRUE(outcome) << outcome.error().code;
    const auto added = db->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        auto dossier = store::find_dossier(tx, outcome->dossier300).value();
        dossier.code.reset();
        return store::add_dossier(tx, dossier);
    });
    ASSERT_TRUE(added) << added.error().detail;
    EXPECT_GT(*added, outcome->dossier300);
}

TEST_P(Seed, AFolderWithADossierOfItsOwnIsRefused) {
    const auto made = db->transact([&](sql::Transaction& tx) -> Status {
        store::Account person;
        person.email = "thu@laichau.gov.vn";
        person.state = "active";
        person.created_at = clock.now();
        ANTIN_TRY(account, store::insert_account(tx, person));
        store::Dossier dossier;
        dossier.agency_id = dossier.receiver_id = provider;
        dossier.created_by = account;
        dossier.created_at = dossier.saved_at = clock.now();
        (void)store::add_dossier(tx, dossier);
        return {};
    });
    ASSERT_TRUE(made);
    EXPECT_EQ(seed_dossiers(services, 30, quiet).error().code, "seed.not_empty");
}

TEST(SeedPeople, NobodyIsReal) {
    Dice dice{1};
    const auto person = invented_person(dice, 4711);
    EXPECT_TRUE(person.email.ends_with("@do-tai.gov.vn"));
    EXPECT_TRUE(person.personal_id.starts_with("099")) << "no province has this number";
    const auto agency = invented_agency(300);
    EXPECT_TRUE(agency.email.ends_with(".invalid"));
    EXPECT_TRUE(agency.code.starts_with("H99."));
    EXPECT_TRUE(agency.province_name.starts_with("Tỉnh Mẫu"));
}

}  // namespace
}  // namespace antin::program
