// The journal tampered with by somebody who owns the database: each way is found and named.
#include "audit/verify.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <iterator>

#include "kit/engine_database.hpp"
#include "kit/fake_clock.hpp"
#include "kit/paths.hpp"
#include "kit/software_signer.hpp"

using namespace antin;

namespace {

constexpr std::int64_t signed_entries = 1200;  // checkpoints at 1000 and 1200
constexpr std::int64_t all_entries = 1210;

std::string read_all(const std::filesystem::path& path) {
    std::ifstream file{path, std::ios::binary};
    return {std::istreambuf_iterator<char>{file}, {}};
}
void write_all(const std::filesystem::path& path, const std::string& text) {
    std::ofstream{path, std::ios::binary | std::ios::trunc} << text;
}

/// The schema of the journal from its source: the test needs nothing else of the product.
const sql::Migration& journal_schema() {
    static const sql::Migration migration{
        1, "audit/0001_journal",
        read_all(ANTIN_SOURCE_DIR "/src/audit/migrations/0001_journal.sql")};
    return migration;
}

struct World {
    explicit World(sql::Engine engine) : database(engine, {&journal_schema(), 1}) {
        fill(signed_entries);
        for (const auto when : {audit::When::Due, audit::When::AtOnce}) {
            if (!audit::write_checkpoints(*database, clock, *signer, folder(), when)) {
                throw std::runtime_error{"no checkpoint"};
            }
        }
        fill(all_entries - signed_entries);
    }
    void fill(std::int64_t count) {
        const auto done = database->transact([&](sql::Transaction& tx) -> Status {
            for (std::int64_t i = 0; i < count; ++i) {
                audit::Entry entry;
                entry.at = clock.now();
                entry.actor_id = 7;
                entry.actor_name = "Lò Thị Mẫu";
                entry.act = "thing.accepted";
                entry.object_kind = "thing";
                entry.object_id = std::to_string(++filled);
                audit::append(tx, entry);
            }
            return {};
        });
        if (!done) throw std::runtime_error{done.error().detail};
    }
    [[nodiscard]] std::filesystem::path folder() const { return database.folder() / "audit"; }
    /// As somebody who owns the database.
    void run(const std::string& text) {
        const bool sqlite = database->engine() == sql::Engine::Sqlite;
        const std::vector<std::string> before =
            sqlite ? std::vector<std::string>{"DROP TRIGGER IF EXISTS audit_entry_stays",
                                              "DROP TRIGGER IF EXISTS audit_entry_never_goes",
                                              "DROP TRIGGER IF EXISTS audit_checkpoint_stays",
                                              "DROP TRIGGER IF EXISTS audit_checkpoint_never_goes"}
                   : std::vector<std::string>{"ALTER TABLE audit_entry DISABLE TRIGGER USER",
                                              "ALTER TABLE audit_checkpoint DISABLE TRIGGER USER"};
        const auto done = database->transact([&](sql::Transaction& tx) -> Status {
            for (const auto& preparation : before) {
                (void)tx.query_built("tamper", preparation, {});
            }
            (void)tx.query_built("tamper", text, {});
            return {};
        });
        ASSERT_TRUE(done) << done.error().detail;
    }
    /// Gives the entries from `first` on hashes that fit, as a clever forger would.
    void rechain(std::int64_t first) {
        const auto entries = *database->read([&](sql::Reader& reader) {
            return Result<std::vector<audit::Kept>>{audit::list_from(reader, first - 1, 5000)};
        });
        std::string previous = first == 1 ? "" : entries.front().hash;
        for (const auto& kept : entries) {
            if (kept.seq < first) continue;
            previous = audit::chain_hash(previous, kept.seq, kept.entry);
            run("UPDATE audit_entry SET hash = '" + previous +
                "' WHERE seq = " + std::to_string(kept.seq));
        }
    }
    audit::Report verify() { return audit::verify(*database, folder()).value(); }

