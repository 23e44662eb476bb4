#include "app/list_authorities.hpp"

#include "app/open_authority.hpp"
#include "ca/authority.hpp"
#include "pki/digest.hpp"

namespace antin::app {
namespace {

std::string fingerprint(BytesView certificate) {
    const std::string hex = to_hex(pki::sha256(certificate));
    std::string out;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        if (i > 0) out += ':';
        out += static_cast<char>(std::toupper(static_cast<unsigned char>(hex[i])));
        out += static_cast<char>(std::toupper(static_cast<unsigned char>(hex[i + 1])));
    }
    return out;
}

}  // namespace

std::vector<PublishedAuthority> list_authorities(Services& services) {
    std::vector<PublishedAuthority> out;
    if (open_authority(services) == nullptr) return out;
    const auto health = open_authority(services)->health();
    for (const auto& issuer : health.issuers) {
        PublishedAuthority one{issuer.name, issuer.common_name, issuer.not_after, "",
                               issuer.crl_next_update};
        // The root's certificate is the last of any chain.
        const auto chain = open_authority(services)->chain(
            &issuer == &health.issuers.front() ? health.issuers.back().name : issuer.name);
        if (!chain.empty()) {
            one.sha256 =
                fingerprint(&issuer == &health.issuers.front() ? chain.back() : chain.front());
        }
        out.push_back(std::move(one));
    }
    return out;
}

}  // namespace antin::app
