#include "store/migrations.hpp"

#include <array>
#include <charconv>
#include <string_view>

#include "base/embedded.hpp"

namespace antin::store {

std::vector<sql::Migration> migrations() {
    constexpr std::array<std::string_view, 3> parts{"migrations/audit/", "migrations/ledger/",
                                                    "migrations/store/"};
    std::vector<sql::Migration> out;
    for (std::size_t part = 0; part < parts.size(); ++part) {
        for (const auto& file : embedded_data()) {  // sorted by name: the order of the numbers
            if (!file.name.starts_with(parts[part])) continue;
            const auto name = file.name.substr(parts[part].size());
            int number = 0;
            std::from_chars(name.data(), name.data() + name.size(), number);
            out.push_back({static_cast<int>(part + 1) * 1000 + number,
                           std::string{file.name.substr(std::string_view{"migrations/"}.size())},
                           std::string{file.content}});
        }
    }
    return out;
}

}  // namespace antin::store