    kit::FakeClock clock;
    std::shared_ptr<pki::Signer> signer = kit::make_software_signer(pki::KeyKind::P256);
    kit::EngineDatabase database;
    std::int64_t filled = 0;
};

struct Tampering {
    const char* name;
    std::function<void(World&)> act;
    audit::FindingKind kind;
    std::int64_t seq;
};

std::string field_changed(const std::string& assignment, std::int64_t seq) {
    return "UPDATE audit_entry SET " + assignment + " WHERE seq = " + std::to_string(seq);
}

std::vector<Tampering> changed_entries() {
    using enum audit::FindingKind;
    const auto changes = [](const char* assignment, std::int64_t seq) {
        return [=](World& world) { world.run(field_changed(assignment, seq)); };
    };
    return {
        {"Time", changes("at = at - 86400000", 17), Changed, 17},
        {"ActorId", changes("actor_id = 8", 18), Changed, 18},
        {"ActorName", changes("actor_name = 'Người khác'", 19), Changed, 19},
        {"Act", changes("act = 'thing.refused'", 20), Changed, 20},
        {"ObjectKind", changes("object_kind = 'agency'", 21), Changed, 21},
        {"ObjectId", changes("object_id = '999999'", 22), Changed, 22},
        {"Detail", changes("detail = '{\"x\":1}'", 23), Changed, 23},
        {"Hash", changes("hash = '00'", 24), Unchained, 24},
        {"TheFirst", changes("act = 'x'", 1), Changed, 1},
        {"TheLastSigned", changes("act = 'x'", signed_entries), Changed, signed_entries},
        {"AfterTheLastCheckpoint", changes("act = 'x'", all_entries - 2), Changed, all_entries - 2},
    };
}

std::vector<Tampering> moved_and_removed_entries() {
    using enum audit::FindingKind;
    return {
        {"RemovedOne", [](World& w) { w.run("DELETE FROM audit_entry WHERE seq = 500"); }, Removed,
         500},
        {"RemovedTheFirst", [](World& w) { w.run("DELETE FROM audit_entry WHERE seq = 1"); },
         Removed, 1},
        {"CutBehindACheckpoint",
         [](World& w) { w.run("DELETE FROM audit_entry WHERE seq > 1100"); }, Cut, 1101},
        {"AllRemoved", [](World& w) { w.run("DELETE FROM audit_entry"); }, Cut, 1},
        {"RemovedAndRenumbered",
         [](World& w) {
             w.run("DELETE FROM audit_entry WHERE seq = 1150");
             for (auto seq = 1151; seq <= all_entries; ++seq) {
                 w.run(field_changed("seq = " + std::to_string(seq - 1), seq));
             }
             w.rechain(1150);
         },
         Moved, 1150},
        {"ChangedAndChainedAnew",
         [](World& w) {
             w.run(field_changed("act = 'thing.refused'", 1190));
             w.rechain(1190);
         },
         Changed, 1190},
        {"TwoSwapped",
         [](World& w) {
             w.run(field_changed("seq = -1", 30));
             w.run(field_changed("seq = 30", 40));
             w.run(field_changed("seq = 40", -1));
         },
         Moved, 30},
        {"AddedBeforeTheFirst",
         [](World& w) {
             w.run(
                 "INSERT INTO audit_entry (seq, at, actor_id, actor_name, act, object_kind,"
                 " object_id, detail, hash) VALUES (0, 1, 1, 'a', 'b', 'c', 'd', '{}', 'e')");
         },
         Added, 0},
        {"AddedBehindTheLast",
         [](World& w) {
             w.run(
                 "INSERT INTO audit_entry (seq, at, actor_id, actor_name, act, object_kind,"
                 " object_id, detail, hash) VALUES (1211, 1, 1, 'a', 'b', 'c', 'd', '{}', 'e')");
         },
         Changed, all_entries + 1},
    };
}

std::vector<Tampering> changed_checkpoints() {
    using enum audit::FindingKind;
    return {
        {"CheckpointRowChanged",
         [](World& w) { w.run("UPDATE audit_checkpoint SET at = 5 WHERE seq = 1000"); },
         CheckpointChanged, 1000},
        {"CheckpointRowRemoved",
         [](World& w) { w.run("DELETE FROM audit_checkpoint WHERE seq = 1000"); },
         CheckpointMissing, 1000},
        {"CheckpointLineChanged",
         [](World& w) {
             auto text = read_all(audit::checkpoint_file(w.folder()));
             text.replace(text.find("\"seq\":1000"), 10, "\"seq\":1001");
             write_all(audit::checkpoint_file(w.folder()), text);
         },
         CheckpointChanged, 1001},
        {"CheckpointLineRemoved",
         [](World& w) {
             const auto text = read_all(audit::checkpoint_file(w.folder()));
             write_all(audit::checkpoint_file(w.folder()), text.substr(text.find('\n') + 1));
         },
         CheckpointMissing, 1000},
        {"CheckpointFileRemoved",
         [](World& w) { std::filesystem::remove(audit::checkpoint_file(w.folder())); },
         CheckpointMissing, 1000},
        {"CheckpointFileScribbledOver",
         [](World& w) { write_all(audit::checkpoint_file(w.folder()), "không phải JSON\n"); },
         CheckpointFile, 0},
        {"AnotherKeyPutInPlace",
         [](World& w) {
             const auto other = kit::make_software_signer(pki::KeyKind::P256);
             std::filesystem::remove(audit::public_key_file(w.folder()));
             const auto folder = w.database.folder() / "other";
             ASSERT_TRUE(audit::write_checkpoints(*w.database, w.clock, *other, folder,
                                                  audit::When::AtOnce));
             std::filesystem::copy(audit::public_key_file(folder),
                                   audit::public_key_file(w.folder()));
         },
         CheckpointChanged, 1000},
    };
}

std::vector<Tampering> ways() {
    auto out = changed_entries();
    for (auto part : {moved_and_removed_entries(), changed_checkpoints()}) {
        out.insert(out.end(), part.begin(), part.end());
    }
    return out;
}

class Tampered : public testing::TestWithParam<std::tuple<sql::Engine, Tampering>> {};
INSTANTIATE_TEST_SUITE_P(Ways, Tampered,
                         testing::Combine(testing::Values(sql::Engine::Sqlite),
                                          testing::ValuesIn(ways())),
                         [](const auto& information) {
                             return std::get<1>(information.param).name;
                         });
INSTANTIATE_TEST_SUITE_P(
    SomeOnPostgresql, Tampered,
    testing::Combine(testing::Values(sql::Engine::PostgreSql),
                     testing::Values(ways()[0], ways()[11], ways()[17], ways()[21])),
    [](const auto& information) { return std::get<1>(information.param).name; });

class Journal : public testing::TestWithParam<sql::Engine> {};
ANTIN_ON_BOTH_ENGINES(Journal);

}  // namespace

