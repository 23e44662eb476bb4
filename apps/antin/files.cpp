#include "files.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <utility>

namespace antin::program {
namespace {

tl::unexpected<Error> cannot_write(const std::filesystem::path& path) {
    return fail(ErrorKind::Unavailable, "files.cannot_write", std::strerror(errno),
                {{"file", path.string()}});
}

bool write_all(int file, std::string_view content) {
    while (!content.empty()) {
        const ssize_t written = ::write(file, content.data(), content.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return false;
        content.remove_prefix(static_cast<std::size_t>(written));
    }
    return ::fsync(file) == 0;
}

void flush_folder(const std::filesystem::path& path) {
    const int folder = ::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (folder < 0) return;
    ::fsync(folder);
    ::close(folder);
}

}  // namespace

Status write_file(const std::filesystem::path& path, std::string_view content, unsigned mode) {
    const auto next = path.string() + ".new";
    ::unlink(next.c_str());
    const int file = ::open(next.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
    if (file < 0) return cannot_write(path);
    const bool done = ::fchmod(file, mode) == 0 && write_all(file, content);
    if (::close(file) != 0 || !done || ::rename(next.c_str(), path.c_str()) != 0) {
        const int reason = std::exchange(errno, 0);
        ::unlink(next.c_str());
        errno = reason;
        return cannot_write(path);
    }
    flush_folder(path.parent_path());
    return {};
}

Result<std::string> read_file(const std::filesystem::path& path) {
    std::ifstream in(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>{in}, {}};
    if (!in) {
        return fail(ErrorKind::Unavailable, "files.cannot_read", {}, {{"file", path.string()}});
    }
    return text;
}

Status make_private_folder(const std::filesystem::path& path) {
    std::error_code error;
    std::filesystem::create_directories(path.parent_path(), error);
    if (::mkdir(path.c_str(), 0700) != 0 && errno != EEXIST) return cannot_write(path);
    if (!std::filesystem::is_directory(path, error)) {
        errno = ENOTDIR;
        return cannot_write(path);
    }
    return {};
}

Result<FolderLock> FolderLock::take(const std::filesystem::path& data_dir) {
    const auto path = data_dir / "lock";
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return cannot_write(path);
    if (::flock(file, LOCK_EX | LOCK_NB) != 0) {
        ::close(file);
        return fail(ErrorKind::Conflict, "folder.in_use", {}, {{"folder", data_dir.string()}});
    }
    return FolderLock{file};
}

FolderLock::~FolderLock() {
    if (file_ >= 0) ::close(file_);
}

}  // namespace antin::program
