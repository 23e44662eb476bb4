// The PostgreSQL engine: libpq, prepared statements, one writer at a time by an advisory lock.
#include <libpq-fe.h>

#include <charconv>
#include <mutex>
#include <unordered_map>

#include "base/log.hpp"
#include "sql/connection_pool.hpp"
#include "sql/engines.hpp"
#include "sql/statement_text.hpp"

namespace antin::sql {
namespace {

constexpr std::size_t statements_kept_max = 500;
// Types of the wire protocol (pg_type.dat): only these need care.
constexpr Oid oid_bool = 16, oid_bytea = 17, oid_int8 = 20, oid_int2 = 21, oid_int4 = 23,
              oid_text = 25, oid_numeric = 1700;

struct ClearResult {
    void operator()(PGresult* result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, ClearResult>;

Failure failure_of(PGconn* connection, const PGresult* result, const char* where) {
    const char* state = result != nullptr ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : nullptr;
    const std::string_view code = state != nullptr ? state : "";
    const std::string what = std::string{where} + ": " + std::string{code} + " " +
                             (result != nullptr && state != nullptr ? PQresultErrorMessage(result)
                                                                    : PQerrorMessage(connection));
    if (code == "55P03" || code == "40P01" || code == "57014") {
        return Failure{what, ErrorKind::Unavailable, "database.locked"};
    }
    if (code == "53100") return Failure{what, ErrorKind::Unavailable, "database.full"};
    if (code == "23505") return Failure{what, ErrorKind::Conflict, "database.duplicate"};
    if (code.starts_with("23")) return Failure{what, ErrorKind::Internal, "database.constraint"};
    if (code.starts_with("42") || code.starts_with("22") || code.starts_with("0A")) {
        return Failure{what, ErrorKind::Internal, "database.statement"};
    }
    return Failure{what};
}

/// The parameters in the shape libpq wants. Integers say their type, so that "$1 - 1000" is
/// reckoned in 64 bits; the types of texts are judged by the server.
struct Parameters {
    explicit Parameters(std::span<const Value> values) {
        texts.reserve(values.size());
        for (const Value& value : values) add(value);
    }
    void add(const Value& value) {
        if (const auto* number = std::get_if<std::int64_t>(&value)) {
            texts.push_back(std::to_string(*number));
            push(texts.back().c_str(), 0, 0, oid_int8, 'i');
        } else if (const auto* text = std::get_if<std::string>(&value)) {
            push(text->c_str(), 0, 0, oid_text, 't');
        } else if (const auto* bytes = std::get_if<Bytes>(&value)) {
            push(bytes->empty() ? "" : reinterpret_cast<const char*>(bytes->data()),
                 static_cast<int>(bytes->size()), 1, oid_bytea, 'b');
        } else {
            push(nullptr, 0, 0, oid_text, 'n');
        }
    }
    void push(const char* pointer, int length, int format, Oid type, char letter) {
        pointers.push_back(pointer);
        lengths.push_back(length);
        formats.push_back(format);
        types.push_back(type);
        signature += letter;
    }
    [[nodiscard]] int count() const { return static_cast<int>(pointers.size()); }

    std::vector<std::string> texts;
    std::vector<const char*> pointers;
    std::vector<int> lengths, formats;
    std::vector<Oid> types;
    std::string signature;
};

Value cell(const PGresult* result, int row, int column) {
    if (PQgetisnull(result, row, column) != 0) return nullptr;
    const char* data = PQgetvalue(result, row, column);
    const std::string_view text{data, static_cast<std::size_t>(PQgetlength(result, row, column))};
    std::int64_t number = 0;
    switch (PQftype(result, column)) {
        case oid_bool:
            return static_cast<std::int64_t>(text == "t" ? 1 : 0);
        case oid_int2:
        case oid_int4:
        case oid_int8:
        case oid_numeric: {  // SUM of 64-bit numbers is numeric
            const auto [end, error] = std::from_chars(data, data + text.size(), number);
            if (error == std::errc{} && end == data + text.size()) return number;
            return std::string{text};
        }
        case oid_bytea:
            return from_hex(text.substr(2)).value_or(Bytes{});
        default:
            return std::string{text};
    }
}

class Connection {
  public:
    explicit Connection(const Settings& settings) {
        const char* keys[] = {"connect_timeout", "application_name", "dbname", nullptr};
        const char* values[] = {"5", "antin", settings.postgresql_connection.c_str(), nullptr};
        connection_ = PQconnectdbParams(keys, values, 1);
        if (PQstatus(connection_) != CONNECTION_OK) {
            const Failure failure{std::string{"connect: "} + PQerrorMessage(connection_)};
            PQfinish(connection_);
            throw failure;
        }
        PQsetNoticeProcessor(
            connection_, [](void*, const char*) {}, nullptr);
        try {
            prepare_session(settings);
        } catch (...) {
            PQfinish(connection_);
            throw;
        }
    }
    ~Connection() { PQfinish(connection_); }
    Connection(const Connection&) = delete;
    Connection& operator=(const Connection&) = delete;

    void run(const char* text) {
        const ResultPtr result{PQexec(connection_, text)};
        const auto status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            throw failed(result.get(), text);
        }
    }

    ResultPtr execute(const Statement& statement, std::span<const Value> values) {
        check_plain(values);
        Parameters parameters{values};
        const std::string& name = prepare(statement, parameters);
        ResultPtr result{PQexecPrepared(connection_, name.c_str(), parameters.count(),
                                        parameters.pointers.data(), parameters.lengths.data(),
                                        parameters.formats.data(), 0)};
        const auto status = PQresultStatus(result.get());
        if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
            throw failed(result.get(), statement.name);
        }
        return result;
    }

