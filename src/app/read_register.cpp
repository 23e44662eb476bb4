#include "app/read_register.hpp"

#include <utility>

#include "app/access.hpp"
#include "app/officer_access.hpp"
#include "app/order_paper.hpp"
#include "html/template.hpp"
#include "store/agencies.hpp"
#include "store/registers.hpp"

namespace antin::app {
namespace {

constexpr std::int64_t rows_max = 5000;
constexpr std::chrono::days period_max{366};

bool may_read(const Actor& actor, std::int64_t body_id) {
    using enum domain::Role;
    if (actor.has(Auditor)) return true;
    for (const auto role : {IntakeOfficer, Assessor, Approver, ProvinceCoordinator}) {
        if (actor.has(role, body_id)) return true;
    }
    return false;
}

std::string words(const std::string& key, html::TextArgs args = {}) {
    return html::text(html::Language::Vietnamese, key, args);
}

/// What is out of the ordinary, in the order in which it happened.
std::string note_of(const store::RegisterRow& row) {
    std::string out = words("channel." + std::string{domain::to_text(row.dossier.channel)});
    if (row.dossier.supplement_count > 0) {
        out += ", " + words("register.supplements",
                            {{"count", std::to_string(row.dossier.supplement_count)}});
    }
    if (row.postponed > 0) out += ", " + words("register.postponed");
    if (row.dossier.state == domain::DossierState::Stopped) {
        out += ", " + words(row.dossier.end_reason == "withdrawn" ? "register.withdrawn"
                                                                  : "register.stopped");
    }
    return out;
}

forms::RegisterEntry entry_of(const store::RegisterRow& row) {
    const auto& dossier = row.dossier;
    const auto ended = dossier.returned_at ? dossier.returned_at : dossier.decided_at;
    return {dossier.code.value_or(""),
            dossier_subject(dossier),
            row.agency_name,
            dossier.accepted_at ? to_vietnamese(*dossier.accepted_at) : "",
            dossier.due_at ? to_vietnamese(*dossier.due_at) : "",
            ended ? to_vietnamese(*ended) : "",
            note_of(row)};
}

}  // namespace

Result<RegisterView> read_register(Services& services, const Actor& actor,
                                   const RegisterOf& input) {
    if (!may_read(actor, input.body_id)) return not_your_role(services, actor, "register.read");
    using std::chrono::sys_days;
    if (sys_days{input.until} < sys_days{input.from} ||
        sys_days{input.until} - sys_days{input.from} > period_max) {
        return fail(ErrorKind::Invalid, "register.period", {}, {}, "tu");
    }
    const Instant from = at_local(input.from, std::chrono::minutes{0});
    const Instant until =
        at_local(Date{sys_days{input.until} + std::chrono::days{1}}, std::chrono::minutes{0});
    return services.db.read([&](sql::Reader& db) -> Result<RegisterView> {
        RegisterView view;
        view.total = store::count_register(db, input.body_id, from, until);
        if (input.limit >= rows_max && view.total > rows_max) {
            return fail(ErrorKind::TooLarge, "register.too_long", {},
                        {{"most", std::to_string(rows_max)}}, "tu");
        }
        const auto body = store::find_agency(db, input.body_id);
        if (!body) return fail(ErrorKind::NotFound, "register.not_found");
        view.body_name = body->name;
        view.paper.body = paper_body(db, input.body_id);
        view.paper.from = input.from;
        view.paper.until = input.until;
        view.paper.made_at = services.clock.now();
        for (const auto& row :
             store::register_rows(db, input.body_id, from, until, input.limit, input.offset)) {
            view.paper.entries.push_back(entry_of(row));
            view.dossiers.push_back(row.dossier.id);
        }
        return view;
    });
}

Result<Bytes> draw_register(const Services& services, const RegisterView& view) {
    if (services.papers == nullptr) return fail(ErrorKind::Internal, "internal", "no layouts");
    return forms::draw_register(*services.papers, view.paper);
}

}  // namespace antin::app
