#pragma once
#include <concepts>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace antin::sql {

enum class Engine { Sqlite, PostgreSql };

/// One named statement. Parameters are $1, $2, … on both engines. Where the engines must differ,
/// two texts stand side by side under one name: `text` for SQLite, `postgresql` for PostgreSQL.
struct Statement {
    const char* name;
    const char* text;
    const char* postgresql = nullptr;
};

using Value = std::variant<std::nullptr_t, std::int64_t, std::string, Bytes>;

/// What may be bound: integers, bool, text, bytes, Instant (milliseconds), optional of these.
[[nodiscard]] inline Value value_of(std::nullptr_t) {
    return nullptr;
}
[[nodiscard]] inline Value value_of(std::integral auto v) {
    return static_cast<std::int64_t>(v);
}
[[nodiscard]] inline Value value_of(std::string v) {
    return v;
}
[[nodiscard]] inline Value value_of(std::string_view v) {
    return std::string{v};
}
[[nodiscard]] inline Value value_of(const char* v) {
    return std::string{v};
}
[[nodiscard]] inline Value value_of(Bytes v) {
    return v;
}
[[nodiscard]] inline Value value_of(Instant v) {
    return to_millis(v);
}
[[nodiscard]] inline Value value_of(Date v) {
    return to_iso(v);
}
[[nodiscard]] inline Value value_of(Value v) {
    return v;
}
template <class T>
[[nodiscard]] Value value_of(const std::optional<T>& v) {
    return v ? value_of(*v) : Value{nullptr};
}

/// The database itself failed (locked, full, gone, or a statement that is wrong). Thrown by the
/// calls below and turned into an Error by Database::transact and ::read, so that work inside a
/// transaction reads straight down; code outside this module never catches it.
/// Codes: Unavailable "database.unavailable", ".locked", ".full"; Conflict "database.duplicate";
/// Invalid "text.not_plain" (text with NUL or not UTF-8); Internal "database.constraint" and
/// "database.statement".
class Failure : public std::runtime_error {
  public:
    explicit Failure(std::string what, ErrorKind kind = ErrorKind::Unavailable,
                     std::string code = "database.unavailable")
        : std::runtime_error(std::move(what)), kind(kind), code(std::move(code)) {}
    ErrorKind kind;
    std::string code;
};

class Rows;

/// One row of an answer; columns by their name in the statement (`AS` where needed).
class Row {
  public:
    [[nodiscard]] bool is_null(std::string_view column) const;
    [[nodiscard]] std::int64_t integer(std::string_view column) const;
    [[nodiscard]] bool boolean(std::string_view column) const { return integer(column) != 0; }
    [[nodiscard]] std::string text(std::string_view column) const;  // "" for NULL
    [[nodiscard]] Bytes bytes(std::string_view column) const;
    [[nodiscard]] Instant instant(std::string_view column) const;
    [[nodiscard]] std::optional<std::int64_t> maybe_integer(std::string_view column) const;
    [[nodiscard]] std::optional<std::string> maybe_text(std::string_view column) const;
    [[nodiscard]] std::optional<Instant> maybe_instant(std::string_view column) const;

  private:
    friend class Rows;
    Row(const Rows& rows, std::size_t index) : rows_(&rows), index_(index) {}
    [[nodiscard]] const Value& at(std::string_view column) const;
    const Rows* rows_;
    std::size_t index_;
};

class Rows {
  public:
    std::vector<std::string> columns;
    std::vector<Value> cells;  // row by row

    [[nodiscard]] std::size_t size() const {
        return columns.empty() ? 0 : cells.size() / columns.size();
    }
    [[nodiscard]] bool empty() const { return cells.empty(); }
    [[nodiscard]] Row operator[](std::size_t i) const { return Row{*this, i}; }

    class Iterator {
      public:
        Iterator(const Rows& rows, std::size_t i) : rows_(&rows), i_(i) {}
        Row operator*() const { return (*rows_)[i_]; }
        Iterator& operator++() {
            ++i_;
            return *this;
        }
        bool operator!=(const Iterator& other) const { return i_ != other.i_; }

      private:
        const Rows* rows_;
        std::size_t i_;
    };
    [[nodiscard]] Iterator begin() const { return {*this, 0}; }
    [[nodiscard]] Iterator end() const { return {*this, size()}; }
};

