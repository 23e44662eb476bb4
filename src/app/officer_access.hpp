#pragma once
#include <cstdint>
#include <string>
#include <string_view>

#include "app/actor.hpp"
#include "app/notify.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "domain/dossier_workflow.hpp"
#include "domain/line_workflow.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"

namespace antin::app {

/// A filed dossier for an officer of the body that answers it. What is not theirs (another body,
/// a draft) reads like what does not exist and stands on the audit trail; a role that may not do
/// `act` is Forbidden. Call it outside of a transaction.
[[nodiscard]] Result<store::Dossier> officer_dossier(Services& services, const Actor& actor,
                                                     std::int64_t id, domain::Roles roles,
                                                     std::string_view act);
/// Everybody who may look at the dossier as an officer.
[[nodiscard]] constexpr domain::Roles reading_officers() {
    using enum domain::Role;
    return domain::Roles(ProvinceCoordinator, IntakeOfficer, Assessor, Approver,
                         RegistrationOfficer, Auditor);
}

/// Read again inside the transaction that changes it. A version that moved on is Conflict
/// "dossier.changed" {{name}}, {{time}}: who was faster, and when.
[[nodiscard]] Result<store::Dossier> dossier_again(sql::Transaction& tx, std::int64_t id,
                                                   std::int64_t version);
/// The same answer, for when saving finds out.
[[nodiscard]] tl::unexpected<Error> dossier_changed(sql::Reader& db, std::int64_t id);

/// What the table says for the roles that the actor holds at the receiving body.
[[nodiscard]] Result<domain::DossierState> decide_dossier(const Actor& actor,
                                                          const store::Dossier& dossier,
                                                          const domain::DossierFacts& facts,
                                                          domain::DossierAction action);
[[nodiscard]] Result<domain::LineState> decide_line(const Actor& actor,
                                                    const store::Dossier& dossier,
                                                    const domain::LineFacts& facts,
                                                    domain::LineAction action);

/// Facts that lie in the dossier and its rows.
[[nodiscard]] domain::DossierFacts facts_of(const store::Dossier& dossier,
                                            const std::vector<store::DossierLine>& lines);
[[nodiscard]] domain::LineFacts facts_of_line(const store::Dossier& dossier,
                                              const store::DossierLine& line);

/// One step: an event in the history and an entry in the journal ("dossier.<act>").
struct Step {
    std::string act;
    domain::DossierState from{};
    std::string data = "{}";  // JSON, sorted keys, integers and texts without personal data
    std::optional<std::int64_t> line_number;
    bool is_public = false;
    bool is_internal = false;
    std::string reason;  // what a person typed: in the history as "reason", never in the journal
};
void record_step(sql::Transaction& tx, Services& services, const Actor& actor,
                 const store::Dossier& dossier, const Step& step);

/// Everybody with `role` at a body.
void notify_role(sql::Transaction& tx, const Services& services, domain::Role role,
                 std::int64_t body_id, const Message& message);
/// "/xu-ly/12": the officers' page of a dossier.
[[nodiscard]] std::string officer_path(const store::Dossier& dossier);
/// "G11.07-261207-0041" for a notice; "" before acceptance, which the notice puts into words.
[[nodiscard]] std::string name_of(const store::Dossier& dossier);

}  // namespace antin::app
