#pragma once
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "app/list_people.hpp"
#include "web/frame.hpp"

namespace antin::web {

// The agency's own people (person_list.cpp).
http::Response person_list(PageContext& context);
http::Response person_add_post(PageContext& context);
http::Response person_end_post(PageContext& context);
http::Response person_invite_again_post(PageContext& context);

// Everybody, for the system administrator (role_list.cpp, role_person.cpp).
http::Response role_list(PageContext& context);
http::Response role_new(PageContext& context);
http::Response role_new_post(PageContext& context);
http::Response role_person(PageContext& context);
http::Response role_give_post(PageContext& context);
http::Response role_end_post(PageContext& context);
http::Response role_state_post(PageContext& context);
http::Response role_password_post(PageContext& context);
http::Response role_invite_again_post(PageContext& context);

/// "Lãnh đạo ký, Đầu mối": roles at one body (0: at every body, each with its body's name).
[[nodiscard]] std::string role_words(const PageContext& context,
                                     const std::vector<store::GrantRow>& grants,
                                     std::int64_t agency_id);
/// State of an account as a tag.
[[nodiscard]] nlohmann::json account_tag(const PageContext& context, std::string_view state);

}  // namespace antin::web
