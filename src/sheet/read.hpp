#pragma once
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "sheet/table.hpp"

namespace antin::sheet {

/// Reads XLSX, CSV or tab-separated text; which one is judged by content, never by name. Visible
/// worksheets in their order, those beyond Limits::sheets_max by name alone; a text file gives one
/// table.
///
/// Errors (Invalid or TooLarge): sheet.empty, sheet.not_a_sheet {{kind}}, sheet.old_format,
/// sheet.broken, sheet.dtd, sheet.too_large {{max_mb}}, sheet.unpacks_too_large, sheet.encoding.
/// Macros never run, links are never followed, entities are never expanded.
[[nodiscard]] Result<std::vector<Table>> read(BytesView file, const Limits& limits = {});

/// Text as pasted from a spreadsheet or typed (same rules as a text file).
[[nodiscard]] Result<Table> read_text(std::string_view text, const Limits& limits = {});

}  // namespace antin::sheet
