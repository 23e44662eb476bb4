#include "backup.hpp"

#include <openssl/evp.h>
#include <spawn.h>
#include <sys/wait.h>

#include <array>
#include <fstream>
#include <map>
#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "audit/checkpoint.hpp"
#include "base/bytes.hpp"
#include "ca/authority.hpp"
#include "files.hpp"
#include "offline.hpp"

extern char** environ;  // of this process, for pg_dump

namespace antin::program {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Before the database: what the database may be ahead of. After it: what may be ahead of the
/// database, because it is only ever added to (a checkpoint of the trail is in its file before it
/// is in the database; the restore takes out what the database does not know).
constexpr std::array before_database{"antin.toml", "secrets", "tls", "forms", "first-accounts.txt"};
constexpr std::array after_database{"files", "public", "root-token", "audit"};

Result<std::string> sha256(const fs::path& path) {
    std::ifstream in(path, std::ios::binary);
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context{EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free};
    EVP_DigestInit_ex(context.get(), EVP_sha256(), nullptr);
    std::array<char, 64 * 1024> block{};
    while (in.read(block.data(), block.size()) || in.gcount() > 0) {
        EVP_DigestUpdate(context.get(), block.data(), static_cast<std::size_t>(in.gcount()));
    }
    if (!in.eof()) {
        return fail(ErrorKind::Unavailable, "files.cannot_read", {}, {{"file", path.string()}});
    }
    Bytes digest(32);
    EVP_DigestFinal_ex(context.get(), digest.data(), nullptr);
    return to_hex(digest);
}

Status keep_copy(const fs::path& from, const fs::path& to) {
    std::error_code error;
    fs::create_directories(to.parent_path(), error);
    fs::copy_file(from, to, fs::copy_options::overwrite_existing, error);
    if (!error) return {};
    if (error == std::errc::no_such_file_or_directory && !fs::exists(from)) return {};  // gone
    return fail(ErrorKind::Unavailable, "files.cannot_write", error.message(),
                {{"file", to.string()}});
}

Status copy_part(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (!fs::exists(from, error)) return {};
    if (!fs::is_directory(from, error)) return keep_copy(from, to);
    fs::create_directories(to, error);
    for (auto it = fs::recursive_directory_iterator(from, error);
         it != fs::recursive_directory_iterator(); it.increment(error)) {
        const auto target = to / fs::relative(it->path(), from);
        if (it->is_directory())
            fs::create_directories(target, error);
        else if (it->is_regular_file())
            ANTIN_CHECK(keep_copy(it->path(), target));
    }
    return {};
}

using Listing = std::map<std::string, std::string>;  // relative name -> SHA-256

Result<Listing> listing(const fs::path& folder) {
    Listing found;
    std::error_code error;
    for (auto it = fs::recursive_directory_iterator(folder, error);
         it != fs::recursive_directory_iterator(); it.increment(error)) {
        if (!it->is_regular_file()) continue;
        ANTIN_TRY(digest, sha256(it->path()));
        found[fs::relative(it->path(), folder).string()] = digest;
    }
    return found;
}

/// A software token writes its objects in place: copied until two looks agree.
Status copy_tokens(const fs::path& from, const fs::path& to) {
    std::error_code error;
    if (!fs::exists(from, error)) return {};
    for (int attempt = 0; attempt < 20; ++attempt) {
        fs::remove_all(to, error);
        ANTIN_CHECK(copy_part(from, to));
        ANTIN_TRY(copied, listing(to));
        ANTIN_TRY(now, listing(from));
        if (copied == now) return {};
    }
    return fail(ErrorKind::Unavailable, "backup.tokens_busy");
}

/// Runs a tool of PostgreSQL; the password goes by environment, never as an argument.
Status run_tool(std::vector<std::string> command, const Config& config) {
    std::vector<std::string> variables;
    for (char** one = environ; *one != nullptr; ++one) variables.emplace_back(*one);
    if (!config.postgresql_password_file.empty()) {
        ANTIN_TRY(password, read_secret(config.file(config.postgresql_password_file)));
        variables.push_back("PGPASSWORD=" + password);
    }
    std::vector<char*> arguments, environment;
    for (auto& one : command) arguments.push_back(one.data());
    for (auto& one : variables) environment.push_back(one.data());
    arguments.push_back(nullptr);
    environment.push_back(nullptr);
    pid_t child = 0;
    int status = -1;
    if (::posix_spawnp(&child, command[0].c_str(), nullptr, nullptr, arguments.data(),
                       environment.data()) != 0 ||
        ::waitpid(child, &status, 0) != child || !WIFEXITED(status) || WEXITSTATUS(status) != 0) {
        return fail(ErrorKind::Unavailable, "backup.tool_failed", {}, {{"tool", command[0]}});
    }
    return {};
}

Status copy_database(const Config& config, const fs::path& folder) {
    if (config.database == "postgresql") {
        return run_tool({"pg_dump", "--format=custom", "--no-owner", "--dbname",
                         config.postgresql_connection, "--file", (folder / "portal.dump").string()},
                        config);
    }
    ANTIN_TRY(db, open_database(config));
    return db->copy_to((folder / "portal.db").string());
}

Status write_manifest(const fs::path& folder, BackupSummary& summary) {
    ANTIN_TRY(found, listing(folder));
    json files = json::object();
    for (const auto& [name, digest] : found) {
        const auto size = fs::file_size(folder / name);
        files[name] = {{"sha256", digest}, {"size", size}};
        ++summary.files;
        summary.bytes += size;
    }
    const json manifest{
        {"format", 1}, {"made_at", to_iso(summary.made_at)}, {"files", std::move(files)}};
    return write_file(folder / "manifest.json", manifest.dump(1) + "\n", 0600);
}

bool is_empty_or_missing(const fs::path& folder) {
    std::error_code error;
    if (!fs::exists(folder, error)) return true;
    return fs::is_directory(folder, error) && fs::is_empty(folder, error);
}

tl::unexpected<Error> incomplete(const fs::path& folder, const std::string& file) {
    return fail(ErrorKind::Invalid, "backup.incomplete", {},
                {{"folder", folder.string()}, {"file", file}});
}

/// Nothing is issued before an administrator says what happened after the copy was made.
Status raise_fence(Config config, const BackupSummary& backup) {
    const auto audit_folder = config.file("audit");
    ANTIN_TRY(offline, Offline::open_with(std::move(config)));
    ANTIN_CHECK(audit::drop_unknown_checkpoints(offline->db(), audit_folder));
    return offline->db().transact([&](sql::Transaction& tx) -> Status {
        const Instant now = offline->clock().now();
        ANTIN_CHECK(ca::raise_fence(tx, "restored from " + to_iso(backup.made_at), now));
        audit::append(
            tx, app::journal_entry(offline->services(), app::Actor::system("antin restore"),
                                   "installation.restored", "backup", to_iso(backup.made_at)));
        return {};
    });
}

}  // namespace

