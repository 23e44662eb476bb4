#pragma once
#include <string>
#include <utility>

#include "ca/approval.hpp"
#include "offline.hpp"

namespace CLI {
class App;
}

namespace antin::program {

/// The two CA administrators of an act at the command line, each with a proof of their own: a file
/// with the password on the first line and the code of the phone (or a recovery code) on the
/// second; without a file both are asked for at the terminal. Never an argument: arguments are
/// seen by everybody on the machine.
struct TwoAdministrators {
    struct One {
        std::string email, proof_file;
    };
    One first, second;
};
void add_administrator_options(CLI::App& command, TwoAdministrators& two);

/// Errors: Refused "ca.two_people" (the same person twice), "ca.not_administrator"; Invalid
/// "proof.file", "proof.no_terminal"; those of app::prove_identity.
[[nodiscard]] Result<std::pair<ca::Person, ca::Person>> prove(Offline& offline,
                                                              const TwoAdministrators& two);

}  // namespace antin::program
