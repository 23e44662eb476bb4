#include "app/keep_file.hpp"

#include <fcntl.h>
#include <magic.h>
#include <openssl/evp.h>
#include <unistd.h>

#include <cstring>
#include <filesystem>
#include <fstream>
#include <memory>

#include "base/log.hpp"
#include "base/random.hpp"
#include "base/text.hpp"

namespace antin::app {
namespace {

namespace fs = std::filesystem;
constexpr std::size_t name_letters_max = 200;

std::string sha256_hex(BytesView content) {
    Bytes digest(32);
    unsigned int size = 0;
    EVP_Digest(content.data(), content.size(), digest.data(), &size, EVP_sha256(), nullptr);
    return to_hex(digest);
}

fs::path folder_of(const Services& services, std::string_view sha256) {
    return services.configuration.data_dir / "files" / sha256.substr(0, 2);
}

tl::unexpected<Error> cannot_write(std::string_view what) {
    const std::string reason = std::strerror(errno);
    log(LogLevel::Error, "file.cannot_write", {{"what", what}, {"reason", reason}});
    return fail(ErrorKind::Unavailable, "file.cannot_write", reason);
}

/// So that the name in the folder survives a power cut, too.
bool sync_folder(const fs::path& folder) {
    const int handle = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (handle < 0) return false;
    const bool done = fsync(handle) == 0;
    close(handle);
    return done;
}

bool write_all(int handle, BytesView content) {
    while (!content.empty()) {
        const auto written = write(handle, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        content = content.subspan(static_cast<std::size_t>(written));
    }
    return fsync(handle) == 0;
}

Status write_durably(const fs::path& folder, const std::string& sha256, BytesView content) {
    const auto target = folder / sha256;
    if (fs::exists(target)) return {};
    const auto temporary = folder / ("." + random_token(9));
    const int handle = open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (handle < 0) return cannot_write("open");
    const bool written = write_all(handle, content);
    close(handle);
    if (!written || rename(temporary.c_str(), target.c_str()) != 0 || !sync_folder(folder)) {
        const auto error = cannot_write("write");
        unlink(temporary.c_str());
        return error;
    }
    return {};
}

/// What a person called it, without path, at most so long.
std::string shown_name(std::string_view name) {
    const auto slash = name.find_last_of("/\\");
    if (slash != std::string_view::npos) name.remove_prefix(slash + 1);
    auto out = clean_text(name);
    while (code_points(out) > name_letters_max) {
        do out.pop_back();
        while (!out.empty() && (static_cast<unsigned char>(out.back()) & 0xC0) == 0x80);
        if (!is_valid_utf8(out)) out.pop_back();
    }
    return out.empty() ? "tep" : out;
}

store::File describe(const Services& services, const Actor& actor, BytesView content,
                     std::string_view name, std::optional<std::int64_t> agency_id) {
    store::File file;
    file.sha256 = sha256_hex(content);
    file.size_bytes = static_cast<std::int64_t>(content.size());
    file.media_type = media_type_of(content);
    file.name = shown_name(name);
    file.agency_id = agency_id;
    if (actor.account_id != 0) file.account_id = actor.account_id;
    file.created_at = services.clock.now();
    return file;
}

}  // namespace

Result<store::File> keep_file(const Services& services, const Actor& actor, BytesView content,
                              std::string_view name, std::optional<std::int64_t> agency_id) {
    auto file = describe(services, actor, content, name, agency_id);
    const auto folder = folder_of(services, file.sha256);
    std::error_code error;
    fs::create_directories(folder, error);
    if (error) return fail(ErrorKind::Unavailable, "file.cannot_write", error.message());
    ANTIN_CHECK(write_durably(folder, file.sha256, content));
    return file;
}

Result<store::File> keep_file_at(const Services& services, const Actor& actor,
                                 const std::string& path, std::string_view name,
                                 std::optional<std::int64_t> agency_id) {
    std::ifstream in(path, std::ios::binary);
    if (!in) return fail(ErrorKind::Unavailable, "file.missing", path);
    const Bytes content{std::istreambuf_iterator<char>(in), {}};
    auto kept = keep_file(services, actor, content, name, agency_id);
    if (kept) unlink(path.c_str());
    return kept;
}

std::string path_of(const Services& services, const store::File& file) {
    return folder_of(services, file.sha256) / file.sha256;
}

Result<Bytes> read_kept(const Services& services, const store::File& file) {
    std::ifstream in(path_of(services, file), std::ios::binary);
    if (!in) return fail(ErrorKind::Unavailable, "file.missing", file.sha256);
    return Bytes{std::istreambuf_iterator<char>(in), {}};
}

std::string media_type_of(BytesView content) {
    const std::unique_ptr<magic_set, decltype(&magic_close)> reader{
        magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS), &magic_close};
    if (!reader || magic_load(reader.get(), nullptr) != 0) return "application/octet-stream";
    const char* type = magic_buffer(reader.get(), content.data(), content.size());
    return type != nullptr ? type : "application/octet-stream";
}

}  // namespace antin::app
