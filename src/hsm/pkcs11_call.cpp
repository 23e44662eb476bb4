#include "hsm/pkcs11_call.hpp"

#include <fmt/format.h>

namespace antin::hsm {

namespace {

struct Meaning {
    CK_RV value;
    const char* code;
    bool lost;
};

// What people can act on, by return value; everything else is "token.failed" with its number in
// the log. `lost` marks what a new session may cure.
constexpr Meaning meanings[] = {
    {CKR_PIN_INCORRECT, "token.pin_wrong", false},
    {CKR_PIN_LOCKED, "token.pin_locked", false},
    {CKR_PIN_LEN_RANGE, "token.pin_length", false},
    {CKR_PIN_INVALID, "token.pin_length", false},
    {CKR_USER_PIN_NOT_INITIALIZED, "token.pin_not_set", false},
    {CKR_TOKEN_NOT_PRESENT, "token.removed", true},
    {CKR_DEVICE_REMOVED, "token.removed", true},
    {CKR_SLOT_ID_INVALID, "token.removed", true},
    {CKR_TOKEN_NOT_RECOGNIZED, "token.not_recognised", false},
    {CKR_TOKEN_WRITE_PROTECTED, "token.write_protected", false},
    {CKR_DEVICE_MEMORY, "token.full", false},
    {CKR_SESSION_HANDLE_INVALID, "token.session_lost", true},
    {CKR_SESSION_CLOSED, "token.session_lost", true},
    {CKR_USER_NOT_LOGGED_IN, "token.session_lost", true},
    {CKR_OBJECT_HANDLE_INVALID, "token.session_lost", true},
    {CKR_KEY_HANDLE_INVALID, "token.session_lost", true},
    {CKR_DEVICE_ERROR, "token.gone", true},
    {CKR_CRYPTOKI_NOT_INITIALIZED, "token.gone", true},
    {CKR_KEY_SIZE_RANGE, "token.key_too_big", false},
    {CKR_MECHANISM_INVALID, "token.key_too_big", false},
};

}  // namespace

CallFailed call_failed(CK_RV value, const char* call) {
    auto detail = fmt::format("{} answered 0x{:x}", call, value);
    for (const auto& meaning : meanings) {
        if (meaning.value != value) continue;
        return {Error{ErrorKind::Unavailable, meaning.code, std::move(detail), {}, {}},
                meaning.lost};
    }
    return {Error{ErrorKind::Unavailable, "token.failed", std::move(detail), {}, {}}, false};
}

void check(CK_RV value, const char* call) {
    if (value != CKR_OK) throw call_failed(value, call);
}

void give_up(ErrorKind kind, const char* code, std::string detail, bool lost) {
    throw CallFailed{Error{kind, code, std::move(detail), {}, {}}, lost};
}

}  // namespace antin::hsm