    Rows rows(const Statement& statement, std::span<const Value> values) {
        const auto result = execute(statement, values);
        Rows out;
        const int width = PQnfields(result.get());
        const int height = PQntuples(result.get());
        for (int i = 0; i < width; ++i) out.columns.emplace_back(PQfname(result.get(), i));
        out.cells.reserve(static_cast<std::size_t>(width) * static_cast<std::size_t>(height));
        for (int row = 0; row < height; ++row) {
            for (int column = 0; column < width; ++column) {
                out.cells.push_back(cell(result.get(), row, column));
            }
        }
        return out;
    }

    [[nodiscard]] bool is_alive() const {
        return !is_broken_ && PQstatus(connection_) == CONNECTION_OK;
    }
    [[nodiscard]] bool in_transaction() const {
        return PQtransactionStatus(connection_) != PQTRANS_IDLE;
    }

  private:
    /// libpq may call a connection good although its server has just gone: an error that the server
    /// did not send, or by which it says goodbye (57P01 to 57P05), is the end of the connection.
    Failure failed(const PGresult* result, const char* where) {
        const char* state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
        is_broken_ = is_broken_ || state == nullptr || std::string_view{state}.starts_with("57P");
        return failure_of(connection_, result, where);
    }

    void prepare_session(const Settings& settings) {
        if (PQsetClientEncoding(connection_, "UTF8") != 0) throw Failure{"client_encoding"};
        const char* encoding = PQparameterStatus(connection_, "server_encoding");
        if (encoding == nullptr || std::string_view{encoding} != "UTF8") {
            throw Failure{"the database must be UTF8", ErrorKind::Unavailable, "database.not_utf8"};
        }
        run(("SET lock_timeout = " + std::to_string(settings.wait_ms_max)).c_str());
        run("SET idle_in_transaction_session_timeout = 60000");
        run("SET bytea_output = 'hex'");
        // Durable, unless the server asks for even more (remote_apply).
        run("SELECT set_config('synchronous_commit', 'on', false) "
            "WHERE current_setting('synchronous_commit') IN ('off', 'local')");
    }

    const std::string& prepare(const Statement& statement, const Parameters& parameters) {
        const char* text = text_for(statement, Engine::PostgreSql);
        const std::string key = parameters.signature + "|" + text;
        if (const auto found = prepared_.find(key); found != prepared_.end()) return found->second;
        if (prepared_.size() >= statements_kept_max) {
            run("DEALLOCATE ALL");
            prepared_.clear();
        }
        const std::string name = "s" + std::to_string(++prepared_count_);
        const ResultPtr result{PQprepare(connection_, name.c_str(),
                                         with_nulls(text, parameters.signature).c_str(),
                                         parameters.count(), parameters.types.data())};
        if (PQresultStatus(result.get()) != PGRES_COMMAND_OK) {
            throw failed(result.get(), statement.name);
        }
        return prepared_.emplace(key, name).first->second;
    }

    PGconn* connection_ = nullptr;
    std::unordered_map<std::string, std::string> prepared_;
    std::int64_t prepared_count_ = 0;
    bool is_broken_ = false;
};

using Pool = ConnectionPool<Connection>;

class PostgresqlReader final : public Reader {
  public:
    explicit PostgresqlReader(Connection& connection) : connection_(connection) {}
    [[nodiscard]] Engine engine() const override { return Engine::PostgreSql; }
    Rows query_values(const Statement& statement, std::span<const Value> values) override {
        return connection_.rows(statement, values);
    }

  private:
    Connection& connection_;
};

class PostgresqlTransaction final : public Transaction {
  public:
    explicit PostgresqlTransaction(Connection& connection) : connection_(connection) {}
    [[nodiscard]] Engine engine() const override { return Engine::PostgreSql; }
    Rows query_values(const Statement& statement, std::span<const Value> values) override {
        return connection_.rows(statement, values);
    }
    std::int64_t execute_values(const Statement& statement,
                                std::span<const Value> values) override {
        const auto result = connection_.execute(statement, values);
        const std::string_view count = PQcmdTuples(result.get());
        std::int64_t number = 0;
        std::from_chars(count.data(), count.data() + count.size(), number);
        return number;
    }

