// The SQLite engine: WAL, synchronous=FULL, one writer connection, a few readers.
#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <mutex>
#include <unordered_map>

#include "base/log.hpp"
#include "sql/connection_pool.hpp"
#include "sql/engines.hpp"
#include "sql/statement_text.hpp"

namespace antin::sql {
namespace {

constexpr std::size_t statements_kept_max = 500;  // built filters must not fill the memory

/// A quota or a limit on file sizes stops the same writes as a full disk; SQLite calls them
/// failed writes and keeps the reason in errno alone.
bool is_no_room(int code, int reason) {
    return code == SQLITE_IOERR_WRITE && (reason == EDQUOT || reason == EFBIG);
}

Failure failure_of(sqlite3* db, int code, const char* where) {
    const bool no_room = is_no_room(code, errno);  // before anything else changes it
    const std::string what = std::string{where} + ": " + sqlite3_errstr(code) +
                             (db != nullptr ? std::string{": "} + sqlite3_errmsg(db) : "");
    if (no_room) return Failure{what, ErrorKind::Unavailable, "database.full"};
    switch (code & 0xff) {
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
            return Failure{what, ErrorKind::Unavailable, "database.locked"};
        case SQLITE_FULL:
            return Failure{what, ErrorKind::Unavailable, "database.full"};
        case SQLITE_CONSTRAINT:
            if (code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY ||
                code == SQLITE_CONSTRAINT_ROWID) {
                return Failure{what, ErrorKind::Conflict, "database.duplicate"};
            }
            return Failure{what, ErrorKind::Internal, "database.constraint"};
        case SQLITE_ERROR:
        case SQLITE_RANGE:
        case SQLITE_MISUSE:
        case SQLITE_MISMATCH:
            return Failure{what, ErrorKind::Internal, "database.statement"};
        default:
            return Failure{what};
    }
}

struct FinalizeStatement {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

class Connection {
  public:
    Connection(const Settings& settings, bool writer) {
        const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX;
        const int code = sqlite3_open_v2(settings.sqlite_path.c_str(), &db_, flags, nullptr);
        if (code != SQLITE_OK) {
            const auto failure = failure_of(db_, code, "open");
            sqlite3_close_v2(db_);
            throw failure;
        }
        sqlite3_extended_result_codes(db_, 1);
        sqlite3_busy_timeout(db_, settings.wait_ms_max);
        try {
            run("PRAGMA journal_mode=WAL");
            run("PRAGMA synchronous=FULL");
            run("PRAGMA foreign_keys=ON");
            run("PRAGMA case_sensitive_like=ON");  // as PostgreSQL
            run("PRAGMA cache_size=-8000");
            if (!writer) run("PRAGMA query_only=ON");
        } catch (...) {
            close();
            throw;
        }
    }
    ~Connection() { close(); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void run(const char* text) { rows(Statement{text, text}, {}); }

    Rows rows(const Statement& statement, std::span<const Value> values) {
        sqlite3_stmt* prepared = prepare(statement);
        const ResetAtEnd reset{prepared};
        bind(statement, prepared, values);
        Rows out;
        const int width = sqlite3_column_count(prepared);
        for (int i = 0; i < width; ++i) out.columns.emplace_back(sqlite3_column_name(prepared, i));
        int code = 0;
        while ((code = sqlite3_step(prepared)) == SQLITE_ROW) {
            for (int i = 0; i < width; ++i) out.cells.push_back(cell(prepared, i));
        }
        if (code != SQLITE_DONE) throw failure_of(db_, code, statement.name);
        return out;
    }

    [[nodiscard]] std::int64_t changes() const { return sqlite3_changes64(db_); }
    [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(db_) == 0; }
    [[nodiscard]] sqlite3* handle() const { return db_; }

  private:
    struct ResetAtEnd {
        sqlite3_stmt* statement;
        ~ResetAtEnd() {
            sqlite3_reset(statement);
            sqlite3_clear_bindings(statement);
        }
    };

    void close() {
        prepared_.clear();
        sqlite3_close_v2(db_);
        db_ = nullptr;
    }

    sqlite3_stmt* prepare(const Statement& statement) {
        const std::string text = statement.text;
        if (const auto found = prepared_.find(text); found != prepared_.end()) {
            return found->second.get();
        }
        sqlite3_stmt* raw = nullptr;
        const std::string translated = to_sqlite_parameters(text);
        const int code = sqlite3_prepare_v3(db_, translated.c_str(), -1, SQLITE_PREPARE_PERSISTENT,
                                            &raw, nullptr);
        if (code != SQLITE_OK) throw failure_of(db_, code, statement.name);
        if (prepared_.size() >= statements_kept_max) prepared_.clear();
        return prepared_.emplace(text, raw).first->second.get();
    }

    void bind(const Statement& statement, sqlite3_stmt* prepared, std::span<const Value> values) {
        check_plain(values);
        if (static_cast<int>(values.size()) != sqlite3_bind_parameter_count(prepared)) {
            throw Failure{std::string{statement.name} + ": wrong number of parameters",
                          ErrorKind::Internal, "database.statement"};
        }
        for (std::size_t i = 0; i < values.size(); ++i) {
            const int code = bind_one(prepared, static_cast<int>(i) + 1, values[i]);
            if (code != SQLITE_OK) throw failure_of(db_, code, statement.name);
        }
    }

    static int bind_one(sqlite3_stmt* prepared, int index, const Value& value) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            return sqlite3_bind_int64(prepared, index, *number);
        }
        if (const auto* text = std::get_if<std::string>(&value)) {
            return sqlite3_bind_text64(prepared, index, text->data(), text->size(), SQLITE_STATIC,
                                       SQLITE_UTF8);
        }
        if (const auto* bytes = std::get_if<Bytes>(&value)) {
            if (bytes->empty()) return sqlite3_bind_zeroblob(prepared, index, 0);
            return sqlite3_bind_blob64(prepared, index, bytes->data(), bytes->size(),
                                       SQLITE_STATIC);
        }
        return sqlite3_bind_null(prepared, index);
    }

