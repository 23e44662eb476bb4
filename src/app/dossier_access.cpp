#include "app/dossier_access.hpp"

#include <fmt/format.h>

#include "app/access.hpp"
#include "domain/objection.hpp"

namespace antin::app {

bool acts_for_agency(const Actor& actor, std::int64_t agency_id) {
    return actor.has(domain::Role::FocalPoint, agency_id) ||
           actor.has(domain::Role::Head, agency_id);
}

namespace {

Result<store::Dossier> theirs_only(Services& services, const Actor& actor,
                                   std::optional<store::Dossier> dossier, std::string_view name) {
    if (!dossier) return fail(ErrorKind::NotFound, "dossier.not_found");
    if (!acts_for_agency(actor, dossier->agency_id))
        return not_yours(services, actor, "dossier", name);
    return std::move(*dossier);
}

}  // namespace

Result<store::Dossier> agency_dossier(Services& services, const Actor& actor, std::int64_t id) {
    ANTIN_TRY(found,
              services.db.read([&](sql::Reader& db) -> Result<std::optional<store::Dossier>> {
                  return store::find_dossier(db, id);
              }));
    return theirs_only(services, actor, std::move(found), std::to_string(id));
}

Result<store::Dossier> agency_dossier_by_code(Services& services, const Actor& actor,
                                              std::string_view code) {
    ANTIN_TRY(found,
              services.db.read([&](sql::Reader& db) -> Result<std::optional<store::Dossier>> {
                  return store::find_dossier_by_code(db, code);
              }));
    return theirs_only(services, actor, std::move(found), code);
}

Result<store::Dossier> agency_draft(Services& services, const Actor& actor, std::int64_t id) {
    ANTIN_TRY(dossier, agency_dossier(services, actor, id));
    if (dossier.state != domain::DossierState::Draft)
        return fail(domain::to_error(domain::Objection::NotNow));
    return dossier;
}

Result<store::Dossier> draft_again(sql::Transaction& tx, std::int64_t id) {
    auto dossier = store::find_dossier(tx, id);
    if (!dossier || dossier->state != domain::DossierState::Draft)
        return fail(ErrorKind::Conflict, "draft.sent_meanwhile");
    return std::move(*dossier);
}

std::string dossier_path(const store::Dossier& dossier) {
    if (dossier.code) return "/ho-so/" + *dossier.code;
    if (dossier.state == domain::DossierState::Draft)
        return fmt::format("/ho-so/nhap/{}/danh-sach", dossier.id);
    return fmt::format("/ho-so/da-gui/{}", dossier.id);
}

}  // namespace antin::app
