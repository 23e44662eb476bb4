#include <fmt/format.h>

#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <sstream>

#include "app/read_deliveries.hpp"
#include "domain/role.hpp"
#include "web/components.hpp"
#include "web/list_page.hpp"
#include "web/pages/administration_pages.hpp"

namespace antin::web {
namespace {

struct StateFilter {
    std::string_view query, state, text_key;
};
constexpr std::array filters{StateFilter{"", "", "deliveries.all"},
                             StateFilter{"cho", "waiting", "deliveries.waiting"},
                             StateFilter{"da-gui", "sent", "deliveries.sent"},
                             StateFilter{"loi", "failed", "deliveries.failed"}};

Json state_tag(const PageContext& context, const store::Mail& mail) {
    // Given up before the log knew the word: it waits for nothing.
    const bool given_up = mail.state == "waiting" && mail.given_up_at;
    const auto state = given_up ? std::string{"failed"} : mail.state;
    const auto word = text(context, "deliveries." + state);
    if (state == "sent") return tag("done", "tick", word);
    if (state == "failed") return tag("wrong", "triangle", word);
    return tag("attention", "clock", word);
}

/// "Đã thôi gửi lúc …": when, and why where the server said nothing.
std::string given_up_words(const PageContext& context, const store::Mail& mail) {
    if (!mail.given_up_at || mail.state == "sent") return {};
    return text(context, "deliveries.mail_given_up",
                {{"when", moment_words(*mail.given_up_at, context.language)},
                 {"attempts", std::to_string(mail.attempts)}});
}

Json mail_view(const PageContext& context, const store::Mail& mail) {
    return {{"id", mail.id},
            {"recipient", mail.recipient},
            {"subject", mail.subject},
            {"body", mail.body},
            {"is_secret", mail.is_secret},
            {"message_id", mail.message_id},
            {"tag", state_tag(context, mail)},
            {"attempts", mail.attempts},
            {"answer", mail.last_answer.empty() ? mail.given_up_why : mail.last_answer},
            {"given_up_words", given_up_words(context, mail)},
            {"may_resend",
             mail.given_up_at.has_value() && context.actor.has(domain::Role::SystemAdministrator)},
            {"created", moment_words(mail.created_at, context.language)},
            {"sent", mail.sent_at ? moment_words(*mail.sent_at, context.language) : ""}};
}

std::int64_t id_of(const PageContext& context) {
    const auto typed = context.request.path_value("id");
    std::int64_t id = 0;
    std::from_chars(typed.data(), typed.data() + typed.size(), id);
    return id;
}

}  // namespace

http::Response mail_list(PageContext& context) {
    const auto query = context.request.query();
    const auto chosen = query.get("trang-thai");
    std::string state;
    for (const auto& filter : filters) {
        if (filter.query == chosen) state = filter.state;
    }
    const ListPage at{query, app::mails_per_page, context.language};
    const auto found = app::read_deliveries(context.services, context.actor, state, at.number());
    if (!found) return problem(context, found.error());
    Json view{{"page", {{"title", text(context, "deliveries.title")}, {"wide", true}}},
              {"rows", Json::array()},
              {"filters", Json::array()},
              {"empty", found->mails.empty()},
              {"waiting", found->outbox.waiting},
              {"given_up", found->outbox.given_up},
              {"has_given_up", found->outbox.given_up > 0}};
    for (const auto& mail : found->mails) view["rows"].push_back(mail_view(context, mail));
    for (const auto& filter : filters) {
        view["filters"].push_back(
            {{"href", "/quan-tri/thu?trang-thai=" + std::string{filter.query}},
             {"text", text(context, filter.text_key)},
             {"current", filter.query == chosen}});
    }
    view["pagination"] = at.pagination(found->total, "notices.page", [&](int n) {
        return fmt::format("/quan-tri/thu?trang-thai={}&trang={}", http::url_encode(chosen), n);
    });
    return page(context, "pages/mail_list", std::move(view));
}

http::Response mail_show(PageContext& context) {
    const auto mail = app::read_delivery(context.services, context.actor, id_of(context));
    if (!mail) return problem(context, mail.error());
    Json view = mail_view(context, *mail);
    view["page"] = {{"title", text(context, "deliveries.one_title")}};
    view["lines"] = Json::array();
    std::istringstream body{mail->body};
    for (std::string line; std::getline(body, line);) view["lines"].push_back({{"line", line}});
    view["may_resend"] = context.actor.has(domain::Role::SystemAdministrator);
    return page(context, "pages/mail_show", std::move(view));
}

http::Response mail_resend_post(PageContext& context) {
    const auto done = app::resend_mail(context.services, context.actor, id_of(context));
    if (!done) return problem(context, done.error());
    return redirect(context, "/quan-tri/thu", text(context, "deliveries.resent"));
}

}  // namespace antin::web
