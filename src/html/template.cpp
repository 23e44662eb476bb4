#include "html/template.hpp"

#include <unicode/utf8.h>

#include <kainjow/mustache.hpp>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "base/embedded.hpp"
#include "base/text.hpp"
#include "html/texts.hpp"

namespace antin::html {
namespace {

using kainjow::mustache::data;
using kainjow::mustache::mustache;

constexpr int include_depth_max = 8;

std::string_view source_of(const std::string& name) {
    const auto* file = find_embedded("web/" + name + ".html");
    if (file == nullptr) throw std::logic_error("template is missing: " + name);
    return file->content;
}

/// Replaces every `open name close` of `source` by what `fill` makes of the name.
template <class Fill>
std::string replace_marks(std::string_view source, std::string_view open, std::string_view close,
                          const Fill& fill) {
    std::string out;
    while (true) {
        const auto begin = source.find(open);
        const auto end = begin == std::string_view::npos ? begin : source.find(close, begin);
        if (end == std::string_view::npos) return out.append(source);
        out.append(source.substr(0, begin));
        auto name = source.substr(begin + open.size(), end - begin - open.size());
        while (!name.empty() && name.front() == ' ') name.remove_prefix(1);
        while (!name.empty() && name.back() == ' ') name.remove_suffix(1);
        out += fill(std::string{name});
        source.remove_prefix(end + close.size());
    }
}

/// What somebody typed comes back on their page even when it is no text: bytes that are no UTF-8,
/// and NUL, as the sign that stands for them.
std::string readable(std::string_view text) {
    std::string out;
    const auto* bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto length = static_cast<int32_t>(text.size());
    for (int32_t i = 0; i < length;) {
        const auto start = static_cast<std::size_t>(i);
        UChar32 c = 0;
        U8_NEXT(bytes, i, length, c);
        if (c > 0) {
            out += text.substr(start, static_cast<std::size_t>(i) - start);
        } else {
            out += "\uFFFD";
        }
    }
    return out;
}

/// Texts are trusted markup-free sentences of ours: escaped but for their {{placeholders}}.
std::string escape_sentence(const std::string& sentence) {
    std::string out;
    std::string_view rest = sentence;
    while (true) {
        const auto open = rest.find("{{");
        const auto close = open == std::string_view::npos ? open : rest.find("}}", open);
        if (close == std::string_view::npos) return out += escape(rest);
        out += escape(rest.substr(0, open));
        out += rest.substr(open, close + 2 - open);
        rest.remove_prefix(close + 2);
    }
}

/// Partials and texts are put in once, so that a page is one compiled template.
std::string assemble(const std::string& name, Language language, int depth) {
    if (depth > include_depth_max) throw std::logic_error("templates include each other: " + name);
    const auto included =
        replace_marks(source_of(name), "{{>", "}}", [&](const std::string& partial) {
            return assemble("components/" + partial, language, depth + 1);
        });
    if (depth > 0) return included;
    return replace_marks(included, "[[", "]]", [&](const std::string& key) {
        return escape_sentence(sentence(language, key));
    });
}

data to_data(const nlohmann::json& value) {
    switch (value.type()) {
        case nlohmann::json::value_t::object: {
            data out{data::type::object};
            for (const auto& [key, item] : value.items()) out[key] = to_data(item);
            return out;
        }
        case nlohmann::json::value_t::array: {
            // push_back() would copy every part of every row, and so would a list that grows.
            data out{kainjow::mustache::list(value.size(), data{false})};
            auto place = const_cast<kainjow::mustache::list&>(out.list_value()).begin();
            for (const auto& item : value) *place++ = to_data(item);
            return out;
        }
        case nlohmann::json::value_t::string: {
            // An empty string is "not there" for sections, as page writers expect.
            const auto& text = value.get_ref<const std::string&>();
            return text.empty() ? data{false} : data{text};
        }
        case nlohmann::json::value_t::boolean:
            return data{value.get<bool>()};
        case nlohmann::json::value_t::null:
            return data{false};
        default:
            return data{value.dump()};
    }
}

/// Compiled templates of this thread: rendering writes to the object, so threads do not share it.
mustache& compiled(const std::string& name, Language language) {
    thread_local std::map<std::pair<std::string, Language>, std::unique_ptr<mustache>> cache;
    auto& slot = cache[{name, language}];
    if (!slot) {
        auto made = std::make_unique<mustache>(assemble(name, language, 0));
        if (!made->is_valid()) {
            throw std::logic_error("template " + name + ": " + made->error_message());
        }
        made->set_custom_escape([](const std::string& text) { return escape(text); });
        slot = std::move(made);
    }
    return *slot;
}

}  // namespace

std::string escape(std::string_view given) {
    std::string mended;
    const bool is_plain = is_valid_utf8(given) && given.find('\0') == std::string_view::npos;
    if (!is_plain) mended = readable(given);
    const std::string_view text = is_plain ? given : mended;
    std::string out;
    out.reserve(text.size() + text.size() / 8);
    for (const char c : text) {
        switch (c) {
            case '&':
                out += "&amp;";
                break;
            case '<':
                out += "&lt;";
                break;
            case '>':
                out += "&gt;";
                break;
            case '"':
                out += "&quot;";
                break;
            case '\'':
                out += "&#39;";
                break;
            default:
                out += c;
        }
    }
    return out;
}

std::string render(std::string_view name, Language language, const nlohmann::json& view) {
    std::string out;
    const auto content = to_data(view);
    compiled(std::string{name}, language).render(content, [&](const std::string& piece) {
        out += piece;
    });
    return out;
}

}  // namespace antin::html
