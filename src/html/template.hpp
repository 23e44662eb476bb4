#pragma once
#include <initializer_list>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace antin::html {

enum class Language { Vietnamese, English };

/// Escaped for text and for quoted attributes.
[[nodiscard]] std::string escape(std::string_view text);

/// Renders the embedded template "web/<name>.html" (Mustache). `[[key]]` stands for a sentence of
/// data/texts/<language>.json, put in before the template is compiled, so a sentence may itself
/// hold {{placeholders}} of the view. `{{> name}}` includes "web/components/<name>.html".
/// `{{{raw}}}` is only for values made by this module or named *_html by the view. An unknown
/// template or text is a programming error: it ends the request with Internal.
[[nodiscard]] std::string render(std::string_view name, Language language,
                                 const nlohmann::json& view);

/// One sentence with {{placeholders}} filled in, NOT escaped (for mails, papers, JSON).
using TextArgs = std::initializer_list<std::pair<std::string_view, std::string>>;
[[nodiscard]] std::string text(Language language, std::string_view key, TextArgs args = {});
[[nodiscard]] std::string text(Language language, std::string_view key,
                               const std::vector<std::pair<std::string, std::string>>& args);
[[nodiscard]] bool has_text(Language language, std::string_view key);

}  // namespace antin::html