    static Value cell(sqlite3_stmt* prepared, int i) {
        switch (sqlite3_column_type(prepared, i)) {
            case SQLITE_NULL:
                return nullptr;
            case SQLITE_INTEGER:
                return static_cast<std::int64_t>(sqlite3_column_int64(prepared, i));
            case SQLITE_BLOB: {
                const auto* data =
                    static_cast<const std::uint8_t*>(sqlite3_column_blob(prepared, i));
                return Bytes(data, data + sqlite3_column_bytes(prepared, i));
            }
            default: {
                const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(prepared, i));
                return std::string(data,
                                   static_cast<std::size_t>(sqlite3_column_bytes(prepared, i)));
            }
        }
    }

    sqlite3* db_ = nullptr;
    std::unordered_map<std::string, std::unique_ptr<sqlite3_stmt, FinalizeStatement>> prepared_;
};

class SqliteReader final : public Reader {
  public:
    explicit SqliteReader(Connection& connection) : connection_(connection) {}
    [[nodiscard]] Engine engine() const override { return Engine::Sqlite; }
    Rows query_values(const Statement& statement, std::span<const Value> values) override {
        return connection_.rows(statement, values);
    }

  private:
    Connection& connection_;
};

class SqliteTransaction final : public Transaction {
  public:
    explicit SqliteTransaction(Connection& connection) : connection_(connection) {}
    [[nodiscard]] Engine engine() const override { return Engine::Sqlite; }
    Rows query_values(const Statement& statement, std::span<const Value> values) override {
        return connection_.rows(statement, values);
    }
    std::int64_t execute_values(const Statement& statement,
                                std::span<const Value> values) override {
        connection_.rows(statement, values);
        return connection_.changes();
    }

