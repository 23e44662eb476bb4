#pragma once
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "store/agencies.hpp"

namespace antin::program {

/// The bodies that `antin init` puts in: out of data/provinces/<name>.json. Codes are provisional,
/// states "none" (nobody invited yet) but for the provider and the desk, which work at once.
struct ProvinceData {
    std::string code, name, mail_domain;
    /// Bodies that only stand above others ("cơ quan chủ quản"), with the kinds below them.
    struct Superior {
        store::Agency body;
        std::vector<std::string> above;
    };
    std::vector<Superior> superiors;
    store::Agency provider, desk;
    std::vector<store::Agency> bodies;
};

/// NotFound "province.unknown"; Invalid "province.file" when the file does not say all of it.
[[nodiscard]] Result<ProvinceData> load_province(std::string_view name);
/// The names for which there is a file: "lai-chau".
[[nodiscard]] std::vector<std::string> province_names();

}  // namespace antin::program
