#pragma once
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "sheet/table.hpp"

namespace antin::sheet {

/// Visible worksheets of an Office Open XML workbook (see read()).
[[nodiscard]] Result<std::vector<Table>> read_xlsx(BytesView file, const Limits& limits);

}  // namespace antin::sheet
