#pragma once
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "hsm/module.hpp"
#include "pki/signer.hpp"

namespace antin::hsm {

/// How to reach one token. `label` or `serial` names it; both when both are given.
struct TokenAccess {
    std::string label, serial;
    std::string pin;  // kept in memory for a new login after the token was lost; wiped at the end
    int workers = 2;  // sessions, each with its own thread
    std::chrono::milliseconds limit{15'000};            // for one ordinary operation
    std::chrono::milliseconds generate_limit{180'000};  // for a key pair: cards are slow
    /// Whether the PIN may be tried when one more mistake would lock the token. A server with a
    /// stored PIN never does; a person who typed it and was told may.
    bool allow_final_try = false;
};

struct KeyInfo {
    std::string label;
    pki::KeyKind kind = pki::KeyKind::Rsa3072;
    Bytes public_key_info;  // SubjectPublicKeyInfo, DER
    bool extractable = false;
    bool has_certificate = false;
};

/// One token, logged in. Calls run on the token's own threads, so that a library that never
/// returns costs the caller no more than the stated limit. A token that was pulled out or lost
/// its session is found and logged in again by itself at the next call; a wrong PIN is tried once
/// and then not again until `use_pin`, since three blind tries lock a card.
///
/// Errors of every call: Unavailable with code
///   token.missing (not plugged in), token.pin_wrong, token.pin_wrong_final (one try left),
///   token.pin_locked, token.pin_not_retried (known to be wrong), token.pin_final_try (refused to
///   risk it), token.removed, token.stalled (no answer within the limit), token.failed.
class Token {
  public:
    virtual ~Token() = default;
    /// Finds the token and logs in at once.
    [[nodiscard]] static Result<std::shared_ptr<Token>> open(std::shared_ptr<Module> module,
                                                             TokenAccess access);

    [[nodiscard]] virtual Result<TokenInfo> info() = 0;
    /// The kinds of key this device can make, strongest first.
    [[nodiscard]] virtual Result<std::vector<pki::KeyKind>> kinds() = 0;

    /// Makes a key pair on the token: sensitive, never extractable. When a key of this label and
    /// kind is there already it is returned instead, so a repeat after a broken line makes no
    /// second key. Errors: Conflict "token.key_other_kind", Unavailable "token.key_too_big".
    [[nodiscard]] virtual Result<KeyInfo> generate_key(std::string_view label,
                                                       pki::KeyKind kind) = 0;
    [[nodiscard]] virtual Result<std::vector<KeyInfo>> keys() = 0;
    /// NotFound "token.key_missing" when there is none of that label.
    [[nodiscard]] virtual Result<KeyInfo> key(std::string_view label) = 0;
    [[nodiscard]] virtual Result<std::shared_ptr<pki::Signer>> signer(std::string_view label) = 0;

    /// Writes (or replaces) the certificate that belongs to a key; `read_certificate` gives back
    /// the bytes that the token really holds. NotFound "token.certificate_missing".
    [[nodiscard]] virtual Status write_certificate(std::string_view label, BytesView der) = 0;
    [[nodiscard]] virtual Result<Bytes> read_certificate(std::string_view label) = 0;
    /// Removes the key pair and certificate of a label; none there is no error.
    [[nodiscard]] virtual Status erase(std::string_view label) = 0;

    /// Changes the user PIN on the token. Errors: Unavailable "token.pin_length".
    [[nodiscard]] virtual Status change_pin(std::string_view new_pin) = 0;
    /// A person corrected the PIN: forget that the former one was wrong.
    virtual void use_pin(std::string_view pin) = 0;
};

}  // namespace antin::hsm
