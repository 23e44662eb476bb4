#pragma once
#include <string>
#include <string_view>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "audit/journal.hpp"
#include "base/result.hpp"

namespace antin::app {

/// An entry of the journal for an act of `actor` now.
[[nodiscard]] audit::Entry journal_entry(const Services& services, const Actor& actor,
                                         std::string act, std::string object_kind,
                                         std::string object_id, std::string detail = "{}");

/// For things that are not the actor's: writes "access.denied" to the journal (in a transaction of
/// its own, so call it outside of one) and answers NotFound "<object_kind>.not_found": what is not
/// yours reads like what does not exist.
[[nodiscard]] tl::unexpected<Error> not_yours(Services& services, const Actor& actor,
                                              std::string_view object_kind,
                                              std::string_view object_id);

/// For acts that the actor's roles do not allow at all: journal entry and Forbidden "access.role".
[[nodiscard]] tl::unexpected<Error> not_your_role(Services& services, const Actor& actor,
                                                  std::string_view act);

}  // namespace antin::app
