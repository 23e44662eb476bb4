#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/agency_certificates.hpp"
#include "app/dossier_access.hpp"
#include "store/dossier_lines.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"

namespace antin::web {

http::Response subscriber_list(PageContext& context) {
    const std::int64_t agency = own_agency(context);
    Json rows = Json::array();
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        for (const auto& one : app::agency_certificates(db, agency)) {
            const auto& line = one.line;
            const auto dossier = store::find_dossier(db, line.dossier_id);
            rows.push_back(
                {{"name", line.name},
                 {"email", line.email},
                 {"serial", line.certificate_serial.value_or("")},
                 {"until", one.not_after
                               ? text(context, "subscribers.until",
                                      {{"date", to_vietnamese(local_date(*one.not_after))}})
                               : ""},
                 {"carrier",
                  text(context, fmt::format("carrier.{}", domain::to_text(line.carrier)))},
                 {"row_state", line_tag(line.state, context.language)},
                 {"href", dossier ? app::dossier_path(*dossier) : ""},
                 {"code",
                  dossier && dossier->code ? *dossier->code : text(context, "subscribers.sent")}});
        }
        return {};
    });
    if (!read) return problem(context, read.error());
    Json view{
        {"page", {{"title", text(context, "subscribers.title")}}},
        {"count_words", text(context, "subscribers.count", {{"n", std::to_string(rows.size())}})},
        {"has_rows", !rows.empty()},
        {"rows", rows}};
    return page(context, "pages/subscriber_list", std::move(view));
}

}  // namespace antin::web
