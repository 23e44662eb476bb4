#pragma once
#include <functional>
#include <string_view>
#include <vector>

#include "ca/authority.hpp"
#include "ca/issuer_book.hpp"
#include "sql/sql.hpp"

namespace antin::ca {

/// Called at the named points of issuing, in order: "prepared", "intent", "signed", "recorded".
/// Tests end the process there; the product leaves it empty.
using StepHook = std::function<void(std::string_view)>;

struct IssuingContext {
    sql::Database& db;
    const Clock& clock;
    const IssuerBook& book;
    std::function<Bytes()> serial_source;  // 8 random bytes
    StepHook step;
};

/// The ceremony of one group of orders (design: what must never break, 1 and 4):
/// body built and linted around a placeholder signature → serials and bodies durable → the token
/// signs → each signature verified and the body compared byte for byte → certificates durable.
/// Two commits for the whole group. Results in the order of the requests.
[[nodiscard]] std::vector<Result<CertificateRecord>> issue_group(const IssuingContext& context,
                                                                 std::span<IssueRequest> requests);

/// Finishes intents that a crash or a lost token left open and that nobody is working at.
/// Returns how many were finished; the first error of the token ends the round.
[[nodiscard]] Result<int> finish_open_intents(const IssuingContext& context, Instant given_before);

}  // namespace antin::ca
