#include "config.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdlib>
#include <sstream>

#include "files.hpp"

namespace antin::program {
namespace {

using C = Config;
constexpr std::array all_settings{
    Setting{"server", "listen", "ANTIN_LISTEN",
            "Address the portal and the status services listen on.", &C::listen},
    Setting{"server", "port", "ANTIN_PORT", "Port of the portal (TLS).", nullptr, &C::port},
    Setting{"server", "http_port", "ANTIN_HTTP_PORT",
            "Plain port of OCSP, CRL and AIA (and /metrics, from this machine only).", nullptr,
            &C::http_port},
    Setting{"server", "public_url", "ANTIN_PUBLIC_URL",
            "Address of the portal as people reach it; in mails, letters and QR codes. Empty: made "
            "from listen and port.",
            &C::public_url},
    Setting{"server", "status_url", "ANTIN_STATUS_URL",
            "Address of OCSP, CRL and AIA as it stands in certificates (http://). Empty: made from "
            "listen and http_port. Choose it before the first certificate.",
            &C::status_url},
    Setting{"server", "tls_certificate_file", "ANTIN_TLS_CERTIFICATE_FILE",
            "PEM chain of the portal. Where the default is missing, a certificate of its own is "
            "made and its fingerprint printed.",
            &C::tls_certificate_file},
    Setting{"server", "tls_key_file", "ANTIN_TLS_KEY_FILE", "PEM key of that certificate.",
            &C::tls_key_file},
    Setting{"server", "worker_threads", "ANTIN_WORKER_THREADS", "Threads that answer requests.",
            nullptr, &C::worker_threads},
    Setting{"database", "engine", "ANTIN_DATABASE_ENGINE",
            "\"sqlite\" (a file in this folder) or \"postgresql\".", &C::database},
    Setting{"database", "postgresql_connection", "ANTIN_DATABASE_POSTGRESQL_CONNECTION",
            "libpq connection string, without the password.", &C::postgresql_connection},
    Setting{"database", "postgresql_password_file", "ANTIN_DATABASE_POSTGRESQL_PASSWORD_FILE",
            "File with the password, where one is needed.", &C::postgresql_password_file},
    Setting{"token", "module", "ANTIN_TOKEN_MODULE",
            "PKCS#11 library of the CA's token. Empty: SoftHSM.", &C::token_module},
    Setting{"token", "folder", "ANTIN_TOKEN_FOLDER",
            "Folder of the software tokens; empty for a vendor's library.", &C::token_folder},
    Setting{"token", "label", "ANTIN_TOKEN_LABEL", "Token that holds the issuing keys.",
            &C::token_label},
    Setting{"token", "pin_file", "ANTIN_TOKEN_PIN_FILE", "File with its PIN.", &C::token_pin_file},
    Setting{"token", "central_label", "ANTIN_TOKEN_CENTRAL_LABEL",
            "Token that holds the keys of centralised accounts.", &C::central_token_label},
    Setting{"token", "central_pin_file", "ANTIN_TOKEN_CENTRAL_PIN_FILE", "File with its PIN.",
            &C::central_token_pin_file},
    Setting{"token", "signing_threads", "ANTIN_TOKEN_SIGNING_THREADS",
            "Threads that sign certificates.", nullptr, &C::signing_threads},
    Setting{"token", "agent_url", "ANTIN_TOKEN_AGENT_URL",
            "Where the officer's page finds antin-token on the officer's own machine.",
            &C::token_agent_url},
    Setting{"mail", "server", "ANTIN_MAIL_SERVER",
            "smtp://host:587 or smtps://host:465. Empty: mails wait in the portal.",
            &C::mail_server},
    Setting{"mail", "sender", "ANTIN_MAIL_SENDER", "Address the mails come from.", &C::mail_sender},
    Setting{"mail", "user", "ANTIN_MAIL_USER", "Name to sign in at the mail server.",
            &C::mail_user},
    Setting{"mail", "password_file", "ANTIN_MAIL_PASSWORD_FILE", "File with its password.",
            &C::mail_password_file},
    Setting{"audit", "copy_folder", "ANTIN_AUDIT_COPY_FOLDER",
            "Folder on another disk or machine to which the checkpoints of the audit trail are "
            "added as they are made. Empty: they lie in the folder audit alone.",
            &C::audit_copy_folder},
};

std::string full_name(const Setting& setting) {
    return std::string{setting.section} + "." + std::string{setting.key};
}

Status set_number(Config& config, const Setting& setting, std::string_view text) {
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size()) {
        return fail(ErrorKind::Invalid, "config.wrong_value", {},
                    {{"key", full_name(setting)}, {"wanted", "a number"}});
    }
    config.*setting.number = value;
    return {};
}

Status take(Config& config, const Setting& setting, const toml::node& node) {
    if (setting.string != nullptr && node.is_string()) {
        config.*setting.string = node.as_string()->get();
        return {};
    }
    if (setting.number != nullptr && node.is_integer()) {
        config.*setting.number = node.as_integer()->get();
        return {};
    }
    return fail(ErrorKind::Invalid, "config.wrong_value", {},
                {{"key", full_name(setting)},
                 {"wanted", setting.string != nullptr ? "text in quotes" : "a number"}});
}

Status read_table(Config& config, const toml::table& file) {
    for (const auto& [section, content] : file) {
        const auto* table = content.as_table();
        if (table == nullptr) {
            return fail(ErrorKind::Invalid, "config.unknown_key", {},
                        {{"key", std::string{section.str()}}});
        }
        for (const auto& [key, node] : *table) {
            const auto* setting =
                std::find_if(all_settings.begin(), all_settings.end(), [&](const Setting& one) {
                    return one.section == section.str() && one.key == key.str();
                });
            if (setting == all_settings.end()) {
                return fail(ErrorKind::Invalid, "config.unknown_key", {},
                            {{"key", std::string{section.str()} + "." + std::string{key.str()}}});
            }
            ANTIN_CHECK(take(config, *setting, node));
        }
    }
    return {};
}

std::string toml_text(std::string_view text) {
    std::ostringstream out;
    out << toml::value<std::string>{std::string{text}};
    return out.str();
}

bool is_port(std::int64_t number) {
    return number >= 0 && number <= 65535;
}

std::string host_in_url(const std::string& listen) {
    if (listen == "0.0.0.0" || listen == "::") return "127.0.0.1";
    return listen.find(':') == std::string::npos ? listen : "[" + listen + "]";
}

}  // namespace

