#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/form_definition.hpp"

namespace antin::app {

/// One row as the page sends it back.
struct SheetRow {
    std::int64_t line_id = 0;   // 0: a new row
    std::string client_key;     // of a new row: sent twice it is still one row
    std::int64_t version = 0;   // the version the page showed
    domain::FieldValues typed;  // the cells of the page; keys that are missing stay as they are
};

/// What no cell may hold. TooLarge "draft.cell_too_long" (8 KB); Invalid "draft.cell_broken".
[[nodiscard]] Status check_cell(std::string_view value);

struct SavedRow {
    std::int64_t line_id = 0;
    std::int64_t number = 0;
    std::int64_t version = 0;
    std::string client_key;
};

/// Somebody else saved the row in between. Nothing of it was written.
struct RowConflict {
    std::int64_t line_id = 0;
    std::int64_t number = 0;
    std::int64_t version = 0;    // of what is stored now
    domain::FieldValues theirs;  // as they typed it
    domain::FieldValues mine;
    std::string who;
    Instant when;
    bool removed = false;  // the row was taken out
};

struct SaveSheet {
    std::int64_t dossier_id = 0;
    std::vector<SheetRow> rows;
};
struct SavedSheet {
    Instant saved_at;
    std::vector<SavedRow> saved;
    std::vector<RowConflict> conflicts;
};

/// Saves the rows that changed, each under its own version: rows of one page never wait for each
/// other, and what two people typed into one row is shown to both, not overwritten.
/// Who: clerk or head of the agency, while the dossier is a draft, or, for rows that an officer
/// sent back, while a supplement is awaited. Errors: NotFound; Refused "workflow.not_now"; TooLarge
/// "draft.too_many_rows" (1,000).
[[nodiscard]] Result<SavedSheet> save_sheet(Services& services, const Actor& actor,
                                            const SaveSheet& input);

/// Adds rows behind the last one (paste, import, known people), all or none.
/// Errors: as save_sheet. Returns how many the draft has now.
[[nodiscard]] Result<std::int64_t> add_rows(Services& services, const Actor& actor,
                                            std::int64_t dossier_id,
                                            const std::vector<domain::FieldValues>& typed);

/// Takes one row out of a draft; the rest is numbered anew. Conflict "draft.row_changed" when the
/// version is not the stored one.
[[nodiscard]] Status remove_row(Services& services, const Actor& actor, std::int64_t dossier_id,
                                std::int64_t line_id, std::int64_t version);

}  // namespace antin::app
