#include "app/make_paper.hpp"

#include "app/access.hpp"
#include "app/keep_file.hpp"
#include "forms/paper_library.hpp"
#include "html/template.hpp"
#include "store/agencies.hpp"
#include "store/dossiers.hpp"

namespace antin::app {
namespace {

Result<store::Paper> paper_by_id(Services& services, std::int64_t id) {
    return services.db.read([&](sql::Reader& reader) -> Result<store::Paper> {
        const auto paper = store::find_paper(reader, id);
        if (!paper) return fail(ErrorKind::NotFound, "paper.not_found");
        return *paper;
    });
}

std::string file_name_of(const store::Paper& paper, const std::string& code) {
    std::string name = html::text(html::Language::Vietnamese, "paper.file." + paper.kind);
    name += "-" + (code.empty() ? std::to_string(paper.id) : code);
    return name + ".pdf";
}

}  // namespace

Status make_paper(Services& services, std::int64_t paper_id) {
    ANTIN_TRY(paper, paper_by_id(services, paper_id));
    if (paper.file_id) return {};
    if (services.papers == nullptr) return fail(ErrorKind::Internal, "internal", "no layouts");
    ANTIN_TRY(content, forms::paper_content_from_json(paper.data));
    ANTIN_TRY(bytes, services.papers->draw(paper.kind, content));
    ANTIN_TRY(dossier, services.db.read([&](sql::Reader& reader) {
        return Result<std::optional<store::Dossier>>(
            paper.dossier_id ? store::find_dossier(reader, *paper.dossier_id) : std::nullopt);
    }));
    const auto name = file_name_of(paper, dossier ? dossier->code.value_or("") : "");
    ANTIN_TRY(file, keep_file(services, Actor::system("jobs"), bytes, name,
                              dossier ? std::optional(dossier->agency_id) : std::nullopt));
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        store::paper_made(tx, paper_id, store::add_file(tx, file), services.clock.now());
        return {};
    });
}

bool may_read_dossier(sql::Reader& reader, const Actor& actor, std::int64_t agency_id,
                      std::int64_t receiver_id) {
    using enum domain::Role;
    if (actor.has(FocalPoint, agency_id) || actor.has(Head, agency_id) || actor.has(Auditor)) {
        return true;
    }
    for (const auto role : {IntakeOfficer, Assessor, Approver, RegistrationOfficer}) {
        if (actor.has(role, receiver_id)) return true;
    }
    const auto provider = store::find_provider(reader);
    if (provider && actor.has(RegistrationOfficer, provider->id)) return true;
    const auto agency = store::find_agency(reader, agency_id);
    for (const std::int64_t desk : actor.bodies(ProvinceCoordinator)) {
        const auto body = store::find_agency(reader, desk);
        if (agency && body && !agency->province_code.empty() &&
            body->province_code == agency->province_code) {
            return true;
        }
    }
    return false;
}

Result<PaperFile> read_paper(Services& services, const Actor& actor, std::int64_t paper_id) {
    const auto hidden = [&] {
        return not_yours(services, actor, "paper", std::to_string(paper_id));
    };
    auto found = paper_by_id(services, paper_id);
    if (!found && found.error().kind == ErrorKind::NotFound) return hidden();
    if (!found) return fail(found.error());
    const bool allowed =
        found->dossier_id.has_value() &&
        services.db
            .read([&](sql::Reader& reader) -> Result<bool> {
                const auto dossier = store::find_dossier(reader, *found->dossier_id);
                return dossier &&
                       may_read_dossier(reader, actor, dossier->agency_id, dossier->receiver_id);
            })
            .value_or(false);
    if (!allowed) return hidden();
    ANTIN_CHECK(make_paper(services, paper_id));
    ANTIN_TRY(paper, paper_by_id(services, paper_id));
    ANTIN_TRY(file, services.db.read([&](sql::Reader& reader) -> Result<store::File> {
        const auto stored = store::find_file(reader, paper.file_id.value_or(0));
        if (!stored) return fail(ErrorKind::Unavailable, "file.missing");
        return *stored;
    }));
    ANTIN_TRY(bytes, read_kept(services, file));
    return PaperFile{paper, file.name, std::move(bytes)};
}

}  // namespace antin::app
