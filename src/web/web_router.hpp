#pragma once
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "domain/role.hpp"
#include "http/router.hpp"
#include "web/frame.hpp"

namespace antin::web {

using PageHandler = std::function<http::Response(PageContext&)>;

/// Who may enter a route. What they may do with a thing is decided again by the use case.
struct Access {
    bool everyone = false;    // also without a session
    domain::Roles roles;      // empty: every signed-in person
    bool any_step = false;    // also before password and second factor are in order
    bool any_origin = false;  // no CSRF check (only for acts that change nothing)
    bool any_token = false;   // the origin is checked, the token is not

    [[nodiscard]] static Access open() { return {.everyone = true, .any_step = true}; }
    [[nodiscard]] static Access signed_in() { return {}; }
    template <class... More>
    [[nodiscard]] static Access of(domain::Role role, More... more) {
        return {.roles = domain::Roles(role, more...)};
    }
};

/// An entry of the main navigation, for those whose roles are named.
struct NavItem {
    int order = 0;
    std::string href;
    std::string text_key;
    domain::Roles roles;     // empty: everybody who is signed in
    bool strangers = false;  // only for people who are not signed in
};

/// Routes with who may enter. GET and HEAD never change anything; every other method is checked
/// for origin and CSRF token (form field "csrf", or header "X-CSRF-Token" for scripts).
class WebRouter {
  public:
    explicit WebRouter(app::Services& services);

    void get(std::string_view pattern, Access access, PageHandler handler) {
        add("GET", pattern, access, std::move(handler));
    }
    void post(std::string_view pattern, Access access, PageHandler handler) {
        add("POST", pattern, access, std::move(handler));
    }
    void add(std::string method, std::string_view pattern, Access access, PageHandler handler);
    void nav(NavItem item);

    [[nodiscard]] const std::vector<NavItem>& navigation() const { return navigation_; }
    /// Every route as "GET /ho-so/{code}", for the test that looks at who may enter.
    [[nodiscard]] const std::vector<std::pair<std::string, Access>>& routes() const {
        return list_;
    }
    [[nodiscard]] app::Services& services() const { return services_; }

    /// The answer with its security headers. Never throws.
    [[nodiscard]] http::Response handle(http::Request& request) const;

  private:
    http::Response enter(const http::Request& request, const Access& access,
                         const PageHandler& handler) const;
    app::Services& services_;
    http::Router router_;
    std::vector<NavItem> navigation_;
    std::vector<std::pair<std::string, Access>> list_;
};

/// All pages of the portal.
[[nodiscard]] std::unique_ptr<WebRouter> make_portal(app::Services& services);

}  // namespace antin::web
