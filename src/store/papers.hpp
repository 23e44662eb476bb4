#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::store {

/// A paper that went out under a number. What it says (`data`) is fixed when it is ordered; the
/// PDF follows after the commit.
struct Paper {
    std::int64_t id = 0;
    std::optional<std::int64_t> dossier_id;
    std::string kind;  // "receipt", "supplement", "intake-refusal", "handover-record", "mau-07", …
    std::optional<std::int64_t> number;   // in the body's book
    std::string number_text;              // "12/TNHS-TTPVHCC"
    std::optional<std::int64_t> file_id;  // nothing until it is made
    std::string data = "{}";
    Instant created_at;
    std::optional<Instant> made_at;
};

[[nodiscard]] std::int64_t add_paper(sql::Transaction& tx, const Paper& paper);
[[nodiscard]] std::optional<Paper> find_paper(sql::Reader& reader, std::int64_t id);
/// Oldest first.
[[nodiscard]] std::vector<Paper> papers_of(sql::Reader& reader, std::int64_t dossier_id);
/// False when it was made already: the first file stays.
bool paper_made(sql::Transaction& tx, std::int64_t id, std::int64_t file_id, Instant at);

}  // namespace antin::store
