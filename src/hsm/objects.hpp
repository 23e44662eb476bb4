#pragma once
// Inside src/hsm only: keys and certificates on a token, in terms of one session.
#include <optional>
#include <vector>

#include "hsm/sessions.hpp"

namespace antin::hsm {

[[nodiscard]] std::vector<pki::KeyKind> supported_kinds(Session& session);
[[nodiscard]] std::optional<KeyInfo> find_key(Session& session, const std::string& label);
[[nodiscard]] std::vector<KeyInfo> list_keys(Session& session);
[[nodiscard]] KeyInfo make_key(Session& session, const std::string& label, pki::KeyKind kind);
[[nodiscard]] Bytes sign_digest(Session& session, const std::string& label, pki::KeyKind kind,
                                const Bytes& digest);
void store_certificate(Session& session, const std::string& label, const Bytes& der);
[[nodiscard]] Bytes load_certificate(Session& session, const std::string& label);
void erase_objects(Session& session, const std::string& label);

}  // namespace antin::hsm
