#include "http/message.hpp"

#include <algorithm>
#include <cctype>

namespace antin::http {
namespace {

/// More fields than the largest sheet has cells (1,000 rows of 20 columns).
constexpr std::size_t fields_max = 40'000;
constexpr std::size_t parts_max = 40'000;

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return std::tolower(static_cast<unsigned char>(x)) ==
               std::tolower(static_cast<unsigned char>(y));
    });
}

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

/// The value of `name` in a header such as `form-data; name="a"; filename="b"`.
std::optional<std::string> parameter(std::string_view header, std::string_view name) {
    std::size_t at = header.find(';');
    while (at != std::string_view::npos) {
        ++at;
        const auto equals = header.find('=', at);
        if (equals == std::string_view::npos) return std::nullopt;
        const auto key = trimmed(header.substr(at, equals - at));
        std::string value;
        std::size_t end = equals + 1;
        if (end < header.size() && header[end] == '"') {
            for (++end; end < header.size() && header[end] != '"'; ++end) {
                // Browsers escape a quote as %22 and send backslashes as they are; only \" is ours.
                if (header[end] == '\\' && end + 1 < header.size() && header[end + 1] == '"') ++end;
                value += header[end];
            }
            at = header.find(';', std::min(end, header.size()));
        } else {
            at = header.find(';', end);
            value = trimmed(header.substr(
                end, at == std::string_view::npos ? std::string_view::npos : at - end));
        }
        if (same_ignoring_case(key, name)) return value;
    }
    return std::nullopt;
}

Fields parse_urlencoded(std::string_view text) {
    Fields fields;
    while (!text.empty() && fields.items.size() < fields_max) {
        const auto end = text.find('&');
        const auto pair = text.substr(0, end);
        text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
        if (pair.empty()) continue;
        const auto equals = pair.find('=');
        auto name = url_decode(pair.substr(0, equals), true);
        auto value = equals == std::string_view::npos ? std::optional<std::string>{std::string{}}
                                                      : url_decode(pair.substr(equals + 1), true);
        if (name && value) fields.items.emplace_back(std::move(*name), std::move(*value));
    }
    return fields;
}

std::string without_folders(std::string name) {
    const auto slash = name.find_last_of("/\\");
    return slash == std::string::npos ? name : name.substr(slash + 1);
}

struct Part {
    std::string name;
    std::optional<std::string> file_name;
    std::string media_type;
    std::string_view content;
};

Part read_part(std::string_view part) {
    Part out;
    const auto blank = part.find("\r\n\r\n");
    if (blank == std::string_view::npos) return out;
    auto head = part.substr(0, blank + 2);
    out.content = part.substr(blank + 4);
    while (!head.empty()) {
        const auto end = head.find("\r\n");
        const auto line = head.substr(0, end);
        head.remove_prefix(end == std::string_view::npos ? head.size() : end + 2);
        const auto colon = line.find(':');
        if (colon == std::string_view::npos) continue;
        const auto value = trimmed(line.substr(colon + 1));
        if (same_ignoring_case(line.substr(0, colon), "content-disposition")) {
            out.name = parameter(value, "name").value_or("");
            if (auto file = parameter(value, "filename")) {
                out.file_name = without_folders(std::move(*file));
            }
        } else if (same_ignoring_case(line.substr(0, colon), "content-type")) {
            out.media_type = value;
        }
    }
    return out;
}

std::vector<Part> parse_multipart(std::string_view body, std::string_view content_type) {
    std::vector<Part> parts;
    const auto boundary = parameter(content_type, "boundary");
    if (!boundary || boundary->empty() || boundary->size() > 200) return parts;
    const std::string mark = "--" + *boundary;
    if (!body.starts_with(mark)) {
        const auto first = body.find("\r\n" + mark);  // a preamble, which nobody reads
        if (first == std::string_view::npos) return parts;
        body.remove_prefix(first + 2);
    }
    const std::string next_mark = "\r\n" + mark;
    body.remove_prefix(mark.size());
    while (body.starts_with("\r\n") && parts.size() < parts_max) {
        body.remove_prefix(2);
        const auto end = body.find(next_mark);
        if (end == std::string_view::npos) break;  // cut off: what has no end is not taken
        auto part = read_part(body.substr(0, end));
        if (!part.name.empty()) parts.push_back(std::move(part));
        body.remove_prefix(end + next_mark.size());
    }
    return parts;
}

bool is_media_type(std::string_view header, std::string_view wanted) {
    return same_ignoring_case(trimmed(header.substr(0, header.find(';'))), wanted);
}

Response with_type(int status, std::string_view media_type, std::string body) {
    Response response;
    response.status = status;
    response.set("Content-Type", std::string{media_type});
    response.body = std::move(body);
    return response;
}

}  // namespace