TEST_P(Tampered, IsFoundAndNamed) {
    const auto& [engine, way] = GetParam();
    World world{engine};
    ASSERT_TRUE(world.verify().findings.empty());
    way.act(world);
    const auto report = world.verify();
    bool named = false;
    std::string all;
    for (const auto& finding : report.findings) {
        named = named || (finding.kind == way.kind && finding.seq == way.seq);
        if (all.size() < 2000) {
            all += std::string{audit::to_name(finding.kind)} + " " + std::to_string(finding.seq) +
                   ": " + finding.detail + "\n";
        }
    }
    EXPECT_TRUE(named) << all;
}

TEST_P(Journal, AnUntouchedOneIsGoodAndSaysWhatLiesAfterTheLastCheckpoint) {
    World world{GetParam()};
    const auto report = world.verify();
    EXPECT_TRUE(report.findings.empty());
    EXPECT_EQ(report.entries, all_entries);
    EXPECT_EQ(report.checkpoints, 2);
    EXPECT_EQ(report.last_checkpoint, signed_entries);
    EXPECT_EQ(report.after_last_checkpoint, all_entries - signed_entries);
}

TEST_P(Journal, TheProgramItselfCannotChangeOrRemoveAnEntry) {
    World world{GetParam()};
    for (const char* text :
         {"UPDATE audit_entry SET act = 'x' WHERE seq = 1", "DELETE FROM audit_entry WHERE seq = 1",
          "DELETE FROM audit_checkpoint"}) {
        EXPECT_FALSE(world.database->transact([&](sql::Transaction& tx) -> Status {
            (void)tx.query_built("mistake", text, {});
            return {};
        })) << text;
    }
}

