#include "app/look_up_dossier.hpp"

#include <algorithm>
#include <cctype>

#include "app/order_paper.hpp"
#include "app/tries.hpp"
#include "base/random.hpp"
#include "store/agencies.hpp"
#include "store/calendar.hpp"
#include "store/dossier_lines.hpp"
#include "store/dossiers.hpp"

namespace antin::app {
namespace {

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

PublicDossier public_view(sql::Reader& reader, const store::Dossier& dossier, Instant now) {
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
    out.clock = read_clock(dossier, now, store::load_calendar(reader, local_date(now)));
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
    const std::string asked = bare(code);
    const std::string check = without_hyphens(bare(check_value));
    const auto look = [&](sql::Reader& reader) -> Result<PublicDossier> {
        const auto dossier = store::find_dossier_by_code(reader, asked);
        // The comparison runs for unknown codes too: time tells nothing.
        const std::string expected = dossier ? dossier->check_value.value_or("") : "####-####";
        const bool equal = equal_in_constant_time(without_hyphens(expected), check);
        if (!dossier || !equal || check.empty()) {
            return fail(ErrorKind::NotFound, "lookup.not_found");
        }
        return public_view(reader, *dossier, services.clock.now());
    };
    return tries::guarded_look_up(services, "lookup", remote_address, look);
}

std::string new_check_value() {
    return random_readable(4) + "-" + random_readable(4);
}

}  // namespace antin::app