bool Fields::has(std::string_view name) const {
    return std::ranges::any_of(items, [&](const auto& item) { return item.first == name; });
}

std::string Fields::get(std::string_view name) const {
    for (const auto& [key, value] : items) {
        if (key == name) return value;
    }
    return {};
}

std::vector<std::string> Fields::all(std::string_view name) const {
    std::vector<std::string> values;
    for (const auto& [key, value] : items) {
        if (key == name) values.push_back(value);
    }
    return values;
}

std::string Request::header(std::string_view name) const {
    for (const auto& [key, value] : headers) {
        if (same_ignoring_case(key, name)) return value;
    }
    return {};
}

Fields Request::query() const {
    const auto mark = target.find('?');
    if (mark == std::string::npos) return {};
    return parse_urlencoded(std::string_view{target}.substr(mark + 1));
}

std::string Request::cookie(std::string_view name) const {
    for (const auto& [key, header_value] : headers) {
        if (key != "cookie") continue;
        std::string_view rest = header_value;
        while (!rest.empty()) {
            const auto end = rest.find(';');
            const auto pair = trimmed(rest.substr(0, end));
            rest.remove_prefix(end == std::string_view::npos ? rest.size() : end + 1);
            const auto equals = pair.find('=');
            if (equals != std::string_view::npos && pair.substr(0, equals) == name) {
                return std::string{pair.substr(equals + 1)};
            }
        }
    }
    return {};
}

Fields Request::form() const {
    const auto type = header("content-type");
    if (is_media_type(type, "application/x-www-form-urlencoded")) return parse_urlencoded(body);
    Fields fields;
    if (is_media_type(type, "multipart/form-data")) {
        for (auto& part : parse_multipart(body, type)) {
            if (!part.file_name) fields.items.emplace_back(std::move(part.name), part.content);
        }
    }
    return fields;
}

std::vector<Upload> Request::uploads() const {
    std::vector<Upload> files;
    const auto type = header("content-type");
    if (!is_media_type(type, "multipart/form-data")) return files;
    for (auto& part : parse_multipart(body, type)) {
        // A file field that was left empty arrives as a nameless file without content.
        if (!part.file_name || (part.file_name->empty() && part.content.empty())) continue;
        files.push_back(Upload{std::move(part.name), std::move(*part.file_name),
                               std::move(part.media_type), std::string{part.content}});
    }
    return files;
}

std::string Request::path_value(std::string_view name) const {
    const auto found = path_values.find(name);
    return found == path_values.end() ? std::string{} : found->second;
}

Response html_page(int status, std::string body) {
    return with_type(status, "text/html; charset=utf-8", std::move(body));
}

Response see_other(std::string location) {
    Response response;
    response.status = 303;
    // A line break in an address would end the header: drop what cannot stand in one.
    std::erase_if(location, [](char c) { return static_cast<unsigned char>(c) < 0x20; });
    response.set("Location", std::move(location));
    return response;
}

Response plain_text(int status, std::string body) {
    return with_type(status, "text/plain; charset=utf-8", std::move(body));
}

Response json_body(int status, std::string body) {
    return with_type(status, "application/json", std::move(body));
}

Response bytes_body(std::string media_type, std::string body) {
    return with_type(200, media_type, std::move(body));
}

Response& as_attachment(Response& response, std::string_view name) {
    std::string ascii;
    for (const char c : name) {
        const auto byte = static_cast<unsigned char>(c);
        const bool plain = byte >= 0x20 && byte < 0x7f && c != '"' && c != '\\' && c != '%';
        if (plain)
            ascii += c;
        else if ((byte & 0xc0) != 0x80)
            ascii += '_';  // once a character, not once a byte
    }
    return response.set("Content-Disposition", "attachment; filename=\"" + ascii +
                                                   "\"; filename*=UTF-8''" + url_encode(name));
}

std::string url_encode(std::string_view text) {
    static constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool unreserved = (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
                                (byte >= '0' && byte <= '9') || c == '-' || c == '.' || c == '_' ||
                                c == '~';
        if (unreserved) {
            out += c;
        } else {
            out += '%';
            out += digits[byte >> 4];
            out += digits[byte & 15];
        }
    }
    return out;
}

std::optional<std::string> url_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (i + 2 >= text.size()) return std::nullopt;
            const int high = hex_value(text[i + 1]), low = hex_value(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out += static_cast<char>(high << 4 | low);
            i += 2;
        } else {
            out += plus_is_space && text[i] == '+' ? ' ' : text[i];
        }
    }
    return out;
}

}  // namespace antin::http
