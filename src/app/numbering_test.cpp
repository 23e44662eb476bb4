// The numbers of dossiers under concurrent intake, on both engines.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <set>
#include <thread>

#include "kit/intake_world.hpp"
#include "store/counters.hpp"

namespace antin::app {
namespace {

class Numbering : public kit::IntakeWorld {
  protected:
    std::string code_of(std::int64_t id) { return read(id).code.value_or(""); }
    std::set<std::string> codes_of(const std::vector<std::int64_t>& ids) {
        std::set<std::string> out;
        for (const auto id : ids) out.insert(code_of(id));
        return out;
    }
    /// "<body>-261207-0001" … as many as `count`.
    static std::set<std::string> row_of_codes(const std::string& code, int count, int from = 1) {
        std::set<std::string> out;
        for (int i = 0; i < count; ++i) out.insert(fmt::format("{}-261207-{:04}", code, from + i));
        return out;
    }
};
ANTIN_ON_BOTH_ENGINES(Numbering);

TEST_P(Numbering, ParallelIntakeLeavesNoGapAndNoDoubleAndOneWinsEachDossier) {
    constexpr int count = 40;
    const auto ids = file(count, body), others = file(count, other_body);
    std::atomic<int> done{0}, beaten{0};
    // Two officers race for every dossier of one body (so that half of the transactions roll back
    // after they took a number), while another body counts for itself.
    const auto take = [&](const Actor& officer, const std::vector<std::int64_t>& from) {
        for (const auto id : from) {
            const auto taken = accept_dossier(services, officer, {id, 1});
            if (taken) {
                ++done;
            } else {
                EXPECT_EQ(taken.error().code, "dossier.changed") << taken.error().detail;
                EXPECT_FALSE(taken.error().args.empty()) << "who was faster, and when";
                ++beaten;
            }
        }
    };
    std::vector<std::thread> threads;
    threads.emplace_back([&] { take(first, ids); });
    threads.emplace_back([&] { take(second, ids); });
    threads.emplace_back([&] { take(elsewhere, others); });
    for (auto& thread : threads) thread.join();
    EXPECT_EQ(done, 2 * count);
    EXPECT_EQ(beaten, count);
    EXPECT_EQ(codes_of(ids), row_of_codes("G11.07", count));
    EXPECT_EQ(codes_of(others), row_of_codes("H35.20", count));
}

TEST_P(Numbering, ATransactionThatRollsBackGivesItsNumberBack) {
    const auto name = "dossier/G11.07/261207";
    const auto undone = database->transact([&](sql::Transaction& tx) -> Status {
        EXPECT_EQ(store::next_number(tx, name), 1);
        return fail(ErrorKind::Refused, "test.undone");
    });
    EXPECT_FALSE(undone);
    const auto ids = file(1, body);
    ASSERT_TRUE(accept_dossier(services, first, {ids[0], 1}));
    EXPECT_EQ(codes_of(ids), row_of_codes("G11.07", 1));
}

TEST_P(Numbering, AFifthDigitComesAfter9999AndTheNextDayBeginsAnew) {
    change([&](sql::Transaction& tx) -> Result<int> {
        for (int i = 0; i < 9998; ++i) (void)store::next_number(tx, "dossier/G11.07/261207");
        return 0;
    });
    const auto ids = file(3, body);
    for (const auto id : ids) ASSERT_TRUE(accept_dossier(services, first, {id, 1}));
    EXPECT_EQ(code_of(ids[0]), "G11.07-261207-9999");
    EXPECT_EQ(code_of(ids[1]), "G11.07-261207-10000");
    EXPECT_EQ(code_of(ids[2]), "G11.07-261207-10001");
    clock.set("2026-12-08T00:00:01+07:00");
    const auto next = file(1, body);
    ASSERT_TRUE(accept_dossier(services, second, {next[0], 1}));
    EXPECT_EQ(code_of(next[0]), "G11.07-261208-0001");
}

}  // namespace
}  // namespace antin::app
