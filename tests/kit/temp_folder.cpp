#include "kit/temp_folder.hpp"

#include <cstdlib>
#include <stdexcept>

namespace antin::kit {

TempFolder::TempFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "antin-test-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error{"mkdtemp " + name};
    path_ = name;
}

TempFolder::~TempFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
}

}  // namespace antin::kit
