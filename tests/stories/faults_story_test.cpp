// The program in trouble: killed, ended, out of disk, kept from its database, with a wrong clock.
// Acts are refused with a sentence, nothing that was acknowledged is lost, and it goes on by
// itself.
#include <sqlite3.h>
#include <sys/resource.h>

#include <atomic>
#include <mutex>
#include <set>
#include <thread>

#include "command_fixture.hpp"
#include "office.hpp"

namespace antin::stories {
namespace {

using program::Process;
namespace fs = std::filesystem;

class Faults : public program::Command {
  protected:
    void SetUp() override { folder = own_data(); }
    std::unique_ptr<Process> serve() {
        auto started = std::make_unique<Process>(
            own.path(), std::vector<std::string>{"serve", "--data", folder.string()});
        port = port_after(started->announced(), "https:");
        EXPECT_NE(port, 0) << program::content(own / "complaint.txt");
        return started;
    }
    /// A small change that needs disk, lock and clock: is it acknowledged?
    http::Answer act(Office& office) {
        auto browser = Office::browser(port, office.intake);
        return Office::accept(browser, office.file(1).at(0));
    }

    fs::path folder;
    std::uint16_t port = 0;
};

/// Officers accept and clerks begin drafts, each in a thread, until the server is gone. What was
/// acknowledged is written down.
class Crowd {
  public:
    Crowd(std::uint16_t port, Office& office, int dossiers) : port_(port) {
        waiting_ = office.file(dossiers);
        for (int i = 0; i < 2; ++i) {
            threads_.emplace_back([this, person = office.intake] { accept_all(person); });
            threads_.emplace_back([this, person = office.clerk] { draft_on(person); });
        }
    }
    ~Crowd() { wait(); }
    Crowd(const Crowd&) = delete;
    Crowd& operator=(const Crowd&) = delete;

    /// Returns when so many acts were acknowledged.
    void after(int acts) {
        std::unique_lock lock{mutex_};
        changed_.wait(lock, [&] { return count_ >= acts || running_ == 0; });
    }
    void wait() {
        is_over_ = true;
        for (auto& thread : threads_) thread.join();
        threads_.clear();
    }
    [[nodiscard]] std::set<std::int64_t> accepted_so_far() {
        const std::lock_guard lock{mutex_};
        return accepted_;
    }
    [[nodiscard]] const std::set<std::int64_t>& accepted() const { return accepted_; }
    [[nodiscard]] const std::set<std::int64_t>& drafts() const { return drafts_; }
    [[nodiscard]] const std::vector<std::int64_t>& filed() const { return waiting_; }

  private:
    void acknowledged(std::set<std::int64_t>& where, std::int64_t id) {
        const std::lock_guard lock{mutex_};
        where.insert(id);
        ++count_;
        changed_.notify_all();
    }
    void accept_all(const Person& person) {
        auto browser = Office::browser(port_, person);
        for (std::size_t i = 0; !is_over_ && (i = next_++) < waiting_.size();) {
            const auto answer = Office::accept(browser, waiting_[i]);
            if (answer.status == 0) break;  // the server is gone
            if (answer.status == 303) acknowledged(accepted_, waiting_[i]);
        }
        ended();
    }
    void draft_on(const Person& person) {
        auto browser = Office::browser(port_, person);
        while (!is_over_) {
            const auto id = Office::draft(browser);
            if (id == 0) break;
            acknowledged(drafts_, id);
        }
        ended();
    }
    void ended() {
        const std::lock_guard lock{mutex_};
        --running_;
        changed_.notify_all();
    }

