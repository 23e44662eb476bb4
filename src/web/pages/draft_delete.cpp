#include <nlohmann/json.hpp>

#include "app/save_draft_head.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"

namespace antin::web {

http::Response draft_delete(PageContext& context) {
    const auto dossier = draft_of(context);
    if (!dossier) return problem(context, dossier.error());
    Json view{{"page", {{"title", text(context, "draft.delete_title")}}},
              {"base", draft_base(dossier->id)},
              {"dossier_version", std::to_string(dossier->version)},
              {"words",
               text(context, "draft.delete_text", {{"n", std::to_string(dossier->line_count)}})}};
    return page(context, "pages/draft_delete", std::move(view));
}

http::Response draft_delete_post(PageContext& context) {
    const auto id = std::atoll(context.request.path_value("id").c_str());
    const auto gone = app::delete_draft(context.services, context.actor, id,
                                        std::atoll(context.form().get("ban").c_str()));
    if (!gone) return problem(context, gone.error());
    return redirect(context, "/viec", text(context, "draft.deleted"));
}

}  // namespace antin::web
