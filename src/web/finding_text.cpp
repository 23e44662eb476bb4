#include "web/finding_text.hpp"

#include <algorithm>

namespace antin::web {

std::string finding_text(const domain::Finding& finding, html::Language language) {
    auto args = finding.args;
    const std::string in_sentence = "field_in_sentence." + finding.field;
    args.emplace_back("field", html::has_text(language, in_sentence)
                                   ? html::text(language, in_sentence)
                                   : finding.field);
    return html::text(language, "rule." + finding.rule, args);
}

std::string field_label(std::string_view key, html::Language language) {
    const std::string name = "field." + std::string{key};
    return html::has_text(language, name) ? html::text(language, name) : std::string{key};
}

std::string worksheet_words(const sheet::Worksheets& worksheets, html::Language language) {
    if (worksheets.is_first && worksheets.left.empty()) return {};
    auto words = html::text(language, "sheet.worksheet_taken", {{"name", worksheets.taken}});
    if (worksheets.left.empty()) return words;
    constexpr std::size_t named_max = 8;
    std::string names;
    for (std::size_t i = 0; i < std::min(named_max, worksheets.left.size()); ++i) {
        names += (i == 0 ? "“" : ", “") + worksheets.left[i] + "”";
    }
    if (worksheets.left.size() > named_max) names += "…";
    return words + " " + html::text(language, "sheet.worksheets_left", {{"names", names}});
}

}  // namespace antin::web
