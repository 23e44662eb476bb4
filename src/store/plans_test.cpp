// No list may grow with its table: each statement is given to SQLite's EXPLAIN QUERY PLAN, which
// says whether it reads a whole table or sorts all it found.
#include <gmock/gmock.h>

#include "audit/journal.hpp"
#include "kit/fake_clock.hpp"
#include "kit/test_database.hpp"
#include "store/agencies.hpp"
#include "store/devices.hpp"
#include "store/dossier_lines.hpp"
#include "store/invitations.hpp"
#include "store/notices.hpp"
#include "store/outbox.hpp"
#include "store/people.hpp"
#include "store/work_queue.hpp"

using namespace antin;

namespace {

/// A reader that also asks for the plan of every statement.
class PlanReader final : public sql::Reader {
  public:
    explicit PlanReader(sql::Reader& db) : db_(db) {}
    [[nodiscard]] sql::Engine engine() const override { return db_.engine(); }
    sql::Rows query_values(const sql::Statement& statement,
                           std::span<const sql::Value> values) override {
        const std::string text = std::string{"EXPLAIN QUERY PLAN "} + statement.text;
        for (const auto row : db_.query_values({"explain", text.c_str()}, values)) {
            steps.push_back(std::string{statement.name} + ": " + row.text("detail"));
        }
        return db_.query_values(statement, values);
    }
    std::vector<std::string> steps;

  private:
    sql::Reader& db_;
};

bool reads_a_whole_table(const std::string& step) {
    if (step.find(": SCAN ") == std::string::npos) return false;
    for (const char* fine :
         {"INDEX", "CONSTANT ROW", "counted", "found", "SCAN part", "json_each"}) {
        if (step.find(fine) != std::string::npos) return false;
    }
    return true;
}

bool sorts_what_it_found(const std::string& step) {
    // Sorting the few rows of one page, or those with the very same time, is no harm.
    return step.ends_with("USE TEMP B-TREE FOR ORDER BY");
}

class Plans : public testing::Test {
  protected:
    template <class Work>
    std::vector<std::string> plan(Work&& work) {
        std::vector<std::string> out;
        const auto read = db->read([&](sql::Reader& reader) -> Status {
            PlanReader plans{reader};
            work(plans);
            out = std::move(plans.steps);
            return {};
        });
        EXPECT_TRUE(read) << read.error().detail;
        EXPECT_FALSE(out.empty());
        return out;
    }
    template <class Work>
    void expect_no_scan(Work&& work) {
        for (const auto& step : plan(work)) EXPECT_FALSE(reads_a_whole_table(step)) << step;
    }
    static store::QueueFilter queue(store::QueueView view, std::vector<std::int64_t> receivers) {
        store::QueueFilter filter;
        filter.receivers = std::move(receivers);
        filter.view = view;
        filter.officer_id = 7;
        filter.now = kit::FakeClock{}.now();
        return filter;
    }
    kit::TestDatabase db{sql::Engine::Sqlite};
};

constexpr std::array every_view{
    store::QueueView::Fresh,   store::QueueView::Unassigned, store::QueueView::Mine,
    store::QueueView::Running, store::QueueView::Waiting,    store::QueueView::ToDecide,
    store::QueueView::Late,    store::QueueView::Ended,      store::QueueView::All};

}  // namespace

TEST_F(Plans, EveryViewOfTheQueueComesOutOfAnIndex) {
    for (const auto view : every_view) {
        for (const std::string words : {"", "nguyễn bình"}) {
            for (const auto& receivers :
                 {std::vector<std::int64_t>{1}, std::vector<std::int64_t>{1, 2}}) {
                auto filter = queue(view, receivers);
                filter.words = words;
                expect_no_scan([&](sql::Reader& reader) {
                    (void)store::work_queue(reader, filter);
                    (void)store::count_work_queue(reader, filter);
                });
            }
        }
    }
}

TEST_F(Plans, WhatHasEndedIsNeverSortedAsAWhole) {
    for (const auto view : {store::QueueView::Ended, store::QueueView::All}) {
        for (const std::string words : {"", "nguyễn"}) {
            auto filter = queue(view, {1});
            filter.words = words;
            int sorted = 0;
            for (const auto& step :
                 plan([&](sql::Reader& reader) { (void)store::work_queue(reader, filter); })) {
                sorted += sorts_what_it_found(step) ? 1 : 0;
            }
            EXPECT_LE(sorted, 1) << "only the rows of the page may be sorted again";
        }
    }
}

TEST_F(Plans, ListsOfPeopleDevicesAgenciesNoticesAndMails) {
    expect_no_scan([](sql::Reader& db) {
        for (const char* words : {"", "nguyễn bình"}) {
            (void)store::search_people(db, words, 50, 0);
            (void)store::count_people(db, words);
        }
        (void)store::notices_of(db, 1, 20, 0);
        (void)store::count_notices(db, 1);
        (void)store::count_unread_notices(db, 1);
        (void)store::list_mails(db, "failed", 50, 0);
        (void)store::count_mails(db, "failed");
        (void)store::count_outbox(db);
        (void)store::invitations_of(db, 1);
        store::DeviceFilter by_state{.state = domain::DeviceState::HandedOver};
        (void)store::list_devices(db, by_state);
        (void)store::count_devices(db, by_state);
        store::DeviceFilter by_serial{.serial_begin = "DT00"};
        (void)store::list_devices(db, by_serial);
        store::AgencyFilter province{.province_code = "12"};
        (void)store::list_agencies(db, province);
        (void)store::count_agencies(db, province);
        (void)store::agency_dossiers(db, 1, {}, 30);
        (void)store::count_agency_dossiers(db, 1, {});
        (void)store::search_agency_dossiers(db, 1, "nguyễn", 30);
    });
}

TEST_F(Plans, TheJournalIsReadBackwardsWhateverTheFilter) {
    for (const char* act : {"", "dossier.", "dossier.accepted"}) {
        for (const char* kind : {"", "dossier"}) {
            audit::Filter filter;
            filter.act = act;
            filter.object_kind = kind;
            for (const auto& step :
                 plan([&](sql::Reader& reader) { (void)audit::list(reader, filter); })) {
                EXPECT_FALSE(sorts_what_it_found(step)) << act << ' ' << kind << ' ' << step;
            }
        }
    }
}
