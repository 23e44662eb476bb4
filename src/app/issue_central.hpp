#pragma once
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"

namespace antin::ca {
class KeyStore;
}

namespace antin::app {

/// Where the keys of centralised accounts are made: the server's own token. Set once at start for
/// the installation whose database this is; nullptr takes it away.
void use_central_keys(const sql::Database& db, std::shared_ptr<ca::KeyStore> keys);

/// What became of one row, in the order of the input.
struct LineOutcome {
    std::int64_t line_id = 0, number = 0;
    std::string dossier_code, name;
    std::string certificate_serial;  // "" when it failed
    std::optional<Error> error;
};

/// Centralised accounts: the key is made in the server's own PKCS#11 token, the certificate issued,
/// and the account ready to be handed over. One row after another; a row that fails says why and
/// goes on at the next try with the key it has.
/// Errors: Unavailable "central.no_token"; per row those of the key store and of issue_line.
[[nodiscard]] Result<std::vector<LineOutcome>> issue_central(
    Services& services, const Actor& actor, const std::vector<std::int64_t>& line_ids);

/// For the program, every few seconds: rows of both kinds that an officer began and that a lost
/// token or a killed server left behind go on to their end. Returns how many are ready now.
std::int64_t finish_begun_lines(Services& services);

/// SIM PKI: the list of rows that wait, for the operator to fill in (CSV, UTF-8 with BOM):
/// order, dossier, row, phone, operator, ICCID (empty), request (empty).
[[nodiscard]] Result<std::string> sim_list(Services& services, const Actor& actor);

struct SimResult {
    std::string csv;  // the same rows with certificate serial, certificate (PEM) and error
    std::int64_t issued = 0, failed = 0;
};
/// The operator's file of certification requests goes in, the file of certificates comes out, row
/// by row: a row that is wrong says why and holds nobody up; the same file again gives the same
/// certificates. Errors: Invalid "sim.unreadable", "sim.column_missing"; TooLarge "sim.too_many".
[[nodiscard]] Result<SimResult> issue_sim(Services& services, const Actor& actor,
                                          std::string_view csv);

}  // namespace antin::app
