#include "app/save_draft_head.hpp"

#include <fmt/format.h>

#include "app/access.hpp"
#include "app/check_dossier.hpp"
#include "app/dossier_access.hpp"
#include "app/notify.hpp"
#include "base/text.hpp"
#include "domain/objection.hpp"
#include "store/accounts.hpp"
#include "store/dossier_events.hpp"

namespace antin::app {
namespace {

constexpr std::size_t note_length_max = 1000;

store::FieldValues clean(const store::FieldValues& typed,
                         const std::vector<domain::FieldDefinition>& fields, bool shared_only) {
    store::FieldValues out;
    for (const auto& field : fields) {
        const auto found = typed.find(field.key);
        if (found == typed.end() || (shared_only && !field.shareable)) continue;
        std::string text = clean_text(found->second);
        if (!text.empty()) out[field.key] = std::move(text);
    }
    return out;
}

store::DossierEvent event_of(const store::Dossier& dossier, const Actor& actor, Instant now,
                             std::string act) {
    store::DossierEvent event;
    event.dossier_id = dossier.id;
    event.act = std::move(act);
    event.from_state = event.to_state = domain::to_text(dossier.state);
    event.actor_id = actor.account_id;
    event.actor_name = actor.name;
    event.at = now;
    return event;
}

std::string rows_words(const store::Dossier& dossier) {
    return std::to_string(dossier.line_count);
}

}  // namespace

Result<store::Dossier> save_draft_head(Services& services, const Actor& actor,
                                       const SaveDraftHead& input) {
    ANTIN_TRY(seen, agency_draft(services, actor, input.dossier_id));
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Dossier> {
        ANTIN_TRY(dossier, draft_again(tx, seen.id));
        if (dossier.version != input.version) return fail(ErrorKind::Conflict, "draft.changed");
        const auto* form = domain::form_definition(dossier.procedure, dossier.subscriber_kind);
        if (input.recipient) dossier.recipient = clean(*input.recipient, form->recipient, false);
        if (input.shared_values)
            dossier.shared_values = clean(*input.shared_values, form->columns, true);
        if (input.carrier) dossier.carrier = *input.carrier;
        dossier.saved_at = now;
        if (!store::save_dossier(tx, dossier)) return fail(ErrorKind::Conflict, "draft.changed");
        return dossier;
    });
}

Status delete_draft(Services& services, const Actor& actor, std::int64_t dossier_id,
                    std::int64_t version) {
    ANTIN_TRY(seen, agency_draft(services, actor, dossier_id));
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(dossier, draft_again(tx, seen.id));
        if (dossier.version != version) return fail(ErrorKind::Conflict, "draft.changed");
        store::remove_draft(tx, dossier.id);
        audit::append(tx, journal_entry(services, actor, "dossier.draft_deleted", "dossier",
                                        std::to_string(dossier.id),
                                        fmt::format(R"({{"rows":{}}})", dossier.line_count)));
        return {};
    });
}

Result<store::Dossier> split_draft(Services& services, const Actor& actor,
                                   std::int64_t dossier_id) {
    ANTIN_TRY(seen, agency_draft(services, actor, dossier_id));
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<store::Dossier> {
        ANTIN_TRY(dossier, draft_again(tx, seen.id));
        const auto checked = check_dossier(tx, services, dossier);
        std::vector<std::int64_t> faulty;
        for (std::size_t i = 0; i < checked.lines.size(); ++i) {
            if (!checked.findings.lines[i].defects.empty()) faulty.push_back(checked.lines[i].id);
        }
        if (faulty.empty() || faulty.size() == checked.lines.size())
            return fail(ErrorKind::Refused, "draft.nothing_to_split");
        store::Dossier rest = dossier;
        rest.created_by = actor.account_id;
        rest.created_at = rest.saved_at = now;
        rest.ready_for_head_at.reset();
        rest.line_count = static_cast<std::int64_t>(faulty.size());
        rest.version = 1;
        rest.id = store::add_dossier(tx, rest);
        store::move_lines(tx, faulty, rest.id);
        const auto left = store::renumber_lines(tx, dossier.id);
        store::touch_draft(tx, dossier.id, now, left, dossier.search_text);
        store::touch_draft(tx, rest.id, now, rest.line_count, dossier.search_text);
        store::add_dossier_event(tx, event_of(dossier, actor, now, "split"));
        store::add_dossier_event(tx, event_of(rest, actor, now, "created"));
        audit::append(
            tx, journal_entry(services, actor, "dossier.split", "dossier",
                              std::to_string(dossier.id), fmt::format(R"({{"to":{}}})", rest.id)));
        return rest;
    });
}

Status hand_to_head(Services& services, const Actor& actor, std::int64_t dossier_id) {
    ANTIN_TRY(seen, agency_draft(services, actor, dossier_id));
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(dossier, draft_again(tx, seen.id));
        if (dossier.line_count == 0) return fail(domain::to_error(domain::Objection::NoLines));
        const auto heads = store::people_with_role(tx, domain::Role::Head, dossier.agency_id);
        if (heads.empty()) return fail(ErrorKind::Refused, "draft.no_head");
        dossier.ready_for_head_at = now;
        dossier.note.clear();
        if (!store::save_dossier(tx, dossier)) return fail(ErrorKind::Conflict, "draft.changed");
        store::add_dossier_event(tx, event_of(dossier, actor, now, "handed_to_head"));
        for (const auto& head : heads) {
            if (head.id == actor.account_id) continue;
            notify_person(tx, services, head.id,
                          Message{"ready_for_head",
                                  {{"who", actor.name}, {"rows", rows_words(dossier)}},
                                  fmt::format("/ho-so/nhap/{}/ky", dossier.id),
                                  dossier.id});
        }
        audit::append(tx, journal_entry(services, actor, "dossier.handed_to_head", "dossier",
                                        std::to_string(dossier.id)));
        return {};
    });
}

Status return_to_clerk(Services& services, const Actor& actor, std::int64_t dossier_id,
                       std::string_view note) {
    ANTIN_TRY(seen, agency_draft(services, actor, dossier_id));
    if (!actor.has(domain::Role::Head, seen.agency_id))
        return not_your_role(services, actor, "dossier.returned_to_clerk");
    const std::string reason = clean_text(note);
    if (reason.empty()) return fail(ErrorKind::Invalid, "draft.return_reason", {}, {}, "note");
    if (code_points(reason) > note_length_max)
        return fail(ErrorKind::TooLarge, "draft.note_too_long", {}, {}, "note");
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(dossier, draft_again(tx, seen.id));
        dossier.ready_for_head_at.reset();
        dossier.note = reason;
        if (!store::save_dossier(tx, dossier)) return fail(ErrorKind::Conflict, "draft.changed");
        store::add_dossier_event(tx, event_of(dossier, actor, now, "returned_to_clerk"));
        if (dossier.created_by != actor.account_id) {
            notify_person(tx, services, dossier.created_by,
                          Message{"returned_to_clerk",
                                  {{"who", actor.name}, {"reason", reason}},
                                  fmt::format("/ho-so/nhap/{}/danh-sach", dossier.id),
                                  dossier.id});
        }
        audit::append(tx, journal_entry(services, actor, "dossier.returned_to_clerk", "dossier",
                                        std::to_string(dossier.id)));
        return {};
    });
}

}  // namespace antin::app
