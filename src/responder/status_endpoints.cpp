#include "responder/status_endpoints.hpp"

#include <algorithm>
#include <array>
#include <chrono>

#include "pki/digest.hpp"
#include "pki/ocsp.hpp"

namespace antin::responder {
namespace {

constexpr std::string_view ocsp_path = "/ocsp", crl_path = "/crl/", aia_path = "/aia/";

/// "Mon, 23 Nov 2026 02:00:00 GMT" (RFC 9110, 5.6.7).
std::string http_date(Instant moment) {
    static constexpr std::array weekdays{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const auto day = std::chrono::floor<std::chrono::days>(moment);
    const std::chrono::year_month_day date{day};
    const auto seconds = std::chrono::floor<std::chrono::seconds>(moment - day).count();
    const auto two = [](std::int64_t value) {
        return std::string{static_cast<char>('0' + value / 10),
                           static_cast<char>('0' + value % 10)};
    };
    return std::string{weekdays[std::chrono::weekday{day}.c_encoding()]} + ", " +
           two(static_cast<unsigned>(date.day())) + " " +
           months[static_cast<unsigned>(date.month()) - 1] + " " +
           std::to_string(static_cast<int>(date.year())) + " " + two(seconds / 3600) + ":" +
           two(seconds / 60 % 60) + ":" + two(seconds % 60) + " GMT";
}

/// The OCSP request that a GET or POST carries; nothing when the path is another.
std::optional<Bytes> ocsp_request_of(const http::Request& request) {
    const std::string_view path = request.path;
    if (request.method == "POST" && (path == ocsp_path || path == "/ocsp/")) {
        return to_bytes(request.body);
    }
    if (request.method != "GET" && request.method != "HEAD") return std::nullopt;
    if (!path.starts_with("/ocsp/")) return std::nullopt;
    std::string text{path.substr(ocsp_path.size() + 1)};
    // Some clients forget to escape: a space here was a plus.
    std::ranges::replace(text, ' ', '+');
    if (text.size() > pki::ocsp_request_bytes_max * 2) return Bytes{};
    auto bytes = from_base64(text);
    if (!bytes) bytes = from_base64url(text);
    return bytes.value_or(Bytes{});
}

http::Response response_of(const ca::StatusAnswer& answer, const http::Request& request) {
    http::Response out;
    out.set("Content-Type", "application/ocsp-response");
    const bool can_keep = !answer.etag.empty() && request.method != "POST";
    if (!can_keep) {
        out.set("Cache-Control", "no-store");
        out.shared_body = answer.body;
        return out;
    }
    out.set("Cache-Control", answer.max_age_seconds > 0
                                 ? "public, no-transform, must-revalidate, max-age=" +
                                       std::to_string(answer.max_age_seconds)
                                 : "public, no-transform, no-cache");
    out.set("ETag", answer.etag);
    out.set("Last-Modified", http_date(answer.this_update));
    out.set("Expires", answer.max_age_seconds > 0 ? http_date(answer.next_update) : "0");
    if (request.header("if-none-match") == answer.etag) {
        out.status = 304;
        return out;
    }
    out.shared_body = answer.body;
    return out;
}

http::Response file_response(const Result<std::filesystem::path>& path, const char* media_type,
                             const char* cache_control, const http::Request& request) {
    if (request.method != "GET" && request.method != "HEAD") {
        auto refused = http::plain_text(405, "Method Not Allowed\n");
        refused.set("Allow", "GET, HEAD");
        return refused;
    }
    std::error_code error;
    const bool there = path && std::filesystem::exists(*path, error);
    if (!there) return http::plain_text(404, "Not Found\n");
    const auto size = std::filesystem::file_size(*path, error);
    const auto written = std::filesystem::last_write_time(*path, error).time_since_epoch().count();
    http::Response out;
    const std::string stamp = std::to_string(written) + "-" + std::to_string(size);
    const std::string etag = '"' + to_hex(BytesView{pki::sha256(as_bytes(stamp))}.first(12)) + '"';
    out.set("Content-Type", media_type);
    out.set("Cache-Control", cache_control);
    out.set("ETag", etag);
    if (request.header("if-none-match") == etag) {
        out.status = 304;
        return out;
    }
    out.file_path = path->string();
    return out;
}

}  // namespace

std::optional<http::Response> quick_status(ca::StatusService& service,
                                           const http::Request& request) {
    if (!request.path.starts_with(ocsp_path)) return std::nullopt;
    const auto asked = ocsp_request_of(request);
    if (!asked) return std::nullopt;
    const auto answer = service.quick(*asked);
    if (!answer) return std::nullopt;
    return response_of(*answer, request);
}

std::optional<http::Response> answer_status(ca::StatusService& service,
                                            const http::Request& request) {
    const std::string_view path = request.path;
    if (path.starts_with(crl_path)) {
        return file_response(service.crl_file(path.substr(crl_path.size())), "application/pkix-crl",
                             "public, no-cache", request);
    }
    if (path.starts_with(aia_path)) {
        return file_response(service.certificate_file(path.substr(aia_path.size())),
                             "application/pkix-cert", "public, max-age=3600", request);
    }
    if (path != ocsp_path && !path.starts_with("/ocsp/")) return std::nullopt;
    const auto asked = ocsp_request_of(request);
    if (!asked) {
        auto refused = http::plain_text(405, "Method Not Allowed\n");
        refused.set("Allow", "GET, HEAD, POST");
        return refused;
    }
    return response_of(service.answer(*asked), request);
}

}  // namespace antin::responder
