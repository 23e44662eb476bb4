#include <nlohmann/json.hpp>

#include "web/components.hpp"
#include "web/dossier_pages.hpp"

namespace antin::web {
namespace {

template <class State, class Make>
Json set_of(std::string title, const Make& make) {
    Json tags = Json::array();
    for (const auto state : domain::all<State>()) tags.push_back(make(state));
    return {{"set_title", std::move(title)}, {"tags", std::move(tags)}};
}

Json times_of(Language language, Instant due) {
    Json out = Json::array();
    TimeLeft time;
    time.due = due;
    for (const std::int64_t minutes : {2000, 1020, 540, 40, -480}) {
        time.minutes = minutes;
        out.push_back(time_left(time, language));
    }
    time.minutes = 540;
    time.stopped = true;
    out.push_back(time_left(time, language));
    time.stopped = false;
    time.ended = true;
    out.push_back(time_left(time, language));
    return out;
}

}  // namespace

http::Response style_reference(PageContext& context) {
    const Language language = context.language;
    const Instant due = *parse_iso("2026-12-10T17:00:00+07:00");
    Json sets = Json::array();
    sets.push_back(set_of<domain::DossierState>(text(context, "style.dossier"), [&](auto state) {
        return dossier_tag(state, language, true);
    }));
    sets.push_back(set_of<domain::LineState>(
        text(context, "style.line"), [&](auto state) { return line_tag(state, language); }));
    sets.push_back(set_of<domain::CertificateState>(
        text(context, "style.certificate"),
        [&](auto state) { return certificate_tag(state, language); }));
    sets.push_back(set_of<domain::DeviceState>(
        text(context, "style.device"), [&](auto state) { return device_tag(state, language); }));
    sets.push_back(set_of<domain::AgencyState>(
        text(context, "style.agency"), [&](auto state) { return agency_tag(state, language); }));
    Field wrong;
    wrong.id = wrong.name = "email";
    wrong.label = text(context, "field.email");
    wrong.value = "ten.thu@example.com";
    wrong.error = text(context, "rule.email_malformed");
    TimeLeft time;
    time.minutes = 540;
    time.due = due;
    Json view{
        {"page", {{"title", text(context, "style.title")}, {"wide", true}, {"compact", true}}},
        {"sets", sets},
        {"times", times_of(language, due)},
        {"clock", clock_box(time, 1440, *parse_iso("2026-12-07T09:12:00+07:00"), language)},
        {"fields", Json::array({field(wrong)})},
        {"decisions",
         Json::array({decision(text(context, "sheet.row"), "mau",
                               {{"approve", text(context, "proposal.approve"), "done"},
                                {"supplement", text(context, "proposal.supplement"), "attention"},
                                {"refuse", text(context, "proposal.refuse"), "wrong"}},
                               "approve")})},
        {"steps", request_steps(context, 2)},
        {"draft",
         {{"word", text(context, "draft.word")},
          {"text", text(context, "draft.saved_at", {{"time", "15:58"}})},
          {"link_href", ""},
          {"link_text", ""}}},
        {"checks", Json::array({{{"tone", "done"},
                                 {"shape", "tick-disc"},
                                 {"text", text(context, "send.check_recipient")},
                                 {"second", ""},
                                 {"link_href", ""},
                                 {"link_text", ""}}})}};
    return page(context, "pages/style_reference", std::move(view));
}

}  // namespace antin::web
