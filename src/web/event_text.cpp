#include "web/event_text.hpp"

#include <nlohmann/json.hpp>

namespace antin::web {

std::string event_text(const PageContext& context, const store::DossierEvent& event) {
    const std::string key = "event." + event.act;
    if (!html::has_text(context.language, key)) return event.act;
    std::vector<std::pair<std::string, std::string>> args{{"name", event.actor_name}};
    const auto data = nlohmann::json::parse(event.data, nullptr, false);
    if (data.is_object()) {
        for (const auto& [name, value] : data.items()) {
            args.emplace_back(name == "name" ? "who" : name,
                              value.is_string() ? value.get<std::string>() : value.dump());
        }
    }
    return html::text(context.language, key, args);
}

std::string event_reason(const PageContext& context, const store::DossierEvent& event) {
    const auto data = nlohmann::json::parse(event.data, nullptr, false);
    const auto reason = data.is_object() ? data.value("reason", "") : std::string{};
    return reason.empty() ? "" : text(context, "show.reason", {{"reason", reason}});
}

}  // namespace antin::web
