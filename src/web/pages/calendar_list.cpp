#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "app/preview_calendar.hpp"
#include "domain/role.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/pages/administration_pages.hpp"

namespace antin::web {
namespace {

Json year_tag(const PageContext& context, const domain::CalendarYear& year) {
    return year.provisional ? tag("attention", "triangle", text(context, "calendar.provisional"))
                            : tag("done", "tick", text(context, "calendar.confirmed"));
}

Json day_view(const PageContext& context, const domain::CalendarDay& day) {
    const bool off = day.kind == domain::CalendarDay::Kind::Off;
    return {{"day", to_iso(day.day)},
            {"words", weekday(day.day, context.language) + ", " + to_vietnamese(day.day)},
            {"kind", text(context, off ? "calendar.off" : "calendar.make_up")},
            {"note", day.note},
            {"source", day.source},
            {"tag", tag(day.certainty == "verified" ? "done" : "attention",
                        day.certainty == "verified" ? "tick" : "triangle",
                        text(context, "certainty." + day.certainty))}};
}

int year_of(const PageContext& context) {
    const auto typed = context.request.path_value("year");
    int year = 0;
    std::from_chars(typed.data(), typed.data() + typed.size(), year);
    return year;
}

http::Response show(PageContext& context, const FormErrors& errors) {
    const auto years = app::read_calendar(context.services, context.actor);
    if (!years) return problem(context, years.error());
    const auto year = std::ranges::find(*years, year_of(context), &domain::CalendarYear::year);
    if (year == years->end()) {
        return problem(context, {ErrorKind::NotFound, "calendar.year_missing"});
    }
    const auto number = std::to_string(year->year);
    Json view{{"page", {{"title", text(context, "calendar.year_title", {{"year", number}})}}},
              {"year", number},
              {"version", year->version},
              {"provisional", year->provisional},
              {"tag", year_tag(context, *year)},
              {"errors", errors.summary()},
              {"may_change", context.actor.has(domain::Role::SystemAdministrator)},
              {"days", Json::array()},
              {"fields", Json::array()}};
    for (const auto& day : year->days) view["days"].push_back(day_view(context, day));
    const auto add = [&](Field one) {
        one.name = one.id;
        one.value = errors.empty() ? "" : context.form().get(one.id);
        one.error = errors.of(one.id);
        view["fields"].push_back(field(one));
    };
    add({.id = "day", .label = text(context, "calendar.day"), .type = "date", .width = "10"});
    add({.id = "kind",
         .label = text(context, "calendar.kind"),
         .type = "select",
         .options = {{"off", text(context, "calendar.off"), ""},
                     {"make_up", text(context, "calendar.make_up"), ""}}});
    add({.id = "note",
         .label = text(context, "calendar.note"),
         .hint = text(context, "calendar.note_hint")});
    add({.id = "source",
         .label = text(context, "calendar.source"),
         .hint = text(context, "calendar.source_hint")});
    return page(context, "pages/calendar_show", std::move(view), errors.empty() ? 200 : 422);
}

app::CalendarChange change_in(PageContext& context, FormErrors& errors) {
    app::CalendarChange change;
    change.year = year_of(context);
    change.version = text_field(context, errors, "version");
    change.day = text_field(context, errors, "day");
    const auto act = context.form().get("viec");
    if (act == "xac-nhan") {
        change.act = app::CalendarChange::Act::Confirm;
        return change;
    }
    change.reckon = context.form().get("hen") == "tinh-lai";
    if (act == "bo") {
        change.act = app::CalendarChange::Act::RemoveDay;
        return change;
    }
    change.kind = text_field(context, errors, "kind");
    change.note = text_field(context, errors, "note");
    change.source = text_field(context, errors, "source");
    return change;
}

std::string change_words(const PageContext& context, const app::CalendarChange& change) {
    const auto number = std::to_string(change.year);
    if (change.act == app::CalendarChange::Act::Confirm) {
        return text(context, "calendar.confirm", {{"year", number}});
    }
    const auto day = parse_iso_date(change.day);
    const auto words = day ? weekday(*day, context.language) + ", " + to_vietnamese(*day) : "";
    if (change.act == app::CalendarChange::Act::RemoveDay) {
        return text(context, "calendar.preview_remove", {{"day", words}});
    }
    return text(
        context, "calendar.preview_add",
        {{"day", words},
         {"kind", text(context, change.kind == "off" ? "calendar.off" : "calendar.make_up")},
         {"note", change.note}});
}

http::Response show_preview(PageContext& context, const app::CalendarChange& change,
                            const app::CalendarPreview& preview) {
    Json moved = Json::array();
    for (const auto& one : preview.first) {
        moved.push_back({{"code", one.code},
                         {"agency", one.agency},
                         {"before", to_vietnamese(one.before)},
                         {"after", to_vietnamese(one.after)}});
    }
    const bool confirm = change.act == app::CalendarChange::Act::Confirm;
    const char* act = confirm                                             ? "xac-nhan"
                      : change.act == app::CalendarChange::Act::RemoveDay ? "bo"
                                                                          : "them";
    Json view{{"page", {{"title", text(context, "calendar.preview_title")}}},
              {"year", std::to_string(change.year)},
              {"version", change.version},
              {"act", act},
              {"day", change.day},
              {"kind", change.kind},
              {"note", change.note},
              {"source", change.source},
              {"words", change_words(context, change)},
              {"reckoned", std::to_string(preview.reckoned)},
              {"moved_count", std::to_string(preview.moved)},
              {"some_move", preview.moved > 0},
              {"more", preview.moved > static_cast<std::int64_t>(preview.first.size())},
              {"may_keep", !confirm},
              {"moved", std::move(moved)}};
    return page(context, "pages/calendar_preview", std::move(view));
}

}  // namespace

http::Response calendar_list(PageContext& context) {
    const auto years = app::read_calendar(context.services, context.actor);
    if (!years) return problem(context, years.error());
    Json view{{"page", {{"title", text(context, "calendar.title")}}}, {"years", Json::array()}};
    for (const auto& year : *years) {
        view["years"].push_back({{"year", std::to_string(year.year)},
                                 {"version", year.version},
                                 {"count", year.days.size()},
                                 {"tag", year_tag(context, year)}});
    }
    return page(context, "pages/calendar_list", std::move(view));
}

http::Response calendar_show(PageContext& context) {
    return show(context, FormErrors{context});
}

http::Response calendar_preview_post(PageContext& context) {
    FormErrors errors{context};
    const auto change = change_in(context, errors);
    if (!errors.empty()) return show(context, errors);
    const auto preview = app::preview_calendar(context.services, context.actor, change);
    if (!preview) {
        if (preview.error().kind != ErrorKind::Invalid) return problem(context, preview.error());
        errors.add(preview.error());
        return show(context, errors);
    }
    return show_preview(context, change, *preview);
}

http::Response calendar_show_post(PageContext& context) {
    FormErrors errors{context};
    const auto change = change_in(context, errors);
    if (errors.empty()) {
        const auto done = app::change_calendar(context.services, context.actor, change);
        if (done) {
            const bool reckoned = change.reckon || change.act == app::CalendarChange::Act::Confirm;
            return redirect(context, "/quan-tri/lich/" + std::to_string(change.year),
                            reckoned ? text(context,
                                            change.reckon ? "calendar.reckoned_saved"
                                                          : "calendar.confirmed_saved",
                                            {{"reckoned", std::to_string(done->reckoned)},
                                             {"moved", std::to_string(done->moved)}})
                                     : text(context, "calendar.saved"));
        }
        if (done.error().kind != ErrorKind::Invalid) return problem(context, done.error());
        errors.add(done.error());
    }
    return show(context, errors);
}

}  // namespace antin::web
