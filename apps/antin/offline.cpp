#include "offline.hpp"

#include "base/bytes.hpp"
#include "store/migrations.hpp"

namespace antin::program {

ServiceSet::ServiceSet(const Config& config, sql::Database& db, const Clock& clock,
                       forms::PaperLibrary papers)
    : configuration_(config.for_services()),
      papers_(std::move(papers)),
      services_{.db = db, .clock = clock, .configuration = configuration_, .papers = &papers_} {}

Result<std::unique_ptr<ServiceSet>> ServiceSet::make(const Config& config, sql::Database& db,
                                                     const Clock& clock) {
    ANTIN_TRY(vault_key, load_vault_key(config));
    ANTIN_TRY(papers, forms::PaperLibrary::load(config.data_dir / "forms"));
    std::unique_ptr<ServiceSet> set{new ServiceSet(config, db, clock, std::move(papers))};
    set->services_.vault_key = std::move(vault_key);
    return set;
}

Result<std::unique_ptr<Offline>> Offline::open(const std::filesystem::path& data_dir) {
    ANTIN_TRY(config, load_config(data_dir));
    return open_with(std::move(config));
}

Result<std::unique_ptr<Offline>> Offline::open_with(Config config) {
    std::unique_ptr<Offline> offline{new Offline(std::move(config))};
    ANTIN_TRY(db, open_database(offline->config_));
    offline->db_ = std::move(db);
    ANTIN_TRY(services, ServiceSet::make(offline->config_, *offline->db_, offline->clock_));
    offline->services_ = std::move(services);
    return offline;
}

Result<std::unique_ptr<sql::Database>> open_database(const Config& config) {
    ANTIN_TRY(settings, config.for_database());
    ANTIN_TRY(db, sql::Database::open(settings));
    ANTIN_CHECK(db->migrate(store::migrations()));
    return db;
}

Result<std::string> load_vault_key(const Config& config) {
    const auto path = config.file("secrets/vault.key");
    ANTIN_TRY(text, read_secret(path));
    const auto key = from_base64(text);
    if (!key || key->size() != 32) {
        return fail(ErrorKind::Unavailable, "config.secret_file", "32 bytes in base64",
                    {{"file", path.string()}});
    }
    return std::string{as_text(*key)};
}

}  // namespace antin::program
