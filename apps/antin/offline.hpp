#pragma once
#include <memory>

#include "app/services.hpp"
#include "config.hpp"
#include "forms/paper_library.hpp"

namespace antin::program {

/// The services of an installation and what they point to, but for database and authority.
class ServiceSet {
  public:
    /// Unavailable "config.secret_file"; Invalid "paper.layout_broken".
    [[nodiscard]] static Result<std::unique_ptr<ServiceSet>> make(const Config& config,
                                                                  sql::Database& db,
                                                                  const Clock& clock);
    ServiceSet(const ServiceSet&) = delete;
    ServiceSet& operator=(const ServiceSet&) = delete;
    [[nodiscard]] app::Services& services() { return services_; }
    /// After the ports are known.
    void use(const Config& config) { configuration_ = config.for_services(); }

  private:
    ServiceSet(const Config& config, sql::Database& db, const Clock& clock,
               forms::PaperLibrary papers);
    app::Configuration configuration_;
    forms::PaperLibrary papers_;
    app::Services services_;
};

/// An installation as commands use it: settings, database and services without the authority.
/// May be opened while the portal serves.
class Offline {
  public:
    [[nodiscard]] static Result<std::unique_ptr<Offline>> open(
        const std::filesystem::path& data_dir);
    /// Of settings that are not in a file yet (init).
    [[nodiscard]] static Result<std::unique_ptr<Offline>> open_with(Config config);
    Offline(const Offline&) = delete;
    Offline& operator=(const Offline&) = delete;

    [[nodiscard]] const Config& config() const { return config_; }
    [[nodiscard]] sql::Database& db() { return *db_; }
    [[nodiscard]] app::Services& services() { return services_->services(); }
    [[nodiscard]] const Clock& clock() const { return clock_; }

  private:
    explicit Offline(Config config) : config_(std::move(config)) {}
    Config config_;
    SystemClock clock_;
    std::unique_ptr<sql::Database> db_;
    std::unique_ptr<ServiceSet> services_;
};

/// Opens the database of an installation and brings its schema up to date.
[[nodiscard]] Result<std::unique_ptr<sql::Database>> open_database(const Config& config);
/// The 32 bytes of secrets/vault.key.
[[nodiscard]] Result<std::string> load_vault_key(const Config& config);

}  // namespace antin::program
