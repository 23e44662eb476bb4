#include "app/edit_agency.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>

#include "app/access.hpp"
#include "app/email_rule.hpp"
#include "app/invite_agency.hpp"
#include "app/superior_body.hpp"
#include "base/text.hpp"
#include "domain/identifiers.hpp"
#include "sheet/read.hpp"
#include "store/agency_names.hpp"
#include "store/superiors.hpp"

namespace antin::app {
namespace {

/// What a list may call the kinds and branches, folded.
struct Word {
    std::string_view folded, value;
};
constexpr std::size_t import_rows_max = 1000;  // of every sheet (design: Sheets)

constexpr std::array kind_words{
    Word{"dang uy", "party_committee"}, Word{"hoi dong nhan dan", "peoples_council"},
    Word{"hdnd", "peoples_council"},    Word{"uy ban nhan dan", "peoples_committee"},
    Word{"ubnd", "peoples_committee"},  Word{"ban dang", "party_board"},
    Word{"so", "department"},           Word{"so ban nganh", "department"},
    Word{"doan the", "union"}};
constexpr std::array branch_words{Word{"dang", "party"}, Word{"nha nuoc", "state"},
                                  Word{"chinh quyen", "state"}};

template <std::size_t N>
std::string word_value(const std::array<Word, N>& words, std::string_view typed,
                       std::string_view otherwise) {
    const auto folded = fold(typed);
    for (const auto& word : words) {
        if (word.folded == folded) return std::string{word.value};
    }
    return std::string{otherwise};
}

const std::vector<sheet::Column>& import_columns() {
    static const std::vector<sheet::Column> columns{
        {"name", {"Tên cơ quan", "Tên cơ quan, đơn vị", "Cơ quan"}, true},
        {"code", {"Mã định danh", "Mã định danh cơ quan", "Mã"}, false},
        {"kind", {"Loại", "Loại cơ quan"}, false},
        {"branch", {"Khối"}, false},
        {"email", {"Thư điện tử", "Thư điện tử công vụ", "Email"}, false},
        {"address", {"Địa chỉ"}, false},
        {"phone", {"Điện thoại", "Số điện thoại"}, false},
        {"superior", {"Cơ quan chủ quản", "Cơ quan cấp trên"}, false},
    };
    return columns;
}

/// One row by column key.
std::string value_of(const sheet::Headings& headings, const sheet::Row& row, std::string_view key) {
    for (const auto& column : headings.columns) {
        if (!column.keys.empty() && column.keys.front() == key) {
            return clean_text(row.text(column.index));
        }
    }
    return {};
}

struct ImportRow {
    ImportedAgency shown;
    std::string address, phone, superior;
};

ImportRow read_row(const sheet::Headings& headings, const sheet::Row& row,
                   const domain::OfficialEmailRule& emails) {
    ImportRow out;
    auto& shown = out.shown;
    shown.row = row.number;
    shown.name = value_of(headings, row, "name");
    shown.kind = word_value(kind_words, value_of(headings, row, "kind"), "other");
    const auto guess =
        shown.kind == "party_committee" || shown.kind == "party_board" ? "party" : "state";
    shown.branch = word_value(branch_words, value_of(headings, row, "branch"), guess);
    shown.email = to_lower(value_of(headings, row, "email"));
    out.address = value_of(headings, row, "address");
    out.phone = value_of(headings, row, "phone");
    out.superior = value_of(headings, row, "superior");
    const auto code = value_of(headings, row, "code");
    if (shown.name.empty()) {
        shown.key = "agencies.import_no_name";
    } else if (!code.empty()) {
        const auto read = domain::read_agency_code(code);
        if (read)
            shown.code = *read;
        else
            shown.key = "registration.code";
    }
    if (shown.key.empty() && !shown.email.empty() &&
        domain::read_official_email(shown.email, emails).verdict !=
            domain::EmailVerdict::Official) {
        shown.key = "agencies.import_email";
    }
    if (!shown.key.empty()) shown.outcome = "wrong";
    return out;
}

/// The rows below the headings with anything in a known column: a running number that waits for
/// its row is none.
std::vector<const sheet::Row*> listed_rows(const sheet::Table& table,
                                           const sheet::Headings& headings) {
    std::vector<const sheet::Row*> rows;
    for (auto i = headings.first_data_row; i < table.rows.size(); ++i) {
        const auto& row = table.rows[i];
        const bool is_listed = std::ranges::any_of(headings.columns, [&](const auto& column) {
            return !clean_text(row.text(column.index)).empty();
        });
        if (is_listed) rows.push_back(&row);
    }
    return rows;
}

/// By code, else by name within the province.
std::optional<store::Agency> same_body(sql::Reader& db, const ImportedAgency& row,
                                       const store::Agency& desk) {
    if (!row.code.empty()) {
        const auto found = store::find_agency_by_code(db, row.code);
        if (found && found->province_code == desk.province_code) return found;
        if (found) return std::nullopt;
    }
    return store::find_agency_by_name(db, desk.province_code, row.name);
}

/// Fills in what the list knows and the record does not; true when something changed.
bool complete(store::Agency& agency, const ImportRow& row) {
    bool changed = false;
    const auto set = [&](std::string& field, const std::string& value) {
        if (value.empty() || field == value) return;
        field = value;
        changed = true;
    };
    set(agency.email, row.shown.email);
    set(agency.address, row.address);
    set(agency.phone, row.phone);
    if (agency.kind == store::superior_kind) {  // listed as an agency of its own from now on
        agency.kind = row.shown.kind;
        changed = true;
    }
    if (!row.shown.code.empty() && agency.code != row.shown.code) {
        agency.code = row.shown.code;
        agency.code_provisional = false;
        changed = true;
    }
    return changed;
}

/// `next_code`: provisional codes below it are given already.
void apply(sql::Transaction& tx, const Services& services, const store::Agency& desk,
           ImportRow& row, int& next_code) {
    auto& shown = row.shown;
    const auto note = [&](const Error& error) {
        shown.outcome = "wrong";
        shown.key = "error." + error.code;
    };
    if (auto known = same_body(tx, shown, desk)) {
        const auto above = superior_body(tx, desk, *known, row.superior, services.clock.now());
        if (!above) return note(above.error());
        const bool moved = above->has_value() && *above != known->parent_id;
        if (moved) known->parent_id = *above;
        if (!complete(*known, row) && !moved) {
            shown.outcome = "unchanged";
            return;
        }
        if (const auto status = store::update_agency(tx, *known); !status) {
            return note(status.error());
        }
        shown.outcome = "updated";
        return;
    }
    store::Agency agency;
    agency.name = shown.name;
    agency.kind = shown.kind;
    agency.branch = shown.branch;
    agency.level = "province";
    agency.province_code = desk.province_code;
    agency.province_name = desk.province_name;
    agency.email = shown.email;
    agency.address = row.address;
    agency.phone = row.phone;
    agency.created_at = services.clock.now();
    const auto above = superior_body(tx, desk, agency, row.superior, services.clock.now());
    if (!above) return note(above.error());
    agency.parent_id = *above;  // a new one has just taken a code
    agency.code = shown.code.empty() ? next_provisional_code(tx, desk, next_code) : shown.code;
    agency.code_provisional = shown.code.empty();
    const auto made = store::insert_agency(tx, agency);
    if (!made) return note(made.error());
    if (agency.code_provisional) {
        const auto digits = std::string_view{agency.code}.substr(agency.code.rfind('T') + 1);
        std::from_chars(digits.data(), digits.data() + digits.size(), next_code);
        ++next_code;
    }
    shown.outcome = "added";
}

/// The first province that the actor coordinates.
std::optional<store::Agency> own_desk(sql::Reader& db, const Actor& actor) {
    for (const auto body : actor.bodies(domain::Role::ProvinceCoordinator)) {
        if (auto desk = store::find_agency(db, body)) return desk;
    }
    return std::nullopt;
}

}  // namespace

std::string next_provisional_code(sql::Reader& db, const store::Agency& desk, int first) {
    const auto root = desk.code.substr(0, desk.code.find('.'));
    for (int number = first;; ++number) {
        auto code = fmt::format("{}.T{:04}", root, number);
        if (!store::find_agency_by_code(db, code)) return code;
    }
}

Result<AgencyList> list_own_agencies(Services& services, const Actor& actor,
                                     store::AgencyFilter filter) {
    if (!actor.has(domain::Role::ProvinceCoordinator)) {
        return not_your_role(services, actor, "agency.list");
    }
    return services.db.read([&](sql::Reader& db) -> Result<AgencyList> {
        const auto desk = own_desk(db, actor);
        if (!desk) return fail(ErrorKind::Forbidden, "access.role");
        filter.province_code = desk->province_code;
        return AgencyList{store::list_agencies(db, filter), store::count_agencies(db, filter),
                          store::count_province(db, filter.province_code, filter.words)};
    });
}

Result<AgencyPage> see_agency(Services& services, const Actor& actor, std::int64_t agency_id) {
    auto page = services.db.read([&](sql::Reader& db) -> Result<AgencyPage> {
        auto agency = store::find_agency(db, agency_id);
        if (!agency || !coordinating_desk(db, actor, agency->province_code)) {
            return fail(ErrorKind::NotFound, "agency.not_found");
        }
        const auto above = store::superiors_of(db, *agency);
        auto used = store::superior_names(db, agency->province_code);
        return AgencyPage{std::move(*agency), store::people_of(db, agency_id),
                          store::invitations_of(db, agency_id),
                          above.empty() ? "" : above.front().name, std::move(used)};
    });
    if (!page && page.error().kind == ErrorKind::NotFound) {
        return not_yours(services, actor, "agency", std::to_string(agency_id));
    }
    return page;
}

Status edit_agency(Services& services, const Actor& actor, const EditAgency& input) {
    ANTIN_TRY(seen, see_agency(services, actor, input.agency_id));
    const auto code = domain::read_agency_code(input.code);
    if (!code) return fail(ErrorKind::Invalid, "registration.code", {}, {}, "code");
    const auto name = clean_text(input.name);
    if (name.empty()) return fail(ErrorKind::Invalid, "registration.missing", {}, {}, "name");
    if (!input.tax_code.empty() && !domain::read_tax_code(input.tax_code)) {
        return fail(ErrorKind::Invalid, "registration.tax_code", {}, {}, "tax_code");
    }
    if (!input.budget_code.empty() && !domain::read_budget_code(input.budget_code)) {
        return fail(ErrorKind::Invalid, "registration.budget_code", {}, {}, "budget_code");
    }
    ANTIN_CHECK(services.db.read([&](sql::Reader& db) -> Status {
        const auto email = domain::read_official_email(input.email, email_rule(db));
        if (input.email.empty() || email.verdict == domain::EmailVerdict::Official) return {};
        return fail(ErrorKind::Invalid, "agencies.email", {}, {}, "email");
    }));
    auto agency = seen.agency;
    agency.version = input.version;
    agency.name = name;
    agency.code = *code;
    agency.code_provisional = !input.code_confirmed;
    agency.address = clean_text(input.address);
    agency.phone = clean_text(input.phone);
    agency.email = to_lower(clean_text(input.email));
    agency.tax_code = domain::read_tax_code(input.tax_code).value_or("");
    agency.budget_code = domain::read_budget_code(input.budget_code).value_or("");
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto desk = coordinating_desk(tx, actor, agency.province_code);
        if (!desk) return fail(ErrorKind::NotFound, "agency.not_found");
        ANTIN_TRY(above, superior_body(tx, *desk, agency, input.superior, services.clock.now()));
        agency.parent_id = above;
        ANTIN_CHECK(store::update_agency(tx, agency));
        audit::append(tx, journal_entry(services, actor, "agency.edited", "agency",
                                        std::to_string(agency.id)));
        return {};
    });
}

