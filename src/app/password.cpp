#include "app/password.hpp"

#include <argon2.h>

#include <array>
#include <semaphore>
#include <stdexcept>

#include "base/random.hpp"

namespace antin::app {
namespace {

constexpr std::uint32_t passes = 2, memory_kib = 19 * 1024, lanes = 1;
constexpr std::size_t salt_bytes = 16, hash_bytes = 32;

std::counting_semaphore<2>& room() {
    static std::counting_semaphore<2> semaphore{2};
    return semaphore;
}

class Place {
  public:
    Place() { room().acquire(); }
    ~Place() { room().release(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
};

/// Of a password that nobody knows, made once per process.
const std::string& nobodys_hash() {
    static const std::string encoded = hash_password(random_token(32));
    return encoded;
}

}  // namespace

std::string hash_password(std::string_view password) {
    const Bytes salt = random_bytes(salt_bytes);
    std::array<char, 256> encoded{};
    const Place place;
    const int answer =
        argon2id_hash_encoded(passes, memory_kib, lanes, password.data(), password.size(),
                              salt.data(), salt.size(), hash_bytes, encoded.data(), encoded.size());
    if (answer != ARGON2_OK) throw std::runtime_error(argon2_error_message(answer));
    return encoded.data();
}

bool verify_password(std::string_view encoded, std::string_view password) {
    const bool known = encoded.starts_with("$argon2id$");
    const std::string subject = known ? std::string{encoded} : nobodys_hash();
    const Place place;
    const int answer = argon2id_verify(subject.c_str(), password.data(), password.size());
    return known && answer == ARGON2_OK;
}

std::string one_time_password() {
    const std::string letters = random_readable(16);
    return letters.substr(0, 4) + "-" + letters.substr(4, 4) + "-" + letters.substr(8, 4) + "-" +
           letters.substr(12, 4);
}

}  // namespace antin::app
