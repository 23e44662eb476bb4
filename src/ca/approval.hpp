#pragma once
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "sql/sql.hpp"

namespace antin::ca {

/// Who decided, as the audit trail and the ledger name them. `account_id` 0: nobody; such a person
/// cannot approve anything.
struct Person {
    std::int64_t account_id = 0;
    std::string name;
};

/// Whom a certificate names. Text is checked and normalised (NFC) by approve_order; the order in
/// the certificate is C, L, O, OU…, CN (facts: domain notes on the profile in use).
struct Subject {
    std::string locality;            // L: province, "Lai Châu"
    std::string organisation;        // O: superior body
    std::vector<std::string> units;  // OU, from the top down; may be empty
    std::string common_name;         // CN: full name, NAME OF THE BODY, or name of the system
    std::string email;               // subjectAltName rfc822Name; "" only for equipment
    std::string domain_name;         // equipment only: subjectAltName dNSName or iPAddress; or ""
    bool operator==(const Subject&) const = default;
};

/// Everything about a certificate except its key: what two people approve.
struct OrderTerms {
    std::string order_id;  // unique for ever, chosen by the caller: "line:1234"
    std::string issuer;    // "state" or "party": the branch of the agency, which is data
    std::string profile;   // "individual", "organisation", "equipment" (data/profiles/*.json)
    Subject subject;
    int validity_days = 0;  // 0: as the profile says; never more than the profile's limit
    /// Wins over the days: a certificate that takes over the time of its predecessor. Whole
    /// seconds; within the profile's limit from the moment of approval.
    std::optional<Instant> not_after = {};
    bool on_hold = true;  // until the handover is confirmed
    bool operator==(const OrderTerms&) const = default;
};

/// Records that `proposer` proposed and `approver` approved these terms. Called inside the caller's
/// transaction that decides the row, once per row. The same terms again change nothing.
/// Errors: Refused "ca.two_people" when they are one person or nobody; Invalid "ca.subject_…",
/// "ca.profile_unknown", "ca.issuer_unknown", "ca.validity"; Conflict "ca.order_differs" when the
/// order id is on record with other terms.
[[nodiscard]] Status approve_order(sql::Transaction& tx, const OrderTerms& terms,
                                   const Person& proposer, const Person& approver, Instant now);

/// The key of an order is given up (its device broke): an open intent is abandoned, a certificate
/// is revoked as superseded, and the same terms stand under `new_order_id` on the decision of the
/// same two people. So one decision never stands behind two certificates that are good. Nothing is
/// issued for the old order any more. Errors: NotFound "ca.order_unknown"; Conflict
/// "ca.order_differs" when the new id is taken or the old one replaced before.
[[nodiscard]] Status replace_order(sql::Transaction& tx, std::string_view order_id,
                                   const std::string& new_order_id, const Person& by, Instant now);

/// Proof that two different people approved one order. Only the ledger's record of their decision
/// makes one (Authority::approval_of); it cannot be copied, and issuing takes it away.
class Approval {
  public:
    Approval(Approval&& other) noexcept;
    Approval& operator=(Approval&& other) noexcept;
    Approval(const Approval&) = delete;
    Approval& operator=(const Approval&) = delete;
    ~Approval() = default;

    [[nodiscard]] const OrderTerms& terms() const { return terms_; }
    [[nodiscard]] const Person& proposer() const { return proposer_; }
    [[nodiscard]] const Person& approver() const { return approver_; }
    /// False once issuing has taken it.
    [[nodiscard]] bool is_valid() const { return valid_; }

  private:
    friend class ApprovalSource;
    Approval(OrderTerms terms, Person proposer, Person approver);
    OrderTerms terms_;
    Person proposer_, approver_;
    bool valid_ = false;
};

}  // namespace antin::ca
