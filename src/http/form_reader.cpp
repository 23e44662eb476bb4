#include "http/form_reader.hpp"

#include <algorithm>
#include <map>

namespace antin::http {
namespace {

std::string unescape(std::string_view text) {
    constexpr std::pair<std::string_view, char> known[] = {
        {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}, {"&#39;", '\''}};
    std::string out;
    while (!text.empty()) {
        std::size_t taken = 1;
        char c = text.front();
        for (const auto& [entity, letter] : known) {
            if (text.starts_with(entity)) {
                c = letter;
                taken = entity.size();
            }
        }
        out += c;
        text.remove_prefix(taken);
    }
    return out;
}

struct Tag {
    std::string name;  // "/form" for an end tag
    std::map<std::string, std::string, std::less<>> attributes;
    [[nodiscard]] bool has(std::string_view key) const { return attributes.contains(key); }
    [[nodiscard]] std::string get(std::string_view key) const {
        const auto found = attributes.find(key);
        return found == attributes.end() ? std::string{} : found->second;
    }
};

bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\t' || c == '\r';
}

/// Reads the tag that begins at `at` ('<') and moves `at` behind it.
Tag read_tag(std::string_view page, std::size_t& at) {
    Tag tag;
    std::size_t i = at + 1;
    while (i < page.size() && !is_space(page[i]) && page[i] != '>') tag.name += page[i++];
    while (i < page.size() && page[i] != '>') {
        if (is_space(page[i]) || page[i] == '/') {
            ++i;
            continue;
        }
        std::string key, value;
        while (i < page.size() && page[i] != '=' && page[i] != '>' && !is_space(page[i])) {
            key += page[i++];
        }
        if (i < page.size() && page[i] == '=') {
            ++i;
            const char quote = i < page.size() && (page[i] == '"' || page[i] == '\'') ? page[i] : 0;
            if (quote != 0) ++i;
            while (i < page.size() &&
                   (quote != 0 ? page[i] != quote : page[i] != '>' && !is_space(page[i]))) {
                value += page[i++];
            }
            if (quote != 0) ++i;
        }
        tag.attributes.emplace(std::move(key), unescape(value));
    }
    at = std::min(i + 1, page.size());
    return tag;
}

class Reader {
  public:
    explicit Reader(std::string_view page) : page_(page) {}

    std::vector<PageForm> read() {
        std::size_t at = 0;
        while ((at = page_.find('<', at)) != std::string_view::npos) {
            if (page_.substr(at).starts_with("<!--")) {
                at = page_.find("-->", at);
                if (at == std::string_view::npos) break;
                continue;
            }
            const auto tag = read_tag(page_, at);
            take(tag, at);
        }
        return std::move(forms_);
    }

  private:
    void take(const Tag& tag, std::size_t at) {
        if (tag.name == "form") {
            forms_.push_back({tag.get("action"),
                              tag.get("method"),
                              tag.get("enctype") == "multipart/form-data",
                              {},
                              {}});
            inside_ = true;
        } else if (tag.name == "/form") {
            inside_ = false;
        } else if (inside_) {
            take_control(tag, at);
        }
    }

    void take_control(const Tag& tag, std::size_t at) {
        auto& form = forms_.back();
        const auto name = tag.get("name");
        if (tag.name == "button") {
            Fields button;
            if (!name.empty()) button.items.emplace_back(name, tag.get("value"));
            form.buttons.push_back(std::move(button));
        } else if (tag.name == "select") {
            select_ = name;
            chosen_ = false;
        } else if (tag.name == "option" && !select_.empty()) {
            take_option(form, tag);
        } else if (tag.name == "/select") {
            select_.clear();
        } else if (tag.name == "textarea" && !name.empty()) {
            auto text = page_.substr(at, page_.find("</textarea", at) - at);
            if (text.starts_with('\n')) text.remove_prefix(1);
            form.fields.items.emplace_back(name, unescape(text));
        } else if (tag.name == "input" && !name.empty() && !tag.has("disabled")) {
            const auto type = tag.get("type");
            if (type == "file" || type == "submit") return;
            const bool box = type == "checkbox" || type == "radio";
            if (box && !tag.has("checked")) return;
            form.fields.items.emplace_back(
                name, box && !tag.has("value") ? std::string{"on"} : tag.get("value"));
        }
    }

    void take_option(PageForm& form, const Tag& tag) {
        if (!chosen_)
            form.fields.items.emplace_back(select_, tag.get("value"));
        else if (tag.has("selected"))
            form.fields.items.back().second = tag.get("value");
        chosen_ = true;
    }

    std::string_view page_;
    std::vector<PageForm> forms_;
    bool inside_ = false;
    std::string select_;   // the select whose options come now
    bool chosen_ = false;  // its first option, or a selected one, is taken
};

}  // namespace

void PageForm::set(std::string_view name, std::string value) {
    for (auto& [key, old] : fields.items) {
        if (key == name) {
            old = std::move(value);
            return;
        }
    }
    fields.items.emplace_back(name, std::move(value));
}

std::vector<PageForm> read_forms(std::string_view page) {
    return Reader{page}.read();
}

std::optional<PageForm> find_form(std::string_view page, std::string_view action_end) {
    for (auto& form : read_forms(page)) {
        if (form.action.ends_with(action_end)) return std::move(form);
    }
    return std::nullopt;
}

std::string page_words(std::string_view page) {
    std::string out;
    std::size_t at = 0;
    while (at < page.size()) {
        const auto open = page.find('<', at);
        out += page.substr(at, open - at);
        if (open == std::string_view::npos) break;
        const auto close = page.find('>', open);
        if (close == std::string_view::npos) break;
        out += ' ';
        at = close + 1;
    }
    std::string squeezed;
    for (const char c : unescape(out)) {
        const bool space = is_space(c);
        if (space && (squeezed.empty() || squeezed.back() == ' ')) continue;
        squeezed += space ? ' ' : c;
    }
    return squeezed;
}

}  // namespace antin::http
