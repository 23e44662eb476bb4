#include "html/texts.hpp"

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unordered_map>

#include "base/embedded.hpp"
#include "html/template.hpp"

namespace antin::html {
namespace {

using Texts = std::unordered_map<std::string, std::string>;

Texts load(std::string_view folder) {
    Texts out;
    for (const auto& file : embedded_data()) {
        if (!file.name.starts_with(folder)) continue;
        // Named: a temporary would be gone before the loop begins.
        const auto content = nlohmann::json::parse(file.content);
        for (const auto& [key, sentence] : content.items()) {
            if (!out.emplace(key, sentence.get<std::string>()).second) {
                throw std::logic_error("text key stands twice: " + key);
            }
        }
    }
    return out;
}

const Texts& texts(Language language) {
    static const Texts vietnamese = load("data/texts/vi/");
    static const Texts english = load("data/texts/en/");
    return language == Language::Vietnamese ? vietnamese : english;
}

}  // namespace

const std::string& sentence(Language language, std::string_view key) {
    const auto& all = texts(language);
    const auto found = all.find(std::string{key});
    if (found == all.end()) throw std::logic_error("text key is missing: " + std::string{key});
    return found->second;
}

bool has_text(Language language, std::string_view key) {
    return texts(language).contains(std::string{key});
}

std::string text(Language language, std::string_view key, TextArgs args) {
    std::vector<std::pair<std::string, std::string>> copied;
    for (const auto& [name, value] : args) copied.emplace_back(name, value);
    return text(language, key, copied);
}

std::string text(Language language, std::string_view key,
                 const std::vector<std::pair<std::string, std::string>>& args) {
    const std::string& pattern = sentence(language, key);
    std::string out;
    std::size_t at = 0;
    while (at < pattern.size()) {
        const auto open = pattern.find("{{", at);
        const auto close = open == std::string::npos ? open : pattern.find("}}", open);
        if (close == std::string::npos) break;
        out.append(pattern, at, open - at);
        const std::string_view name{pattern.data() + open + 2, close - open - 2};
        for (const auto& [known, value] : args) {
            if (known == name) out += value;
        }
        at = close + 2;
    }
    return out.append(pattern, at);
}

}  // namespace antin::html
