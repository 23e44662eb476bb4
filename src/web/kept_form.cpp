#include "web/kept_form.hpp"

#include <nlohmann/json.hpp>

namespace antin::web {
namespace {

constexpr std::string_view path_field = "giu_duong", prefix = "giu.";

nlohmann::json list(const http::Fields& fields) {
    auto out = nlohmann::json::array();
    for (const auto& [name, value] : fields.items) {
        out.push_back({{"name", name}, {"value", value}});
    }
    return out;
}

}  // namespace

KeptForm KeptForm::of_request(PageContext& context) {
    KeptForm kept;
    kept.path_ = context.request.target;
    for (const auto& item : context.form().items) {
        if (item.first != "csrf") kept.fields_.items.push_back(item);
    }
    kept.had_files_ = !context.uploads().empty();
    return kept;
}

std::optional<KeptForm> KeptForm::carried(PageContext& context) {
    KeptForm kept;
    kept.path_ = context.form().get(path_field);
    if (kept.path_.empty() || own_path(kept.path_) != kept.path_) return std::nullopt;
    for (const auto& [name, value] : context.form().items) {
        if (name.starts_with(prefix)) {
            kept.fields_.items.emplace_back(name.substr(prefix.size()), value);
        }
    }
    return kept;
}

nlohmann::json KeptForm::view() const {
    return {{"path", path_}, {"fields", list(fields_)}, {"had_files", had_files_}};
}

http::Response KeptForm::resume(PageContext& context) const {
    return page(context, "pages/sign_in_resume",
                {{"page", {{"title", text(context, "sign_in.resume_title")}}},
                 {"path", path_},
                 {"fields", list(fields_)}});
}

}  // namespace antin::web
