#pragma once
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/bytes.hpp"

namespace antin::http {

/// Fields of a query string or a form, in order, decoded; a name may stand several times.
class Fields {
  public:
    std::vector<std::pair<std::string, std::string>> items;
    [[nodiscard]] bool has(std::string_view name) const;
    [[nodiscard]] std::string get(std::string_view name) const;  // first value, "" when absent
    [[nodiscard]] std::vector<std::string> all(std::string_view name) const;
};

/// One file of a multipart form.
struct Upload {
    std::string field;
    std::string file_name;   // as sent, path removed; show it, never use it as a path
    std::string media_type;  // as claimed; judge by content
    std::string content;
};

/// A whole request, read within the limits of the server.
struct Request {
    std::string method;  // "GET", "POST", …
    std::string path;    // decoded, without the query, always begins with '/'
    std::string target;  // as sent
    std::vector<std::pair<std::string, std::string>> headers;  // names in lower case
    std::string body;
    std::string remote_address;
    bool tls = false;

    std::map<std::string, std::string, std::less<>> path_values;  // of "/ho-so/{code}"

    [[nodiscard]] std::string header(std::string_view name) const;
    [[nodiscard]] Fields query() const;
    [[nodiscard]] std::string cookie(std::string_view name) const;
    /// The fields of an urlencoded or multipart body; files of the latter by uploads().
    [[nodiscard]] Fields form() const;
    [[nodiscard]] std::vector<Upload> uploads() const;
    [[nodiscard]] std::string path_value(std::string_view name) const;
};

struct Response {
    int status = 200;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    std::shared_ptr<const std::string> shared_body;  // wins over `body`; for cached answers
    std::string file_path;                           // wins over both: streamed from disk

    Response& set(std::string name, std::string value) {
        headers.emplace_back(std::move(name), std::move(value));
        return *this;
    }
};

[[nodiscard]] Response html_page(int status, std::string body);
[[nodiscard]] Response see_other(std::string location);
[[nodiscard]] Response plain_text(int status, std::string body);
[[nodiscard]] Response json_body(int status, std::string body);
[[nodiscard]] Response bytes_body(std::string media_type, std::string body);
/// `name` is sent as RFC 6266 filename* with an ASCII fall-back.
Response& as_attachment(Response& response, std::string_view name);

[[nodiscard]] std::string url_encode(std::string_view text);
[[nodiscard]] std::optional<std::string> url_decode(std::string_view text, bool plus_is_space);

}  // namespace antin::http