/// A connection that can read. Functions that only look take `Reader&`.
class Reader {
  public:
    virtual ~Reader() = default;
    [[nodiscard]] virtual Engine engine() const = 0;
    virtual Rows query_values(const Statement& statement, std::span<const Value> values) = 0;

    template <class... Args>
    Rows query(const Statement& statement, Args&&... args) {
        const std::vector<Value> values{value_of(std::forward<Args>(args))...};
        return query_values(statement, values);
    }
    /// Text made at run time, for the few places that build a filter out of fixed pieces (never out
    /// of what a person typed; their words are parameters). `name` is used for the log only.
    Rows query_built(const char* name, const std::string& text, std::span<const Value> values) {
        return query_values(Statement{name, text.c_str()}, values);
    }
};

/// An open write transaction. There is one writer at a time on both engines (SQLite BEGIN
/// IMMEDIATE; PostgreSQL an advisory lock), so what a transaction read stays true until it commits.
class Transaction : public Reader {
  public:
    /// Rows changed.
    virtual std::int64_t execute_values(const Statement& statement,
                                        std::span<const Value> values) = 0;
    template <class... Args>
    std::int64_t execute(const Statement& statement, Args&&... args) {
        const std::vector<Value> values{value_of(std::forward<Args>(args))...};
        return execute_values(statement, values);
    }
    /// For "INSERT … RETURNING id".
    template <class... Args>
    std::int64_t insert(const Statement& statement, Args&&... args) {
        return query(statement, std::forward<Args>(args)...)[0].integer("id");
    }
};

struct Settings {
    Engine engine = Engine::Sqlite;
    std::string sqlite_path;            // file; its folder must exist
    std::string postgresql_connection;  // libpq connection string
    int readers_max = 4;
    int wait_ms_max = 5000;  // how long a writer waits for another one before "database.locked"
};

/// One forward-only step of the schema. In `text`, "%ID%" stands for an identity primary key,
/// "%BYTES%" for the engine's byte column type; statements are separated by ";\n"; one that
/// begins with "%SQLITE%" or "%POSTGRESQL%" is for that engine alone. On PostgreSQL INTEGER
/// columns hold 64 bits and TEXT columns compare by bytes, as on SQLite.
/// A released step never changes: its hash is kept and compared at start.
struct Migration {
    int version;       // orders them
    std::string name;  // "store/0001_accounts"; by it a step is known
    std::string text;
};

class Database {
  public:
    virtual ~Database() = default;
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(const Settings& settings);
    [[nodiscard]] virtual Engine engine() const = 0;

    /// Applies what is missing, in order, all in one transaction. Refused with "database.newer"
    /// when the database has a step that this program does not know, "database.changed" when a
    /// released step differs.
    Status migrate(std::span<const Migration> migrations);

    /// Runs `work` in one durable transaction; commits when it returns a value, rolls back when it
    /// returns an error or throws. Failures of the database come back as errors (see Failure).
    /// A transaction inside a transaction of the same database is our fault: Internal.
    template <class Work>
    auto transact(Work&& work) -> std::invoke_result_t<Work, Transaction&> {
        using Answer = std::invoke_result_t<Work, Transaction&>;
        std::optional<Answer> answer;
        const auto status = run_transaction([&](Transaction& tx) {
            answer.emplace(work(tx));
            return answer->has_value();
        });
        if (!status) return fail(status.error());
        return std::move(*answer);
    }
    /// Runs `work` on a reader that never waits for the writer.
    template <class Work>
    auto read(Work&& work) -> std::invoke_result_t<Work, Reader&> {
        using Answer = std::invoke_result_t<Work, Reader&>;
        std::optional<Answer> answer;
        const auto status = run_read([&](Reader& reader) { answer.emplace(work(reader)); });
        if (!status) return fail(status.error());
        return std::move(*answer);
    }

    /// A consistent copy of a SQLite database into a new file, while it is in use; PostgreSQL
    /// answers Unavailable "database.backup_by_pg_dump".
    virtual Status copy_to(const std::string& path) = 0;

  protected:
    virtual Status run_transaction(const std::function<bool(Transaction&)>& work) = 0;
    virtual Status run_read(const std::function<void(Reader&)>& work) = 0;
};

}  // namespace antin::sql
