#include "pki/pem.hpp"

#include <algorithm>

namespace antin::pki {

std::string to_pem(std::string_view label, BytesView der) {
    const std::string body = to_base64(der);
    std::string out = "-----BEGIN " + std::string{label} + "-----\n";
    for (std::size_t at = 0; at < body.size(); at += 64) {
        out += body.substr(at, 64);
        out += '\n';
    }
    return out + "-----END " + std::string{label} + "-----\n";
}

Result<std::vector<Bytes>> read_pem_or_der(std::string_view content,
                                           std::initializer_list<std::string_view> labels) {
    static constexpr std::string_view begin = "-----BEGIN ", dashes = "-----";
    std::vector<Bytes> blocks;
    if (!content.empty() && content[0] == 0x30) {
        blocks.push_back(to_bytes(content));
        return blocks;
    }
    std::size_t at = 0;
    while ((at = content.find(begin, at)) != std::string_view::npos) {
        at += begin.size();
        const auto label_end = content.find(dashes, at);
        if (label_end == std::string_view::npos) return fail(ErrorKind::Invalid, "pem.malformed");
        const std::string_view label = content.substr(at, label_end - at);
        const std::size_t body = label_end + dashes.size();
        const std::string closing = "-----END " + std::string{label} + "-----";
        const auto end = content.find(closing, body);
        if (end == std::string_view::npos) return fail(ErrorKind::Invalid, "pem.malformed");
        at = end + closing.size();
        if (std::ranges::find(labels, label) == labels.end()) continue;
        std::string compact{content.substr(body, end - body)};
        std::erase_if(compact,
                      [](char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; });
        auto der = from_base64(compact);
        if (!der || der->empty()) return fail(ErrorKind::Invalid, "pem.malformed");
        blocks.push_back(std::move(*der));
    }
    if (blocks.empty()) return fail(ErrorKind::Invalid, "pem.none");
    return blocks;
}

}  // namespace antin::pki
