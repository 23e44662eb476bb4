#pragma once
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "app/services.hpp"
#include "base/result.hpp"
#include "sql/sql.hpp"

namespace antin::program {

/// What DIR/antin.toml says, after the environment had its word. Secrets never stand here: a
/// setting that ends in _file names the file that holds one (relative to DIR).
struct Config {
    std::filesystem::path data_dir;

    std::string listen = "127.0.0.1";
    std::string public_url, status_url;  // "" in the file: made from listen and the ports
    std::int64_t port = 8443, http_port = 8081;
    std::string tls_certificate_file = "tls/certificate.pem";
    std::string tls_key_file = "tls/key.pem";
    std::int64_t worker_threads = 4;

    std::string database = "sqlite";  // sqlite | postgresql
    std::string postgresql_connection = "host=/var/run/postgresql dbname=antin";
    std::string postgresql_password_file;

    std::string token_module;             // "": SoftHSM where Debian puts it
    std::string token_folder = "tokens";  // software tokens only; "" for a vendor's library
    std::string token_label = "antin-issuing";
    std::string token_pin_file = "secrets/token.pin";
    std::string central_token_label = "antin-central";
    std::string central_token_pin_file = "secrets/central.pin";
    std::int64_t signing_threads = 2;

    std::string mail_server;  // "smtp://host:587", "smtps://host:465"; "": mails stay in the portal
    std::string mail_sender = "khong-tra-loi@antin.invalid";
    std::string mail_user;
    std::string mail_password_file;

    std::string audit_copy_folder;  // "": checkpoints of the trail lie in DIR/audit alone

    std::string token_agent_url = "ws://127.0.0.1:8765";

    /// A file of the installation: absolute as it is, else below data_dir.
    [[nodiscard]] std::filesystem::path file(std::string_view name) const;
    [[nodiscard]] std::string effective_public_url() const;
    [[nodiscard]] std::string effective_status_url() const;
    [[nodiscard]] app::Configuration for_services() const;
    /// Reads the password file. Unavailable "config.secret_file".
    [[nodiscard]] Result<sql::Settings> for_database() const;
};

/// One setting: its place in the file ("[section] key"), its twin in the environment, what it is.
struct Setting {
    std::string_view section, key, environment, text;
    std::string Config::*string = nullptr;
    std::int64_t Config::*number = nullptr;
};
[[nodiscard]] std::span<const Setting> settings();

using Environment = std::function<std::optional<std::string>(std::string_view)>;
[[nodiscard]] std::optional<std::string> process_environment(std::string_view name);

/// Reads DIR/antin.toml, then the environment. Errors name the key: NotFound "config.no_folder"
/// (run init first), Invalid "config.unknown_key", "config.wrong_value", "config.not_toml".
[[nodiscard]] Result<Config> load_config(const std::filesystem::path& data_dir,
                                         const Environment& environment = process_environment);
/// Ports, choices and addresses that cannot work, told before a socket opens.
[[nodiscard]] Status validate(const Config& config);
/// The commented file with these values.
[[nodiscard]] std::string to_toml(const Config& config);

/// "cong.example" of "https://cong.example:8443/x"; IPv6 without brackets.
[[nodiscard]] std::string host_of_url(const std::string& url);

/// A secret from a file of the installation, trailing line ends taken off.
[[nodiscard]] Result<std::string> read_secret(const std::filesystem::path& path);

}  // namespace antin::program
