#include "app/bench_work.hpp"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <memory>

#include "app/access.hpp"
#include "base/random.hpp"
#include "ledger/orders.hpp"
#include "store/accounts.hpp"
#include "store/dossier_events.hpp"

namespace antin::app {

namespace {

std::string time_words(Instant moment) {
    return to_vietnamese(moment);
}

void add_event(sql::Transaction& tx, const Services& services, const Actor& actor,
               const LineWork& at, std::string act, std::string from, std::string to) {
    store::DossierEvent event;
    event.dossier_id = at.dossier.id;
    event.line_number = at.line.number;
    event.act = std::move(act);
    event.from_state = std::move(from);
    event.to_state = std::move(to);
    if (actor.account_id != 0) event.actor_id = actor.account_id;
    event.actor_name = actor.name;
    event.at = services.clock.now();
    store::add_dossier_event(tx, event);
}

std::string order_of_round(std::int64_t line_id, int round) {
    return round == 1 ? fmt::format("line:{}", line_id) : fmt::format("line:{}.{}", line_id, round);
}
int last_round(sql::Reader& db, std::int64_t line_id) {
    int round = 1;
    while (ledger::find_order(db, order_of_round(line_id, round + 1))) ++round;
    return round;
}

}  // namespace

domain::Role bench_role(const Actor& actor) {
    return actor.account_id == 0 ? domain::Role::System : domain::Role::RegistrationOfficer;
}

Result<LineWork> load_line(sql::Reader& db, std::int64_t line_id) {
    LineWork at;
    auto line = store::find_line_by_id(db, line_id);
    if (!line) return fail(ErrorKind::NotFound, "line.not_found");
    at.line = std::move(*line);
    auto dossier = store::find_dossier(db, at.line.dossier_id);
    if (!dossier) return fail(ErrorKind::NotFound, "line.not_found");
    at.dossier = std::move(*dossier);
    at.work = store::find_personalisation(db, line_id);
    if (at.work) at.device = store::find_device(db, at.work->device_id);
    return at;
}

Result<LineWork> hold_line(sql::Transaction& tx, const Services& services, const Actor& actor,
                           std::int64_t line_id) {
    ANTIN_TRY(at, load_line(tx, line_id));
    using enum domain::Procedure;
    if (at.dossier.procedure == Revocation || at.dossier.procedure == DeviceRestoration) {
        return fail(domain::to_error(domain::Objection::NotThisProcedure));
    }
    const auto now = services.clock.now();
    const bool mine = actor.account_id == 0 || !at.line.work_by ||
                      *at.line.work_by == actor.account_id;  // 0: what an officer began goes on
    if (!mine && at.line.work_at && now - *at.line.work_at < bench_lease) {
        const auto other = store::find_account(tx, *at.line.work_by);
        return fail(
            ErrorKind::Conflict, "bench.taken", {},
            {{"name", other ? other->full_name : ""}, {"time", time_words(*at.line.work_at)}});
    }
    if (actor.account_id != 0) at.line.work_by = actor.account_id;
    at.line.work_at = now;
    return at;
}

Status advance_line(sql::Transaction& tx, const Services& services, const Actor& actor,
                    domain::Role role, LineWork& at, domain::LineAction action,
                    bool possession_proved) {
    domain::LineFacts facts;
    facts.state = at.line.state;
    facts.procedure = at.dossier.procedure;
    facts.possession_proved = possession_proved;
    ANTIN_TRY(next, domain::as_result(domain::decide(facts, action, role)));
    const std::string from{domain::to_text(at.line.state)}, to{domain::to_text(next)};
    at.line.state = next;
    const std::string act = "line." + std::string{domain::to_text(action)};
    add_event(tx, services, actor, at, act, from, to);
    audit::append(tx,
                  journal_entry(services, actor, act, "line", std::to_string(at.line.id),
                                fmt::format(R"({{"dossier":{},"to":"{}"}})", at.dossier.id, to)));
    return {};
}

Status advance_device(sql::Transaction& tx, const Services& services, const Actor& actor,
                      domain::Role role, store::Device& device, domain::DeviceAction action,
                      const std::string& from_whom, const std::string& to_whom,
                      const std::string& note) {
    domain::DeviceFacts facts;
    facts.state = device.state;
    facts.record_given = !note.empty();
    ANTIN_TRY(next, domain::as_result(domain::decide(facts, action, role)));
    store::DeviceEvent event;
    event.device_id = device.id;
    event.act = domain::to_text(action);
    event.from_state = domain::to_text(device.state);
    event.to_state = domain::to_text(next);
    if (actor.account_id != 0) event.actor_id = actor.account_id;
    event.actor_name = actor.name;
    event.from_whom = from_whom;
    event.to_whom = to_whom;
    event.at = services.clock.now();
    event.note = note;
    store::add_device_event(tx, event);
    device.state = next;
    if (!store::save_device(tx, device)) return fail(ErrorKind::Conflict, "bench.changed");
    audit::append(tx, journal_entry(services, actor, "device." + event.act, "device",
                                    std::to_string(device.id),
                                    fmt::format(R"({{"to":"{}"}})", event.to_state)));
    return {};
}

bool is_with_subscriber(const store::Device& device) {
    using enum domain::DeviceState;
    return device.state == HandedOver || device.state == Locked || device.state == Unlocked;
}

Status save_work(sql::Transaction& tx, LineWork& at) {
    if (at.work) store::put_personalisation(tx, *at.work);
    if (!store::save_line(tx, at.line)) return fail(ErrorKind::Conflict, "bench.changed");
    return {};
}

std::string line_order_id(sql::Reader& db, std::int64_t line_id) {
    return order_of_round(line_id, last_round(db, line_id));
}
std::string next_line_order_id(sql::Reader& db, std::int64_t line_id) {
    return order_of_round(line_id, last_round(db, line_id) + 1);
}
std::string line_key_label(std::int64_t line_id) {
    return fmt::format("antin-{}", line_id);
}

std::string pin_purpose(std::int64_t line_id) {
    return fmt::format("pin/{}", line_id);
}

std::string random_pin() {
    std::string pin;
    while (pin.size() < 8) {
        const auto byte = random_bytes(1).front();
        if (byte < 250) pin += static_cast<char>('0' + byte % 10);  // no digit is likelier
    }
    return pin;
}

bool proves_possession(BytesView certificate, std::string_view challenge, BytesView signature) {
    const auto* cursor = certificate.data();
    const std::unique_ptr<X509, decltype(&X509_free)> parsed(
        d2i_X509(nullptr, &cursor, static_cast<long>(certificate.size())), &X509_free);
    if (parsed == nullptr) return false;
    const std::string text = "antin-token check 1\n" + std::string{challenge};
    const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(EVP_MD_CTX_new(),
                                                                          &EVP_MD_CTX_free);
    return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr,
                                X509_get0_pubkey(parsed.get())) == 1 &&
           EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                            as_bytes(text).data(), text.size()) == 1;
}

}  // namespace antin::app
