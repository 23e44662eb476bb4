#pragma once
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "http/message.hpp"

namespace antin::http {

using Handler = std::function<Response(const Request&)>;

/// Paths with named parts: "/ho-so/{code}/tiep-nhan". A part matches one segment; a fixed segment
/// wins over a named one. An unknown path gets `not_found`, a known path with another method 405
/// with Allow; HEAD is answered by GET without a body.
class Router {
  public:
    void add(std::string method, std::string_view pattern, Handler handler);
    void get(std::string_view pattern, Handler handler) { add("GET", pattern, std::move(handler)); }
    void post(std::string_view pattern, Handler handler) {
        add("POST", pattern, std::move(handler));
    }
    Handler not_found;
    [[nodiscard]] Response route(Request& request) const;

  private:
    struct Route {
        std::string method;
        std::vector<std::string> segments;
        Handler handler;
    };
    std::vector<Route> routes_;
};

}  // namespace antin::http