Result<BackupSummary> make_backup(const Config& config, const fs::path& folder,
                                  const Clock& clock) {
    if (!is_empty_or_missing(folder)) {
        return fail(ErrorKind::Conflict, "backup.target", {}, {{"folder", folder.string()}});
    }
    ANTIN_CHECK(make_private_folder(folder));
    BackupSummary summary{folder, 0, 0, clock.now()};
    for (const char* part : before_database) {
        ANTIN_CHECK(copy_part(config.data_dir / part, folder / part));
    }
    ANTIN_CHECK(copy_database(config, folder));
    for (const char* part : after_database) {
        ANTIN_CHECK(copy_part(config.data_dir / part, folder / part));
    }
    if (!config.token_folder.empty()) {
        ANTIN_CHECK(copy_tokens(config.file(config.token_folder), folder / "tokens"));
    }
    ANTIN_CHECK(write_manifest(folder, summary));
    return summary;
}

Result<BackupSummary> check_backup(const fs::path& folder) {
    const auto text = read_file(folder / "manifest.json");
    if (!text) return incomplete(folder, "manifest.json");
    const auto manifest = json::parse(*text, nullptr, false);
    if (manifest.is_discarded() || !manifest.contains("files")) {
        return incomplete(folder, "manifest.json");
    }
    BackupSummary summary{folder, 0, 0, {}};
    summary.made_at = parse_iso(manifest.value("made_at", "")).value_or(Instant{});
    for (const auto& [name, about] : manifest["files"].items()) {
        const auto digest = sha256(folder / name);
        if (!digest || *digest != about.value("sha256", "")) return incomplete(folder, name);
        ++summary.files;
        summary.bytes += about.value("size", std::uint64_t{0});
    }
    return summary;
}

Result<BackupSummary> restore_backup(const fs::path& folder, const fs::path& data_dir,
                                     const std::string& postgresql) {
    ANTIN_TRY(summary, check_backup(folder));
    std::error_code error;
    const auto target = fs::absolute(data_dir, error).lexically_normal();
    if (!is_empty_or_missing(target)) {
        return fail(ErrorKind::Conflict, "restore.target", {}, {{"folder", target.string()}});
    }
    // The settings come last: without them nothing serves a folder that is half restored.
    ANTIN_TRY(config, load_config(folder));
    config.data_dir = target;
    if (!postgresql.empty()) config.postgresql_connection = postgresql;
    ANTIN_CHECK(make_private_folder(target));
    for (const auto& entry : fs::directory_iterator(folder, error)) {
        const auto name = entry.path().filename();
        if (name == "manifest.json" || name == "portal.dump" || name == "antin.toml") continue;
        ANTIN_CHECK(copy_part(entry.path(), target / name));
    }
    if (config.database == "postgresql") {
        ANTIN_CHECK(
            run_tool({"pg_restore", "--no-owner", "--exit-on-error", "--single-transaction",
                      "--dbname", config.postgresql_connection, (folder / "portal.dump").string()},
                     config));
    }
    ANTIN_CHECK(raise_fence(config, summary));
    if (postgresql.empty())
        ANTIN_CHECK(keep_copy(folder / "antin.toml", target / "antin.toml"));
    else
        ANTIN_CHECK(write_file(target / "antin.toml", to_toml(config), 0600));
    return summary;
}

}  // namespace antin::program
