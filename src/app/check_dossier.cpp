#include "app/check_dossier.hpp"

#include <algorithm>

#include "app/line_facts.hpp"
#include "store/attachments.hpp"

namespace antin::app {
namespace {

domain::DossierToCheck to_check(const store::Dossier& dossier) {
    domain::DossierToCheck check;
    static const domain::FormDefinition none;  // a request whose form this version does not know
    check.form = domain::form_definition(dossier.procedure, dossier.subscriber_kind);
    if (check.form == nullptr) check.form = &none;
    check.carrier = dossier.carrier;
    check.recipient = dossier.recipient;
    check.shared = dossier.shared_values;
    if (dossier.submitted_at) check.filed_on = local_date(*dossier.submitted_at);
    check.target_must_be_known = true;
    return check;
}

/// A draft is under the rules of today: what its clerk sees is what will count at sending.
RequestScope scope_of(const Services& services, const store::Dossier& dossier) {
    const Instant now = services.clock.now();
    return {.agency_id = dossier.agency_id,
            .dossier_id = dossier.id,
            .sent_at = dossier.submitted_at,
            .rules_date = dossier.submitted_at ? dossier.rules_date : to_iso(local_date(now)),
            .now = now};
}

}  // namespace

std::size_t CheckedDossier::lines_complete() const {
    return lines.size() - findings.lines_with_defects();
}

domain::FieldValues typed_values(const store::DossierLine& line) {
    domain::FieldValues out = line.values;
    for (const auto& [key, value] : line.typed) out[key] = value;
    return out;
}

void take_findings(const domain::LineFindings& findings, store::DossierLine& line) {
    line.carrier = findings.carrier;
    line.name = findings.name;
    line.subject_key = findings.subject_key;
    line.subscriber_kind = findings.kind;
    line.target_serial.reset();
    if (!findings.target_serial.empty()) line.target_serial = findings.target_serial;
}

CheckedDossier check_dossier(sql::Reader& db, const Services& services, store::Dossier dossier) {
    CheckedDossier out;
    out.lines = store::dossier_lines(db, dossier.id);
    auto check = to_check(dossier);
    for (const auto& line : out.lines) {
        check.lines.push_back(typed_values(line));
        check.row_numbers.push_back(line.number);
    }
    for (const auto& attachment : store::attachments(db, dossier.id))
        out.attachment_kinds.push_back(attachment.kind);
    check.attachment_kinds = out.attachment_kinds;
    out.form = check.form;
    // Mail domains and certificates in force have no versions: they are those of now.
    const LineFacts facts = line_facts_of(db, scope_of(services, dossier), out.lines);
    out.findings = domain::check_dossier(check, facts.settings(), facts.outside);
    out.dossier = std::move(dossier);
    return out;
}

std::vector<domain::LineFindings> check_new_lines(sql::Reader& db, const Services& services,
                                                  const store::Dossier& dossier,
                                                  const std::vector<domain::FieldValues>& typed) {
    auto check = to_check(dossier);
    check.lines = typed;
    const LineFacts facts = line_facts(db, scope_of(services, dossier));
    return domain::check_lines(check, facts.settings(), facts.outside);
}

}  // namespace antin::app
