#pragma once
#include <filesystem>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace antin::program {

/// Writes a whole file so that a crash leaves the old one or the new one: a new file beside it,
/// flushed to disk, then renamed. Unavailable "files.cannot_write".
[[nodiscard]] Status write_file(const std::filesystem::path& path, std::string_view content,
                                unsigned mode);
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

/// Makes the folder (mode 0700) where it is missing.
[[nodiscard]] Status make_private_folder(const std::filesystem::path& path);

/// Holds DIR/lock while the portal serves, or while a command needs the folder for itself.
/// Conflict "folder.in_use" when another process has it.
class FolderLock {
  public:
    [[nodiscard]] static Result<FolderLock> take(const std::filesystem::path& data_dir);
    FolderLock(FolderLock&& other) noexcept : file_(other.file_) { other.file_ = -1; }
    FolderLock& operator=(FolderLock&& other) noexcept {
        std::swap(file_, other.file_);
        return *this;
    }
    ~FolderLock();

  private:
    explicit FolderLock(int file) : file_(file) {}
    int file_ = -1;
};

}  // namespace antin::program
