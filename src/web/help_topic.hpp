#pragma once
#include <string>
#include <string_view>

namespace antin::web {

/// The guidance for the task of a page: "/tro-giup/bang-danh-sach" for the row sheet. Pages without
/// a task of their own lead to the list of all guidance, "/tro-giup".
[[nodiscard]] std::string help_for(std::string_view path);

}  // namespace antin::web
