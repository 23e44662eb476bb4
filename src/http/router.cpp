#include "http/router.hpp"

#include <algorithm>

namespace antin::http {
namespace {

std::vector<std::string> split(std::string_view path) {
    std::vector<std::string> segments;
    if (path.starts_with('/')) path.remove_prefix(1);
    while (true) {
        const auto slash = path.find('/');
        segments.emplace_back(path.substr(0, slash));
        if (slash == std::string_view::npos) return segments;
        path.remove_prefix(slash + 1);
    }
}

bool is_named(const std::string& segment) {
    return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}

bool matches(const std::vector<std::string>& pattern, const std::vector<std::string>& path) {
    if (pattern.size() != path.size()) return false;
    for (std::size_t i = 0; i < pattern.size(); ++i) {
        if (is_named(pattern[i]) ? path[i].empty() : pattern[i] != path[i]) return false;
    }
    return true;
}

/// Of two patterns that match the same path: the one with a fixed segment where they first differ.
bool more_fixed(const std::vector<std::string>& a, const std::vector<std::string>& b) {
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (is_named(a[i]) != is_named(b[i])) return !is_named(a[i]);
    }
    return false;
}

Response not_allowed(std::string allow) {
    Response response = plain_text(405, "405\n");
    response.set("Allow", std::move(allow));
    return response;
}

}  // namespace

void Router::add(std::string method, std::string_view pattern, Handler handler) {
    routes_.push_back(Route{std::move(method), split(pattern), std::move(handler)});
}

Response Router::route(Request& request) const {
    const auto path = split(request.path);
    const std::string wanted = request.method == "HEAD" ? "GET" : request.method;
    const Route* found = nullptr;
    std::string allow;
    for (const auto& route : routes_) {
        if (!matches(route.segments, path)) continue;
        if (route.method != wanted) {
            if (allow.find(route.method) == std::string::npos) {
                allow += (allow.empty() ? "" : ", ") + route.method;
            }
            continue;
        }
        if (found == nullptr || more_fixed(route.segments, found->segments)) found = &route;
    }
    if (found == nullptr) {
        if (!allow.empty()) return not_allowed(std::move(allow));
        return not_found ? not_found(request) : plain_text(404, "404\n");
    }
    for (std::size_t i = 0; i < path.size(); ++i) {
        const auto& segment = found->segments[i];
        if (is_named(segment)) {
            request.path_values[segment.substr(1, segment.size() - 2)] = path[i];
        }
    }
    return found->handler(request);
}

}  // namespace antin::http
