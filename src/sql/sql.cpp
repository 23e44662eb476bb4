#include "sql/sql.hpp"

#include <openssl/sha.h>

#include <algorithm>
#include <charconv>

#include "base/log.hpp"
#include "sql/engines.hpp"
#include "sql/statement_text.hpp"

namespace antin::sql {
namespace {

// Kept in the tool itself: every database of this program has it before its first migration.
constexpr Statement create_schema_step{
    "sql.create_schema_step",
    "CREATE TABLE IF NOT EXISTS schema_step (name TEXT PRIMARY KEY, hash TEXT NOT NULL, "
    "applied_at BIGINT NOT NULL)"};
constexpr Statement schema_steps{"sql.schema_steps", "SELECT name, hash FROM schema_step"};
constexpr Statement insert_schema_step{
    "sql.insert_schema_step", "INSERT INTO schema_step (name, hash, applied_at) VALUES ($1,$2,$3)"};

std::string sha256_hex(std::string_view text) {
    Bytes digest(SHA256_DIGEST_LENGTH);
    SHA256(as_bytes(text).data(), text.size(), digest.data());
    return to_hex(digest);
}

struct Step {
    std::string name;
    std::string hash;
};

Status check_known(const Step& applied, std::span<const Migration> migrations) {
    const auto found = std::ranges::find(migrations, applied.name, &Migration::name);
    if (found == migrations.end()) {
        return fail(ErrorKind::Unavailable, "database.newer", applied.name,
                    {{"step", applied.name}});
    }
    if (sha256_hex(found->text) != applied.hash) {
        return fail(ErrorKind::Unavailable, "database.changed", applied.name,
                    {{"step", applied.name}});
    }
    return {};
}

struct Inside {
    const Database* database;
    NestingGuard::Kind kind;
};
thread_local std::vector<Inside> inside;

bool is_inside(const Database& database, NestingGuard::Kind kind) {
    return std::ranges::any_of(
        inside, [&](const Inside& i) { return i.database == &database && i.kind == kind; });
}

}  // namespace

NestingGuard::NestingGuard(const Database& database, Kind kind)
    : nested(is_inside(database, kind)) {
    inside.push_back({&database, kind});
}
NestingGuard::~NestingGuard() {
    inside.pop_back();
}

const Value& Row::at(std::string_view column) const {
    const auto found = std::ranges::find(rows_->columns, column);
    if (found == rows_->columns.end()) {
        throw Failure{"no column " + std::string{column}, ErrorKind::Internal,
                      "database.statement"};
    }
    const auto width = rows_->columns.size();
    const auto position = static_cast<std::size_t>(found - rows_->columns.begin());
    return rows_->cells[index_ * width + position];
}

bool Row::is_null(std::string_view column) const {
    return std::holds_alternative<std::nullptr_t>(at(column));
}

std::int64_t Row::integer(std::string_view column) const {
    const Value& value = at(column);
    if (const auto* number = std::get_if<std::int64_t>(&value)) return *number;
    if (const auto* text = std::get_if<std::string>(&value)) {
        std::int64_t number = 0;
        const auto [end, error] =
            std::from_chars(text->data(), text->data() + text->size(), number);
        if (error == std::errc{} && end == text->data() + text->size()) return number;
    }
    throw Failure{"not a number: " + std::string{column}, ErrorKind::Internal,
                  "database.statement"};
}

std::string Row::text(std::string_view column) const {
    const Value& value = at(column);
    if (const auto* text = std::get_if<std::string>(&value)) return *text;
    if (const auto* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (const auto* bytes = std::get_if<Bytes>(&value)) return std::string{as_text(*bytes)};
    return {};
}

Bytes Row::bytes(std::string_view column) const {
    const Value& value = at(column);
    if (const auto* bytes = std::get_if<Bytes>(&value)) return *bytes;
    if (const auto* text = std::get_if<std::string>(&value)) return to_bytes(*text);
    return {};
}

Instant Row::instant(std::string_view column) const {
    return from_millis(integer(column));
}

std::optional<std::int64_t> Row::maybe_integer(std::string_view column) const {
    return is_null(column) ? std::nullopt : std::optional{integer(column)};
}
std::optional<std::string> Row::maybe_text(std::string_view column) const {
    return is_null(column) ? std::nullopt : std::optional{text(column)};
}
std::optional<Instant> Row::maybe_instant(std::string_view column) const {
    return is_null(column) ? std::nullopt : std::optional{instant(column)};
}

Result<std::unique_ptr<Database>> Database::open(const Settings& settings) {
    try {
        return settings.engine == Engine::Sqlite ? open_sqlite(settings)
                                                 : open_postgresql(settings);
    } catch (const Failure& failure) {
        return fail(failure.kind, failure.code, failure.what());
    }
}

Status Database::migrate(std::span<const Migration> migrations) {
    return transact([&](Transaction& tx) -> Status {
        tx.execute(create_schema_step);
        std::vector<Step> applied;
        for (const Row row : tx.query(schema_steps)) {
            applied.push_back({row.text("name"), row.text("hash")});
        }
        for (const Step& step : applied) ANTIN_CHECK(check_known(step, migrations));
        for (const Migration& migration : migrations) {
            if (std::ranges::find(applied, migration.name, &Step::name) != applied.end()) continue;
            for (const auto& statement : migration_statements(migration.text, engine())) {
                tx.execute(Statement{migration.name.c_str(), statement.c_str()});
            }
            tx.execute(insert_schema_step, migration.name, sha256_hex(migration.text),
                       SystemClock{}.now());
            log(LogLevel::Info, "database.migrated", {{"step", migration.name}});
        }
        return {};
    });
}

}  // namespace antin::sql
