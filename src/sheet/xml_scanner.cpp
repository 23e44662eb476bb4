#include "sheet/xml_scanner.hpp"

#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

namespace antin::sheet {
namespace {

constexpr std::size_t depth_max = 64;
constexpr std::string_view spaces = " \t\r\n";

std::string_view without_prefix(std::string_view name) {
    const auto colon = name.find(':');
    return colon == std::string_view::npos ? name : name.substr(colon + 1);
}

void append_utf8(std::string& out, std::uint32_t c) {
    if (c < 0x80) {
        out += static_cast<char>(c);
    } else if (c < 0x800) {
        out += static_cast<char>(0xC0 | c >> 6);
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else if (c < 0x10000) {
        out += static_cast<char>(0xE0 | c >> 12);
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    } else {
        out += static_cast<char>(0xF0 | c >> 18);
        out += static_cast<char>(0x80 | (c >> 12 & 0x3F));
        out += static_cast<char>(0x80 | (c >> 6 & 0x3F));
        out += static_cast<char>(0x80 | (c & 0x3F));
    }
}

bool append_reference(std::string& out, std::string_view body) {
    constexpr std::array<std::pair<std::string_view, char>, 5> known{
        {{"lt", '<'}, {"gt", '>'}, {"amp", '&'}, {"quot", '"'}, {"apos", '\''}}};
    for (const auto& [name, character] : known) {
        if (body == name) {
            out += character;
            return true;
        }
    }
    if (body.size() < 2 || body.front() != '#') return false;
    const bool hex = body[1] == 'x' || body[1] == 'X';
    const auto digits = body.substr(hex ? 2 : 1);
    std::uint32_t value = 0;
    const auto read =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, hex ? 16 : 10);
    const bool whole =
        !digits.empty() && read.ec == std::errc{} && read.ptr == digits.data() + digits.size();
    if (!whole || value > 0x10FFFF || (value >= 0xD800 && value < 0xE000)) return false;
    append_utf8(out, value);
    return true;
}

}  // namespace

bool append_decoded(std::string& out, std::string_view raw) {
    for (;;) {
        const auto at = raw.find('&');
        out.append(raw.substr(0, at));
        if (at == std::string_view::npos) return true;
        raw.remove_prefix(at + 1);
        const auto end = raw.find(';');
        if (end == std::string_view::npos || end > 10 ||
            !append_reference(out, raw.substr(0, end))) {
            return false;
        }
        raw.remove_prefix(end + 1);
    }
}

std::string XmlScanner::attribute(std::string_view wanted) const {
    std::string_view rest = attributes_;
    for (;;) {
        const auto start = rest.find_first_not_of(spaces);
        if (start == std::string_view::npos) return {};
        rest.remove_prefix(start);
        const auto equals = rest.find('=');
        if (equals == std::string_view::npos) return {};
        std::string_view name = rest.substr(0, equals);
        name = name.substr(0, name.find_last_not_of(spaces) + 1);
        rest.remove_prefix(equals + 1);
        const auto quote_at = rest.find_first_of("\"'");
        if (quote_at == std::string_view::npos) return {};
        const char quote = rest[quote_at];
        rest.remove_prefix(quote_at + 1);
        const auto end = rest.find(quote);
        if (end == std::string_view::npos) return {};
        if (without_prefix(name) == wanted) {
            std::string value;
            if (!append_decoded(value, rest.substr(0, end))) return {};
            return value;
        }
        rest.remove_prefix(end + 1);
    }
}

bool XmlScanner::skip_past(std::string_view end) {
    const auto at = rest_.find(end);
    if (at == std::string_view::npos) return false;
    rest_.remove_prefix(at + end.size());
    return true;
}

XmlScanner::Event XmlScanner::next() {
    if (close_pending_) {
        close_pending_ = false;
        open_.pop_back();
        return Event::Close;
    }
    // In a loop: a file of a million comments must not cost a million frames of the stack.
    for (bool skipped = true; skipped;) {
        skipped = false;
        for (const auto& [start, end] : {std::pair{"<!--", "-->"}, std::pair{"<?", "?>"}}) {
            if (!rest_.starts_with(start)) continue;
            if (!skip_past(end)) return Event::Broken;
            skipped = true;
        }
    }
    if (rest_.empty()) return open_.empty() ? Event::End : Event::Broken;
    if (rest_.front() == '<') return next_tag();
    const auto end = rest_.find('<');
    text_.clear();
    if (!append_decoded(text_, rest_.substr(0, end))) return Event::Broken;
    rest_.remove_prefix(end == std::string_view::npos ? rest_.size() : end);
    return Event::Text;
}

XmlScanner::Event XmlScanner::next_tag() {
    if (rest_.starts_with("<![CDATA[")) {
        const auto end = rest_.find("]]>");
        if (end == std::string_view::npos) return Event::Broken;
        text_ = rest_.substr(9, end - 9);
        rest_.remove_prefix(end + 3);
        return Event::Text;
    }
    if (rest_.starts_with("<!")) return Event::Dtd;
    // The end of a tag is the first '>' outside quotes.
    char quote = 0;
    std::size_t end = 1;
    for (; end < rest_.size(); ++end) {
        const char c = rest_[end];
        if (quote != 0) {
            if (c == quote) quote = 0;
        } else if (c == '"' || c == '\'') {
            quote = c;
        } else if (c == '>') {
            break;
        }
    }
    if (end >= rest_.size()) return Event::Broken;
    const std::string_view tag = rest_.substr(1, end - 1);
    rest_.remove_prefix(end + 1);
    return tag.starts_with('/') ? close_tag(tag.substr(1)) : open_tag(tag);
}

XmlScanner::Event XmlScanner::open_tag(std::string_view tag) {
    const bool is_empty = tag.ends_with('/');
    if (is_empty) tag.remove_suffix(1);
    const auto end = tag.find_first_of(spaces);
    name_ = without_prefix(tag.substr(0, end));
    attributes_ = end == std::string_view::npos ? std::string_view{} : tag.substr(end);
    if (name_.empty() || open_.size() >= depth_max) return Event::Broken;
    open_.push_back(name_);
    close_pending_ = is_empty;
    return Event::Open;
}

XmlScanner::Event XmlScanner::close_tag(std::string_view tag) {
    name_ = without_prefix(tag.substr(0, tag.find_first_of(spaces)));
    if (open_.empty() || open_.back() != name_) return Event::Broken;
    open_.pop_back();
    return Event::Close;
}

}  // namespace antin::sheet
