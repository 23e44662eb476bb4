#include "web/components.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/embedded.hpp"

namespace antin::web {
namespace {

struct Look {
    std::string_view tone, shape;
};

constexpr Look look(domain::DossierState state) {
    using enum domain::DossierState;
    switch (state) {
        case Draft:
            return {"neutral", "pen"};
        case Submitted:
            return {"act", "ring"};
        case Accepted:
            return {"act", "ring"};
        case IntakeRefused:
            return {"wrong", "octagon"};
        case InProgress:
            return {"act", "half"};
        case AwaitingSupplement:
            return {"held", "pause"};
        case WithdrawalRequested:
            return {"neutral", "arrow-back"};
        case Stopped:
            return {"wrong", "bar-square"};
        case Decided:
            return {"done", "tick"};
        case Returned:
            return {"done", "tick-disc"};
    }
    return {};
}

constexpr Look look(domain::LineState state) {
    using enum domain::LineState;
    switch (state) {
        case Requested:
            return {"neutral", "ring-dashed"};
        case InCorrection:
            return {"attention", "triangle"};
        case Proposed:
            return {"done", "tick"};
        case Approved:
            return {"done", "tick"};
        case Refused:
            return {"wrong", "octagon"};
        case KeyReady:
            return {"act", "half"};
        case Issued:
            return {"act", "token"};
        case HandedOver:
            return {"act", "arrow"};
        case InForce:
            return {"done", "tick-disc"};
        case Revoked:
            return {"neutral", "bar-square"};
        case DeviceDueBack:
            return {"attention", "arrow-back"};
        case DeviceReturned:
            return {"neutral", "tick"};
        case DeviceLost:
            return {"wrong", "octagon"};
        case Unlocked:
            return {"done", "tick"};
    }
    return {};
}

constexpr Look look(domain::CertificateState state) {
    using enum domain::CertificateState;
    switch (state) {
        case OnHold:
            return {"held", "pause"};
        case InForce:
            return {"done", "tick-disc"};
        case EmergencyHold:
            return {"wrong", "pause"};
        case Replaced:
            return {"neutral", "swap"};
        case Expired:
            return {"neutral", "bar-square"};
        case Revoked:
            return {"wrong", "octagon"};
    }
    return {};
}

constexpr Look look(domain::DeviceState state) {
    using enum domain::DeviceState;
    switch (state) {
        case InStock:
            return {"neutral", "ring-dashed"};
        case Assigned:
            return {"act", "ring"};
        case Personalised:
            return {"act", "token"};
        case HandedOver:
            return {"done", "arrow"};
        case Locked:
            return {"attention", "lock"};
        case Unlocked:
            return {"done", "tick"};
        case DueBack:
            return {"attention", "arrow-back"};
        case Returned:
            return {"neutral", "tick"};
        case Erased:
            return {"neutral", "bar-square"};
        case Lost:
            return {"wrong", "octagon"};
    }
    return {};
}

constexpr Look look(domain::AgencyState state) {
    using enum domain::AgencyState;
    switch (state) {
        case Invited:
            return {"neutral", "ring-dashed"};
        case Registered:
            return {"act", "ring"};
        case Approved:
            return {"done", "tick-disc"};
        case ReturnedForCorrection:
            return {"attention", "triangle"};
        case Suspended:
            return {"held", "pause"};
        case Closed:
            return {"neutral", "bar-square"};
        case None:
            return {"neutral", "ring-dashed"};
    }
    return {};
}

template <class State>
Json state_tag(State state, std::string_view prefix, Language language) {
    const Look how = look(state);
    return tag(how.tone, how.shape,
               html::text(language, fmt::format("{}.{}", prefix, domain::to_text(state))));
}

std::string number_words(std::int64_t n, std::string_view unit, Language language) {
    const bool one = n == 1 && language == Language::English;
    return html::text(language, fmt::format("time.{}{}", unit, one ? "_one" : ""),
                      {{"n", std::to_string(n)}});
}

/// "2 ngày 1 giờ", "9 giờ", "40 phút": at most two units, the smaller rounded down.
std::string span_words(std::int64_t minutes, std::int64_t day, bool by_hours, Language language) {
    if (minutes < 60) return number_words(minutes, "minutes", language);
    if (by_hours) {
        std::string words = number_words(minutes / 60, "hours", language);
        if (minutes % 60 > 0) words += " " + number_words(minutes % 60, "minutes", language);
        return words;
    }
    // A day and a half or less is told in hours: nearer to the truth when it matters.
    if (minutes * 2 <= day * 3) return number_words(minutes / 60, "hours", language);
    const std::int64_t days = minutes / day;
    const std::int64_t hours = minutes % day / 60;
    std::string words = number_words(days, "days", language);
    if (days <= 2 && hours > 0) words += " " + number_words(hours, "hours", language);
    return words;
}

std::string late_words(std::int64_t minutes, std::int64_t day, Language language) {
    if (minutes < 60) return number_words(std::max<std::int64_t>(minutes, 1), "minutes", language);
    if (minutes < day) return number_words(minutes / 60, "hours", language);
    return number_words(minutes / day, "days", language);
}

Look time_look(const TimeLeft& time) {
    if (time.stopped && !time.ended) return {"held", "pause"};
    if (time.ended)
        return time.minutes >= 0 ? Look{"done", "tick-disc"} : Look{"wrong", "triangle"};
    if (time.minutes < 0) return {"wrong", "triangle"};
    if (time.by_hours) return {"wrong", "clock"};
    if (time.minutes * 2 <= time.day_minutes * 3) return {"attention", "clock"};
    return {"", "clock"};
}

std::string describe(const Field& f) {
    std::string ids;
    if (!f.hint.empty()) ids = f.id + "-goi-y";
    if (!f.error.empty()) ids += (ids.empty() ? "" : " ") + f.id + "-loi";
    return ids;
}

}  // namespace

Json tag(std::string_view tone, std::string_view shape, std::string word) {
    return {{"tone", tone}, {"shape", shape}, {"word", std::move(word)}};
}

Json dossier_tag(domain::DossierState state, Language language, bool with_code) {
    Json out = state_tag(state, "dossier_state", language);
    const int code = domain::national_code(state);
    if (with_code && code > 0)
        out["word"] = fmt::format("{} {}", code, out["word"].get<std::string>());
    return out;
}
Json line_tag(domain::LineState state, Language language) {
    return state_tag(state, "line_state", language);
}
Json certificate_tag(domain::CertificateState state, Language language) {
    return state_tag(state, "certificate_state", language);
}
Json device_tag(domain::DeviceState state, Language language) {
    return state_tag(state, "device_state", language);
}
Json agency_tag(domain::AgencyState state, Language language) {
    return state_tag(state, "agency_state", language);
}

std::string time_left_words(const TimeLeft& time, Language language) {
    const std::int64_t left = std::max<std::int64_t>(time.minutes, 0);
    if (time.ended) {
        const bool late = time.minutes < 0;
        return html::text(language, late ? "time.ended_late" : "time.ended_early",
                          {{"span", late_words(late ? -time.minutes : time.minutes,
                                               time.day_minutes, language)}});
    }
    if (time.minutes < 0)
        return html::text(language, "time.late",
                          {{"span", late_words(-time.minutes, time.day_minutes, language)}});
    const std::string span = span_words(left, time.day_minutes, time.by_hours, language);
    if (time.stopped) {
        return html::text(language, time.by_hours ? "time.stopped_clock" : "time.stopped",
                          {{"span", span}});
    }
    return html::text(language, time.by_hours ? "time.left_clock" : "time.left", {{"span", span}});
}

Json time_left(const TimeLeft& time, Language language) {
    const Look how = time_look(time);
    Json out = {{"tone", how.tone},
                {"shape", how.shape},
                {"words", time_left_words(time, language)},
                {"due", ""},
                {"datetime", ""}};
    if (time.due && !time.stopped) {
        const Date day = local_date(*time.due);
        const auto at = local_minutes(*time.due).count();
        out["due"] =
            html::text(language, time.provisional ? "time.due_short_provisional" : "time.due_short",
                       {{"time", fmt::format("{:02}:{:02}", at / 60, at % 60)},
                        {"weekday", weekday(day, language)},
                        {"date", to_vietnamese(day).substr(0, 5)}});
        out["datetime"] = to_iso(*time.due);
    }
    return out;
}

Json clock_box(const TimeLeft& time, std::int64_t total_minutes, std::optional<Instant> received,
               Language language) {
    Json out = time_left(time, language);
    const std::int64_t used = std::clamp<std::int64_t>(total_minutes - time.minutes, 0, 1 << 20);
    out["used"] = html::text(
        language, "time.used",
        {{"used", std::to_string(used / 60)}, {"total", std::to_string(total_minutes / 60)}});
    std::string due;
    if (time.due && !time.stopped)
        due = html::text(language, "time.due_long",
                         {{"moment", moment_in_sentence(*time.due, language)}});
    if (time.stopped) due = html::text(language, "time.due_stopped");
    if (received) {
        due += (due.empty() ? "" : " · ") +
               html::text(language, "time.received",
                          {{"moment", moment_in_sentence(*received, language)}});
    }
    if (time.provisional) due += " · " + html::text(language, "time.provisional");
    out["due"] = due;
    Json days = Json::array();
    const std::int64_t day = std::max<std::int64_t>(time.day_minutes, 1);
    for (std::int64_t from = 0; from < total_minutes && days.size() < 10; from += day) {
        const std::int64_t here = std::min(day, total_minutes - from);
        days.push_back({{"fill", std::clamp<std::int64_t>((used - from) * 36 / here, 0, 36)}});
    }
    out["definition"] = time.definition;
    out["has_days"] = !days.empty();
    out["days"] = std::move(days);
    return out;
}

std::string weekday(Date date, Language language) {
    const std::chrono::weekday day{std::chrono::sys_days{date}};
    return html::text(language, fmt::format("weekday.{}", day.iso_encoding()));
}

std::string time_of_day(Instant moment, Language language) {
    const auto at = local_minutes(moment).count();
    return html::text(language, "time.of_day",
                      {{"hour", std::to_string(at / 60)},
                       {"hour2", fmt::format("{:02}", at / 60)},
                       {"minute", fmt::format("{:02}", at % 60)}});
}

std::string moment_words(Instant moment, Language language) {
    const Date day = local_date(moment);
    const auto at = local_minutes(moment).count();
    std::string name = weekday(day, language);
    if (!name.empty() && name[0] == 't') name[0] = 'T';
    return fmt::format("{}, {}, {:02}:{:02}", name, to_vietnamese(day), at / 60, at % 60);
}

std::string moment_in_sentence(Instant moment, Language language) {
    const Date day = local_date(moment);
    const auto at = local_minutes(moment).count();
    return html::text(language, at % 60 == 0 ? "time.moment_whole_hour" : "time.moment",
                      {{"hour", std::to_string(at / 60)},
                       {"hour2", fmt::format("{:02}", at / 60)},
                       {"minute", fmt::format("{:02}", at % 60)},
                       {"weekday", weekday(day, language)},
                       {"date", to_vietnamese(day)}});
}

Json field(const Field& f) {
    Json options = Json::array();
    for (const Option& option : f.options) {
        options.push_back({{"value", option.value},
                           {"text", option.text},
                           {"selected", option.value == f.value}});
    }
    const bool area = f.type == "area";
    const bool select = f.type == "select";
    return {{"id", f.id},
            {"name", f.name},
            {"label", f.label},
            {"strong", f.strong},
            {"value", f.value},
            {"hint", f.hint},
            {"error", f.error},
            {"described", describe(f)},
            {"type", f.type},
            {"width", f.width},
            {"autocomplete", f.autocomplete},
            {"inputmode", f.inputmode},
            {"maxlength", f.maxlength > 0 ? std::to_string(f.maxlength) : ""},
            {"rows", f.rows},
            {"is_area", area},
            {"is_select", select},
            {"is_input", !area && !select},
            {"options", std::move(options)}};
}

Json radios(const Field& f, bool cards) {
    Json options = Json::array();
    int n = 0;
    for (const Option& option : f.options) {
        ++n;
        options.push_back({{"option_id", n == 1 ? f.id + "-1" : fmt::format("{}-{}", f.id, n)},
                           {"value", option.value},
                           {"text", option.text},
                           {"note", option.note},
                           {"selected", option.value == f.value}});
    }
    return {{"id", f.id},       {"name", f.name},
            {"label", f.label}, {"hint", f.hint},
            {"error", f.error}, {"described", describe(f)},
            {"cards", cards},   {"options", std::move(options)}};
}

Json decision(std::string legend, std::string name, const std::vector<DecisionOption>& options,
              std::string_view chosen) {
    Json out = Json::array();
    for (const DecisionOption& option : options) {
        out.push_back({{"value", option.value},
                       {"text", option.text},
                       {"tone", option.tone},
                       {"selected", option.value == chosen}});
    }
    return {{"legend", std::move(legend)}, {"name", std::move(name)}, {"options", std::move(out)}};
}

Json error_summary(std::string title, const std::vector<ErrorLink>& items, std::string more,
                   bool column) {
    Json links = Json::array();
    for (const ErrorLink& item : items) links.push_back({{"href", item.href}, {"text", item.text}});
    return {{"title", std::move(title)},
            {"items", std::move(links)},
            {"more", std::move(more)},
            {"column", column}};
}

Json steps(const std::vector<std::string>& words, int current) {
    Json out = Json::array();
    int number = 0;
    for (const std::string& word : words) {
        ++number;
        out.push_back({{"number", number},
                       {"word", word},
                       {"done", number < current},
                       {"current", number == current}});
    }
    return out;
}

Json pagination(std::string previous_href, std::string next_href, std::string words) {
    if (previous_href.empty() && next_href.empty()) return nullptr;
    return {{"previous_href", std::move(previous_href)},
            {"next_href", std::move(next_href)},
            {"words", std::move(words)}};
}

std::string asset_url(std::string_view name) {
    const auto* file = find_embedded(fmt::format("assets/{}", name));
    return fmt::format("/tai-nguyen/{}/{}", file == nullptr ? "0" : file->digest, name);
}

}  // namespace antin::web
