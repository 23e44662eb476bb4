#include "web/assets.hpp"

#include <map>
#include <memory>
#include <mutex>

#include "base/embedded.hpp"
#include "http/gzip.hpp"

namespace antin::web {
namespace {

std::string_view media_type_of(std::string_view name) {
    constexpr std::pair<std::string_view, std::string_view> known[] = {
        {".css", "text/css; charset=utf-8"},
        {".js", "text/javascript; charset=utf-8"},
        {".svg", "image/svg+xml"},
        {".png", "image/png"},
        {".woff2", "font/woff2"},
        {".json", "application/json"},
        {".txt", "text/plain; charset=utf-8"},
    };
    for (const auto& [ending, type] : known) {
        if (name.ends_with(ending)) return type;
    }
    return "application/octet-stream";
}

std::shared_ptr<const std::string> compressed(const EmbeddedFile& file) {
    static std::mutex mutex;  // guards `cache`
    static std::map<std::string_view, std::shared_ptr<const std::string>> cache;
    const std::lock_guard lock{mutex};
    auto& slot = cache[file.name];
    if (!slot) slot = std::make_shared<const std::string>(http::gzip(file.content, 9));
    return slot;
}

}  // namespace

http::Response serve_asset(const http::Request& request) {
    constexpr std::string_view prefix = "/tai-nguyen/";
    const std::string_view rest = std::string_view{request.path}.substr(prefix.size());
    const auto slash = rest.find('/');
    if (slash == std::string_view::npos) return http::plain_text(404, "404\n");
    const auto* file = find_embedded("assets/" + std::string{rest.substr(slash + 1)});
    if (file == nullptr) return http::plain_text(404, "404\n");
    const auto type = media_type_of(file->name);
    http::Response response = http::bytes_body(std::string{type}, "");
    // Fonts have the hash of their content in their own name; style sheets name them by it.
    const bool current =
        rest.substr(0, slash) == file->digest || file->name.starts_with("assets/fonts/");
    response.set("Cache-Control", current ? "public, max-age=31536000, immutable" : "no-cache");
    if (http::is_compressible(type)) {
        response.set("Vary", "Accept-Encoding");
        if (http::accepts_gzip(request.header("accept-encoding"))) {
            response.set("Content-Encoding", "gzip");
            response.shared_body = compressed(*file);
            return response;
        }
    }
    response.body = file->content;
    return response;
}

}  // namespace antin::web
