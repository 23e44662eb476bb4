#include "app/submit_dossier.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "app/access.hpp"
#include "app/check_dossier.hpp"
#include "app/dossier_access.hpp"
#include "app/notify.hpp"
#include "base/text.hpp"
#include "domain/dossier_workflow.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossier_events.hpp"
#include "store/settings.hpp"

namespace antin::app {
namespace {

domain::DossierFacts facts_of(const CheckedDossier& checked, const std::string& proof) {
    domain::DossierFacts facts;
    facts.state = checked.dossier.state;
    facts.lines = static_cast<int>(checked.lines.size());
    facts.lines_with_defects = static_cast<int>(checked.findings.defects());
    facts.signed_by_head =
        std::ranges::find(checked.attachment_kinds, proof) != checked.attachment_kinds.end();
    return facts;
}

/// What was shared above the sheet becomes each row's own: later changes cannot reach it.
Status fix_rows(sql::Transaction& tx, CheckedDossier& checked) {
    for (std::size_t i = 0; i < checked.lines.size(); ++i) {
        store::DossierLine& line = checked.lines[i];
        const domain::LineFindings& findings = checked.findings.lines[i];
        line.values = findings.values;
        take_findings(findings, line);
        if (const auto email = line.values.find("email"); email != line.values.end()) {
            line.email = email->second;
        }
        line.state = domain::LineState::Requested;
        if (!store::save_line(tx, line)) return fail(ErrorKind::Conflict, "draft.row_changed");
    }
    return {};
}

std::string search_text(sql::Reader& db, const CheckedDossier& checked) {
    std::string words;
    if (const auto agency = store::find_agency(db, checked.dossier.agency_id)) words = agency->name;
    for (const auto& line : checked.lines) {
        if (words.size() > 60'000) break;
        words += " " + line.name;
    }
    return fold(words);
}

void tell(sql::Transaction& tx, const Services& services, const store::Dossier& dossier) {
    const auto agency = store::find_agency(tx, dossier.agency_id);
    notify_agency(tx, services, dossier.agency_id,
                  Message{"dossier_submitted",
                          {{"rows", std::to_string(dossier.line_count)},
                           {"agency", agency ? agency->name : ""}},
                          dossier_path(dossier),
                          dossier.id});
}

Result<store::Dossier> send(sql::Transaction& tx, Services& services, const Actor& actor,
                            const SubmitDossier& input) {
    const Instant now = services.clock.now();
    ANTIN_TRY(draft, draft_again(tx, input.dossier_id));
    if (draft.version != input.version || to_millis(draft.saved_at) != input.saved_at_ms)
        return fail(ErrorKind::Conflict, "draft.changed_since_seen");
    draft.rules_date = to_iso(local_date(now));  // filed today, under the rules of today
    auto checked = check_dossier(tx, services, draft);
    const auto decision = domain::decide(facts_of(checked, asked_proof(tx)),
                                         domain::DossierAction::Submit, domain::Role::Head);
    ANTIN_TRY(next, domain::as_result(decision));
    ANTIN_CHECK(fix_rows(tx, checked));
    store::Dossier& dossier = checked.dossier;
    dossier.state = next;
    dossier.submitted_by = actor.account_id;
    dossier.submitted_at = now;
    dossier.saved_at = now;
    dossier.submit_key = input.submit_key;
    dossier.line_count = static_cast<std::int64_t>(checked.lines.size());
    dossier.search_text = search_text(tx, checked);
    if (!store::save_dossier(tx, dossier)) return fail(ErrorKind::Conflict, "draft.changed");
    store::DossierEvent event;
    event.dossier_id = dossier.id;
    event.act = "submitted";
    event.from_state = domain::to_text(domain::DossierState::Draft);
    event.to_state = domain::to_text(next);
    event.actor_id = actor.account_id;
    event.actor_name = actor.name;
    event.at = now;
    event.is_public = true;
    store::add_dossier_event(tx, event);
    audit::append(tx, journal_entry(services, actor, "dossier.submitted", "dossier",
                                    std::to_string(dossier.id),
                                    fmt::format(R"({{"rows":{}}})", dossier.line_count)));
    tell(tx, services, dossier);
    return dossier;
}

}  // namespace

std::string asked_proof(sql::Reader& db) {
    // The setting's own words are older than the kinds of attachments.
    const auto chosen = store::setting_text(db, "submission_proof");
    return chosen == "signed_pdf" ? "form_signed" : chosen;
}

Result<store::Dossier> submit_dossier(Services& services, const Actor& actor,
                                      const SubmitDossier& input) {
    ANTIN_TRY(seen, agency_dossier(services, actor, input.dossier_id));
    if (!actor.has(domain::Role::Head, seen.agency_id))
        return not_your_role(services, actor, "dossier.submitted");
    if (input.submit_key.empty()) return fail(ErrorKind::Invalid, "form.no_key");
    if (seen.submit_key == input.submit_key) return seen;  // the same form once more
    const Instant now = services.clock.now();
    if (!actor.second_factor_at || now - *actor.second_factor_at > second_factor_fresh)
        return fail(ErrorKind::Forbidden, "second_factor.needed", {}, {}, "code");
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Dossier> {
        if (auto sent = store::find_dossier_by_submit_key(tx, input.submit_key)) {
            if (sent->id != input.dossier_id) return fail(ErrorKind::Invalid, "form.no_key");
            return std::move(*sent);
        }
        return send(tx, services, actor, input);
    });
}

}  // namespace antin::app
