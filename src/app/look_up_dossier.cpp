#include "app/look_up_dossier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "app/order_paper.hpp"
#include "base/random.hpp"
#include "store/agencies.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"
#include "store/throttles.hpp"

namespace antin::app {
namespace {

// A whole province may share one address, so the limit is generous; with 40 bits of check value
// it still leaves a guesser no hope.
constexpr std::chrono::minutes window{10};
constexpr std::int64_t failures_max = 60;
constexpr std::size_t typed_max = 80;

/// Upper case letters, digits and dots only: how both codes are compared.
std::string bare(std::string_view typed) {
    std::string out;
    for (const char c : typed.substr(0, typed_max)) {
        const auto letter = static_cast<unsigned char>(c);
        if (std::isalnum(letter) != 0 || c == '.' || c == '-') {
            out += static_cast<char>(std::toupper(letter));
        }
    }
    return out;
}

std::string without_hyphens(std::string text) {
    std::erase(text, '-');
    return text;
}

/// Looks at every letter whatever the first ones say.
bool equal_in_constant_time(std::string_view a, std::string_view b) {
    unsigned char difference = a.size() == b.size() ? 0 : 1;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        difference |= static_cast<unsigned char>(a[i] ^ b[i]);
    }
    return difference == 0;
}

PublicDossier public_view(sql::Reader& reader, const store::Dossier& dossier) {
    PublicDossier out;
    out.code = dossier.code.value_or("");
    out.state = dossier.state;
    out.subject = dossier_subject(dossier);
    out.line_count = dossier.line_count;
    out.accepted_at = dossier.accepted_at;
    out.due_at = dossier.due_at;
    out.ended_at = dossier.decided_at;
    out.due_provisional = dossier.due_provisional;
    out.clock_stopped = dossier.clock_stopped_at.has_value();
    if (const auto agency = store::find_agency(reader, dossier.agency_id)) {
        out.agency_name = agency->name;
    }
    if (const auto receiver = store::find_agency(reader, dossier.receiver_id)) {
        out.receiver_name = receiver->name;
    }
    for (const auto& count : store::count_lines(reader, dossier.id)) {
        if (count.state == domain::LineState::InForce) out.lines_in_force += count.count;
        if (count.state == domain::LineState::Refused) out.lines_refused += count.count;
    }
    out.steps = store::dossier_events(reader, dossier.id, store::EventAudience::Public);
    return out;
}

}  // namespace

Result<PublicDossier> look_up_dossier(Services& services, std::string_view remote_address,
                                      std::string_view code, std::string_view check_value) {
    const std::string key = fmt::format("lookup/{}", remote_address);
    const auto now = services.clock.now();
    const std::string asked = bare(code);
    const std::string check = without_hyphens(bare(check_value));
    auto found = services.db.read([&](sql::Reader& reader) -> Result<PublicDossier> {
        if (store::tries_in_window(reader, key, now, window) >= failures_max) {
            return fail(ErrorKind::TooMany, "lookup.too_many", "",
                        {{"minutes", std::to_string(window.count())}});
        }
        const auto dossier = store::find_dossier_by_code(reader, asked);
        // The comparison runs for unknown codes too: time tells nothing.
        const std::string expected = dossier ? dossier->check_value.value_or("") : "####-####";
        const bool equal = equal_in_constant_time(without_hyphens(expected), check);
        if (!dossier || !equal || check.empty()) {
            return fail(ErrorKind::NotFound, "lookup.not_found");
        }
        return public_view(reader, *dossier);
    });
    if (!found && found.error().code == "lookup.not_found") {
        const auto counted = services.db.transact([&](sql::Transaction& tx) -> Result<bool> {
            store::count_try(tx, key, now, window);
            return true;
        });
        if (!counted) return fail(counted.error());
    }
    return found;
}

std::string new_check_value() {
    return random_readable(4) + "-" + random_readable(4);
}

}  // namespace antin::app
