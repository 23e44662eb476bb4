#include <nlohmann/json.hpp>

#include "app/edit_agency.hpp"
#include "base/bytes.hpp"
#include "web/components.hpp"
#include "web/finding_text.hpp"
#include "web/form_errors.hpp"
#include "web/pages/agency_pages.hpp"

namespace antin::web {
namespace {

http::Response ask(PageContext& context, const FormErrors& errors, int status) {
    return page(context, "pages/agency_import",
                {{"page", {{"title", text(context, "agencies.import_title")}}},
                 {"errors", errors.summary()},
                 {"file_error", errors.of("file")}},
                status);
}

constexpr std::size_t kept_bytes_max = 4UL * 1024 * 1024;

/// The file just chosen, or the one that was looked at a moment ago.
std::optional<Bytes> file_in(PageContext& context) {
    const auto& uploads = context.uploads();
    if (!uploads.empty() && !uploads.front().content.empty()) {
        const auto view = as_bytes(uploads.front().content);
        return Bytes{view.begin(), view.end()};
    }
    return from_base64(context.form().get("noi-dung"));
}

}  // namespace

http::Response agency_import(PageContext& context) {
    return ask(context, FormErrors{context}, 200);
}

http::Response agency_import_post(PageContext& context) {
    FormErrors errors{context};
    const auto file = file_in(context);
    if (!file || file->empty()) {
        errors.add_key("file", "agencies.import_choose");
        return ask(context, errors, 422);
    }
    const bool dry = context.form().get("buoc") != "nhap";
    const auto imported = app::import_agencies(context.services, context.actor, *file, dry);
    if (!imported) {
        auto error = imported.error();
        if (error.kind == ErrorKind::Forbidden) return problem(context, error);
        error.field = "file";
        errors.add(error);
        return ask(context, errors, 422);
    }
    Json view{{"page", {{"title", text(context, "agencies.import_result")}, {"wide", true}}},
              {"dry", dry},
              {"worksheets", worksheet_words(imported->worksheets, context.language)},
              {"rows", Json::array()}};
    std::int64_t added = 0, updated = 0, wrong = 0;
    for (const auto& row : imported->rows) {
        added += row.outcome == "added";
        updated += row.outcome == "updated";
        wrong += row.outcome == "wrong";
        view["rows"].push_back({{"row", row.row},
                                {"name", row.name},
                                {"code", row.code},
                                {"email", row.email},
                                {"wrong", row.outcome == "wrong"},
                                {"outcome", text(context, "agencies.import_" + row.outcome)},
                                {"sentence", row.key.empty() ? "" : text(context, row.key)}});
    }
    view["added"] = added;
    view["updated"] = updated;
    view["wrong"] = wrong;
    // Looked at, then taken over: the same bytes come back with the second button.
    const bool comes_back = file->size() <= kept_bytes_max;
    view["kept"] = dry && comes_back ? to_base64(*file) : "";
    view["choose_again"] = dry && !comes_back;
    view["to_import"] = std::to_string(added + updated);
    view["may_import"] = dry && comes_back && added + updated > 0;
    const auto now = app::list_own_agencies(context.services, context.actor, {});
    view["to_invite"] = now ? std::to_string(now->counts.to_invite) : "0";
    view["may_invite"] = !dry && now && now->counts.to_invite > 0;
    return page(context, "pages/agency_imported", std::move(view));
}

}  // namespace antin::web
