#include "store/demo.hpp"

namespace antin::store {
namespace {

constexpr sql::Statement real_dossiers{
    "demo.real_dossiers", "SELECT id FROM dossier WHERE is_demo = 0 AND state <> 'draft' LIMIT 1"};

}  // namespace

bool has_real_dossiers(sql::Reader& reader) {
    return !reader.query(real_dossiers).empty();
}

}  // namespace antin::store
