#pragma once
// What every page uses. A page is a handler `http::Response thing_act(PageContext&)` registered by
// its area's add_<area>_routes(WebRouter&) (web/web_router.hpp) with who may enter.
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "app/load_session.hpp"
#include "app/services.hpp"
#include "html/template.hpp"
#include "http/message.hpp"

namespace antin::web {

class WebRouter;

/// One request, with who asks and in which language. Lives as long as the handler runs.
struct PageContext {
    PageContext(app::Services& our_services, const http::Request& asked,
                const WebRouter& our_router)
        : services(our_services), request(asked), router(our_router) {}

    app::Services& services;
    const http::Request& request;
    const WebRouter& router;
    std::optional<app::SignedIn> signed_in;
    app::Actor actor;  // account_id 0: a stranger
    html::Language language = html::Language::Vietnamese;
    std::string csrf_secret;    // of the session, or of a stranger's cookie
    bool new_stranger = false;  // the answer must set that cookie
    std::string extra_connect;  // one more origin for connect-src (the token agent's page)

    /// Read once, kept.
    [[nodiscard]] const http::Fields& form();
    [[nodiscard]] const std::vector<http::Upload>& uploads();
    /// The body at which the actor holds `role`, the first of them; 0 for none.
    [[nodiscard]] std::int64_t body(domain::Role role) const;

  private:
    std::optional<http::Fields> form_;
    std::optional<std::vector<http::Upload>> uploads_;
};

/// Renders "web/<name>.html" with `view`. The view gives what is its own; of `view["page"]` it may
/// give title (always), wide, compact, guide, refresh_s, scripts (names such as "sheet.js",
/// become addresses), body_class, bare_main, help_href; page() adds language, assets, navigation,
/// person, csrf, flash and contact. With `view["errors"]` the title begins "Cần sửa N chỗ: ".
[[nodiscard]] http::Response page(PageContext& context, std::string_view name, nlohmann::json view,
                                  int status = 200);

/// The one place where an Error becomes an answer: a page, or JSON where that was asked for.
[[nodiscard]] http::Response problem(PageContext& context, const Error& error);
[[nodiscard]] int status_of(ErrorKind kind);
/// The sentence of an error in the reader's language.
[[nodiscard]] std::string sentence_of(html::Language language, const Error& error);

/// 303 to `location` (a path of ours), where the next page says `text` once.
/// Tones: done, attention, wrong, act.
[[nodiscard]] http::Response redirect(PageContext& context, std::string location,
                                      std::string_view text = {}, std::string_view tone = "done");

/// JSON with no-store. For scripts of our own pages.
[[nodiscard]] http::Response json(const nlohmann::json& value, int status = 200);
[[nodiscard]] bool wants_json(const http::Request& request);

/// "Cần sửa 3 chỗ: Danh sách": the title of a page whose errors are `errors` (or false).
[[nodiscard]] std::string titled(const PageContext& context, const nlohmann::json& errors,
                                 const std::string& title);

/// A sentence by key in the reader's language.
[[nodiscard]] std::string text(const PageContext& context, std::string_view key,
                               html::TextArgs args = {});

/// `path` when it is an address of this portal, else "/viec": for "go on to" parameters.
[[nodiscard]] std::string own_path(std::string_view path);

}  // namespace antin::web
