#pragma once
#include <string_view>

#include "app/load_session.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::app {

/// Notices and mails to this person come in `language` ("vi" or "en") from now on; what was written
/// before stays as it was read. Only for who is wholly signed in: a password alone is not yet the
/// person. Errors: NotFound "page.not_found"; Forbidden "session.ended".
Status choose_language(Services& services, const SignedIn& signed_in, std::string_view language);

}  // namespace antin::app
