#pragma once
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace antin::sheet {

/// Walks through an XML text without building a tree: no DTD, no entities but the five of XML.
/// Names come without their prefix. Stops at the first thing that is not well formed.
class XmlScanner {
  public:
    enum class Event { Open, Close, Text, End, Broken, Dtd };

    explicit XmlScanner(std::string_view text) : rest_(text) {}
    /// The next event; an empty element gives Open, then Close.
    Event next();
    [[nodiscard]] std::string_view name() const { return name_; }
    /// Raw attribute of the element just opened, entities decoded; "" when absent.
    [[nodiscard]] std::string attribute(std::string_view name) const;
    /// Text of the last Text event, entities decoded.
    [[nodiscard]] const std::string& text() const { return text_; }
    [[nodiscard]] std::size_t depth() const { return open_.size(); }

  private:
    Event next_tag();
    Event open_tag(std::string_view tag);
    Event close_tag(std::string_view tag);
    bool skip_past(std::string_view end);

    std::string_view rest_;
    std::string_view name_;
    std::string_view attributes_;
    std::string text_;
    std::vector<std::string_view> open_;
    bool close_pending_ = false;
};

/// Appends `raw` with entities and character references decoded; false when one is unknown.
[[nodiscard]] bool append_decoded(std::string& out, std::string_view raw);

}  // namespace antin::sheet
