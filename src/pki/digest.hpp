#pragma once
#include <memory>

#include "base/bytes.hpp"

namespace antin::pki {

[[nodiscard]] Bytes sha1(BytesView bytes);    // identifiers only (key ids, OCSP CertID), 20 bytes
[[nodiscard]] Bytes sha256(BytesView bytes);  // 32 bytes

/// SHA-256 over parts that come one after another.
class Sha256 {
  public:
    Sha256();
    ~Sha256();
    void add(BytesView bytes);
    [[nodiscard]] Bytes finish();

  private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace antin::pki