  private:
    Connection& connection_;
};

/// Ends an open transaction whatever happens; a rollback that fails leaves nothing to do.
class RollbackUnlessCommitted {
  public:
    explicit RollbackUnlessCommitted(Connection& connection) : connection_(connection) {}
    ~RollbackUnlessCommitted() {
        if (!connection_.in_transaction()) return;
        try {
            connection_.run("ROLLBACK");
        } catch (const Failure& failure) {
            log(LogLevel::Error, "database.rollback_failed", {{"detail", failure.what()}});
        }
    }
    RollbackUnlessCommitted(const RollbackUnlessCommitted&) = delete;
    RollbackUnlessCommitted& operator=(const RollbackUnlessCommitted&) = delete;

  private:
    Connection& connection_;
};

/// The file belongs to the operator alone; its -wal and -shm take the same mode.
void create_private(const std::string& path) {
    const int fd = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0) throw Failure{"cannot open " + path};
    ::close(fd);
}

class SqliteDatabase final : public Database {
  public:
    explicit SqliteDatabase(const Settings& settings)
        : settings_(settings),
          writer_((create_private(settings_.sqlite_path), settings_), true),
          readers_(settings.readers_max,
                   [this] { return std::make_unique<Connection>(settings_, false); }) {}

    [[nodiscard]] Engine engine() const override { return Engine::Sqlite; }

    Status copy_to(const std::string& path) override {
        if (::access(path.c_str(), F_OK) == 0) {
            return fail(ErrorKind::Conflict, "database.copy_exists", path);
        }
        try {
            create_private(path);
            auto source = readers_.take();
            copy((*source).handle(), path);
            return {};
        } catch (const Failure& failure) {
            ::unlink(path.c_str());
            return fail(failure.kind, failure.code, failure.what());
        }
    }

  protected:
    Status run_transaction(const std::function<bool(Transaction&)>& work) override {
        const NestingGuard guard{*this, NestingGuard::Kind::Transaction};
        if (guard.nested) return fail(ErrorKind::Internal, "database.nested");
        const std::unique_lock lock{mutex_, std::chrono::milliseconds{settings_.wait_ms_max}};
        if (!lock) return fail(ErrorKind::Unavailable, "database.locked", "another writer");
        try {
            const RollbackUnlessCommitted rollback{writer_};
            writer_.run("BEGIN IMMEDIATE");
            SqliteTransaction tx{writer_};
            if (work(tx)) writer_.run("COMMIT");
            return {};
        } catch (const Failure& failure) {
            return fail(failure.kind, failure.code, failure.what());
        }
    }

    Status run_read(const std::function<void(Reader&)>& work) override {
        const NestingGuard guard{*this, NestingGuard::Kind::Read};
        if (guard.nested) return fail(ErrorKind::Internal, "database.nested");
        try {
            auto lease = readers_.take();
            const RollbackUnlessCommitted rollback{*lease};
            (*lease).run("BEGIN");
            SqliteReader reader{*lease};
            work(reader);
            return {};
        } catch (const Failure& failure) {
            return fail(failure.kind, failure.code, failure.what());
        }
    }

  private:
    static void copy(sqlite3* source, const std::string& path) {
        sqlite3* target = nullptr;
        int code = sqlite3_open_v2(path.c_str(), &target, SQLITE_OPEN_READWRITE, nullptr);
        sqlite3_backup* backup =
            code == SQLITE_OK ? sqlite3_backup_init(target, "main", source, "main") : nullptr;
        if (backup != nullptr) {
            code = sqlite3_backup_step(backup, -1);
            sqlite3_backup_finish(backup);
        }
        const auto failure = failure_of(target, code, "copy");
        const bool done = backup != nullptr && code == SQLITE_DONE;
        sqlite3_close_v2(target);
        if (!done) throw failure;
    }

    const Settings settings_;
    std::timed_mutex mutex_;
    Connection writer_;
    ConnectionPool<Connection> readers_;
};

}  // namespace

std::unique_ptr<Database> open_sqlite(const Settings& settings) {
    return std::make_unique<SqliteDatabase>(settings);
}

}  // namespace antin::sql