std::span<const Setting> settings() {
    return all_settings;
}

std::optional<std::string> process_environment(std::string_view name) {
    const char* value = std::getenv(std::string{name}.c_str());
    if (value == nullptr) return std::nullopt;
    return std::string{value};
}

std::filesystem::path Config::file(std::string_view name) const {
    const std::filesystem::path path{name};
    return path.is_absolute() ? path : data_dir / path;
}

std::string Config::effective_public_url() const {
    if (!public_url.empty()) return public_url;
    return "https://" + host_in_url(listen) + ":" + std::to_string(port);
}

std::string Config::effective_status_url() const {
    if (!status_url.empty()) return status_url;
    return "http://" + host_in_url(listen) + ":" + std::to_string(http_port);
}

app::Configuration Config::for_services() const {
    app::Configuration out;
    out.data_dir = data_dir;
    out.public_url = effective_public_url();
    out.status_url = effective_status_url();
    out.token_agent_url = token_agent_url;
    out.mail_sender = mail_sender;
    return out;
}

Result<sql::Settings> Config::for_database() const {
    sql::Settings out;
    if (database == "sqlite") {
        out.sqlite_path = (data_dir / "portal.db").string();
        return out;
    }
    out.engine = sql::Engine::PostgreSql;
    out.postgresql_connection = postgresql_connection;
    if (!postgresql_password_file.empty()) {
        ANTIN_TRY(password, read_secret(file(postgresql_password_file)));
        std::string escaped;
        for (const char c : password) {
            if (c == '\'' || c == '\\') escaped += '\\';
            escaped += c;
        }
        out.postgresql_connection += " password='" + escaped + "'";
    }
    return out;
}

