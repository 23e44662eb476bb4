#include "app/event_words.hpp"

#include <nlohmann/json.hpp>
#include <utility>
#include <vector>

namespace antin::app {

std::string event_words(html::Language language, const store::DossierEvent& event) {
    std::vector<std::pair<std::string, std::string>> args{{"name", event.actor_name}};
    const auto data = nlohmann::json::parse(event.data, nullptr, false);
    if (data.is_object()) {
        for (const auto& [key, value] : data.items()) {
            args.emplace_back(key == "name" ? "who" : key,
                              value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
    const std::string key = "event." + event.act;
    if (!html::has_text(language, key)) return event.act;
    return html::text(language, key, args);
}

}  // namespace antin::app
