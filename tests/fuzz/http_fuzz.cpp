// What browsers and strangers send, as far as this program reads it itself: targets, cookies,
// forms, multipart bodies; and the reader of pages that tests and demo use.
#include "http/form_reader.hpp"
#include "http/message.hpp"

namespace antin::http {
namespace {

Request request_of(std::string_view text) {
    Request request;
    request.method = "POST";
    const auto end = text.find('\n');
    request.target = text.substr(0, end);
    request.path = "/";
    const std::string body{end == std::string_view::npos ? "" : text.substr(end + 1)};
    request.body = body;
    request.headers = {{"cookie", request.target}};
    return request;
}

void read_all(const Request& request) {
    static_cast<void>(request.query());
    static_cast<void>(request.cookie("antin"));
    static_cast<void>(request.form());
    static_cast<void>(request.uploads());
}

}  // namespace
}  // namespace antin::http

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
    using namespace antin::http;
    const std::string_view text{reinterpret_cast<const char*>(data), size};
    auto request = request_of(text);
    for (const char* type : {"application/x-www-form-urlencoded", "multipart/form-data; boundary=x",
                             "multipart/form-data; boundary="}) {
        request.headers.resize(1);
        request.headers.emplace_back("content-type", type);
        read_all(request);
    }
    static_cast<void>(url_decode(text, true));
    static_cast<void>(read_forms(text));
    static_cast<void>(page_words(text));
    return 0;
}
