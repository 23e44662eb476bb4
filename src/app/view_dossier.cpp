#include "app/view_dossier.hpp"

#include <algorithm>

#include "app/access.hpp"
#include "app/assess_lines.hpp"
#include "app/keep_file.hpp"
#include "app/officer_access.hpp"
#include "store/calendar.hpp"

namespace antin::app {

using enum domain::Role;

Result<OfficerDossier> view_officer_dossier(Services& services, const Actor& actor,
                                            std::int64_t id) {
    ANTIN_TRY(seen, officer_dossier(services, actor, id, reading_officers(), "dossier.seen"));
    (void)seen;
    const Instant now = services.clock.now();
    return services.db.read([&](sql::Reader& db) -> Result<OfficerDossier> {
        auto dossier = store::find_dossier(db, id);
        if (!dossier) return fail(ErrorKind::NotFound, "dossier.not_found");
        // Rows of a form that this installation does not know cannot be shown, let alone judged.
        if (domain::form_definition(dossier->procedure, dossier->subscriber_kind) == nullptr) {
            return fail(ErrorKind::Refused, "dossier.no_form");
        }
        OfficerDossier view;
        view.checked = check_dossier(db, services, std::move(*dossier));
        const store::Dossier& d = view.checked.dossier;
        view.agency = store::find_agency(db, d.agency_id).value_or(store::Agency{});
        view.receiver = store::find_agency(db, d.receiver_id).value_or(store::Agency{});
        if (d.assessor_id) view.assessor = store::find_account(db, *d.assessor_id);
        view.assessors = store::people_with_role(db, Assessor, d.receiver_id);
        view.assessor_is_here = std::ranges::any_of(
            view.assessors, [&](const auto& person) { return person.id == d.assessor_id; });
        view.events = store::dossier_events(db, id, store::EventAudience::Officer);
        view.attachments = store::attachments(db, id);
        view.papers = store::papers_of(db, id);
        view.proposals = store::waiting_proposals(db, id);
        view.supplements = store::supplements_of(db, id);
        view.clock = read_clock(d, now, store::load_calendar(db, local_date(now)));
        view.sees_personal_data = sees_personal_data(db, services, actor, id);
        view.is_intake = actor.has(IntakeOfficer, d.receiver_id) ||
                         actor.has(ProvinceCoordinator, d.receiver_id);
        view.is_assessor = actor.has(Assessor, d.receiver_id);
        view.is_approver = actor.has(Approver, d.receiver_id);
        view.is_mine = view.is_assessor && d.assessor_id == actor.account_id;
        return view;
    });
}

Result<OfficerFile> read_dossier_file(Services& services, const Actor& actor,
                                      std::int64_t dossier_id, std::int64_t attachment_id) {
    ANTIN_TRY(seen, officer_dossier(services, actor, dossier_id, reading_officers(),
                                    "dossier.file_read"));
    (void)seen;
    ANTIN_TRY(found,
              services.db.read([&](sql::Reader& db) -> Result<std::optional<store::Attachment>> {
                  return store::find_attachment(db, attachment_id);
              }));
    if (!found || found->dossier_id != dossier_id) {
        return fail(ErrorKind::NotFound, "file.not_found");
    }
    ANTIN_TRY(bytes, read_kept(services, found->file));
    // The stamped form carries personal data: reading it is on record.
    ANTIN_CHECK(services.db.transact([&](sql::Transaction& tx) -> Status {
        audit::append(tx, journal_entry(services, actor, "dossier.file_read", "attachment",
                                        std::to_string(attachment_id)));
        return {};
    }));
    return OfficerFile{found->file, std::move(bytes)};
}

std::string masked(std::string_view field_key, std::string_view value) {
    constexpr std::string_view dot = "•";
    const auto dots = [&](std::size_t count) {
        std::string out;
        for (std::size_t i = 0; i < count; ++i) out += dot;
        return out;
    };
    if (value.empty()) return {};
    if (field_key == "email") {
        const auto at = value.find('@');
        if (at == std::string_view::npos) return dots(6);
        return std::string{value.substr(0, 1)} + dots(3) + std::string{value.substr(at)};
    }
    if (field_key == "personal_id" || field_key == "phone") {
        if (value.size() <= 3) return dots(value.size());
        return dots(value.size() - 3) + std::string{value.substr(value.size() - 3)};
    }
    if (field_key == "birth_date" || field_key == "id_issued_on") return dots(6);
    return std::string{value};
}

}  // namespace antin::app
