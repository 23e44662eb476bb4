#pragma once
// Inside src/hsm only: the C API and how its failures travel to the edge of the module.
#include <p11-kit/pkcs11.h>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hsm/module.hpp"

namespace antin::hsm {

/// Thrown inside src/hsm, turned into a value before a public call returns.
struct CallFailed {
    Error error;
    bool lost = false;  // the session, the login or the device went away: connecting anew may help
};

/// Throws CallFailed unless `value` is CKR_OK.
void check(CK_RV value, const char* call);
[[nodiscard]] CallFailed call_failed(CK_RV value, const char* call);
[[noreturn]] void give_up(ErrorKind kind, const char* code, std::string detail = {},
                          bool lost = false);

/// A text field of PKCS#11: fixed length, padded with spaces.
template <std::size_t N>
[[nodiscard]] std::string unpadded(const unsigned char (&field)[N]) {
    std::string text(reinterpret_cast<const char*>(field), N);
    text.erase(text.find_last_not_of(std::string_view{" \0", 2}) + 1);
    return text;
}

[[nodiscard]] inline CK_UTF8CHAR* as_pin(std::string_view pin) {
    return reinterpret_cast<CK_UTF8CHAR*>(const_cast<char*>(pin.data()));
}

/// The library behind a Module; its calls throw CallFailed.
class LoadedModule : public Module {
  public:
    [[nodiscard]] virtual CK_FUNCTION_LIST& call() = 0;
    [[nodiscard]] virtual TokenInfo describe(CK_SLOT_ID slot) = 0;
    [[nodiscard]] virtual std::vector<TokenInfo> list() = 0;
};

}  // namespace antin::hsm
