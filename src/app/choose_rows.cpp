#include "app/choose_rows.hpp"

#include <algorithm>
#include <set>

#include "app/dossier_access.hpp"
#include "app/save_sheet.hpp"
#include "base/text.hpp"
#include "ca/authority.hpp"
#include "domain/identifiers.hpp"
#include "store/dossier_lines.hpp"

namespace antin::app {
namespace {

constexpr std::size_t serial_digits = 16;

/// By what a number is known again: its digits alone.
std::string same_number(std::string_view number) {
    return ca::normal_serial(number).value_or(fold(number));
}

domain::FieldValues row_for(domain::Procedure procedure, const std::string& number) {
    using enum domain::Procedure;
    switch (procedure) {
        case Renewal:
            return {{"serial", number}, {"renew", "x"}};
        case Amendment:
            return {{"serial", number}, {"amend", "x"}};
        case DeviceRestoration:
            return {{"device_serial", number}};
        default:
            return {{"serial", number}};
    }
}

void take(std::string_view piece, std::vector<std::string>& out) {
    const std::string text = clean_text(piece);
    if (text.find_first_of("0123456789") == std::string::npos) return;  // words, not a number
    out.push_back(domain::read_certificate_serial(text).value_or(text));
}

/// One serial, perhaps with spaces inside ("54 A1 0C …"); or several with spaces between them.
void take_piece(std::string_view piece, std::vector<std::string>& out) {
    const auto whole = domain::read_certificate_serial(piece);
    if (!whole || whole->size() <= serial_digits) return take(piece, out);
    while (!piece.empty()) {
        const auto space = std::min(piece.find(' '), piece.size());
        take(piece.substr(0, space), out);
        piece.remove_prefix(std::min(space + 1, piece.size()));
    }
}

}  // namespace

std::vector<std::string> read_pasted_serials(std::string_view text) {
    std::vector<std::string> out;
    while (!text.empty()) {
        const auto end = std::min(text.find_first_of("\n\r,;\t|"), text.size());
        take_piece(text.substr(0, end), out);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

Result<int> choose_rows(Services& services, const Actor& actor, const ChooseRows& input) {
    ANTIN_TRY(dossier, agency_draft(services, actor, input.dossier_id));
    ANTIN_TRY(known, services.db.read([&](sql::Reader& db) -> Result<std::set<std::string>> {
        std::set<std::string> numbers;
        for (const auto& line : store::dossier_lines(db, dossier.id)) {
            for (const char* key : {"serial", "device_serial"}) {
                const auto value = line.value(key, dossier);
                if (!value.empty()) numbers.insert(same_number(value));
            }
        }
        return numbers;
    }));
    std::vector<domain::FieldValues> rows;
    for (const auto& number : input.numbers) {
        if (!known.insert(same_number(number)).second) continue;
        rows.push_back(row_for(dossier.procedure, number));
    }
    if (rows.empty()) return 0;
    ANTIN_TRY(last, add_rows(services, actor, dossier.id, rows));
    (void)last;
    return static_cast<int>(rows.size());
}

}  // namespace antin::app
