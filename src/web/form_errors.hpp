#pragma once
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "web/frame.hpp"

namespace antin::web {

/// All defects of a form, in the order of its fields: one sentence each, beside the field and in
/// the summary on top. `field` is the input's name; its id is the same with '_' for '-'.
class FormErrors {
  public:
    explicit FormErrors(const PageContext& context) : language_(context.language) {}

    void add(std::string field, std::string sentence);
    /// By text key.
    void add_key(std::string field, std::string_view key, html::TextArgs args = {});
    /// Of a use case: belongs to `error.field`, or to the whole form where it has none.
    void add(const Error& error);

    [[nodiscard]] bool empty() const { return items_.empty(); }
    [[nodiscard]] std::size_t size() const { return items_.size(); }
    /// The sentence of a field, "" when it has no defect.
    [[nodiscard]] std::string of(std::string_view field) const;
    /// View of components/error_summary: false when there is nothing.
    [[nodiscard]] nlohmann::json summary() const;

  private:
    html::Language language_;
    std::vector<std::pair<std::string, std::string>> items_;
};

/// A text field as people mean it: NFC, trimmed, without invisible marks. NUL, text that is not
/// UTF-8 and more than `longest` letters are defects named by the field.
[[nodiscard]] std::string text_field(PageContext& context, FormErrors& errors,
                                     std::string_view name, std::size_t longest = 300);

}  // namespace antin::web
