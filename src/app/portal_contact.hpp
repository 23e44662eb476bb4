#pragma once
#include <string>

#include "app/services.hpp"

namespace antin::app {

/// The contact line that stands on every page (setting "contact_line"); "" when the database
/// cannot be read, so that a page that says so can still be shown.
[[nodiscard]] std::string portal_contact(Services& services);

}  // namespace antin::app
