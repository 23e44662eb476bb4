#include "forms/paper_library.hpp"

#include <fstream>
#include <iterator>

#include "base/embedded.hpp"
#include "forms/draw.hpp"
#include "forms/layout.hpp"

namespace antin::forms {
namespace {

constexpr std::string_view folder = "data/forms/";
constexpr std::size_t layout_bytes_max = 1024 * 1024;

Result<std::string> read_file(const std::filesystem::path& path) {
    std::error_code error;
    const auto size = std::filesystem::file_size(path, error);
    std::ifstream in(path, std::ios::binary);
    if (error || !in || size > layout_bytes_max) {
        return fail(ErrorKind::Invalid, "paper.layout_broken", "cannot be read",
                    {{"paper", path.filename().string()}});
    }
    return std::string{std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

Result<PaperLibrary> PaperLibrary::load(const std::filesystem::path& overrides) {
    PaperLibrary library;
    for (const EmbeddedFile& file : embedded_data()) {
        if (!file.name.starts_with(folder) || !file.name.ends_with(".json")) continue;
        const std::string name{
            file.name.substr(folder.size(), file.name.size() - folder.size() - 5)};
        ANTIN_TRY(layout, Layout::parse(name, file.content));
        const PaperAbout about = layout.about;
        library.entries_[name] = {about, std::make_shared<const Layout>(std::move(layout))};
    }
    for (auto& [name, entry] : library.entries_) {
        const auto path = overrides / (name + ".json");
        if (overrides.empty() || !std::filesystem::exists(path)) continue;
        ANTIN_TRY(text, read_file(path));
        // What the program offers to a paper does not change with its layout.
        ANTIN_TRY(layout, Layout::parse_replacement(name, text, *entry.layout));
        PaperAbout about = layout.about;
        // In a checkout the default data folder ./data holds the shipped files themselves.
        const EmbeddedFile* shipped = find_embedded(std::string{folder} + name + ".json");
        about.replaced = shipped == nullptr || shipped->content != text;
        entry = {about, std::make_shared<const Layout>(std::move(layout))};
    }
    return library;
}

std::vector<PaperAbout> PaperLibrary::about() const {
    std::vector<PaperAbout> out;
    for (const auto& [name, entry] : entries_) out.push_back(entry.about);
    return out;
}

Result<Bytes> PaperLibrary::draw(std::string_view name, const PaperContent& content) const {
    return draw_all(name, {content});
}

Result<Bytes> PaperLibrary::draw_all(std::string_view name,
                                     const std::vector<PaperContent>& parts) const {
    const auto found = entries_.find(name);
    if (found == entries_.end()) {
        return fail(ErrorKind::NotFound, "paper.unknown", std::string{name});
    }
    return draw_parts(*found->second.layout, parts);
}

}  // namespace antin::forms
