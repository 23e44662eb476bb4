#pragma once
#include <memory>
#include <string>

#include "base/result.hpp"
#include "config.hpp"
#include "hsm/token.hpp"

namespace antin::program {

/// The token of the issuing keys, opened with the PIN of its file.
[[nodiscard]] Result<std::shared_ptr<hsm::Token>> open_issuing_token(const Config& config);
/// The token of centralised accounts.
[[nodiscard]] Result<std::shared_ptr<hsm::Token>> open_central_token(const Config& config);

/// Makes the software tokens (issuing, central) and their PIN files where they are missing.
[[nodiscard]] Status make_tokens(const Config& config);

/// The root's own token in DIR/root-token, which `serve` never opens. `new_pin` is filled when the
/// token was made now: it is shown once and kept nowhere.
[[nodiscard]] Result<std::shared_ptr<hsm::Token>> make_root_token(const Config& config,
                                                                  std::string& new_pin);
/// Takes away the copy of the root's PIN that waits for the end of init.
void forget_root_pin(const Config& config);
[[nodiscard]] Result<std::shared_ptr<hsm::Token>> open_root_token(const Config& config,
                                                                  std::string_view pin);

}  // namespace antin::program
