// kill -9 at each step of issuing: no certificate without its record, no serial twice, and the
// next start goes on where it stopped. The child is this test program itself, started anew.
#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>

#include "ca/authority_impl.hpp"
#include "ca/ceremony.hpp"
#include "hsm/token.hpp"
#include "kit/ca_world.hpp"
#include "kit/temp_folder.hpp"
#include "ledger/orders.hpp"
#include "pki/certificate.hpp"
#include "pki/certificate_request.hpp"

extern char** environ;

namespace antin::ca {
namespace {

using kit::must;

constexpr int order_count = 90;  // more than one group, so that two threads are at it

std::unique_ptr<KeyStore> open_keys(const std::filesystem::path& folder, const std::string& label) {
    hsm::ModuleSettings settings;
    settings.library = hsm::find_softhsm();
    settings.folder = folder / ("tokens-" + label);
    std::filesystem::create_directories(settings.folder);
    auto module = must(hsm::Module::open(settings));
    bool found = false;
    for (const auto& token : must(module->tokens())) found |= token.label == label;
    if (!found) static_cast<void>(must(module->initialise(label, "so-12345678", "12345678")));
    hsm::TokenAccess access;
    access.label = label;
    access.pin = "12345678";
    access.workers = 3;
    return keys_in(must(hsm::Token::open(module, access)));
}

std::unique_ptr<sql::Database> open_database(const std::filesystem::path& folder) {
    sql::Settings settings;
    settings.sqlite_path = folder / "antin.db";
    return must(sql::Database::open(settings));
}

std::unique_ptr<Authority> open_authority(sql::Database& db, const Clock& clock,
                                          const std::filesystem::path& folder) {
    AuthoritySettings settings;
    settings.public_dir = folder / "public";
    return must(Authority::open(db, clock, open_keys(folder, "issuing"), settings));
}

Bytes read_file(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return Bytes{std::istreambuf_iterator<char>{file}, {}};
}

std::vector<IssueRequest> all_requests(Authority& authority, const std::filesystem::path& folder) {
    std::vector<IssueRequest> out;
    for (int i = 0; i < order_count; ++i) {
        const std::string id = "line:" + std::to_string(i);
        out.push_back({must(authority.approval_of(id)),
                       read_file(folder / ("request-" + std::to_string(i))),
                       {}});
    }
    return out;
}

void kill_myself_after(int microseconds) {
    sigevent event{};
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGKILL;
    timer_t timer{};
    ASSERT_EQ(::timer_create(CLOCK_MONOTONIC, &event, &timer), 0);
    itimerspec when{};
    when.it_value.tv_nsec = microseconds * 1000L;
    ASSERT_EQ(::timer_settime(timer, 0, &when, nullptr), 0);
}

/// The child: issues everything and writes down what it was given, until it is killed.
TEST(KilledChild, Issues) {
    const char* folder_text = std::getenv("ANTIN_KILL_FOLDER");
    if (folder_text == nullptr) return;  // run by itself it has nothing to do
    const std::filesystem::path folder = folder_text;
    const std::string step = std::getenv("ANTIN_KILL_STEP");
    const SystemClock clock;
    const auto db = open_database(folder);
    const auto authority = open_authority(*db, clock, folder);
    auto requests = all_requests(*authority, folder);
    dynamic_cast<AuthorityImpl&>(*authority).issuing_context().step =
        [&](std::string_view reached) {
            if (reached == step) ::raise(SIGKILL);
        };
    std::ofstream released{folder / "released", std::ios::app};
    if (const int after_us = std::atoi(step.c_str()); after_us > 0) kill_myself_after(after_us);
    for (const auto& one : authority->issue(std::move(requests))) {
        if (one) released << one->serial << ' ' << to_hex(one->der) << std::endl;
    }
}

class KilledAt : public testing::TestWithParam<const char*> {
  protected:
    KilledAt() {
        const auto root_keys = open_keys(folder.path(), "root");
        {
            const auto issuing_keys = open_keys(folder.path(), "issuing");
            const auto db = open_database(folder.path());
            const auto steps = kit::ca_migrations();
            must(db->migrate(steps));
            auto script = must(default_ceremony());
            script.root.key = script.responder_key = pki::KeyKind::P256;
            for (auto& issuing : script.issuing) issuing.key = pki::KeyKind::P256;
            static_cast<void>(must(hold_ceremony(*db, clock, *root_keys, *issuing_keys, script,
                                                 "http://127.0.0.1:1", folder / "public")));
            approve_all(*db);
        }
    }
    void approve_all(sql::Database& db) {
        const auto key = kit::make_software_signer(pki::KeyKind::P256);
        for (int i = 0; i < order_count; ++i) {
            const std::string id = "line:" + std::to_string(i);
            must(db.transact([&](sql::Transaction& tx) {
                return approve_order(tx, kit::CaWorld::terms(id), {11, "A"}, {12, "B"},
                                     clock.now());
            }));
            const Bytes request = must(pki::make_certificate_request(*key, id));
            std::ofstream file{folder / ("request-" + std::to_string(i)), std::ios::binary};
            file.write(reinterpret_cast<const char*>(request.data()),
                       static_cast<std::streamsize>(request.size()));
        }
    }
    /// Starts the child and waits for its end. `step`: where it is killed, or after how many
    /// microseconds of issuing. True when it was.
    bool run_child(const std::string& step) {
        std::vector<std::string> texts{"/proc/self/exe", "--gtest_filter=KilledChild.Issues"};
        std::vector<char*> arguments;
        for (auto& text : texts) arguments.push_back(text.data());
        arguments.push_back(nullptr);
        ::setenv("ANTIN_KILL_FOLDER", folder.path().c_str(), 1);
        ::setenv("ANTIN_KILL_STEP", step.c_str(), 1);
        posix_spawn_file_actions_t quiet;
        ::posix_spawn_file_actions_init(&quiet);
        ::posix_spawn_file_actions_addopen(&quiet, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
        pid_t pid = 0;
        EXPECT_EQ(::posix_spawn(&pid, "/proc/self/exe", &quiet, nullptr, arguments.data(), environ),
                  0);
        ::posix_spawn_file_actions_destroy(&quiet);
        ::unsetenv("ANTIN_KILL_FOLDER");
        int status = 0;
        ::waitpid(pid, &status, 0);
        return WIFSIGNALED(status);
    }
    void check_record(sql::Database& db) {
        const auto count = [&](const std::string& what) {
            return must(db.read([&](sql::Reader& reader) -> Result<std::int64_t> {
                const std::string text = "SELECT COUNT(*) AS n FROM " + what;
                return reader.query_built("test.count", text, {})[0].integer("n");
            }));
        };
        EXPECT_EQ(count("ca_certificate c LEFT JOIN ca_serial s ON s.serial = c.serial"
                        " WHERE s.state IS NULL OR s.state <> 'done'"),
                  0);
        EXPECT_EQ(count("ca_serial s LEFT JOIN ca_certificate c ON c.serial = s.serial"
                        " WHERE s.purpose = 'subscriber' AND s.state = 'done'"
                        " AND c.serial IS NULL"),
                  0);
        EXPECT_EQ(count("ca_certificate"), count("audit_entry WHERE act = 'ca.issued'"));
        EXPECT_EQ(count("ca_serial WHERE purpose = 'subscriber'"),
                  count("audit_entry WHERE act = 'ca.intent'"));
        // Whatever left the process is on record, byte for byte.
        std::ifstream released{folder / "released"};
        for (std::string serial, hex; released >> serial >> hex;) {
            const auto record =
                must(db.read([&](sql::Reader& reader) -> Result<std::optional<CertificateRecord>> {
                    return find_by_serial(reader, serial);
                }));
            ASSERT_TRUE(record);
            EXPECT_EQ(to_hex(record->der), hex);
        }
    }
    void go_on() {
        const auto db = open_database(folder.path());
        check_record(*db);
        const auto authority = open_authority(*db, clock, folder.path());
        std::set<std::string> serials;
        for (const auto& one : authority->issue(all_requests(*authority, folder.path()))) {
            ASSERT_TRUE(one) << one.error().code;
            serials.insert(one->serial);
        }
        EXPECT_EQ(serials.size(), static_cast<std::size_t>(order_count));
        EXPECT_EQ(authority->health().open_intents, 0);
        check_record(*db);
        const auto given = must(db->read([](sql::Reader& reader) -> Result<std::int64_t> {
            return reader
                .query_built("test.count",
                             "SELECT COUNT(*) AS n FROM ca_serial WHERE purpose = 'subscriber'",
                             {})[0]
                .integer("n");
        }));
        EXPECT_EQ(given, order_count);  // every intent was taken up, none was given twice
    }

    kit::TempFolder folder;
    SystemClock clock;
};

TEST_P(KilledAt, GoesOnWithoutLossOrDouble) {
    EXPECT_TRUE(run_child(GetParam()));
    go_on();
}
INSTANTIATE_TEST_SUITE_P(Steps, KilledAt,
                         testing::Values("prepared", "intent", "signed", "recorded"),
                         [](const auto& step) { return std::string{step.param}; });

using KilledAnyTime = KilledAt;
TEST_P(KilledAnyTime, GoesOnWithoutLossOrDouble) {
    for (const auto* after_us : {"300", "1000", "3000", "6000", "12000", "25000", "50000"}) {
        run_child(after_us);
        check_record(*open_database(folder.path()));
    }
    go_on();
}
INSTANTIATE_TEST_SUITE_P(Times, KilledAnyTime, testing::Values("any"));

}  // namespace
}  // namespace antin::ca
