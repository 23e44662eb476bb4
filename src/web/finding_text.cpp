#include "web/finding_text.hpp"

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

}  // namespace antin::web
