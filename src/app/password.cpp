#include "app/password.hpp"

#include <argon2.h>

#include <algorithm>
#include <array>
#include <semaphore>
#include <stdexcept>

#include "base/random.hpp"
#include "base/text.hpp"

namespace antin::app {
namespace {

constexpr std::uint32_t passes = 2, memory_kib = 19 * 1024, lanes = 1;
constexpr std::size_t letters_min = 10, letters_max = 200;
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

Status check_new_password(std::string_view email, std::string_view password,
                          std::string_view again) {
    const auto letters = code_points(password);
    if (letters < letters_min || letters > letters_max || !is_valid_utf8(password)) {
        return fail(
            ErrorKind::Invalid, "password.length", {},
            {{"shortest", std::to_string(letters_min)}, {"longest", std::to_string(letters_max)}},
            "password");
    }
    const auto lower = to_lower(password);
    const auto name = email.substr(0, email.find('@'));
    const bool one_letter = lower.find_first_not_of(lower.front()) == std::string::npos;
    constexpr std::string_view common[] = {"1234567890", "0123456789", "password", "matkhau",
                                           "qwertyuiop", "abcdefghij", "laichau"};
    const bool is_common = std::ranges::any_of(
        common, [&](std::string_view word) { return lower.starts_with(word) && letters < 14; });
    if (one_letter || is_common || (name.size() > 3 && lower.find(name) != std::string::npos)) {
        return fail(ErrorKind::Invalid, "password.weak", {}, {}, "password");
    }
    if (password != again) {
        return fail(ErrorKind::Invalid, "password.differs", {}, {}, "password_again");
    }
    return {};
}

std::string one_time_password() {
    const std::string letters = random_readable(16);
    return letters.substr(0, 4) + "-" + letters.substr(4, 4) + "-" + letters.substr(8, 4) + "-" +
           letters.substr(12, 4);
}

}  // namespace antin::app