  private:
    Connection& connection_;
};

// The lock that makes writers stand in line, also those of other processes; taken together with the
// number of the transaction, by which a lost COMMIT can be asked about afterwards.
constexpr Statement lock_writers{
    "sql.lock_writers", "",
    "SELECT pg_advisory_xact_lock(4701, 1), pg_current_xact_id()::text AS xid"};
constexpr Statement transaction_status{"sql.transaction_status", "",
                                       "SELECT pg_xact_status($1::text::xid8) AS status"};

/// Rolls back what is still open; a broken connection is thrown away.
class CleanUp {
  public:
    explicit CleanUp(Pool::Lease& lease) : lease_(lease) {}
    ~CleanUp() {
        if (dropped_) return;
        try {
            if ((*lease_).is_alive() && (*lease_).in_transaction()) (*lease_).run("ROLLBACK");
        } catch (const Failure& failure) {
            log(LogLevel::Warning, "database.rollback_failed", {{"detail", failure.what()}});
        }
        if (!(*lease_).is_alive()) lease_.drop();
    }
    CleanUp(const CleanUp&) = delete;
    CleanUp& operator=(const CleanUp&) = delete;
    /// After a renewal that failed there is no connection to look at.
    void nothing_left() { dropped_ = true; }

  private:
    Pool::Lease& lease_;
    bool dropped_ = false;
};

class PostgresqlDatabase final : public Database {
  public:
    explicit PostgresqlDatabase(const Settings& settings)
        : settings_(settings),
          writers_(1, [this] { return std::make_unique<Connection>(settings_); }),
          readers_(settings.readers_max,
                   [this] { return std::make_unique<Connection>(settings_); }) {
        auto first = writers_.take();  // says at once when the server is not there
    }

    [[nodiscard]] Engine engine() const override { return Engine::PostgreSql; }

    Status copy_to(const std::string&) override {
        return fail(ErrorKind::Unavailable, "database.backup_by_pg_dump");
    }

  protected:
    Status run_transaction(const std::function<bool(Transaction&)>& work) override {
        const NestingGuard guard{*this, NestingGuard::Kind::Transaction};
        if (guard.nested) return fail(ErrorKind::Internal, "database.nested");
        const std::unique_lock lock{mutex_, std::chrono::milliseconds{settings_.wait_ms_max}};
        if (!lock) return fail(ErrorKind::Unavailable, "database.locked", "another writer");
        try {
            auto lease = writers_.take();
            CleanUp clean_up{lease};
            begin(lease, clean_up, "BEGIN ISOLATION LEVEL READ COMMITTED");
            const auto xid = (*lease).rows(lock_writers, {})[0].text("xid");
            PostgresqlTransaction tx{*lease};
            if (work(tx)) commit(lease, clean_up, xid);
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
            CleanUp clean_up{lease};
            begin(lease, clean_up, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
            PostgresqlReader reader{*lease};
            work(reader);
            return {};
        } catch (const Failure& failure) {
            return fail(failure.kind, failure.code, failure.what());
        }
    }

  private:
    /// The server may have been restarted since the last use: nothing was done yet, so a fresh
    /// connection may try once more.
    static void begin(Pool::Lease& lease, CleanUp& clean_up, const char* text) {
        try {
            (*lease).run(text);
        } catch (const Failure&) {
            if ((*lease).is_alive()) throw;
            renew(lease, clean_up);
            (*lease).run(text);
        }
    }

    /// When the connection breaks during COMMIT, the server is asked whether it was done: an act
    /// must not be reported as failed and yet be there.
    static void commit(Pool::Lease& lease, CleanUp& clean_up, const std::string& xid) {
        try {
            (*lease).run("COMMIT");
        } catch (const Failure&) {
            if ((*lease).is_alive()) throw;
            renew(lease, clean_up);
            if (!was_committed(*lease, xid)) throw;
        }
    }

    /// A server that crashed before it wrote anything of the transaction down does not know its
    /// number ("is in the future", an error): then it was not committed.
    static bool was_committed(Connection& connection, const std::string& xid) {
        try {
            const Value value = xid;
            return connection.rows(transaction_status, {&value, 1})[0].text("status") ==
                   "committed";
        } catch (const Failure&) {
            return false;
        }
    }

    static void renew(Pool::Lease& lease, CleanUp& clean_up) {
        try {
            lease.renew();
        } catch (...) {
            clean_up.nothing_left();
            throw;
        }
    }

    const Settings settings_;
    std::timed_mutex mutex_;
    Pool writers_;
    Pool readers_;
};

}  // namespace

std::unique_ptr<Database> open_postgresql(const Settings& settings) {
    return std::make_unique<PostgresqlDatabase>(settings);
}

}  // namespace antin::sql