TEST_P(Journal, WhereTheTrailCannotBeWrittenTheActDoesNotHappen) {
    World world{GetParam()};
    world.run("CREATE TABLE thing (name TEXT)");
    world.run("ALTER TABLE audit_entry RENAME TO gone");
    const auto done = world.database->transact([&](sql::Transaction& tx) -> Status {
        (void)tx.query_built("act", "INSERT INTO thing (name) VALUES ('a')", {});
        audit::append(tx, {world.clock.now(), 1, "a", "thing.made", "thing", "a", "{}"});
        return {};
    });
    EXPECT_FALSE(done);
    ASSERT_TRUE(world.database->read([&](sql::Reader& reader) -> Status {
        EXPECT_TRUE(reader.query_built("look", "SELECT name FROM thing", {}).empty());
        return {};
    }));
}

TEST_P(Journal, AClockSetBackRefusesEveryActUntilItIsRightOrAccepted) {
    World world{GetParam()};
    const auto act = [&]() -> Status {
        return world.database->transact([&](sql::Transaction& tx) -> Status {
            audit::append(tx, {world.clock.now(), 1, "a", "thing.made", "thing", "a", "{}"});
            return {};
        });
    };
    world.clock.advance(-std::chrono::minutes{4});
    EXPECT_TRUE(act()) << "small corrections of the clock are let through";
    world.clock.advance(-std::chrono::hours{2});
    const auto refused = act();
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().kind, ErrorKind::Unavailable);
    EXPECT_EQ(refused.error().code, "clock.set_back");
    ASSERT_TRUE(world.database->transact([&](sql::Transaction& tx) -> Status {
        audit::accept_clock(tx, {world.clock.now(), 0, "quản trị", "", "clock", "", "{}"});
        return {};
    }));
    EXPECT_TRUE(act());
    EXPECT_TRUE(world.verify().findings.empty());
}

TEST_P(Journal, EntriesAreFoundByActObjectAndActor) {
    World world{GetParam()};
    ASSERT_TRUE(world.database->read([&](sql::Reader& reader) -> Status {
        EXPECT_EQ(audit::list(reader, {.act = "thing.", .object_kind = "", .object_id = ""}).size(),
                  50U);
        EXPECT_EQ(
            audit::list(reader, {.act = "", .object_kind = "thing", .object_id = "77"}).front().seq,
            77);
        EXPECT_EQ(audit::list(
                      reader,
                      {.act = "", .object_kind = "", .object_id = "", .actor_id = 7, .before = 10})
                      .front()
                      .seq,
                  9);
        EXPECT_TRUE(
            audit::list(reader, {.act = "thing", .object_kind = "", .object_id = ""}).empty());
        return {};
    }));
}

TEST(Checkpoints, AreWrittenEveryThousandEntriesOrFiveMinutes) {
    World world{sql::Engine::Sqlite};  // ten entries after the last checkpoint
    const auto due = [&] {
        return audit::write_checkpoints(*world.database, world.clock, *world.signer, world.folder(),
                                        audit::When::Due)
            .value();
    };
    EXPECT_EQ(due(), 0);
    world.clock.advance(std::chrono::minutes{5});
    EXPECT_EQ(due(), 1);
    world.fill(2500);
    EXPECT_EQ(due(), 2) << "2 x 1,000; the rest is younger than five minutes";
    EXPECT_EQ(world.verify().after_last_checkpoint, 500);
    EXPECT_TRUE(world.verify().findings.empty());
}

TEST(Checkpoints, ACrashBetweenFileAndRowOrInTheMiddleOfALineIsMended) {
    World world{sql::Engine::Sqlite};
    world.run("DELETE FROM audit_checkpoint WHERE seq = 1200");
    const auto path = audit::checkpoint_file(world.folder());
    write_all(path, read_all(path) + "{\"seq\":1210,\"at");
    ASSERT_EQ(audit::write_checkpoints(*world.database, world.clock, *world.signer, world.folder(),
                                       audit::When::AtOnce)
                  .value(),
              1);
    EXPECT_TRUE(world.verify().findings.empty());
    EXPECT_EQ(world.verify().checkpoints, 3);
}

