#include <charconv>
#include <nlohmann/json.hpp>

#include "app/retry_job.hpp"
#include "domain/role.hpp"
#include "web/components.hpp"
#include "web/pages/administration_pages.hpp"

namespace antin::web {
namespace {

constexpr std::string_view address = "/quan-tri/viec-nen";

/// What the job is about: the mail it sends, or the number of the paper.
Json subject_of(const PageContext& context, const store::OutboxItem& item) {
    const auto payload = Json::parse(item.payload, nullptr, false);
    const auto number = [&](const char* name) {
        return payload.is_object() && payload.contains(name) ? payload[name].dump() : "?";
    };
    if (item.kind == "mail") {
        return {{"text", text(context, "jobs.mail", {{"number", number("mail_id")}})},
                {"href", "/quan-tri/thu/" + number("mail_id")}};
    }
    if (item.kind == "paper") {
        return {{"text", text(context, "jobs.paper", {{"number", number("paper_id")}})},
                {"href", ""}};
    }
    return {{"text", item.kind}, {"href", ""}};
}

}  // namespace

http::Response job_list(PageContext& context) {
    const auto found = app::read_given_up(context.services, context.actor);
    if (!found) return problem(context, found.error());
    Json rows = Json::array();
    for (const auto& [item, at] : *found) {
        rows.push_back({{"id", item.id},
                        {"subject", subject_of(context, item)},
                        {"why", item.last_error},
                        {"attempts", item.attempts},
                        {"created", moment_words(item.created_at, context.language)},
                        {"given_up", moment_words(at, context.language)}});
    }
    const auto count = std::to_string(found->size());
    return page(
        context, "pages/job_list",
        {{"page", {{"title", text(context, "jobs.title", {{"count", count}})}, {"wide", true}}},
         {"count", count},
         {"empty", found->empty()},
         {"several", found->size() > 1},
         {"may_retry", context.actor.has(domain::Role::SystemAdministrator)},
         {"rows", std::move(rows)}});
}

http::Response job_retry_post(PageContext& context) {
    const auto typed = context.form().get("viec");
    std::int64_t id = -1;
    std::from_chars(typed.data(), typed.data() + typed.size(), id);
    const auto done = app::retry_job(context.services, context.actor, typed == "het" ? 0 : id);
    if (!done && done.error().kind != ErrorKind::Conflict) return problem(context, done.error());
    if (!done) {
        return redirect(context, std::string{address}, text(context, "error.job.not_given_up"),
                        "attention");
    }
    return redirect(context, std::string{address},
                    text(context, "jobs.retried", {{"count", std::to_string(*done)}}));
}

}  // namespace antin::web
