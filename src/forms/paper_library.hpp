#pragma once
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "base/time.hpp"

namespace antin::forms {

/// What fills the {{placeholders}} of a layout: plain text by name. Names of row values are the
/// field keys of the sheets ("full_name", "personal_id", …).
using Values = std::map<std::string, std::string>;

/// Everything a layout may draw from.
struct PaperContent {
    Values values;
    std::map<std::string, std::vector<Values>> tables;      // by the table's "rows" name
    std::map<std::string, std::vector<std::string>> lists;  // by the list's "items" name
    Instant made_at;   // the date in the file's properties; the same input gives the same bytes
    std::string mark;  // pale word across each page ("BẢN XEM TRƯỚC"); empty: none
};

/// What a paper says can be kept with its number and drawn again to the byte.
[[nodiscard]] std::string to_json(const PaperContent& content);
/// Errors: Internal "internal" for text that to_json did not make.
[[nodiscard]] Result<PaperContent> paper_content_from_json(std::string_view json);

/// One layout, as the administrator sees it in the list of papers.
struct PaperAbout {
    std::string name;                 // "mau-01", "receipt": the file data/forms/<name>.json
    std::string title;                // "Mẫu 01. Văn bản đề nghị cấp mới …"
    std::string source;               // the legal text it follows
    std::string version;              // day of the layout, ISO
    bool official_text_read = false;  // false: shown as "mẫu dựng lại, chưa đối chiếu"
    bool replaced = false;            // this installation's own file is used
};

class Layout;

/// The layouts and texts of all papers: those inside the program, and over them the files of the
/// same name in DIR/forms, so that an office replaces a form without a release. Immutable once
/// loaded and safe to share between threads.
class PaperLibrary {
  public:
    /// `overrides` may be missing. Errors: Invalid "paper.layout_broken" names the file and what is
    /// wrong with it; nothing is silently left out.
    [[nodiscard]] static Result<PaperLibrary> load(const std::filesystem::path& overrides = {});
    [[nodiscard]] std::vector<PaperAbout> about() const;

    /// A PDF. Errors: NotFound "paper.unknown"; Invalid "paper.value_missing" when the layout needs
    /// a value that `content` does not have (empty is a value); Unavailable "paper.font_missing".
    [[nodiscard]] Result<Bytes> draw(std::string_view name, const PaperContent& content) const;
    /// Several of one kind in one file, each beginning on a page of its own (letters, envelopes).
    [[nodiscard]] Result<Bytes> draw_all(std::string_view name,
                                         const std::vector<PaperContent>& parts) const;

  private:
    struct Entry {
        PaperAbout about;
        std::shared_ptr<const Layout> layout;
    };
    std::map<std::string, Entry, std::less<>> entries_;
};

/// The body that issues or files a paper, for the head of the page (NĐ 30/2020/NĐ-CP, Phụ lục I).
struct PaperBody {
    std::string superior;  // line above, may be empty
    std::string name;
    std::string place;  // place in the date line; empty: dots to fill in
};

}  // namespace antin::forms
