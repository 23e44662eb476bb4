#include "web/csrf.hpp"

#include "base/bytes.hpp"
#include "base/random.hpp"

namespace antin::web {

std::string mask_csrf(std::string_view secret) {
    auto mask = random_bytes(secret.size());
    Bytes out = mask;
    for (std::size_t i = 0; i < secret.size(); ++i) {
        out.push_back(mask[i] ^ static_cast<std::uint8_t>(secret[i]));
    }
    return to_base64url(out);
}

bool csrf_matches(std::string_view secret, std::string_view masked) {
    const auto bytes = from_base64url(masked);
    if (secret.empty() || !bytes || bytes->size() != 2 * secret.size()) return false;
    unsigned difference = 0;  // looks at every letter, wherever the first wrong one is
    for (std::size_t i = 0; i < secret.size(); ++i) {
        difference |= static_cast<unsigned>((*bytes)[i] ^ (*bytes)[secret.size() + i] ^
                                            static_cast<std::uint8_t>(secret[i]));
    }
    return difference == 0;
}

bool same_origin(const http::Request& request, std::string_view public_url) {
    const auto site = request.header("sec-fetch-site");
    if (!site.empty() && site != "same-origin" && site != "none") return false;
    const auto origin = request.header("origin");
    if (origin.empty()) return true;  // older browsers and programs: the token decides
    const std::string own = (request.tls ? "https://" : "http://") + request.header("host");
    return origin == own || origin == public_url;
}

}  // namespace antin::web
