#include "web/form_errors.hpp"

#include <nlohmann/json.hpp>

#include "base/text.hpp"
#include "web/components.hpp"

namespace antin::web {
namespace {

constexpr std::size_t summary_items_max = 6;

}  // namespace

void FormErrors::add(std::string field, std::string sentence) {
    items_.emplace_back(std::move(field), std::move(sentence));
}

void FormErrors::add_key(std::string field, std::string_view key, html::TextArgs args) {
    add(std::move(field), html::text(language_, key, args));
}

void FormErrors::add(const Error& error) {
    add(error.field, sentence_of(language_, error));
}

std::string FormErrors::of(std::string_view field) const {
    for (const auto& [name, sentence] : items_) {
        if (name == field) return sentence;
    }
    return {};
}

nlohmann::json FormErrors::summary() const {
    if (items_.empty()) return false;
    std::vector<ErrorLink> links;
    for (const auto& [field, sentence] : items_) {
        if (links.size() == summary_items_max) break;
        links.push_back({field.empty() ? "" : "#" + field, sentence});
    }
    const auto count = std::to_string(items_.size());
    std::string more;
    if (items_.size() > links.size()) {
        more = html::text(language_, "frame.errors_more",
                          {{"count", std::to_string(items_.size() - links.size())}});
    }
    auto out = error_summary(html::text(language_, "frame.errors_title", {{"count", count}}), links,
                             std::move(more), items_.size() > 2);
    out["count"] = count;
    return out;
}

std::string text_field(PageContext& context, FormErrors& errors, std::string_view name,
                       std::size_t longest) {
    const auto typed = context.form().get(name);
    const std::string field{name};
    if (typed.find('\0') != std::string::npos || !is_valid_utf8(typed)) {
        errors.add_key(field, "frame.field_unreadable");
        return {};
    }
    auto cleaned = clean_text(typed);
    if (code_points(cleaned) > longest) {
        errors.add_key(field, "frame.field_too_long", {{"longest", std::to_string(longest)}});
    }
    return cleaned;
}

}  // namespace antin::web
