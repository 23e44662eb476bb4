#pragma once
// Inside the module only.
#include "forms/layout.hpp"

namespace antin::forms {

[[nodiscard]] Result<Bytes> draw_parts(const Layout& layout,
                                       const std::vector<PaperContent>& parts);

/// "ngày 26 tháng 11 năm 2026" as papers write it.
[[nodiscard]] std::string long_date(Date date);
/// "17 giờ 00 phút, ngày 26/11/2026".
[[nodiscard]] std::string long_moment(Instant moment);
/// An ISO day as people read it; anything else comes back as it is.
[[nodiscard]] std::string readable_day(const std::string& iso);

}  // namespace antin::forms
