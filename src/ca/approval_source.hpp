#pragma once
#include "ca/approval.hpp"

namespace antin::ca {

/// The only maker of Approval: out of the ledger's record of who proposed and who approved.
class ApprovalSource {
  public:
    /// NotFound "ca.order_unknown"; Refused "ca.two_people".
    [[nodiscard]] static Result<Approval> load(sql::Reader& reader, std::string_view order_id);
    /// Marks the proof as used; false when it was used (or moved from) before.
    [[nodiscard]] static bool take(Approval& approval);
};

}  // namespace antin::ca
