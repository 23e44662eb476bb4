#pragma once
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace antin::hsm {

/// Where the PKCS#11 library lies and, for a software token, in which folder its tokens lie.
struct ModuleSettings {
    std::string library;  // path of the shared library
    /// Folder of a SoftHSM installation of our own. Its configuration is written there at each
    /// opening (a data folder may have been moved) and named to the library before it starts.
    /// Empty for vendors' libraries, which know their devices themselves.
    std::string folder;
    /// The longest that one call outside a session (list, initialise, unlock) may take.
    std::chrono::milliseconds call_limit{20'000};
};

/// A token as the library describes it.
struct TokenInfo {
    unsigned long slot = 0;
    std::string label, manufacturer, model, serial;
    bool initialised = false;
    bool pin_set = false;
    bool pin_tried_before = false;  // at least one wrong PIN since the last right one
    bool pin_final_try = false;     // the next wrong PIN locks it
    bool pin_locked = false;
    bool write_protected = false;
    int pin_length_min = 0, pin_length_max = 0;
};

/// A loaded and initialised PKCS#11 library. Opening the same library and folder again gives the
/// same object. Two folders of one software library may be open at once: the second is served by
/// a private copy of the library, so that the root's folder and the issuing folder never mix.
///
/// Opening sets an environment variable for the library: open modules before starting threads
/// that read the environment. Errors: Unavailable "token.module_missing", "token.module_failed".
class Module {
  public:
    virtual ~Module() = default;
    [[nodiscard]] static Result<std::shared_ptr<Module>> open(const ModuleSettings& settings);

    /// Every slot with a token in it, initialised or blank.
    [[nodiscard]] virtual Result<std::vector<TokenInfo>> tokens() = 0;

    /// Makes a new token in the first blank slot of a software library, or wipes and renames the
    /// one in `slot`: everything on it is lost. Labels are unique in a module, at most 32 bytes.
    /// Errors: Conflict "token.label_taken", Unavailable "token.no_blank", "token.so_pin_wrong".
    [[nodiscard]] virtual Result<TokenInfo> initialise(std::string_view label,
                                                       std::string_view so_pin,
                                                       std::string_view pin) = 0;
    [[nodiscard]] virtual Result<TokenInfo> reinitialise(unsigned long slot, std::string_view label,
                                                         std::string_view so_pin,
                                                         std::string_view pin) = 0;
    /// Gives a locked or new token a fresh user PIN by its SO-PIN.
    /// Errors: Unavailable "token.so_pin_wrong", "token.so_pin_locked".
    [[nodiscard]] virtual Status set_pin_by_so(std::string_view serial, std::string_view so_pin,
                                               std::string_view new_pin) = 0;

    [[nodiscard]] virtual const ModuleSettings& settings() const = 0;
};

/// The usual places of SoftHSM on Debian; "" when it is not installed.
[[nodiscard]] std::string find_softhsm();

}  // namespace antin::hsm
