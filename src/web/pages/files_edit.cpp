#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "app/attach_file.hpp"
#include "app/dossier_access.hpp"
#include "app/submit_dossier.hpp"
#include "store/attachments.hpp"
#include "web/components.hpp"
#include "web/dossier_pages.hpp"
#include "web/form_errors.hpp"

namespace antin::web {
namespace {

Result<store::Dossier> open_dossier(PageContext& context) {
    return app::agency_dossier(context.services, context.actor,
                               std::atoll(context.request.path_value("id").c_str()));
}

/// "340 KB", "5,1 MB".
std::string size_words(const PageContext& context, std::int64_t bytes) {
    constexpr std::int64_t kilobyte = 1024, megabyte = 1024 * 1024;
    if (bytes < megabyte) {
        const auto n = std::max<std::int64_t>(1, bytes / kilobyte);
        return text(context, "files.size_kb", {{"n", std::to_string(n)}});
    }
    const auto tenths = bytes * 10 / megabyte;
    const char* mark = context.language == html::Language::Vietnamese ? "," : ".";
    return text(context, "files.size_mb",
                {{"n", fmt::format("{}{}{}", tenths / 10, mark, tenths % 10)}});
}

Json kind_field(PageContext& context, const store::Dossier& dossier, const std::string& proof) {
    Field ask;
    ask.id = ask.name = "kind";
    ask.type = "select";
    ask.label = text(context, "files.kind");
    ask.value = context.request.query().get("loai");
    ask.options.push_back({proof, text(context, "files.kind_" + proof), ""});
    if (dossier.subscriber_kind == domain::SubscriberKind::Organisation &&
        !rows_are_chosen(dossier))
        ask.options.push_back(
            {"establishment_decision", text(context, "files.kind_establishment_decision"), ""});
    ask.options.push_back({"other", text(context, "files.kind_other"), ""});
    return field(ask);
}

http::Response show(PageContext& context, const store::Dossier& dossier, const FormErrors& errors) {
    const bool draft = dossier.state == domain::DossierState::Draft;
    Json view;
    const auto read = context.services.db.read([&](sql::Reader& db) -> Status {
        const auto limits = app::upload_limits(db, "other");
        const std::string proof = app::asked_proof(db);
        view["files"] = files_view(context, store::attachments(db, dossier.id));
        view["has_files"] = !view["files"].empty();
        view["kind_field"] = kind_field(context, dossier, proof);
        view["limits"] = text(context, "files.limits",
                              {{"max", std::to_string(limits.file_bytes_max / 1024 / 1024)},
                               {"count", std::to_string(limits.files_max)}});
        return {};
    });
    if (!read) return problem(context, read.error());
    view["page"] = {{"title", text(context, "files.title")}, {"scripts", {"upload.js"}}};
    view["base"] = draft_base(dossier.id);
    view["dossier_id"] = std::to_string(dossier.id);
    view["draft"] = draft ? draft_banner(context, dossier) : Json(false);
    const std::string back =
        draft ? draft_base(dossier.id) + "/danh-sach" : app::dossier_path(dossier) + "/bo-sung";
    const std::string wanted = context.request.query().get("ve");
    view["return_to"] = wanted.empty() ? "" : own_path(wanted);
    view["back_href"] = wanted.empty() ? back : own_path(wanted);
    view["back_text"] = text(context, draft ? "row.back" : "row.back_to_answer");
    view["errors"] = errors.summary();
    view["file_error"] = errors.of("file");
    return page(context, "pages/files_edit", std::move(view), errors.empty() ? 200 : 422);
}

}  // namespace

Json files_view(const PageContext& context, const std::vector<store::Attachment>& attachments) {
    Json out = Json::array();
    for (const auto& attachment : attachments) {
        const bool proof = attachment.kind == "form_signed" || attachment.kind == "form_scan";
        out.push_back({{"file_id", std::to_string(attachment.id)},
                       {"name", attachment.file.name},
                       {"kind_words", text(context, "files.kind_" + attachment.kind)},
                       {"size_words", size_words(context, attachment.file.size_bytes)},
                       {"unchecked", proof}});
    }
    return out;
}

http::Response files_edit(PageContext& context) {
    const auto dossier = open_dossier(context);
    if (!dossier) return problem(context, dossier.error());
    return show(context, *dossier, FormErrors{context});
}

http::Response files_add(PageContext& context) {
    const auto dossier = open_dossier(context);
    if (!dossier) return problem(context, dossier.error());
    FormErrors errors{context};
    const http::Upload* file = nullptr;
    for (const auto& upload : context.uploads()) {
        if (upload.field == "file" && !upload.file_name.empty()) file = &upload;
    }
    if (file == nullptr) {
        errors.add_key("file", "files.choose_one");
        return show(context, *dossier, errors);
    }
    app::AttachFile input{dossier->id, context.form().get("kind"), file->file_name};
    const auto attached =
        app::attach_file(context.services, context.actor, input, as_bytes(file->content));
    if (!attached) {
        if (attached.error().field.empty()) return problem(context, attached.error());
        errors.add(attached.error());
        return show(context, *dossier, errors);
    }
    const std::string wanted = context.form().get("ve");
    return redirect(context,
                    wanted.empty() ? draft_base(dossier->id) + "/dinh-kem" : own_path(wanted),
                    text(context, "files.added", {{"name", file->file_name}}));
}

http::Response files_remove(PageContext& context) {
    const auto id = std::atoll(context.request.path_value("id").c_str());
    const auto removed = app::remove_attachment(
        context.services, context.actor, id, std::atoll(context.request.path_value("tep").c_str()));
    if (!removed) return problem(context, removed.error());
    return redirect(context, draft_base(id) + "/dinh-kem", text(context, "files.removed"));
}

http::Response file_show(PageContext& context) {
    const auto file = app::open_attachment(context.services, context.actor,
                                           std::atoll(context.request.path_value("tep").c_str()));
    if (!file) return problem(context, file.error());
    auto response = http::bytes_body(file->attachment.file.media_type, "");
    response.file_path = file->path;
    return http::as_attachment(response, file->attachment.file.name);
}

}  // namespace antin::web
