#include "seed_dossier.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.hpp"
#include "domain/deadline.hpp"
#include "domain/dossier_workflow.hpp"
#include "domain/vocabulary.hpp"
#include "seed_people.hpp"

namespace antin::program {
namespace {

using nlohmann::json;
using std::chrono::hours;
using std::chrono::minutes;
using namespace domain;

constexpr minutes apart{3};  // from one dossier to the next: 480 a day
constexpr std::int64_t long_dossier_lines = 300;

/// One dossier as it was drawn, before its rows are written.
struct Drawn {
    std::int64_t index = 0, id = 0, agency = 0, clerk = 0, lines = 0;
    std::size_t assessor = 0;
    Procedure procedure{};
    SubscriberKind kind{};
    Carrier carrier{};
    DossierState state{};
    InventedAgency body;
    Instant created_at;
    std::optional<Instant> submitted_at, accepted_at, due_at, decided_at, returned_at;

    [[nodiscard]] bool was_accepted() const { return accepted_at.has_value(); }
    [[nodiscard]] bool gives_certificate() const { return procedure != Procedure::Revocation; }
};

template <class T>
json or_null(const std::optional<T>& value) {
    return value ? json(to_millis(*value)) : json(nullptr);
}

Instant begun(const SeedWorld& world, std::int64_t index) {
    return from_millis(world.mark.begun_ms) - (world.mark.target - index) * apart;
}

Procedure draw_procedure(Dice& dice) {
    const auto die = dice.below(100);
    if (die < 57) return Procedure::Issuance;
    if (die < 97) return Procedure::Amendment;
    if (die < 98) return Procedure::Renewal;
    return Procedure::Revocation;
}

/// By carrier as in the first half of 2025: 60,000 USB, 3,000 SIM, 74,000 centralised.
Carrier draw_carrier(Dice& dice) {
    const auto die = dice.below(137);
    if (die < 60) return Carrier::PkiToken;
    return die < 63 ? Carrier::SimPki : Carrier::CentralSigning;
}

/// The newest are open, as in an office that keeps up with its work.
DossierState draw_state(const SeedWorld& world, std::int64_t index, Dice& dice) {
    using enum DossierState;
    const auto count = world.mark.target;
    const auto open = std::min<std::int64_t>(count / 5 + 1, 2000);
    if (index == count - 1) return InProgress;
    if (index < count - open) {
        const auto die = dice.below(100);
        if (die < 2) return Stopped;
        return die < 4 ? IntakeRefused : Returned;
    }
    constexpr std::array states{InProgress, InProgress, InProgress,         Accepted, Submitted,
                                Submitted,  Decided,    AwaitingSupplement, Draft};
    return states[static_cast<std::size_t>(dice.below(states.size()))];
}

/// About 7 on the average, a few very long.
std::int64_t draw_lines(const SeedWorld& world, std::int64_t index, Dice& dice) {
    if (index == world.mark.target - 1) return long_dossier_lines;
    const auto die = dice.below(1000);
    if (die < 500) return 1 + dice.below(3);
    if (die < 950) return 3 + dice.below(12);
    return 15 + dice.below(60);
}

void draw_course(const SeedWorld& world, Drawn& out) {
    using enum DossierState;
    if (out.state == Draft) return;
    out.submitted_at = out.created_at + minutes{1};
    if (out.state == Submitted || out.state == IntakeRefused) return;
    out.accepted_at = out.created_at + minutes{2};
    if (out.state != AwaitingSupplement) {
        const auto due = due_after_days(*out.accepted_at, 3, world.calendar);
        out.due_at = due ? due->at : *out.accepted_at + hours{78};  // a year long past
    }
    if (is_open(out.state)) return;
    const auto now = from_millis(world.mark.begun_ms);  // nothing of it happened tomorrow
    out.decided_at = std::min(out.created_at + hours{48}, now);
    if (out.state == Returned) out.returned_at = std::min(out.created_at + hours{50}, now);
}

Drawn draw(const SeedWorld& world, std::int64_t index, Dice& dice) {
    Drawn out;
    out.index = index;
    out.id = world.mark.first_dossier + index;
    out.agency = dice.below(world.agency_count);
    out.clerk = world.mark.first_account + out.agency;
    out.assessor =
        static_cast<std::size_t>(dice.below(static_cast<std::int64_t>(world.assessors.size())));
    out.body = invented_agency(out.agency);
    out.procedure = draw_procedure(dice);
    const auto die = dice.below(100);
    out.kind = die < 90   ? SubscriberKind::Individual
               : die < 98 ? SubscriberKind::Organisation
                          : SubscriberKind::Equipment;
    out.carrier = draw_carrier(dice);
    out.state = draw_state(world, index, dice);
    out.lines = draw_lines(world, index, dice);
    if (out.lines == long_dossier_lines) {
        out.procedure = Procedure::Issuance;
        out.kind = SubscriberKind::Individual;
        out.assessor = 0;
    }
    out.created_at = begun(world, index);
    draw_course(world, out);
    return out;
}

json recipient_of(const SeedWorld& world, const Drawn& drawn) {
    Dice dice{-1 - drawn.agency};
    const auto person = invented_person(dice, world.mark.first_account + drawn.agency);
    return {{"full_name", person.full_name}, {"personal_id", person.personal_id},
            {"id_issued_on", "2021-06-21"},  {"id_issued_by", "Cơ quan cấp (đo tải)"},
            {"position", "Văn thư"},         {"phone", person.phone},
            {"email", person.email},         {"address", "Trụ sở " + drawn.body.name}};
}

json dossier_row(const SeedWorld& world, const Drawn& drawn) {
    const auto when_accepted = [&](const json& value) {
        return drawn.was_accepted() ? value : json(nullptr);
    };
    const bool waits = drawn.state == DossierState::AwaitingSupplement;
    const bool is_assigned = drawn.was_accepted() && drawn.state != DossierState::Accepted;
    return {{"id", drawn.id},
            {"code", when_accepted(seed_code(world, drawn.index))},
            {"check_value", when_accepted(seed_check_value(drawn.index))},
            {"procedure", to_text(drawn.procedure)},
            {"subscriber_kind", to_text(drawn.kind)},
            {"carrier", to_text(drawn.carrier)},
            {"state", to_text(drawn.state)},
            {"channel", to_text(Channel::Online)},
            {"agency_id", world.mark.first_agency + drawn.agency},
            {"receiver_id", world.provider},
            {"recipient", recipient_of(world, drawn).dump()},
            {"line_count", drawn.lines},
            {"rules_date", to_iso(local_date(drawn.created_at))},
            {"created_by", drawn.clerk},
            {"created_at", to_millis(drawn.created_at)},
            {"saved_at", to_millis(drawn.created_at)},
            {"submitted_by", drawn.submitted_at ? json(drawn.clerk) : json(nullptr)},
            {"submitted_at", or_null(drawn.submitted_at)},
            {"accepted_by", when_accepted(world.intake)},
            {"accepted_at", or_null(drawn.accepted_at)},
            {"due_at", or_null(drawn.due_at)},
            {"calendar_version", when_accepted("2026.0")},
            {"remaining_minutes", waits ? json(900) : json(nullptr)},
            {"clock_stopped_at", waits ? or_null(drawn.accepted_at) : json(nullptr)},
            {"assessor_id", is_assigned ? json(world.assessors[drawn.assessor]) : json(nullptr)},
            {"assigned_at", is_assigned ? or_null(drawn.accepted_at) : json(nullptr)},
            {"supplement_count", waits ? 1 : 0},
            {"decided_at", or_null(drawn.decided_at)},
            {"returned_at", or_null(drawn.returned_at)},
            {"end_reason", drawn.state == DossierState::Stopped ? "Cơ quan đã sáp nhập" : ""}};
}

json line_values(const Drawn& drawn, const InventedPerson& person, std::int64_t number) {
    if (drawn.kind == SubscriberKind::Organisation) {
        return {{"agency_name", fmt::format("{} (đơn vị {})", drawn.body.name, number)},
                {"address", "Trụ sở " + drawn.body.name},
                {"budget_code", fmt::format("9{:06}", number % 1'000'000)},
                {"email", person.email},
                {"province", "Lai Châu"}};
    }
    if (drawn.kind == SubscriberKind::Equipment) {
        return {{"system_name", fmt::format("Hệ thống đo tải {}", number)},
                {"agency_name", drawn.body.name},
                {"domain_name", fmt::format("h{}.do-tai.gov.vn", number)},
                {"email", person.email},
                {"province", "Lai Châu"}};
    }
    return {{"full_name", person.full_name},
            {"birth_date", person.birth_date},
            {"personal_id", person.personal_id},
            {"id_issued_on", "2021-06-21"},
            {"id_issued_by", "Cơ quan cấp (đo tải)"},
            {"email", person.email},
            {"agency_name", drawn.body.name},
            {"province", "Lai Châu"},
            {"position", person.position},
            {"phone", person.phone}};
}

LineState line_state(const Drawn& drawn, std::int64_t number, Dice& dice) {
    using enum DossierState;
    switch (drawn.state) {
        case Returned:
            if (dice.chance(3)) return LineState::Refused;
            return drawn.gives_certificate() ? LineState::InForce : LineState::DeviceReturned;
        case Decided:
            if (dice.chance(3)) return LineState::Refused;
            return drawn.gives_certificate() ? LineState::HandedOver : LineState::Revoked;
        case AwaitingSupplement:
            return LineState::InCorrection;
        case InProgress:
            // Every other dossier lies with the approver; the long one is being examined.
            if (drawn.index % 2 == 0 || drawn.lines == long_dossier_lines) break;
            return number % 3 == 0 ? LineState::Approved : LineState::Proposed;
        default:
            break;
    }
    return LineState::Requested;
}

void add_device(const SeedWorld& world, const Drawn& drawn, json& line, SeedRows& rows,
                store::SeedMark& mark) {
    const auto id = mark.next_device++;
    rows.device.push_back({{"id", id},
                           {"serial", fmt::format("DT{:010}", id)},
                           {"kind", to_text(drawn.carrier)},
                           {"model", "Thiết bị đo tải"},
                           {"state", to_text(DeviceState::HandedOver)},
                           {"agency_id", world.mark.first_agency + drawn.agency},
                           {"line_id", line["id"]},
                           {"created_at", or_null(drawn.accepted_at)}});
    line["device_id"] = id;
}

std::string serial_given(std::int64_t line_id) {
    return fmt::format("5EED{:012X}", line_id);
}
/// The certificate that a row of Mẫu 04 or 05 concerns.
std::string serial_before(std::int64_t line_id) {
    return fmt::format("5EEC{:012X}", line_id);
}

/// A subscriber has the id of its row: there are never more of them than rows.
void add_subscriber(const SeedWorld& world, const Drawn& drawn, const json& line,
                    const json& values, SeedRows& rows) {
    const auto id = line["id"].get<std::int64_t>();
    const auto since = to_millis(drawn.accepted_at.value_or(drawn.created_at));
    const std::string name = line["name"];
    rows.subscriber.push_back({{"id", id},
                               {"kind", to_text(drawn.kind)},
                               {"agency_id", world.mark.first_agency + drawn.agency},
                               {"name", name},
                               {"name_folded", fold(name)},
                               {"subject_key", line["subject_key"]},
                               {"email", line["email"]},
                               {"field_values", values.dump()},
                               {"created_at", since},
                               {"updated_at", since}});
}

struct SeedCertificate {
    std::string serial, state;
    json line_id, device_id, predecessor, successor;
};

/// The portal's page of a certificate; the ledger knows nothing of invented ones.
void add_certificate(const SeedWorld& world, const Drawn& drawn, const json& line,
                     const SeedCertificate& certificate, SeedRows& rows) {
    const auto id = line["id"].get<std::int64_t>();
    const auto since = to_millis(drawn.accepted_at.value_or(drawn.created_at));
    // Ends lie all over five years, as those of an office that has worked for long.
    const auto days_left = hours{24 * (1 + id * 7919 % 1825)};
    rows.certificate.push_back(
        {{"serial", certificate.serial},
         {"subscriber_id", id},
         {"agency_id", world.mark.first_agency + drawn.agency},
         {"kind", to_text(drawn.kind)},
         {"carrier", to_text(drawn.carrier)},
         {"device_id", certificate.device_id},
         {"line_id", certificate.line_id},
         {"common_name", line["name"]},
         {"email", line["email"]},
         {"not_before", since},
         {"not_after", to_millis(from_millis(world.mark.begun_ms) + days_left)},
         {"state", certificate.state},
         {"state_at", since},
         {"predecessor", certificate.predecessor},
         {"successor", certificate.successor}});
}

/// What there is of certificates beside a row, by what it asks for and how far it came.
void add_certificates(const SeedWorld& world, const Drawn& drawn, LineState state, const json& line,
                      SeedRows& rows) {
    const auto id = line["id"].get<std::int64_t>();
    const bool in_force = state == LineState::InForce;
    const bool given = in_force || state == LineState::HandedOver;
    if (drawn.procedure != Procedure::Issuance) {
        const bool revoked = state == LineState::Revoked || state == LineState::DeviceReturned;
        add_certificate(world, drawn, line,
                        {serial_before(id),
                         in_force  ? "replaced"
                         : revoked ? "revoked"
                                   : "in_force",
                         nullptr, nullptr, nullptr, given ? json(serial_given(id)) : json(nullptr)},
                        rows);
    }
    if (given) {
        const bool first = drawn.procedure == Procedure::Issuance;
        add_certificate(world, drawn, line,
                        {serial_given(id), in_force ? "in_force" : "on_hold", id, line["device_id"],
                         first ? json(nullptr) : json(serial_before(id)), nullptr},
                        rows);
    }
}

/// A row of Mẫu 04 or 05 on the certificate of `known`.
json chosen_values(const Drawn& drawn, const InventedPerson& person, const json& known,
                   const std::string& name, std::int64_t id) {
    json out{{"certificate_name", name}, {"serial", serial_before(id)}, {"email", known["email"]}};
    if (drawn.procedure == Procedure::Revocation) {
        const bool individual = drawn.kind == SubscriberKind::Individual;
        if (individual) out["personal_id"] = known["personal_id"];
        out["reason"] = individual ? "Nghỉ hưu, thôi việc"
                        : drawn.kind == SubscriberKind::Organisation
                            ? "Cơ quan giải thể, chia tách, sáp nhập"
                            : "Thiết bị, dịch vụ, phần mềm ngừng hoạt động";
        return out;
    }
    if (drawn.procedure == Procedure::Renewal) {
        out["renew"] = "x";
        return out;
    }
    out["amend"] = "x";
    out["change_from"] = "Thư điện tử công vụ: " + known["email"].get<std::string>();
    out["change_to"] = "Thư điện tử công vụ: " + person.email;
    return out;
}

/// What officers wrote on a row, by how far it came.
void add_decision(const SeedWorld& world, const Drawn& drawn, LineState state, json& line) {
    const bool refused = state == LineState::Refused;
    const bool was_proposed = state != LineState::Requested && state != LineState::InCorrection;
    const bool was_decided = was_proposed && state != LineState::Proposed;
    const auto seen = [&](bool when, const json& value) { return when ? value : json(nullptr); };
    const auto at = drawn.accepted_at ? drawn.accepted_at : drawn.submitted_at;
    line["proposal"] = !was_proposed ? "" : refused ? "refuse" : "approve";
    line["proposal_reason"] = refused ? "Không còn công tác tại cơ quan" : "";
    line["proposed_by"] = seen(was_proposed, world.assessors[drawn.assessor]);
    line["proposed_at"] = seen(was_proposed, or_null(at));
    line["sent_for_approval_at"] = seen(was_proposed, or_null(at));
    line["decision"] = !was_decided ? "" : refused ? "refused" : "approved";
    line["decided_by"] = seen(was_decided, world.approver);
    line["decided_at"] = seen(was_decided, or_null(at));
}

/// Returns the names of the rows, for the search text.
std::string add_lines(const SeedWorld& world, const Drawn& drawn, Dice& dice, SeedRows& rows,
                      store::SeedMark& mark) {
    std::string names;
    for (std::int64_t number = 1; number <= drawn.lines; ++number) {
        const auto id = mark.next_line++;
        auto person = invented_person(dice, id);
        // Forty of a thousand rows hold what the check finds most: a private mail.
        if (drawn.state != DossierState::Returned && dice.chance(4)) {
            person.email = fmt::format("nguoi.{}@gmail.com", id);
        }
        const bool chosen = drawn.procedure != Procedure::Issuance;
        auto values = line_values(drawn, person, id);
        if (chosen) values["email"] = fmt::format("thu.{}@laichau.gov.vn", id);
        const bool individual = drawn.kind == SubscriberKind::Individual;
        const char* name_key = individual                                ? "full_name"
                               : drawn.kind == SubscriberKind::Equipment ? "system_name"
                                                                         : "agency_name";
        const auto subject = individual ? person.personal_id
                             : drawn.kind == SubscriberKind::Equipment
                                 ? "host:" + values["domain_name"].get<std::string>()
                                 : "budget:" + values["budget_code"].get<std::string>();
        const auto state = line_state(drawn, number, dice);
        const bool certified = state == LineState::InForce || state == LineState::HandedOver;
        json line{
            {"id", id},
            {"dossier_id", drawn.id},
            {"number", number},
            {"state", to_text(state)},
            {"field_values",
             (chosen ? chosen_values(drawn, person, values, values[name_key], id) : values).dump()},
            {"carrier", to_text(drawn.carrier)},
            {"name", values[name_key]},
            {"subject_key", subject},
            {"email", values["email"]},
            {"device_id", nullptr},
            {"target_serial", chosen ? json(serial_before(id)) : json(nullptr)},
            {"subscriber_kind", chosen ? to_text(drawn.kind) : ""},
            {"certificate_serial", certified ? json(serial_given(id)) : json(nullptr)}};
        add_decision(world, drawn, state, line);
        if (certified && drawn.procedure == Procedure::Issuance) {
            add_device(world, drawn, line, rows, mark);
        }
        if (certified || chosen) {
            add_subscriber(world, drawn, line, values, rows);
            add_certificates(world, drawn, state, line, rows);
        }
        names += " " + values[name_key].get<std::string>();
        rows.line.push_back(std::move(line));
    }
    return names;
}

void add_history(const SeedWorld& world, const Drawn& drawn, SeedRows& rows) {
    const auto add = [&](std::string_view act, DossierState to, std::optional<Instant> at,
                         const json& data) {
        if (!at) return;
        rows.event.push_back({{"dossier_id", drawn.id},
                              {"act", act},
                              {"to_state", to_text(to)},
                              {"actor_name", world.assessor_names[drawn.assessor]},
                              {"at", to_millis(*at)},
                              {"data", data.dump()},
                              {"is_public", 1}});
    };
    const json counts{{"granted", std::to_string(drawn.lines)}, {"refused", "0"}};
    add("submitted", DossierState::Submitted, drawn.submitted_at, json::object());
    if (drawn.state == DossierState::IntakeRefused) {
        add("intake_refused", drawn.state, *drawn.submitted_at + minutes{1}, json::object());
    }
    add("accepted", DossierState::Accepted, drawn.accepted_at,
        {{"code", seed_code(world, drawn.index)}});
    if (drawn.state == DossierState::AwaitingSupplement) {
        add("supplement_asked", drawn.state, drawn.accepted_at, {{"number", "1"}, {"points", "1"}});
        rows.supplement.push_back(
            {{"dossier_id", drawn.id},
             {"number", 1},
             {"state", "open"},
             {"items",
              R"([{"line":1,"field":"email","sentence":"Cần thư do cơ quan nhà nước cấp."}])"},
             {"asked_by", world.assessors[drawn.assessor]},
             {"asked_at", or_null(drawn.accepted_at)},
             {"answer_due_at", to_millis(from_millis(world.mark.begun_ms) + hours{240})}});
    }
    add("decided", DossierState::Decided, drawn.decided_at, counts);
    add("returned", DossierState::Returned, drawn.returned_at, counts);
}

/// The clerk was told that the dossier was accepted: in the portal, and by a mail that went.
void add_messages(const SeedWorld& world, const Drawn& drawn, SeedRows& rows,
                  store::SeedMark& mark) {
    if (!drawn.was_accepted()) return;
    const auto id = mark.next_mail++;
    const auto subject = fmt::format("Đã tiếp nhận hồ sơ {}", seed_code(world, drawn.index));
    rows.notice.push_back({{"id", id},
                           {"account_id", drawn.clerk},
                           {"agency_id", world.mark.first_agency + drawn.agency},
                           {"dossier_id", drawn.id},
                           {"kind", "dossier_accepted"},
                           {"subject", subject},
                           {"body", subject},
                           {"created_at", or_null(drawn.accepted_at)},
                           {"read_at", or_null(drawn.returned_at)}});
    rows.mail.push_back({{"id", id},
                         {"notice_id", id},
                         {"message_id", fmt::format("<seed-{}@do-tai.invalid>", id)},
                         {"recipient", drawn.body.email},
                         {"subject", subject},
                         {"body", subject},
                         {"state", "sent"},
                         {"created_at", or_null(drawn.accepted_at)},
                         {"sent_at", or_null(drawn.accepted_at)},
                         {"attempts", 1},
                         {"last_answer", "250 2.0.0 Ok"}});
}

}  // namespace

bool was_accepted(const SeedWorld& world, std::int64_t index) {
    Dice dice{index};
    return draw(world, index, dice).was_accepted();
}

std::string seed_code(const SeedWorld& world, std::int64_t index) {
    const auto created = begun(world, index);
    const auto day = local_date(created);
    // Numbered within the day, as intake does; the code of the body is no real one's.
    return fmt::format("H99.00-{:02}{:02}{:02}-{:04}", static_cast<int>(day.year()) % 100,
                       static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                       local_minutes(created) / apart + 1);
}

std::string seed_check_value(std::int64_t index) {
    constexpr std::string_view letters = "ABCDEFGHJKMNPQRSTUVWXYZ23456789";
    Dice dice{index ^ 0x5EED};
    std::string out;
    for (int i = 0; i < 9; ++i) {
        out += i == 4 ? '-' : letters[static_cast<std::size_t>(dice.below(letters.size()))];
    }
    return out;
}

void add_invented_dossier(const SeedWorld& world, std::int64_t index, SeedRows& rows,
                          store::SeedMark& mark) {
    Dice dice{index};
    const auto drawn = draw(world, index, dice);
    auto row = dossier_row(world, drawn);
    const auto names = add_lines(world, drawn, dice, rows, mark);
    const auto code = drawn.was_accepted() ? seed_code(world, index) : "";
    row["search_text"] = fold(code + " " + drawn.body.name + names);
    rows.dossier.push_back(std::move(row));
    if (drawn.submitted_at) {
        rows.attachment.push_back({{"dossier_id", drawn.id},
                                   {"kind", "form_scan"},
                                   {"file_id", world.mark.file},
                                   {"added_by", drawn.clerk},
                                   {"added_at", or_null(drawn.submitted_at)}});
    }
    add_history(world, drawn, rows);
    add_messages(world, drawn, rows, mark);
}

}  // namespace antin::program
