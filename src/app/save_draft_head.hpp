#pragma once
#include <optional>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

/// What stands once for the whole draft: who receives, values equal for all rows, the carrier.
struct SaveDraftHead {
    std::int64_t dossier_id = 0;
    std::int64_t version = 0;  // of the dossier, as the page showed it
    std::optional<store::FieldValues> recipient;
    std::optional<store::FieldValues> shared_values;  // only keys the form allows to share
    std::optional<domain::Carrier> carrier;
};

/// Who: clerk or head of the agency, while it is a draft. Conflict "draft.changed" names who was
/// faster ({{who}}, {{when}} in args); nothing is overwritten.
[[nodiscard]] Result<store::Dossier> save_draft_head(Services& services, const Actor& actor,
                                                     const SaveDraftHead& input);

/// Throws a draft away, with its rows. Nothing that was ever sent can be thrown away.
[[nodiscard]] Status delete_draft(Services& services, const Actor& actor, std::int64_t dossier_id,
                                  std::int64_t version);

/// Moves the rows that still have defects to a draft of their own, so that the others can be sent
/// now. Returns the new draft; Refused "draft.nothing_to_split" when all or no rows are at fault.
[[nodiscard]] Result<store::Dossier> split_draft(Services& services, const Actor& actor,
                                                 std::int64_t dossier_id);

/// The clerk hands the finished draft to the head, or takes it back; the heads get a notice.
[[nodiscard]] Status hand_to_head(Services& services, const Actor& actor, std::int64_t dossier_id);
/// The head returns it to the clerks with a sentence on what to mend.
[[nodiscard]] Status return_to_clerk(Services& services, const Actor& actor,
                                     std::int64_t dossier_id, std::string_view note);

}  // namespace antin::app
