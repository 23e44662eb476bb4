#pragma once
#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.hpp"
#include "domain/vocabulary.hpp"
#include "html/template.hpp"

/// Views of the components in web/components/*.html: what a page puts into its own view. Each
/// object has every key its template asks for, so nothing leaks in from an outer view.
namespace antin::web {

using html::Language;
using Json = nlohmann::json;

/// A state as word + shape + colour ({{> tag}}). tone: neutral, act, done, attention, wrong, held.
[[nodiscard]] Json tag(std::string_view tone, std::string_view shape, std::string word);
/// `with_code` puts the national status code before the word (officers' lists).
[[nodiscard]] Json dossier_tag(domain::DossierState state, Language language,
                               bool with_code = false);
[[nodiscard]] Json line_tag(domain::LineState state, Language language);
[[nodiscard]] Json certificate_tag(domain::CertificateState state, Language language);
[[nodiscard]] Json device_tag(domain::DeviceState state, Language language);
[[nodiscard]] Json agency_tag(domain::AgencyState state, Language language);

/// What the time words are made from. Units: working minutes, `day_minutes` of them a working day.
struct TimeLeft {
    std::int64_t minutes = 0;  // below 0: late by so much
    std::int64_t day_minutes = 480;
    bool stopped = false;   // the agency owes an answer
    bool ended = false;     // decided; minutes are those that were left then
    bool by_hours = false;  // counted day and night (emergency revocation)
    std::optional<Instant> due;
    bool provisional = false;  // "lịch tạm"
    std::string definition;    // clock_box: what the hours are
};
/// {{> time_left}}: "còn 9 giờ làm việc" with "hẹn 17:00 thứ Năm, 10/12".
[[nodiscard]] Json time_left(const TimeLeft& time, Language language);
/// {{> clock_box}}: the same with used and total hours and one box per working day.
[[nodiscard]] Json clock_box(const TimeLeft& time, std::int64_t total_minutes,
                             std::optional<Instant> received, Language language);
[[nodiscard]] std::string time_left_words(const TimeLeft& time, Language language);

/// "thứ Năm" / "Thursday".
[[nodiscard]] std::string weekday(Date date, Language language);
/// "Thứ Hai, 07/12/2026, 09:12": a moment in history.
[[nodiscard]] std::string moment_words(Instant moment, Language language);
/// "17 giờ thứ Năm, 10/12/2026": a moment inside a sentence; minutes only when there are any.
[[nodiscard]] std::string moment_in_sentence(Instant moment, Language language);
/// "15 giờ 58": the time of day alone.
[[nodiscard]] std::string time_of_day(Instant moment, Language language);

/// One option of a select or of radios.
struct Option {
    std::string value, text, note;
};
/// One input with label, hint and error ({{> field}}). Texts come ready to show, not as keys.
struct Field {
    std::string id, name, label, value, hint, error;
    std::string type = "text";  // text, email, tel, password, number, date, area, select
    std::string width;          // govuk width in characters: "5", "10", "20", "30"
    std::string autocomplete, inputmode;
    int maxlength = 0;
    int rows = 4;
    std::vector<Option> options;
    bool strong = false;
};
[[nodiscard]] Json field(const Field& field);
/// One question with few answers ({{> radios}}); `cards` gives each answer a frame.
[[nodiscard]] Json radios(const Field& field, bool cards = false);
/// Three answers for one row ({{> decision}}).
struct DecisionOption {
    std::string value, text, tone;
};
[[nodiscard]] Json decision(std::string legend, std::string name,
                            const std::vector<DecisionOption>& options, std::string_view chosen);

/// {{> error_summary}}: the title and links to the fields at fault.
struct ErrorLink {
    std::string href, text;
};
[[nodiscard]] Json error_summary(std::string title, const std::vector<ErrorLink>& items,
                                 std::string more = {}, bool column = false);
/// {{> steps}}: the words in order; `current` counts from 1, those before it are done.
[[nodiscard]] Json steps(const std::vector<std::string>& words, int current);
/// {{> pagination}}: "" where there is no such page; null when one page is all.
[[nodiscard]] Json pagination(std::string previous_href, std::string next_href, std::string words);

/// Where an asset lies: the hash of its content is in the address, so it may be kept for ever.
[[nodiscard]] std::string asset_url(std::string_view name);

}  // namespace antin::web
