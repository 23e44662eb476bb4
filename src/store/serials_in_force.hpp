#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "sql/sql.hpp"

namespace antin::store {

struct SerialInForce {
    std::string subject_key, serial;
};
/// serials_in_force() for all subjects of a dossier at once; each certificate stands once.
[[nodiscard]] std::vector<SerialInForce> serials_in_force_of_dossier(sql::Reader& reader,
                                                                     std::int64_t dossier_id);

}  // namespace antin::store
