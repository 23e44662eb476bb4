#include "http/gzip.hpp"

#include <zlib.h>

#include <stdexcept>

namespace antin::http {

bool is_compressible(std::string_view media_type) {
    const auto bare = media_type.substr(0, media_type.find(';'));
    return bare.starts_with("text/") || bare == "application/json" ||
           bare == "application/problem+json" || bare == "application/javascript" ||
           bare == "image/svg+xml";
}

bool accepts_gzip(std::string_view accept_encoding) {
    while (!accept_encoding.empty()) {
        const auto end = accept_encoding.find(',');
        auto item = accept_encoding.substr(0, end);
        accept_encoding.remove_prefix(end == std::string_view::npos ? accept_encoding.size()
                                                                    : end + 1);
        while (item.starts_with(' ')) item.remove_prefix(1);
        const auto name = item.substr(0, item.find_first_of("; "));
        if (name != "gzip" && name != "*") continue;
        const auto quality = item.find("q=");
        if (quality == std::string_view::npos) return true;
        return item.substr(quality + 2).find_first_of("123456789") != std::string_view::npos;
    }
    return false;
}

std::string gzip(std::string_view text, int level) {
    z_stream stream{};
    // 15 + 16: the widest window, with a gzip header.
    if (deflateInit2(&stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY) != Z_OK) {
        throw std::runtime_error("deflateInit2");
    }
    std::string out(deflateBound(&stream, static_cast<uLong>(text.size())), '\0');
    stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(text.data()));
    stream.avail_in = static_cast<uInt>(text.size());
    stream.next_out = reinterpret_cast<Bytef*>(out.data());
    stream.avail_out = static_cast<uInt>(out.size());
    const int status = deflate(&stream, Z_FINISH);
    out.resize(stream.total_out);
    deflateEnd(&stream);
    if (status != Z_STREAM_END) throw std::runtime_error("deflate");
    return out;
}

}  // namespace antin::http
