#pragma once
#include "store/dossiers.hpp"
#include "web/frame.hpp"

namespace antin::web {

/// The sheet once more, with a row that somebody else took out while it was being typed: it waits
/// as a new row. 409.
[[nodiscard]] http::Response sheet_with_removed_row(PageContext& context,
                                                    const store::Dossier& dossier,
                                                    store::FieldValues typed);

}  // namespace antin::web
