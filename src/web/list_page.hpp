#pragma once
#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "html/template.hpp"
#include "http/message.hpp"

namespace antin::web {

/// One page of a list whose counting stops early (store/listing.hpp): "hơn 1.000", and no page
/// behind the thousandth row: what is older is found by searching and filtering.
class ListPage {
  public:
    /// The page asked for by "?trang=", from 1 to the last that there can be.
    ListPage(const http::Fields& query, int rows, html::Language language);

    [[nodiscard]] int number() const { return number_; }
    [[nodiscard]] int rows() const { return rows_; }
    [[nodiscard]] int offset() const { return (number_ - 1) * rows_; }

    /// `counted`: what a count of store/ answered.
    [[nodiscard]] std::string count_words(std::int64_t counted) const;
    /// {{> pagination}}; `text_key` says {{page}} and {{pages}}; `href` gives a page's address.
    [[nodiscard]] nlohmann::json pagination(std::int64_t counted, std::string_view text_key,
                                            const std::function<std::string(int)>& href) const;

  private:
    int rows_, number_ = 1;
    html::Language language_;
};

/// "1.234", "hơn 1.000".
[[nodiscard]] std::string count_words(std::int64_t counted, html::Language language);

}  // namespace antin::web
