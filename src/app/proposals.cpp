#include "app/proposals.hpp"

#include "app/officer_access.hpp"
#include "base/text.hpp"

namespace antin::app {
namespace {
constexpr std::size_t reasons_length_max = 2000;
}

Status is_assigned_to(const Actor& actor, const store::Dossier& dossier) {
    if (dossier.assessor_id == actor.account_id) return {};
    return fail(domain::to_error(domain::Objection::NotAssignedToYou));
}

std::vector<std::string> lines_of(const std::string& reasons) {
    std::vector<std::string> out;
    for (std::size_t start = 0; start < reasons.size();) {
        auto end = reasons.find('\n', start);
        if (end == std::string::npos) end = reasons.size();
        if (end > start) out.push_back(reasons.substr(start, end - start));
        start = end + 1;
    }
    return out;
}

Result<std::string> reasons_of(std::string_view typed) {
    std::string out;
    for (const auto& line : lines_of(std::string{typed})) {
        const auto clean = clean_text(line);
        if (clean.empty()) continue;
        out += (out.empty() ? "" : "\n") + clean;
    }
    if (code_points(out) > reasons_length_max) {
        return fail(ErrorKind::TooLarge, "proposal.too_long", {},
                    {{"most", std::to_string(reasons_length_max)}}, "reason");
    }
    return out;
}

Result<store::DossierProposal> put_proposal(sql::Transaction& tx, Services& services,
                                            const Actor& actor, store::Dossier& dossier,
                                            store::DossierProposal proposal) {
    proposal.state = "open";
    for (const auto& waiting : store::waiting_proposals(tx, dossier.id)) {
        if (waiting.kind != proposal.kind) continue;
        if (waiting.state == "open") return fail(ErrorKind::Refused, "proposal.one_is_open");
        proposal.id = waiting.id;
    }
    if (proposal.id == 0) {
        proposal.id = store::add_proposal(tx, proposal);
    } else if (!store::open_draft(tx, proposal)) {
        return dossier_changed(tx, dossier.id);
    }
    if (!store::save_dossier(tx, dossier)) return dossier_changed(tx, dossier.id);
    record_step(tx, services, actor, dossier,
                {.act = proposal.kind + "_proposed", .from = dossier.state, .is_internal = true});
    notify_role(tx, services, domain::Role::Approver, dossier.receiver_id,
                {proposal.kind + "_proposed",
                 {{"code", name_of(dossier)},
                  {"name", actor.name},
                  {"due", dossier.due_at ? to_vietnamese(*dossier.due_at) : ""},
                  {"reason", proposal.reason}},
                 officer_path(dossier),
                 dossier.id});
    return proposal;
}

}  // namespace antin::app