Result<ImportedAgencies> import_agencies(Services& services, const Actor& actor, BytesView file,
                                         bool dry) {
    if (!actor.has(domain::Role::ProvinceCoordinator)) {
        return not_your_role(services, actor, "agency.import");
    }
    ANTIN_TRY(tables, sheet::read(file));
    ANTIN_TRY(found, sheet::find_table(tables, import_columns()));
    if (!found.headings.missing.empty()) {
        return fail(ErrorKind::Invalid, "agencies.import_no_column");
    }
    const auto& table = tables[found.index];
    const auto listed = listed_rows(table, found.headings);
    const auto count = listed.size() + static_cast<std::size_t>(table.rows_beyond);
    if (count > import_rows_max || table.rows_beyond > 0) {
        return fail(ErrorKind::TooLarge, "agencies.import_too_many", {},
                    {{"count", std::to_string(count)}, {"max", std::to_string(import_rows_max)}});
    }
    ImportedAgencies out;
    out.worksheets = std::move(found.worksheets);
    const auto status = services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto desk = own_desk(tx, actor);
        if (!desk) return fail(ErrorKind::Forbidden, "access.role");
        const auto emails = email_rule(tx);
        int next_code = 1;
        for (const auto* listed_row : listed) {
            auto row = read_row(found.headings, *listed_row, emails);
            if (row.shown.outcome.empty()) apply(tx, services, *desk, row, next_code);
            out.rows.push_back(row.shown);
        }
        // A dry run does everything and then takes it back: what it shows is what would happen.
        if (dry) return fail(ErrorKind::Refused, "agencies.dry_run");
        audit::append(tx, journal_entry(services, actor, "agency.imported", "agency",
                                        std::to_string(desk->id),
                                        fmt::format(R"({{"rows":{}}})", out.rows.size())));
        return {};
    });
    if (!status && status.error().code != "agencies.dry_run") return fail(status.error());
    return out;
}

}  // namespace antin::app
