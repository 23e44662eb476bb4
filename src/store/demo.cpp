#include "store/demo.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement real_dossiers{
    "demo.real_dossiers",
    "SELECT COUNT(*) AS n FROM dossier WHERE is_demo = 0 AND state <> 'draft'"};

}  // namespace

std::int64_t count_real_dossiers(sql::Reader& reader) {
    return reader.query(real_dossiers)[0].integer("n");
}

}  // namespace antin::store
