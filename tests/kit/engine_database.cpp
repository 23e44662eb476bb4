#include "kit/engine_database.hpp"

#include <fstream>

#include "base/random.hpp"
#include "kit/postgres_server.hpp"

namespace antin::kit {
namespace {

std::unique_ptr<sql::Database> open(const sql::Settings& settings) {
    auto database = sql::Database::open(settings);
    if (!database) {
        throw std::runtime_error{database.error().code + " " + database.error().detail};
    }
    return std::move(*database);
}

void migrate(sql::Database& database, std::span<const sql::Migration> migrations) {
    const auto status = database.migrate(migrations);
    if (!status) throw std::runtime_error{status.error().code + " " + status.error().detail};
}

/// Migrated once per program; tests start from a copy.
std::filesystem::path sqlite_template(std::span<const sql::Migration> migrations) {
    static const TempFolder folder;
    static const std::filesystem::path path = [&] {
        sql::Settings settings;
        settings.sqlite_path = folder / "first.db";
        const auto database = open(settings);
        migrate(*database, migrations);
        const auto copied = database->copy_to(folder / "template.db");
        if (!copied) throw std::runtime_error{copied.error().detail};
        return folder / "template.db";
    }();
    return path;
}

std::string postgresql_template(std::span<const sql::Migration> migrations) {
    static const std::string name = [&] {
        auto& server = PostgresServer::shared();
        server.create_database("migrated");
        sql::Settings settings;
        settings.engine = sql::Engine::PostgreSql;
        settings.postgresql_connection = server.connection("migrated");
        migrate(*open(settings), migrations);
        return std::string{"migrated"};
    }();
    return name;
}

}  // namespace

EngineDatabase::EngineDatabase(sql::Engine engine, std::span<const sql::Migration> migrations) {
    settings_.engine = engine;
    const bool migrated = !migrations.empty();
    if (engine == sql::Engine::Sqlite) {
        settings_.sqlite_path = folder_ / "antin.db";
        if (migrated)
            std::filesystem::copy_file(sqlite_template(migrations), settings_.sqlite_path);
    } else {
        name_ = "t" + to_hex(random_bytes(8));
        auto& server = PostgresServer::shared();
        server.create_database(name_, migrated ? postgresql_template(migrations) : "template0");
        settings_.postgresql_connection = server.connection(name_);
    }
    reopen();
}

EngineDatabase::~EngineDatabase() {
    database_.reset();
    if (name_.empty()) return;
    try {
        PostgresServer::shared().drop_database(name_);
    } catch (const std::exception&) {  // a test that stopped the server: its folder goes anyway
    }
}

void EngineDatabase::reopen() {
    database_.reset();
    database_ = open(settings_);
}

}  // namespace antin::kit
