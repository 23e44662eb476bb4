#pragma once
#include <string>
#include <string_view>

#include "domain/vocabulary.hpp"

namespace antin::web {

/// The guidance for the task of a page: "/tro-giup/bang-danh-sach" for the row sheet. Where several
/// work on one page, it is that of the reader's own roles. Pages without a task of their own lead
/// to the list of all guidance, "/tro-giup".
[[nodiscard]] std::string help_for(std::string_view path, domain::Roles roles);

}  // namespace antin::web
