#include "app/make_request_form.hpp"

#include "app/access.hpp"
#include "app/make_paper.hpp"
#include "domain/form_definition.hpp"
#include "forms/request_form.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"

namespace antin::app {
namespace {

forms::FormKind kind_of(const store::Dossier& dossier) {
    const auto* form = domain::form_definition(dossier.procedure, dossier.subscriber_kind);
    const auto number = form == nullptr ? domain::RequestForm::Form01 : form->form;
    return static_cast<forms::FormKind>(number);  // both lists go from Mẫu 01 to Mẫu 06
}

std::string value_of(const store::FieldValues& values, std::string_view key) {
    const auto found = values.find(key);
    return found == values.end() ? "" : found->second;
}

forms::FormRecipient recipient_of(const store::FieldValues& values) {
    return {value_of(values, "full_name"),    value_of(values, "personal_id"),
            value_of(values, "id_issued_on"), value_of(values, "id_issued_by"),
            value_of(values, "position"),     value_of(values, "phone"),
            value_of(values, "email"),        value_of(values, "address"),
            value_of(values, "agency_name")};
}

/// Whose name stands under the paper: who sent it, else the agency's head.
std::optional<store::Account> signer_of(sql::Reader& reader, const store::Dossier& dossier) {
    if (dossier.submitted_by) return store::find_account(reader, *dossier.submitted_by);
    const auto heads = store::people_with_role(reader, domain::Role::Head, dossier.agency_id);
    if (heads.size() == 1) return heads.front();
    return std::nullopt;
}

Result<forms::RequestForm> gather(sql::Reader& reader, const store::Dossier& dossier) {
    forms::RequestForm form;
    form.kind = kind_of(dossier);
    form.central_signing = dossier.carrier == domain::Carrier::CentralSigning;
    const auto agency = store::find_agency(reader, dossier.agency_id).value();
    const auto parent =
        agency.parent_id ? store::find_agency(reader, *agency.parent_id) : std::nullopt;
    form.agency = {parent ? parent->name : "", agency.name, ""};
    const auto receiver = store::find_agency(reader, dossier.receiver_id);
    form.provider = receiver ? receiver->name : "";
    form.recipient = recipient_of(dossier.recipient);
    for (const auto& line : store::dossier_lines(reader, dossier.id)) {
        forms::Values row;
        for (const auto& [key, value] : dossier.shared_values) row[key] = value;
        for (const auto& [key, value] : line.values) {
            if (!value.empty()) row[key] = value;
        }
        form.rows.push_back(std::move(row));
    }
    if (const auto signer = signer_of(reader, dossier)) {
        form.head_name = signer->full_name;
        form.head_position = signer->position;
    }
    form.made_at = dossier.submitted_at.value_or(dossier.saved_at);
    if (dossier.submitted_at) form.date = local_date(*dossier.submitted_at);
    form.dossier_reference =
        html::text(html::Language::Vietnamese, "paper.form_reference",
                   {{"number", std::to_string(dossier.id)},
                    {"lines", std::to_string(form.rows.size())},
                    {"at", to_vietnamese(dossier.submitted_at.value_or(dossier.saved_at))}});
    return form;
}

}  // namespace

Result<Bytes> make_request_form(Services& services, const Actor& actor, std::int64_t dossier_id,
                                bool for_signing) {
    auto form = services.db.read([&](sql::Reader& reader) -> Result<forms::RequestForm> {
        const auto dossier = store::find_dossier(reader, dossier_id);
        const auto hidden = fail(ErrorKind::NotFound, "dossier.not_found");
        if (!dossier) return hidden;
        const bool draft = dossier->state == domain::DossierState::Draft;
        const bool own = actor.has(domain::Role::FocalPoint, dossier->agency_id) ||
                         actor.has(domain::Role::Head, dossier->agency_id);
        if (!own &&
            (draft || !may_read_dossier(reader, actor, dossier->agency_id, dossier->receiver_id))) {
            return hidden;
        }
        ANTIN_TRY(gathered, gather(reader, *dossier));
        gathered.preview = draft && !for_signing;
        return gathered;
    });
    if (!form && form.error().kind == ErrorKind::NotFound) {
        return not_yours(services, actor, "dossier", std::to_string(dossier_id));
    }
    if (!form) return fail(form.error());
    if (services.papers == nullptr) return fail(ErrorKind::Internal, "internal", "no layouts");
    return forms::draw_request_form(*services.papers, *form);
}

}  // namespace antin::app
