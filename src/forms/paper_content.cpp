#include <nlohmann/json.hpp>

#include "forms/paper_library.hpp"

namespace antin::forms {

std::string to_json(const PaperContent& content) {
    const nlohmann::json json{{"values", content.values},
                              {"tables", content.tables},
                              {"lists", content.lists},
                              {"made_at", to_millis(content.made_at)},
                              {"mark", content.mark}};
    // Broken UTF-8 in a value is replaced, never a reason to fail: the canvas does the same.
    return json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

Result<PaperContent> paper_content_from_json(std::string_view text) {
    try {
        const auto json = nlohmann::json::parse(text);
        PaperContent content;
        content.values = json.at("values").get<Values>();
        content.tables = json.at("tables").get<std::map<std::string, std::vector<Values>>>();
        content.lists = json.at("lists").get<std::map<std::string, std::vector<std::string>>>();
        content.made_at = from_millis(json.at("made_at").get<std::int64_t>());
        content.mark = json.at("mark").get<std::string>();
        return content;
    } catch (const nlohmann::json::exception& problem) {
        return fail(ErrorKind::Internal, "internal", problem.what());
    }
}

}  // namespace antin::forms
