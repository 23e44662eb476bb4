#pragma once
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <initializer_list>
#include <string>

#include "hsm/token.hpp"
#include "kit/paths.hpp"

namespace antin::kit {

/// A folder that goes away with the test.
class TemporaryFolder {
  public:
    TemporaryFolder() {
        std::string name = std::filesystem::temp_directory_path() / "antin-XXXXXX";
        path_ = ::mkdtemp(name.data());
    }
    ~TemporaryFolder() {
        std::error_code ec;
        std::filesystem::remove_all(path_, ec);
    }
    TemporaryFolder(const TemporaryFolder&) = delete;
    TemporaryFolder& operator=(const TemporaryFolder&) = delete;
    [[nodiscard]] const std::filesystem::path& path() const { return path_; }
    [[nodiscard]] std::string operator/(const std::string& name) const { return path_ / name; }

  private:
    std::filesystem::path path_;
};

/// Speaks to tests/shim/pkcs11_shim.cpp: say() replaces what is wrong now, heal() ends it.
class Shim {
  public:
    explicit Shim(const TemporaryFolder& folder) : control_(folder / "shim") {
        heal();
        ::setenv("ANTIN_SHIM_CONTROL", control_.c_str(), 1);
    }
    ~Shim() { heal(); }
    Shim(const Shim&) = delete;
    Shim& operator=(const Shim&) = delete;
    [[nodiscard]] static std::string library() {
        return std::string(ANTIN_BINARY_DIR) + "/pkcs11_shim.so";
    }
    void say(std::initializer_list<const char*> lines) {
        const auto next = control_ + ".next";
        {
            std::ofstream out(next, std::ios::trunc);
            for (const char* line : lines) out << line << "\n";
        }
        std::filesystem::rename(next, control_);  // a reader sees the old file or the new one
    }
    void heal() { say({}); }
    /// How often a line stands in the log: "login wrong", "call C_Sign".
    [[nodiscard]] int count(const std::string& line) const {
        std::ifstream in(control_ + ".log");
        int found = 0;
        for (std::string text; std::getline(in, text);) found += text == line ? 1 : 0;
        return found;
    }
    [[nodiscard]] const std::string& control() const { return control_; }

  private:
    std::string control_;
};

}  // namespace antin::kit
