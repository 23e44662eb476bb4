#pragma once
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace antin::http {

/// A form as a browser would send it untouched: hidden inputs, filled-in values, checked boxes and
/// chosen options. Buttons are not among the fields (one is pressed at a time).
struct PageForm {
    std::string action;  // as it stands in the page; "" means the page's own address
    std::string method;  // "get" or "post"
    bool multipart = false;
    Fields fields;
    std::vector<Fields> buttons;  // each with its one field, where it has a name

    /// Types over a field; adds it where the page has none of this name.
    void set(std::string_view name, std::string value);
};

/// Reads the forms of one of our own pages (well-formed, escaped by the template engine), for
/// tests, the demo and the bench, which drive the real pages. Not for strangers' pages.
[[nodiscard]] std::vector<PageForm> read_forms(std::string_view page);
/// The first form whose action ends with `action_end`.
[[nodiscard]] std::optional<PageForm> find_form(std::string_view page, std::string_view action_end);
/// The words of a page without its marks, entities read: what a person sees.
[[nodiscard]] std::string page_words(std::string_view page);

}  // namespace antin::http
