#pragma once
#include <cstdint>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "ca/authority.hpp"

namespace antin::app {

/// Issues the certificates of rows whose key is shown (step 3). The order id of the row makes it
/// idempotent: a row that has its certificate gets the same one again, however often and by
/// whomever it is asked. The row's state, history and journal commit with the ledger's record.
/// When the authority's token is away the row keeps its place and says so ("token.…"); it goes on
/// by issue_waiting_lines. Errors per row, in the order of `line_ids`: those of Authority::issue;
/// Unavailable "ca.not_open"; Refused "workflow.not_now".
[[nodiscard]] std::vector<Result<ca::CertificateRecord>> issue_lines(
    Services& services, const Actor& actor, const std::vector<std::int64_t>& line_ids);
[[nodiscard]] Result<ca::CertificateRecord> issue_line(Services& services, const Actor& actor,
                                                       std::int64_t line_id);

/// For the jobs runner, every few seconds: rows that wait because the token was away, the server
/// was killed or the page was closed between key and certificate. Returns how many were issued.
std::int64_t issue_waiting_lines(Services& services);

}  // namespace antin::app
