#include "base/random.hpp"

#include <sys/random.h>

#include <cstdlib>

namespace antin {

Bytes random_bytes(std::size_t count) {
    Bytes out(count);
    std::size_t done = 0;
    while (done < count) {
        const auto got = getrandom(out.data() + done, count - done, 0);
        if (got < 0) std::abort();
        done += static_cast<std::size_t>(got);
    }
    return out;
}

std::string random_token(std::size_t bytes) {
    return to_base64url(random_bytes(bytes));
}

std::string random_readable(std::size_t length) {
    static constexpr std::string_view alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
    std::string out;
    while (out.size() < length) {
        for (const auto byte : random_bytes(length)) {
            // Reject the top of the range, so that every letter is equally likely.
            if (byte >= 256 / alphabet.size() * alphabet.size()) continue;
            if (out.size() < length) out += alphabet[byte % alphabet.size()];
        }
    }
    return out;
}

}  // namespace antin
