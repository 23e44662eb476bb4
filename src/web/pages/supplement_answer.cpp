#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/check_dossier.hpp"
#include "app/dossier_access.hpp"
#include "app/withdraw_dossier.hpp"
#include "store/supplements.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/form_errors.hpp"

namespace antin::web {
namespace {

const store::DossierLine* row(const app::CheckedDossier& checked, std::int64_t number) {
    for (const auto& line : checked.lines) {
        if (line.number == number) return &line;
    }
    return nullptr;
}

/// One point of the request: is there still something to mend in its row?
Json item_view(PageContext& context, const app::CheckedDossier& checked,
               const store::SupplementItem& item, Instant asked_at) {
    const auto* line = row(checked, item.line);
    const bool touched = line != nullptr && line->saved_at && *line->saved_at > asked_at;
    const std::string number = std::to_string(item.line);
    return {{"tone", touched ? "done" : "attention"},
            {"shape", touched ? "tick" : "triangle"},
            {"href", line == nullptr
                         ? ""
                         : fmt::format("/ho-so/nhap/{}/dong/{}", checked.dossier.id, item.line)},
            {"title", line == nullptr ? text(context, "answer.whole")
                                      : text(context, "row.heading_name",
                                             {{"row", number}, {"name", line->name}})},
            {"sentence", item.sentence},
            {"state_words", line == nullptr ? ""
                            : touched       ? text(context, "answer.mended")
                                            : text(context, "answer.not_yet")}};
}

http::Response show(PageContext& context, const store::Dossier& dossier, const FormErrors& errors,
                    int status) {
    Json view;
    Json items = Json::array();
    std::optional<store::SupplementRequest> request;
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        request = store::open_supplement(db, dossier.id);
        if (!request) return fail(ErrorKind::Refused, "supplement.none_open");
        const auto checked = app::check_dossier(db, context.services, dossier);
        for (const auto& item : request->items)
            items.push_back(item_view(context, checked, item, request->asked_at));
        return {};
    });
    if (!read) return problem(context, read.error());
    Field note;
    note.id = note.name = "note";
    note.type = "area";
    note.label = text(context, "answer.note");
    note.error = errors.of("note");
    note.hint = text(context, "answer.note_hint");
    if (context.request.method == "POST") note.value = context.form().get("note");
    note.rows = 3;
    const std::string name = dossier.code.value_or(dossier_heading(context.language, dossier));
    view["page"] = {{"title", text(context, "answer.title", {{"name", name}})}};
    view["heading"] = text(context, "answer.title", {{"name", name}});
    view["name"] = name;
    view["self"] = app::dossier_path(dossier);
    view["dossier_id"] = std::to_string(dossier.id);
    view["dossier_version"] = std::to_string(dossier.version);
    view["due_words"] =
        text(context, "answer.due",
             {{"n", std::to_string(request->items.size())},
              {"moment", moment_in_sentence(request->answer_due_at, context.language)}});
    view["items"] = std::move(items);
    view["note"] = field(note);
    view["errors"] = errors.summary();
    return page(context, "pages/supplement_answer", std::move(view), status);
}

}  // namespace

http::Response supplement_answer(PageContext& context) {
    const auto dossier = dossier_of(context);
    if (!dossier) return problem(context, dossier.error());
    return show(context, *dossier, FormErrors{context}, 200);
}

http::Response supplement_answer_post(PageContext& context) {
    const auto dossier = dossier_of(context);
    if (!dossier) return problem(context, dossier.error());
    app::AnswerSupplement input{dossier->id, std::atoll(context.form().get("ban").c_str()),
                                context.form().get("note")};
    const auto done = app::answer_supplement(context.services, context.actor, input);
    if (done) return redirect(context, app::dossier_path(*done), text(context, "answer.done"));
    FormErrors errors{context};
    errors.add(done.error());
    return show(context, *dossier, errors, status_of(done.error().kind));
}

}  // namespace antin::web
