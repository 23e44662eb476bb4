#include "app/save_sheet.hpp"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/access.hpp"
#include "app/check_dossier.hpp"
#include "app/dossier_access.hpp"
#include "base/text.hpp"
#include "domain/objection.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"

namespace antin::app {
namespace {

constexpr std::int64_t rows_max = 1000;
constexpr std::size_t cell_bytes_max = 8 * 1024;

/// What goes into a cell: clean text, bounded; broken text is kept out of the database and named
/// by its row and field.
Result<domain::FieldValues> clean_cells(const domain::FieldValues& typed,
                                        const domain::FormDefinition& form, std::int64_t number) {
    domain::FieldValues out;
    const std::string row = std::to_string(number);
    for (const auto& [key, value] : typed) {
        if (form.column(key) == nullptr) continue;
        if (const auto good = check_cell(value); !good) {
            return fail(good.error().kind, good.error().code, {}, {{"row", row}}, key);
        }
        out[key] = clean_text(value);
    }
    return out;
}

bool rows_are_chosen(const store::Dossier& dossier) {
    return domain::form_definition(dossier.procedure, dossier.subscriber_kind)->rows_are_chosen();
}

bool all_empty(const domain::FieldValues& values) {
    return std::ranges::all_of(values, [](const auto& item) { return item.second.empty(); });
}

/// Puts typed values into a row: as read where they can be read, as typed beside where that
/// differs.
void fill(sql::Reader& db, const Services& services, const store::Dossier& dossier,
          const domain::FieldValues& typed, store::DossierLine& line) {
    const auto findings = check_new_lines(db, services, dossier, {typed}).front();
    line.values.clear();
    line.typed.clear();
    for (const auto& [key, value] : typed) {
        if (value.empty()) continue;
        const auto read = findings.values.find(key);
        // Made from what is known; gone when nothing changes any more.
        if (key == "change_from" && findings.kind && read == findings.values.end()) continue;
        const std::string& stored = read == findings.values.end() ? value : read->second;
        line.values[key] = stored;
        if (stored != value) line.typed[key] = value;
    }
    if (rows_are_chosen(dossier)) {
        // What is known of the certificate stands on the form without being typed.
        for (const auto& [key, value] : findings.values) line.values.try_emplace(key, value);
    }
    take_findings(findings, line);
    const auto email = line.values.find("email");
    line.email = email == line.values.end() ? "" : email->second;
}

/// Still the same in every cell that was sent.
bool unchanged(const store::DossierLine& line, const domain::FieldValues& typed) {
    const auto stored = typed_values(line);
    return std::ranges::all_of(typed, [&](const auto& item) {
        const auto found = stored.find(item.first);
        if (found == stored.end()) return item.second.empty();
        return found->second == item.second;
    });
}

bool may_change(const store::Dossier& dossier, const store::DossierLine& line) {
    using enum domain::DossierState;
    if (dossier.state == Draft) return true;
    const bool asked = dossier.state == AwaitingSupplement || dossier.state == InProgress ||
                       dossier.state == Submitted;
    return asked && line.state == domain::LineState::InCorrection;
}

RowConflict conflict_of(sql::Reader& db, const store::DossierLine& line,
                        const domain::FieldValues& mine) {
    RowConflict conflict;
    conflict.line_id = line.id;
    conflict.number = line.number;
    conflict.version = line.version;
    conflict.theirs = typed_values(line);
    conflict.mine = mine;
    if (line.saved_by) {
        const auto person = store::find_account(db, *line.saved_by);
        if (person) conflict.who = person->full_name;
    }
    conflict.when = line.saved_at.value_or(Instant{});
    return conflict;
}

struct Saving {
    sql::Transaction& tx;
    const Services& services;
    const Actor& actor;
    const store::Dossier& dossier;
    Instant now;
    std::int64_t last_number;
    SavedSheet& out;
    bool changed = false;
};

/// After sending, a row is mended on the record: which row, which cells.
void note_correction(Saving& at, const store::DossierLine& line, const domain::FieldValues& typed) {
    if (at.dossier.state == domain::DossierState::Draft) return;
    const auto before = typed_values(line);
    auto fields = nlohmann::json::array();
    for (const auto& [key, value] : typed) {
        const auto old = before.find(key);
        if ((old == before.end() ? "" : old->second) != value) fields.push_back(key);
    }
    const nlohmann::json detail{{"row", line.number}, {"fields", std::move(fields)}};
    audit::append(at.tx, journal_entry(at.services, at.actor, "dossier.row_corrected", "dossier",
                                       std::to_string(at.dossier.id), detail.dump()));
}

Status save_new(Saving& at, const SheetRow& row, const domain::FormDefinition& form) {
    ANTIN_TRY(typed, clean_cells(row.typed, form, at.last_number + 1));
    if (all_empty(typed)) return {};
    if (at.dossier.state != domain::DossierState::Draft)
        return fail(domain::to_error(domain::Objection::NotNow));
    store::DossierLine line;
    if (!row.client_key.empty()) {
        if (auto known = store::find_line_by_client_key(at.tx, at.dossier.id, row.client_key))
            line = std::move(*known);
        // Sent twice it is one row; but what somebody else has made of it meanwhile stays.
        if (line.id != 0 && line.saved_by != at.actor.account_id && !unchanged(line, typed)) {
            at.out.conflicts.push_back(conflict_of(at.tx, line, typed));
            return {};
        }
    }
    domain::FieldValues merged = typed_values(line);
    for (const auto& [key, value] : typed) merged[key] = value;
    fill(at.tx, at.services, at.dossier, merged, line);
    line.saved_by = at.actor.account_id;
    line.saved_at = at.now;
    if (line.id == 0) {
        if (at.last_number >= rows_max) return fail(ErrorKind::TooLarge, "draft.too_many_rows");
        line.dossier_id = at.dossier.id;
        line.number = ++at.last_number;
        line.client_key = row.client_key;
        line.id = store::add_line(at.tx, line);
    } else if (!store::save_line(at.tx, line)) {
        return fail(ErrorKind::Conflict, "draft.row_changed");
    }
    at.changed = true;
    at.out.saved.push_back({line.id, line.number, line.version, row.client_key});
    return {};
}

Status save_known(Saving& at, const SheetRow& row, const domain::FormDefinition& form) {
    auto line = store::find_line_by_id(at.tx, row.line_id);
    ANTIN_TRY(typed, clean_cells(row.typed, form, line ? line->number : 0));
    if (!line || line->dossier_id != at.dossier.id) {
        if (all_empty(typed)) return {};
        RowConflict conflict;
        conflict.line_id = row.line_id;
        conflict.mine = typed;
        conflict.removed = true;
        conflict.when = at.now;
        at.out.conflicts.push_back(std::move(conflict));
        return {};
    }
    if (unchanged(*line, typed)) {
        at.out.saved.push_back({line->id, line->number, line->version, line->client_key});
        return {};
    }
    if (!may_change(at.dossier, *line)) return fail(domain::to_error(domain::Objection::NotNow));
    if (line->version != row.version) {
        at.out.conflicts.push_back(conflict_of(at.tx, *line, typed));
        return {};
    }
    note_correction(at, *line, typed);
    domain::FieldValues merged = typed_values(*line);
    for (const auto& [key, value] : typed) merged[key] = value;
    fill(at.tx, at.services, at.dossier, merged, *line);
    at.changed = true;
    line->saved_by = at.actor.account_id;
    line->saved_at = at.now;
    if (!store::save_line(at.tx, *line)) return fail(ErrorKind::Conflict, "draft.row_changed");
    at.out.saved.push_back({line->id, line->number, line->version, line->client_key});
    return {};
}

/// Code, agency and the names of the rows, folded, for the agency's search box.
std::string search_text(sql::Reader& db, const store::Dossier& dossier) {
    std::string words = dossier.code.value_or("");
    if (const auto agency = store::find_agency(db, dossier.agency_id)) words += " " + agency->name;
    for (const auto& line : store::dossier_lines(db, dossier.id)) {
        if (words.size() > 60'000) break;
        words += " " + line.name;
    }
    return fold(words);
}

/// Mẫu 04 is a renewal as soon as one row asks for it: its limits are the ones that count then.
void choose_procedure(Saving& at) {
    using enum domain::Procedure;
    if (at.dossier.procedure != Renewal && at.dossier.procedure != Amendment) return;
    const auto lines = store::dossier_lines(at.tx, at.dossier.id);
    const bool renews = std::ranges::any_of(
        lines, [](const store::DossierLine& line) { return line.ticked("renew"); });
    const bool amends = std::ranges::any_of(
        lines, [](const store::DossierLine& line) { return line.ticked("amend"); });
    if (!renews && !amends) return;  // nothing said yet: as it was begun
    store::set_procedure(at.tx, at.dossier.id, renews ? Renewal : Amendment);
}

Status touch(Saving& at) {
    const auto count = store::renumber_lines(at.tx, at.dossier.id);
    choose_procedure(at);
    store::touch_draft(at.tx, at.dossier.id, at.now, count, search_text(at.tx, at.dossier));
    return {};
}

}  // namespace

Status check_cell(std::string_view value) {
    if (value.size() > cell_bytes_max) return fail(ErrorKind::TooLarge, "draft.cell_too_long");
    if (!is_valid_utf8(value) || value.find('\0') != std::string_view::npos) {
        return fail(ErrorKind::Invalid, "draft.cell_broken");
    }
    return {};
}

Result<SavedSheet> save_sheet(Services& services, const Actor& actor, const SaveSheet& input) {
    ANTIN_TRY(seen, agency_dossier(services, actor, input.dossier_id));
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<SavedSheet> {
        SavedSheet out;
        out.saved_at = now;
        const auto dossier = store::find_dossier(tx, seen.id);
        const auto* form =
            dossier ? domain::form_definition(dossier->procedure, dossier->subscriber_kind)
                    : nullptr;
        if (form == nullptr) return fail(ErrorKind::NotFound, "dossier.not_found");
        Saving at{tx, services, actor, *dossier, now, store::renumber_lines(tx, dossier->id), out};
        for (const SheetRow& row : input.rows) {
            ANTIN_CHECK(row.line_id == 0 ? save_new(at, row, *form) : save_known(at, row, *form));
        }
        // A page that is saved as it was leaves the draft as the head saw it.
        if (at.changed) ANTIN_CHECK(touch(at));
        return out;
    });
}

Result<std::int64_t> add_rows(Services& services, const Actor& actor, std::int64_t dossier_id,
                              const std::vector<domain::FieldValues>& typed) {
    ANTIN_TRY(seen, agency_draft(services, actor, dossier_id));
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
        ANTIN_TRY(dossier, draft_again(tx, seen.id));
        const auto* form = domain::form_definition(dossier.procedure, dossier.subscriber_kind);
        SavedSheet out;
        Saving at{tx, services, actor, dossier, now, store::renumber_lines(tx, dossier.id), out};
        for (const auto& values : typed) {
            SheetRow row;
            row.typed = values;
            ANTIN_CHECK(save_new(at, row, *form));
        }
        ANTIN_CHECK(touch(at));
        audit::append(tx, journal_entry(services, actor, "dossier.rows_added", "dossier",
                                        std::to_string(dossier.id)));
        return at.last_number;
    });
}

Status remove_row(Services& services, const Actor& actor, std::int64_t dossier_id,
                  std::int64_t line_id, std::int64_t version) {
    ANTIN_TRY(seen, agency_draft(services, actor, dossier_id));
    const Instant now = services.clock.now();
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(dossier, draft_again(tx, seen.id));
        const auto line = store::find_line_by_id(tx, line_id);
        if (!line || line->dossier_id != dossier.id) return {};
        if (line->version != version) return fail(ErrorKind::Conflict, "draft.row_changed");
        store::remove_line(tx, *line);
        SavedSheet out;
        Saving at{tx, services, actor, dossier, now, 0, out};
        return touch(at);
    });
}

}  // namespace antin::app
