#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/refuse_intake.hpp"
#include "base/text.hpp"
#include "web/components.hpp"
#include "web/form_errors.hpp"
#include "web/officer_pages.hpp"

namespace antin::web {
namespace {

/// One reason a line.
std::vector<std::string> lines_of(const std::string& typed) {
    std::vector<std::string> out;
    std::size_t start = 0;
    while (start <= typed.size() && out.size() < 50) {
        auto end = typed.find('\n', start);
        if (end == std::string::npos) end = typed.size();
        auto line = clean_text(typed.substr(start, end - start));
        if (!line.empty()) out.push_back(std::move(line));
        start = end + 1;
    }
    return out;
}

http::Response render(PageContext& context, const FormErrors& errors, int status) {
    const auto view =
        app::view_officer_dossier(context.services, context.actor, id_in_path(context));
    if (!view) return problem(context, view.error());
    const bool typed = context.request.method == "POST";
    Field reasons;
    reasons.id = reasons.name = "reasons";
    reasons.label = text(context, "intake.reasons");
    reasons.hint = text(context, "intake.reasons_hint");
    reasons.type = "area";
    reasons.rows = 6;
    reasons.error = errors.of("reasons");
    reasons.value = typed ? context.form().get("reasons") : "";
    Field guidance;
    guidance.id = guidance.name = "guidance";
    guidance.label = text(context, "intake.guidance");
    guidance.type = "area";
    guidance.rows = 3;
    guidance.value = typed ? context.form().get("guidance") : "";
    Json page_view{{"head", dossier_head(context, *view)},
                   {"base", fmt::format("/xu-ly/{}", view->checked.dossier.id)},
                   {"reasons", field(reasons)},
                   {"guidance", field(guidance)}};
    if (!errors.empty()) page_view["errors"] = errors.summary();
    page_view["page"] = {{"title", text(context, "intake.refuse_title")}, {"compact", true}};
    return page(context, "pages/dossier_intake_refuse", std::move(page_view), status);
}

}  // namespace

http::Response dossier_intake_refuse(PageContext& context) {
    return render(context, FormErrors{context}, 200);
}

http::Response dossier_intake_refuse_post(PageContext& context) {
    FormErrors errors{context};
    const auto reasons = lines_of(context.form().get("reasons").substr(0, 8000));
    if (reasons.empty()) errors.add_key("reasons", "intake.reasons_needed");
    if (!errors.empty()) return render(context, errors, 422);
    const auto done =
        app::refuse_intake(context.services, context.actor,
                           {id_in_path(context), number_of(context.form().get("version")), reasons,
                            clean_text(context.form().get("guidance").substr(0, 4000))});
    if (!done) {
        if (done.error().kind == ErrorKind::NotFound || done.error().kind == ErrorKind::Forbidden) {
            return problem(context, done.error());
        }
        errors.add(done.error());
        return render(context, errors, status_of(done.error().kind));
    }
    return redirect(context, fmt::format("/xu-ly/{}", id_in_path(context)),
                    text(context, "officer.refused"));
}

}  // namespace antin::web