TEST(Checkpoints, AFileThatWasCopiedLaterThanTheDatabaseIsCutToIt) {
    World world{sql::Engine::Sqlite};
    const auto copy = (world.database.folder() / "copy.db").string();
    ASSERT_TRUE(world.database->copy_to(copy));
    world.fill(1500);  // two checkpoints more, which the copy does not know
    ASSERT_EQ(audit::write_checkpoints(*world.database, world.clock, *world.signer, world.folder(),
                                       audit::When::AtOnce)
                  .value(),
              2);
    sql::Settings settings;
    settings.sqlite_path = copy;
    const auto restored = sql::Database::open(settings).value();
    EXPECT_FALSE(audit::verify(*restored, world.folder())->findings.empty());
    ASSERT_TRUE(audit::drop_unknown_checkpoints(*restored, world.folder()));
    const auto report = audit::verify(*restored, world.folder()).value();
    EXPECT_TRUE(report.findings.empty());
    EXPECT_EQ(report.last_checkpoint, signed_entries);
    ASSERT_TRUE(audit::drop_unknown_checkpoints(*restored, world.folder())) << "again: nothing";
    EXPECT_EQ(audit::write_checkpoints(*restored, world.clock, *world.signer, world.folder(),
                                       audit::When::AtOnce)
                  .value(),
              1);
    EXPECT_TRUE(audit::verify(*restored, world.folder())->findings.empty());
}

TEST(Checkpoints, ACopyElsewhereGrowsAndNeverTakesAChange) {
    World world{sql::Engine::Sqlite};
    const auto elsewhere = world.database.folder() / "elsewhere";
    std::filesystem::create_directory(elsewhere);
    ASSERT_TRUE(audit::extend_copy(world.folder(), elsewhere));
    world.fill(1000);
    ASSERT_TRUE(audit::write_checkpoints(*world.database, world.clock, *world.signer,
                                         world.folder(), audit::When::AtOnce));
    ASSERT_TRUE(audit::extend_copy(world.folder(), elsewhere));
    const auto copied = read_all(audit::checkpoint_file(elsewhere));
    EXPECT_EQ(copied, read_all(audit::checkpoint_file(world.folder())));
    EXPECT_TRUE(audit::verify(*world.database, elsewhere)->findings.empty());
    // Somebody who owns this machine writes the whole trail anew: the copy says otherwise.
    write_all(audit::checkpoint_file(world.folder()), "{}\n");
    EXPECT_EQ(audit::extend_copy(world.folder(), elsewhere).error().code, "audit.copy_differs");
    EXPECT_EQ(read_all(audit::checkpoint_file(elsewhere)), copied);
    EXPECT_EQ(audit::extend_copy(world.folder(), "/nonexistent").error().code,
              "audit.cannot_write");
}

/// A trail of 1,000 signed entries, its copy elsewhere, and the process that keeps the copy.
struct CopiedTrail {
    CopiedTrail() {
        std::filesystem::create_directory(elsewhere);
        EXPECT_EQ(tick(), "");
    }
    void sign() {
        world.fill(1000);
        EXPECT_TRUE(audit::write_checkpoints(*world.database, world.clock, *world.signer,
                                             world.folder(), audit::When::AtOnce));
    }
    /// As the process does a few times a minute; what went wrong.
    std::string tick() {
        copy.look();
        sign();
        return extend();
    }
    std::string quiet_tick() {
        copy.look();
        return extend();
    }
    std::string extend() {
        const auto done = copy.extend(world.clock.now());
        return done ? "" : done.error().code;
    }
    [[nodiscard]] std::string original() { return read_all(original_file); }
    [[nodiscard]] std::string copied() { return read_all(copied_file); }

    World world{sql::Engine::Sqlite};
    std::filesystem::path elsewhere = world.database.folder() / "elsewhere";
    std::filesystem::path original_file = audit::checkpoint_file(world.folder());
    std::filesystem::path copied_file = audit::checkpoint_file(elsewhere);
    audit::TrailCopy copy{world.folder(), elsewhere};
};

TEST(TrailCopy, grows_with_the_trail) {
    CopiedTrail trail;
    for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(trail.tick(), "");
        EXPECT_EQ(trail.copied(), trail.original());
    }
    EXPECT_EQ(trail.quiet_tick(), "") << "nothing new";
    EXPECT_EQ(trail.copied(), trail.original());
    EXPECT_TRUE(audit::compare_copy(trail.world.folder(), trail.elsewhere));
}

/// Another digit in the middle, everything else as it was.
void change_a_byte(const std::filesystem::path& file) {
    auto text = read_all(file);
    auto& byte = text[text.size() / 3];
    byte = byte == '0' ? '1' : '0';
    write_all(file, text);
}

