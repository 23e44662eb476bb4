#include "web/list_page.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <nlohmann/json.hpp>

#include "store/listing.hpp"
#include "web/components.hpp"

namespace antin::web {

ListPage::ListPage(const http::Fields& query, int rows, html::Language language)
    : rows_(rows), language_(language) {
    const auto typed = query.get("trang");
    std::from_chars(typed.data(), typed.data() + typed.size(), number_);
    const auto last = static_cast<int>((store::counted_max + rows - 1) / rows);
    number_ = std::clamp(number_, 1, last);
}

std::string ListPage::count_words(std::int64_t counted) const {
    return web::count_words(counted, language_);
}

Json ListPage::pagination(std::int64_t counted, std::string_view text_key,
                          const std::function<std::string(int)>& href) const {
    const bool more = counted > store::counted_max;
    const auto pages =
        static_cast<int>((std::min(counted, store::counted_max) + rows_ - 1) / rows_);
    if (pages <= 1) return false;
    auto words = std::to_string(pages);
    if (more) words = html::text(language_, "frame.more_than", {{"n", words}});
    return web::pagination(
        number_ > 1 ? href(number_ - 1) : "", number_ < pages ? href(number_ + 1) : "",
        html::text(language_, text_key, {{"page", std::to_string(number_)}, {"pages", words}}));
}

std::string count_words(std::int64_t counted, html::Language language) {
    const char mark = language == html::Language::Vietnamese ? '.' : ',';
    auto digits = std::to_string(std::min(counted, store::counted_max));
    for (auto at = static_cast<int>(digits.size()) - 3; at > 0; at -= 3) {
        digits.insert(static_cast<std::size_t>(at), 1, mark);
    }
    if (counted <= store::counted_max) return digits;
    return html::text(language, "frame.more_than", {{"n", digits}});
}

}  // namespace antin::web
