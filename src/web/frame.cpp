#include "web/frame.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/portal_contact.hpp"
#include "base/log.hpp"
#include "web/components.hpp"
#include "web/csrf.hpp"
#include "web/help_topic.hpp"
#include "web/pages/account_pages.hpp"
#include "web/session.hpp"
#include "web/web_router.hpp"
#include "web/whole_codes.hpp"

namespace antin::web {
namespace {

using Json = nlohmann::json;

domain::Roles roles_of(const app::Actor& actor) {
    domain::Roles roles;
    for (const auto& grant : actor.grants) roles.add(grant.role);
    return roles;
}

Json navigation(const PageContext& context) {
    Json out = Json::array();
    const auto roles = roles_of(context.actor);
    const bool inside = context.signed_in && context.signed_in->step == app::SignInStep::Done;
    for (const auto& item : context.router.navigation()) {
        const bool for_me =
            item.strangers ? !inside : inside && (item.roles.empty() || item.roles.any_of(roles));
        if (!for_me) continue;
        const bool current =
            context.request.path == item.href || context.request.path.starts_with(item.href + "/");
        out.push_back({{"href", item.href},
                       {"text", text(context, item.text_key)},
                       {"current", current},
                       {"badge", ""}});
    }
    if (inside) {  // strangers have the list of all guidance in their navigation
        out.push_back({{"href", help_for(context.request.path, roles_of(context.actor))},
                       {"text", text(context, "nav.help")},
                       {"current", context.request.path.starts_with("/tro-giup")},
                       {"badge", ""}});
    }
    return out;
}

Json language_links(const PageContext& context) {
    const auto back = http::url_encode(context.request.method == "GET" ? context.request.target
                                                                       : context.request.path);
    const bool vietnamese = context.language == Language::Vietnamese;
    return Json::array({{{"code", "vi"},
                         {"text", "Tiếng Việt"},
                         {"href", "/ngon-ngu/vi?ve=" + back},
                         {"current", vietnamese}},
                        {{"code", "en"},
                         {"text", "English"},
                         {"href", "/ngon-ngu/en?ve=" + back},
                         {"current", !vietnamese}}});
}

Json person(const PageContext& context) {
    if (!context.signed_in) return false;
    std::string body, role;
    if (!context.actor.grants.empty()) {
        const auto& grant = context.actor.grants.front();
        role = text(context, "role." + std::string{domain::to_name(grant.role)});
        for (const auto& one : context.signed_in->bodies) {
            if (one.id == grant.agency_id) body = one.name;
        }
    }
    return {{"agency", body}, {"name", context.actor.name}, {"role", role}};
}

/// The message that the request before left for this page.
Json take_flash(PageContext& context) {
    if (!context.signed_in || context.signed_in->flash.empty()) return false;
    const auto flash = Json::parse(context.signed_in->flash, nullptr, false);
    context.signed_in->flash.clear();
    if (const auto done = app::keep_flash(context.services, context.signed_in->session_hash, "");
        !done) {
        log(LogLevel::Warning, "web.flash_not_cleared");
    }
    if (!flash.is_object()) return false;
    Json view = flash;
    view["parts"] = with_whole_codes(flash.value("text", ""));
    return view;
}

void complete(PageContext& context, Json& view) {
    Json& page = view["page"];
    const auto set = [&](const char* key, Json value) {
        if (!page.contains(key)) page[key] = std::move(value);
    };
    set("title", text(context, "layout.line"));
    if (!view.contains("errors")) view["errors"] = false;
    page["title"] = titled(context, view["errors"], page["title"].get<std::string>());
    Json scripts = Json::array();
    if (page.contains("scripts")) {
        for (const auto& name : page["scripts"]) {
            scripts.push_back(asset_url(name.get<std::string>()));
        }
    }
    page["scripts"] = std::move(scripts);
    for (const char* key : {"wide", "compact", "guide", "refresh_s", "body_class", "bare_main"}) {
        set(key, false);
    }
    page["language"] = context.language == Language::Vietnamese ? "vi" : "en";
    page["css"] = asset_url("app.css");
    page["js"] = asset_url("app.js");
    page["icons"] = asset_url("images/icons.svg");
    page["icon"] = asset_url("images/favicon.svg");
    set("nav", navigation(context));
    page["language_links"] = language_links(context);
    page["signed_in"] = person(context);
    page["csrf"] = mask_csrf(context.csrf_secret);
    set("flash", take_flash(context));
    const std::string contact = app::portal_contact(context.services);
    set("contact", contact.empty() ? text(context, "frame.contact") : contact);
    set("help_href", help_for(context.request.path, roles_of(context.actor)));
    page["home_href"] = context.signed_in ? landing_path(context.actor) : "/";
    const bool may_return = context.request.method == "GET" && context.request.path != "/" &&
                            !context.request.path.starts_with("/dang-nhap");
    page["sign_in_href"] =
        may_return ? "/dang-nhap?tiep=" + http::url_encode(context.request.target) : "/dang-nhap";
}

}  // namespace

std::string titled(const PageContext& context, const Json& errors, const std::string& title) {
    if (!errors.is_object()) return title;
    const auto count = errors.value("count", std::to_string(errors["items"].size()));
    return text(context, "frame.errors_prefix", {{"count", count}}) + title;
}

const http::Fields& PageContext::form() {
    if (!form_) form_ = request.form();
    return *form_;
}

const std::vector<http::Upload>& PageContext::uploads() {
    if (!uploads_) uploads_ = request.uploads();
    return *uploads_;
}

std::int64_t PageContext::body(domain::Role role) const {
    const auto bodies = actor.bodies(role);
    return bodies.empty() ? 0 : bodies.front();
}

http::Response page(PageContext& context, std::string_view name, Json view, int status) {
    complete(context, view);
    auto response = http::html_page(status, html::render(name, context.language, view));
    if (context.new_stranger) {
        set_stranger_cookie(response, context.request, context.csrf_secret);
    }
    return response;
}

http::Response redirect(PageContext& context, std::string location, std::string_view words,
                        std::string_view tone) {
    if (!words.empty() && context.signed_in) {
        const std::string_view shape = tone == "done"        ? "tick"
                                       : tone == "attention" ? "triangle"
                                       : tone == "wrong"     ? "octagon"
                                                             : "ring";
        const Json flash{{"tone", tone}, {"shape", shape}, {"text", words}};
        const auto kept =
            app::keep_flash(context.services, context.signed_in->session_hash, flash.dump());
        if (!kept) log(LogLevel::Warning, "web.flash_not_kept");
    }
    return http::see_other(std::move(location));
}

http::Response json(const Json& value, int status) {
    auto response = http::json_body(
        status, value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace));
    response.set("Cache-Control", "no-store");
    return response;
}

bool wants_json(const http::Request& request) {
    const auto accept = request.header("accept");
    return accept.find("application/json") != std::string::npos &&
           accept.find("text/html") == std::string::npos;
}

std::string text(const PageContext& context, std::string_view key, html::TextArgs args) {
    return html::text(context.language, key, args);
}

std::string own_path(std::string_view path) {
    // "//host" and "/\host" are other sites to a browser.
    const bool fine = path.starts_with('/') && !path.starts_with("//") &&
                      !path.starts_with("/\\") && path.size() < 1000 &&
                      std::ranges::all_of(path, [](char c) {
                          return static_cast<unsigned char>(c) > 0x20 && c != 0x7f;
                      });
    return fine ? std::string{path} : "/viec";
}

}  // namespace antin::web
