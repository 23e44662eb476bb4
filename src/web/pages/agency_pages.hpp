#pragma once
// The coordinator's bodies and invitations, activation, and self-registration.
#include "web/frame.hpp"

namespace antin::web {

http::Response agency_list(PageContext& context);
http::Response agency_invite_many(PageContext& context);
http::Response agency_import(PageContext& context);
http::Response agency_import_post(PageContext& context);
http::Response agency_show(PageContext& context);
http::Response agency_edit_post(PageContext& context);
http::Response agency_state_post(PageContext& context);
http::Response agency_invite_post(PageContext& context);
http::Response invitation_letters(PageContext& context);
http::Response invitation_withdraw_post(PageContext& context);
http::Response agency_person_end_post(PageContext& context);

http::Response activation_show(PageContext& context);
http::Response activation_post(PageContext& context);

http::Response registration_new(PageContext& context);
http::Response registration_post(PageContext& context);
http::Response registration_follow(PageContext& context);
http::Response registration_mend_post(PageContext& context);
http::Response registration_list(PageContext& context);
http::Response registration_show(PageContext& context);
http::Response registration_proof(PageContext& context);
http::Response registration_decide_post(PageContext& context);

/// A number in the path, 0 when it is none (no record has it).
[[nodiscard]] std::int64_t number_in_path(const PageContext& context, std::string_view name);

}  // namespace antin::web
