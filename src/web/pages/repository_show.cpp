#include <nlohmann/json.hpp>

#include "app/list_authorities.hpp"
#include "web/public_pages.hpp"

namespace antin::web {

http::Response repository_show(PageContext& context) {
    Json view;
    view["page"] = {{"title", text(context, "repository.title")}};
    const std::string& base = context.services.configuration.status_url;
    view["ocsp"] = base + "/ocsp";
    view["authorities"] = Json::array();
    for (const auto& one : app::list_authorities(context.services)) {
        Json summary = Json::array();
        const auto row = [&](std::string_view key, const std::string& value) {
            summary.push_back(
                {{"key", text(context, key)}, {"value", value}, {"second", ""}, {"act_href", ""}});
        };
        row("repository.not_after", to_vietnamese(local_date(one.not_after)));
        row("repository.fingerprint", one.sha256);
        if (one.crl_next_update) {
            row("repository.next_crl", moment_words(*one.crl_next_update, context.language));
        }
        view["authorities"].push_back({{"common_name", one.common_name},
                                       {"summary", std::move(summary)},
                                       {"certificate_href", base + "/aia/" + one.name + ".crt"},
                                       {"crl_href", base + "/crl/" + one.name + ".crl"}});
    }
    view["has_authorities"] = !view["authorities"].empty();
    return page(context, "pages/repository_show", std::move(view));
}

}  // namespace antin::web