Result<Config> load_config(const std::filesystem::path& data_dir, const Environment& environment) {
    Config config;
    std::error_code ignored;
    config.data_dir = std::filesystem::absolute(data_dir, ignored).lexically_normal();
    const auto path = config.data_dir / "antin.toml";
    if (!std::filesystem::is_regular_file(path, ignored)) {
        return fail(ErrorKind::NotFound, "config.no_folder", {}, {{"folder", data_dir.string()}});
    }
    try {
        ANTIN_CHECK(read_table(config, toml::parse_file(path.string())));
    } catch (const toml::parse_error& e) {
        return fail(ErrorKind::Invalid, "config.not_toml", std::string{e.description()},
                    {{"line", std::to_string(e.source().begin.line)}});
    }
    for (const Setting& setting : all_settings) {
        const auto value = environment(setting.environment);
        if (!value) continue;
        if (setting.string != nullptr)
            config.*setting.string = *value;
        else
            ANTIN_CHECK(set_number(config, setting, *value));
    }
    ANTIN_CHECK(validate(config));
    return config;
}

Status validate(const Config& config) {
    const auto wrong = [](std::string key, std::string wanted) -> Status {
        return fail(ErrorKind::Invalid, "config.wrong_value", {},
                    {{"key", std::move(key)}, {"wanted", std::move(wanted)}});
    };
    if (!is_port(config.port)) return wrong("server.port", "a port from 0 to 65535");
    if (!is_port(config.http_port)) return wrong("server.http_port", "a port from 0 to 65535");
    if (config.port != 0 && config.port == config.http_port) {
        return wrong("server.http_port", "another port than server.port");
    }
    if (config.database != "sqlite" && config.database != "postgresql") {
        return wrong("database.engine", "\"sqlite\" or \"postgresql\"");
    }
    if (config.postgresql_connection.find("password") != std::string::npos) {
        return wrong("database.postgresql_connection",
                     "no password; put it into a file: database.postgresql_password_file");
    }
    if (config.worker_threads < 1 || config.worker_threads > 256) {
        return wrong("server.worker_threads", "1 to 256");
    }
    if (config.signing_threads < 1 || config.signing_threads > 64) {
        return wrong("token.signing_threads", "1 to 64");
    }
    if (!config.public_url.empty() && !config.public_url.starts_with("https://")) {
        return wrong("server.public_url", "an address that begins with https://");
    }
    if (!config.status_url.empty() && !config.status_url.starts_with("http://")) {
        return wrong("server.status_url", "an address that begins with http://");
    }
    if (!config.mail_server.empty() && !config.mail_server.starts_with("smtp://") &&
        !config.mail_server.starts_with("smtps://")) {
        return wrong("mail.server", "smtp://host:port or smtps://host:port");
    }
    return {};
}

std::string to_toml(const Config& config) {
    std::string out =
        "# Settings of this installation of Ấn Tín. Each can be overridden by the environment\n"
        "# variable that its comment names. Paths are relative to this folder. Secrets stand in\n"
        "# files of their own. \"antin check\" says whether all of it works.\n";
    std::string_view section;
    for (const Setting& setting : all_settings) {
        if (setting.section != section) {
            section = setting.section;
            out += "\n[" + std::string{section} + "]\n";
        }
        out += "# " + std::string{setting.text} + " (" + std::string{setting.environment} + ")\n";
        out += std::string{setting.key} + " = ";
        out += setting.string != nullptr ? toml_text(config.*setting.string)
                                         : std::to_string(config.*setting.number);
        out += "\n";
    }
    return out;
}

std::string host_of_url(const std::string& url) {
    const auto begin = url.find("://");
    auto host = begin == std::string::npos ? url : url.substr(begin + 3);
    host = host.substr(0, host.find('/'));
    if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
    return host.substr(0, host.find(':'));
}

Result<std::string> read_secret(const std::filesystem::path& path) {
    auto text = read_file(path);
    if (!text) {
        return fail(ErrorKind::Unavailable, "config.secret_file", {}, {{"file", path.string()}});
    }
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
    return text;
}

}  // namespace antin::program