    const std::uint16_t port_;
    std::vector<std::int64_t> waiting_;
    std::atomic<std::size_t> next_{0};
    std::atomic<bool> is_over_{false};
    std::mutex mutex_;
    std::condition_variable changed_;
    std::set<std::int64_t> accepted_, drafts_;  // guarded by mutex_ until wait()
    int count_ = 0, running_ = 4;
    std::vector<std::thread> threads_;
};

void expect_nothing_lost(Office& office, const Crowd& crowd) {
    for (const auto id : crowd.accepted()) {
        const auto dossier = office.dossier(id);
        EXPECT_EQ(dossier.state, domain::DossierState::Accepted) << id;
        EXPECT_TRUE(dossier.due_at && dossier.check_value) << id;
    }
    for (const auto id : crowd.drafts()) {
        EXPECT_EQ(office.dossier(id).state, domain::DossierState::Draft) << id;
    }
    // Whatever happened to the acts that nobody heard the answer of: whole or not at all.
    std::set<std::string> codes;
    int accepted = 0;
    for (const auto id : crowd.filed()) {
        const auto dossier = office.dossier(id);
        const bool taken = dossier.state == domain::DossierState::Accepted;
        EXPECT_EQ(taken, dossier.code.has_value());
        if (!taken) continue;
        ++accepted;
        codes.insert(*dossier.code);
    }
    EXPECT_EQ(std::ssize(codes), accepted) << "no code twice";
    EXPECT_GE(accepted, std::ssize(crowd.accepted()));
    const auto trail = office.trail();
    EXPECT_TRUE(trail.findings.empty()) << trail.findings.front().detail;
}

TEST_F(Faults, kill_9_while_dossiers_are_filed_loses_nothing_acknowledged) {
    Office office{folder};
    for (const int acts : {3, 17, 40}) {
        auto server = serve();
        Crowd crowd{port, office, 80};
        crowd.after(acts);
        server->kill_now();
        crowd.wait();
        EXPECT_GE(crowd.accepted().size() + crowd.drafts().size(), static_cast<std::size_t>(acts));
        expect_nothing_lost(office, crowd);
    }
    // The numbers of the day stand without a gap after three kills, and the next goes on.
    auto server = serve();
    ASSERT_EQ(act(office).status, 303);
    const auto [count, last] =
        office.look([](sql::Reader& db) -> Result<std::pair<std::int64_t, std::int64_t>> {
            return std::pair{
                db.query_built("n", "SELECT COUNT(*) AS n FROM dossier WHERE code IS NOT NULL",
                               {})[0]
                    .integer("n"),
                db.query_built(
                      "n", "SELECT SUM(last) AS n FROM counter WHERE name LIKE 'dossier/%'", {})[0]
                    .integer("n")};
        });
    EXPECT_EQ(count, last);
}

TEST_F(Faults, sigterm_ends_it_within_5_seconds_with_nothing_lost) {
    Office office{folder};
    auto server = serve();
    Crowd crowd{port, office, 200};
    crowd.after(10);
    const auto begun = std::chrono::steady_clock::now();
    server->signal(SIGTERM);
    EXPECT_EQ(server->wait().exit_code, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds{5});
    crowd.wait();
    expect_nothing_lost(office, crowd);
}

TEST_F(Faults, a_backup_made_in_the_middle_of_work_is_whole_and_comes_back_behind_the_fence) {
    Office office{folder};
    auto server = serve();
    Crowd crowd{port, office, 200};
    crowd.after(10);
    const auto known = crowd.accepted_so_far();
    kit::TempFolder side;
    const auto copy = (own / "copy").string(), back = (own / "back").string();
    const auto made = run_in(side.path(), {"backup", "--data", folder.string(), "--to", copy});
    ASSERT_EQ(made.exit_code, 0) << made.complaint;
    crowd.wait();
    server->signal(SIGTERM);
    server->wait();
    const auto restored = run({"restore", "--from", copy, "--data", back});
    ASSERT_EQ(restored.exit_code, 0) << restored.complaint;
    const auto verified = run({"audit", "verify", "--data", back});
    EXPECT_EQ(verified.exit_code, 0) << verified.output;
    const auto status = run({"ca", "status", "--data", back});  // opens the keys of the tokens
    EXPECT_EQ(status.exit_code, 1) << status.complaint;
    EXPECT_NE(status.output.find("fenced (restored from"), std::string::npos) << status.output;
    Office again{back};
    for (const auto id : known) {
        EXPECT_EQ(again.dossier(id).state, domain::DossierState::Accepted) << id;
    }
}

TEST_F(Faults, a_full_disk_refuses_acts_with_a_sentence_and_pages_still_open) {
    Office office{folder};
    auto server = serve();
    ASSERT_EQ(act(office).status, 303);
    const auto filed = office.file(2);
    // A limit on the size of files stands for the full disk: write() fails in the same place.
    rlimit before{};
    ASSERT_EQ(::prlimit(server->pid(), RLIMIT_FSIZE, nullptr, &before), 0);
    rlimit full = before;
    full.rlim_cur = 1;
    ASSERT_EQ(::prlimit(server->pid(), RLIMIT_FSIZE, &full, nullptr), 0);
    auto officer = Office::browser(port, office.intake);
    const auto refused = Office::accept(officer, filed[0]);
    EXPECT_EQ(refused.status, 503);
    const auto words = http::page_words(refused.body);
    EXPECT_NE(words.find("đã đầy"), std::string::npos) << words;
    EXPECT_EQ(officer.get(fmt::format("/xu-ly/{}", filed[0])).status, 200) << "readers go on";
    EXPECT_EQ(office.dossier(filed[0]).state, domain::DossierState::Submitted);
    ASSERT_EQ(::prlimit(server->pid(), RLIMIT_FSIZE, &before, nullptr), 0);
    EXPECT_EQ(Office::accept(officer, filed[0]).status, 303) << "goes on by itself";
    server->kill_now();
    EXPECT_EQ(office.dossier(filed[0]).state, domain::DossierState::Accepted);
    EXPECT_TRUE(office.trail().findings.empty());
}

TEST_F(Faults, a_locked_database_refuses_acts_with_a_sentence_and_pages_still_open) {
    Office office{folder};
    auto server = serve();
    const auto filed = office.file(1).at(0);
    sqlite3* other = nullptr;
    ASSERT_EQ(sqlite3_open((folder / "portal.db").c_str(), &other), SQLITE_OK);
    ASSERT_EQ(sqlite3_busy_timeout(other, 5000), SQLITE_OK);
    ASSERT_EQ(sqlite3_exec(other, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr), SQLITE_OK);
    auto officer = Office::browser(port, office.intake);
    const auto refused = Office::accept(officer, filed);
    EXPECT_EQ(refused.status, 503);
    const auto words = http::page_words(refused.body);
    EXPECT_NE(words.find("đang bận"), std::string::npos) << words;
    EXPECT_EQ(officer.get(fmt::format("/xu-ly/{}", filed)).status, 200) << "readers go on";
    sqlite3_close(other);
    EXPECT_EQ(Office::accept(officer, filed).status, 303);
}

TEST_F(Faults, a_clock_set_back_refuses_acts_until_it_is_right_or_accepted) {
    Office office{folder};
    auto server = serve();
    // As if the newest act had been recorded two hours from now.
    office.change([&](sql::Transaction& tx) -> Result<int> {
        audit::append(tx, {office.offline->clock().now() + std::chrono::hours{2}, 0, "thử",
                           "test.ahead", "clock", "", "{}"});
        return 0;
    });
    const auto refused = act(office);
    EXPECT_EQ(refused.status, 503);
    EXPECT_NE(http::page_words(refused.body).find("Đồng hồ của máy chủ"), std::string::npos)
        << http::page_words(refused.body);
    const auto check = run({"check", "--data", folder.string()});
    EXPECT_EQ(check.exit_code, 1);
    EXPECT_NE(check.output.find("MEND  clock"), std::string::npos) << check.output;
    ASSERT_EQ(run({"audit", "accept-clock", "--data", folder.string()}).exit_code, 0);
    EXPECT_EQ(act(office).status, 303);
    EXPECT_TRUE(office.trail().findings.empty());
}

TEST_F(Faults, a_newer_database_is_refused_politely) {
    {
        Office office{folder};
        office.change([](sql::Transaction& tx) -> Result<int> {
            (void)tx.query_built("newer",
                                 "INSERT INTO schema_step (name, hash, applied_at)"
                                 " VALUES ('store/9999_later.sql', 'x', 0)",
                                 {});
            return 0;
        });
    }
    const auto answer = run({"serve", "--data", folder.string()});
    EXPECT_EQ(answer.exit_code, 3);
    EXPECT_NE(answer.complaint.find("newer version"), std::string::npos) << answer.complaint;
    EXPECT_NE(answer.complaint.find("9999_later"), std::string::npos) << answer.complaint;
    const auto check = run({"check", "--data", folder.string()});
    EXPECT_EQ(check.exit_code, 1);
    EXPECT_NE(check.output.find("newer version"), std::string::npos) << check.output;
}

}  // namespace
}  // namespace antin::stories
