#include "ca/approval.hpp"

#include <fmt/format.h>

#include <utility>

#include "audit/journal.hpp"
#include "base/text.hpp"
#include "ca/approval_source.hpp"
#include "ca/authority.hpp"
#include "ca/profiles.hpp"
#include "ledger/issuers.hpp"
#include "ledger/orders.hpp"

namespace antin::ca {
namespace {

constexpr std::size_t order_id_letters_max = 100;

OrderTerms terms_of(const ledger::Order& order) {
    OrderTerms out;
    out.order_id = order.order_id;
    out.issuer = order.issuer;
    out.profile = order.profile;
    out.subject = {order.locality,    order.organisation, order.units,
                   order.common_name, order.email,        order.domain_name};
    out.validity_days = static_cast<int>(order.validity_days);
    out.not_after = order.not_after;
    out.on_hold = order.on_hold;
    return out;
}

ledger::Order order_of(const OrderTerms& terms, const Person& proposer, const Person& approver,
                       Instant now) {
    ledger::Order out;
    out.order_id = terms.order_id;
    out.issuer = terms.issuer;
    out.profile = terms.profile;
    out.locality = terms.subject.locality;
    out.organisation = terms.subject.organisation;
    out.units = terms.subject.units;
    out.common_name = terms.subject.common_name;
    out.email = terms.subject.email;
    out.domain_name = terms.subject.domain_name;
    out.validity_days = terms.validity_days;
    out.not_after = terms.not_after;
    out.on_hold = terms.on_hold;
    out.proposer_id = proposer.account_id;
    out.proposer_name = proposer.name;
    out.approver_id = approver.account_id;
    out.approver_name = approver.name;
    out.approved_at = now;
    return out;
}

bool are_two(const Person& a, const Person& b) {
    return a.account_id > 0 && b.account_id > 0 && a.account_id != b.account_id;
}

bool is_possible_end(const OrderTerms& terms, const pki::Profile& profile, Instant now) {
    const auto longest = std::chrono::days{profile.validity_days_max};
    if (terms.validity_days < 0 || terms.validity_days > longest.count()) return false;
    if (!terms.not_after) return true;
    // The order is on record once and for all; an end that was possible at first stays possible.
    const bool whole =
        std::chrono::floor<std::chrono::seconds>(*terms.not_after) == *terms.not_after;
    return whole && *terms.not_after > now && *terms.not_after <= now + longest;
}

bool is_issuer(sql::Reader& reader, std::string_view name) {
    for (const auto& issuer : ledger::list_issuers(reader)) {
        if (issuer.name == name && issuer.sort == "issuing") return true;
    }
    return false;
}

}  // namespace

Approval::Approval(OrderTerms terms, Person proposer, Person approver)
    : terms_(std::move(terms)),
      proposer_(std::move(proposer)),
      approver_(std::move(approver)),
      valid_(true) {}

Approval::Approval(Approval&& other) noexcept
    : terms_(std::move(other.terms_)),
      proposer_(std::move(other.proposer_)),
      approver_(std::move(other.approver_)),
      valid_(std::exchange(other.valid_, false)) {}

Approval& Approval::operator=(Approval&& other) noexcept {
    terms_ = std::move(other.terms_);
    proposer_ = std::move(other.proposer_);
    approver_ = std::move(other.approver_);
    valid_ = std::exchange(other.valid_, false);
    return *this;
}

Result<Approval> ApprovalSource::load(sql::Reader& reader, std::string_view order_id) {
    const auto order = ledger::find_order(reader, order_id);
    if (!order) return fail(ErrorKind::NotFound, "ca.order_unknown");
    if (!order->replaced_by.empty()) return fail(ErrorKind::Conflict, "ca.order_replaced");
    Person proposer{order->proposer_id, order->proposer_name};
    Person approver{order->approver_id, order->approver_name};
    // The table refuses such rows; a database edited by hand might hold one all the same.
    if (!are_two(proposer, approver)) return fail(ErrorKind::Refused, "ca.two_people");
    return Approval{terms_of(*order), std::move(proposer), std::move(approver)};
}

bool ApprovalSource::take(Approval& approval) {
    return std::exchange(approval.valid_, false);
}

Status approve_order(sql::Transaction& tx, const OrderTerms& given, const Person& proposer,
                     const Person& approver, Instant now) {
    if (!are_two(proposer, approver)) return fail(ErrorKind::Refused, "ca.two_people");
    OrderTerms terms = given;
    terms.subject = normalised(given.subject);
    if (terms.order_id.empty() || terms.order_id.size() > order_id_letters_max ||
        clean_text(terms.order_id) != terms.order_id) {
        return fail(ErrorKind::Invalid, "ca.order_id", {}, {}, "order_id");
    }
    auto profile = find_profile(terms.profile);
    if (!profile || (*profile)->sort != pki::Profile::Sort::Subscriber) {
        return fail(ErrorKind::Invalid, "ca.profile_unknown", {}, {{"profile", terms.profile}},
                    "profile");
    }
    ANTIN_CHECK(check_subject(terms.subject, **profile));
    if (!is_possible_end(terms, **profile, now)) {
        return fail(ErrorKind::Invalid, "ca.validity", {}, {}, "validity_days");
    }
    if (!is_issuer(tx, terms.issuer)) {
        return fail(ErrorKind::Invalid, "ca.issuer_unknown", {}, {{"issuer", terms.issuer}},
                    "issuer");
    }
    if (const auto known = ledger::find_order(tx, terms.order_id)) {
        if (terms_of(*known) == terms && known->proposer_id == proposer.account_id &&
            known->approver_id == approver.account_id) {
            return {};
        }
        return fail(ErrorKind::Conflict, "ca.order_differs", {}, {{"order", terms.order_id}});
    }
    ledger::insert_order(tx, order_of(terms, proposer, approver, now));
    audit::append(tx, {now, approver.account_id, approver.name, "ca.order_approved", "ca_order",
                       terms.order_id,
                       fmt::format(R"({{"issuer":"{}","profile":"{}","proposer":{}}})",
                                   terms.issuer, terms.profile, proposer.account_id)});
    return {};
}

Status replace_order(sql::Transaction& tx, std::string_view order_id,
                     const std::string& new_order_id, const Person& by, Instant now) {
    auto order = ledger::find_order(tx, order_id);
    if (!order) return fail(ErrorKind::NotFound, "ca.order_unknown");
    if (ledger::find_order(tx, new_order_id) ||
        !ledger::mark_order_replaced(tx, order_id, new_order_id)) {
        return fail(ErrorKind::Conflict, "ca.order_differs", {}, {{"order", new_order_id}});
    }
    if (const auto given = ledger::find_serial_of_order(tx, order_id)) {
        if (given->state == "done") {
            ANTIN_TRY(first, revoke(tx, given->serial, RevocationReason::Superseded, by,
                                    std::string{order_id}, now));
            (void)first;  // revoked before: for good all the same
        } else {
            ledger::end_serial(tx, given->serial, "abandoned", now);
            audit::append(tx, {now, by.account_id, by.name, "ca.intent_abandoned", "ca_serial",
                               given->serial});
        }
    }
    order->order_id = new_order_id;
    ledger::insert_order(tx, *order);
    audit::append(tx, {now, by.account_id, by.name, "ca.order_replaced", "ca_order", new_order_id,
                       fmt::format(R"({{"replaces":"{}"}})", order_id)});
    return {};
}

}  // namespace antin::ca
