#pragma once
#include <cstdint>
#include <string>
#include <vector>

#include "app/services.hpp"
#include "forms/handover_notice.hpp"
#include "store/agencies.hpp"
#include "store/dossiers.hpp"
#include "store/papers.hpp"
#include "store/proposals.hpp"

/// Papers are ordered in the transaction of their cause: there they get the next number of the
/// body's book and what they say is fixed. The PDF is drawn after the commit by a job (outbox kind
/// "paper"), or when somebody opens it before that. Only use cases that have already checked role,
/// body and state call these. Each answers the paper's id.
namespace antin::app {

/// The next number of a body's book of this year, without gaps: "3/PKS".
struct BookNumber {
    std::int64_t number = 0;
    std::string text;
};
[[nodiscard]] BookNumber take_number(sql::Transaction& tx, const Services& services,
                                     std::int64_t body_id, std::string_view book);
/// A body as the head of a paper names it.
[[nodiscard]] forms::PaperBody paper_body(sql::Reader& reader, std::int64_t body_id);

/// After acceptance: code, check value, accepted_at and due_at of the dossier are set.
/// Book "TNHS-TTPVHCC" (TT 03/2025/TT-VPCP, Mẫu 01).
std::int64_t order_receipt(sql::Transaction& tx, Services& services, const store::Dossier& dossier,
                           const std::string& officer_name);

struct SupplementOrder {
    std::vector<std::string> items;  // one sentence per defect, all at once
    std::string reason;
    Instant answer_due_at;
};
/// Book "PBS" (Mẫu 02). The dossier may have no code yet.
std::int64_t order_supplement(sql::Transaction& tx, Services& services,
                              const store::Dossier& dossier, const SupplementOrder& order,
                              const std::string& officer_name);

/// Book "PTC" (Mẫu 03).
std::int64_t order_intake_refusal(sql::Transaction& tx, Services& services,
                                  const store::Dossier& dossier,
                                  const std::vector<std::string>& reasons,
                                  const std::string& guidance, const std::string& officer_name);
/// Rows refused by the approver, each with its reason. Book "TL".
std::int64_t order_line_refusal(sql::Transaction& tx, Services& services,
                                const store::Dossier& dossier,
                                const std::vector<std::string>& reasons,
                                const std::string& approver_name);
/// Who signs a paper of the body: position may be empty.
struct Signer {
    std::string position, name;
};
/// Book "PXL" (Mẫu 04).
std::int64_t order_postponement(sql::Transaction& tx, Services& services,
                                const store::Dossier& dossier, Instant promised_at,
                                Instant new_due_at, const std::string& reason,
                                const Signer& signer);
/// Book "TBD" (Mẫu 05).
std::int64_t order_processing_stop(sql::Transaction& tx, Services& services,
                                   const store::Dossier& dossier,
                                   const std::vector<std::string>& reasons, const Signer& signer);
/// What either would say if it were decided as proposed; takes no number.
[[nodiscard]] forms::PaperContent proposed_paper(sql::Reader& reader, const Services& services,
                                                 const store::Dossier& dossier,
                                                 const store::DossierProposal& proposal);

struct HandoverOrder {
    Instant handed_at;
    std::string method;  // "direct", "post", "online": text key "handover_method.<method>"
    std::string handed_by, handed_position;
    std::string recipient_name, recipient_position;
    std::vector<forms::HandoverItem> items;
    int pin_envelopes = 0;
};
/// The provider's record. Book "BBBG" of `body` (the provider).
std::int64_t order_handover_record(sql::Transaction& tx, Services& services,
                                   const store::Dossier& dossier, const store::Agency& body,
                                   const HandoverOrder& order);
/// The agency's confirmation (Mẫu 07); it has no number of ours.
std::int64_t order_handover_notice(sql::Transaction& tx, Services& services,
                                   const store::Dossier& dossier,
                                   const std::vector<forms::HandoverItem>& items,
                                   const std::string& confirmed_by,
                                   const std::string& confirmed_position);

/// "Cấp mới chứng thư chữ ký số cho cá nhân, 12 người": what a dossier is about, on papers, in
/// mails and on the look-up page. Holds no personal data.
[[nodiscard]] std::string dossier_subject(const store::Dossier& dossier);
/// The address of the public page of a dossier with a code; it stands in the QR.
[[nodiscard]] std::string lookup_url(const Configuration& configuration,
                                     const store::Dossier& dossier);

}  // namespace antin::app
