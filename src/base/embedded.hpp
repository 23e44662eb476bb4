#pragma once
#include <optional>
#include <span>
#include <string_view>

namespace antin {

/// A file that travels inside the binary. `digest` is 16 hex digits of its SHA-256, for cache
/// names.
struct EmbeddedFile {
    std::string_view name;  // "data/texts/vi.json", "web/pages/home.html", "assets/app.css"
    std::string_view content;
    std::string_view digest;
};

/// All embedded files, sorted by name (written by tools/embed.py).
[[nodiscard]] std::span<const EmbeddedFile> embedded_data();

[[nodiscard]] inline const EmbeddedFile* find_embedded(std::string_view name) {
    const auto files = embedded_data();
    std::size_t low = 0, high = files.size();
    while (low < high) {
        const std::size_t middle = (low + high) / 2;
        if (files[middle].name < name)
            low = middle + 1;
        else
            high = middle;
    }
    return low < files.size() && files[low].name == name ? &files[low] : nullptr;
}

}  // namespace antin