TEST(TrailCopy, a_byte_changed_on_either_side_is_noticed_at_the_next_look) {
    for (const bool at_the_copy : {true, false}) {
        CopiedTrail trail;
        change_a_byte(at_the_copy ? trail.copied_file : trail.original_file);
        EXPECT_EQ(trail.quiet_tick(), "audit.copy_differs") << at_the_copy;
        EXPECT_EQ(trail.quiet_tick(), "audit.copy_differs") << "and stays noticed";
        EXPECT_EQ(audit::compare_copy(trail.world.folder(), trail.elsewhere).error().code,
                  "audit.copy_differs");
    }
}

TEST(TrailCopy, a_copy_that_was_removed_or_cut_is_named_once_and_made_whole) {
    CopiedTrail trail;
    std::filesystem::remove(trail.copied_file);
    EXPECT_EQ(trail.quiet_tick(), "audit.copy_removed");
    EXPECT_EQ(trail.quiet_tick(), "");
    EXPECT_EQ(trail.copied(), trail.original());
    EXPECT_EQ(trail.tick(), "");
    const auto whole = trail.copied();
    write_all(trail.copied_file, whole.substr(0, whole.find('\n') + 1));
    EXPECT_EQ(trail.quiet_tick(), "audit.copy_removed");
    EXPECT_EQ(trail.copied(), whole);
}

TEST(TrailCopy, what_passes_for_this_process_s_own_writing_is_noticed_within_the_hour) {
    CopiedTrail trail;
    trail.copy.look();
    change_a_byte(trail.original_file);  // in the moment between look and extend
    EXPECT_EQ(trail.extend(), "");
    EXPECT_EQ(trail.quiet_tick(), "");
    trail.world.clock.advance(std::chrono::minutes{61});
    EXPECT_EQ(trail.quiet_tick(), "audit.copy_differs");
}

TEST(Checkpoints, ATokenThatIsGoneHoldsUpNothingAndIsMadeGoodLater) {
    struct GoneSigner final : pki::Signer {
        explicit GoneSigner(pki::Signer& other) : real(other) {}
        Result<Bytes> sign_digest_sha256(BytesView digest) override {
            if (gone) return fail(ErrorKind::Unavailable, "token.removed");
            return real.sign_digest_sha256(digest);
        }
        [[nodiscard]] const Bytes& public_key_info() const override {
            return real.public_key_info();
        }
        [[nodiscard]] pki::KeyKind kind() const override { return real.kind(); }
        pki::Signer& real;
        bool gone = true;
    };
    World world{sql::Engine::Sqlite};
    GoneSigner signer{*world.signer};
    EXPECT_EQ(audit::write_checkpoints(*world.database, world.clock, signer, world.folder(),
                                       audit::When::AtOnce)
                  .error()
                  .code,
              "token.removed");
    signer.gone = false;
    EXPECT_EQ(audit::write_checkpoints(*world.database, world.clock, signer, world.folder(),
                                       audit::When::AtOnce)
                  .value(),
              1);
}

TEST(Checkpoints, AWrongSignatureIsNeverWritten) {
    struct WrongSigner final : pki::Signer {
        explicit WrongSigner(pki::Signer& other) : real(other) {}
        Result<Bytes> sign_digest_sha256(BytesView digest) override {
            Bytes changed{digest.begin(), digest.end()};
            changed[0] ^= wrong;
            return real.sign_digest_sha256(changed);
        }
        [[nodiscard]] const Bytes& public_key_info() const override {
            return real.public_key_info();
        }
        [[nodiscard]] pki::KeyKind kind() const override { return real.kind(); }
        pki::Signer& real;
        std::uint8_t wrong = 1;
    };
    World world{sql::Engine::Sqlite};
    WrongSigner signer{*world.signer};
    const auto before = read_all(audit::checkpoint_file(world.folder()));
    const auto write = [&] {
        return audit::write_checkpoints(*world.database, world.clock, signer, world.folder(),
                                        audit::When::AtOnce);
    };
    EXPECT_EQ(write().error().code, "audit.signature_wrong");
    EXPECT_EQ(read_all(audit::checkpoint_file(world.folder())), before);
    EXPECT_EQ(world.verify().checkpoints, 2);
    signer.wrong = 0;
    EXPECT_EQ(write().value(), 1);
    EXPECT_TRUE(world.verify().findings.empty());
}
