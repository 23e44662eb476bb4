#pragma once
#include <filesystem>
#include <functional>
#include <string>

#include "base/bytes.hpp"
#include "base/result.hpp"
#include "pki/key.hpp"
#include "pki/signer.hpp"

namespace antin::ca {

/// Signs and checks the signature before anyone sees it: a token that errs, or another key under
/// the same label, must not reach the outside.
/// Errors: those of the token; Internal "ca.signature_wrong".
[[nodiscard]] Result<Bytes> sign_checked(pki::Signer& signer, const pki::PublicKey& key,
                                         BytesView digest);

/// 64 bits from the kernel's CSPRNG, never zero; 8 bytes, big-endian.
[[nodiscard]] Bytes random_serial();

/// Where the addresses inside certificates point.
struct Addresses {
    std::string ocsp, crl, certificate;
};
[[nodiscard]] Addresses addresses_of(const std::string& status_url, const std::string& issuer);

/// Writes a file that readers see whole or not at all: a temporary beside it, fsync, rename, fsync
/// of the folder (made when missing). `write` gets the open descriptor.
/// Errors: Unavailable "ca.public_file" naming the path.
[[nodiscard]] Status publish_file(const std::filesystem::path& path,
                                  const std::function<bool(int)>& write);
[[nodiscard]] Status publish_file(const std::filesystem::path& path, BytesView content);
[[nodiscard]] bool write_all(int descriptor, BytesView bytes);

}  // namespace antin::ca
