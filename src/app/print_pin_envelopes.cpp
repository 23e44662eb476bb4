#include "app/print_pin_envelopes.hpp"

#include "app/access.hpp"
#include "app/bench_access.hpp"
#include "app/bench_work.hpp"
#include "app/vault.hpp"
#include "forms/pin_envelope.hpp"
#include "store/agencies.hpp"
#include "store/settings.hpp"

namespace antin::app {

namespace {

struct Sealed {
    LineWork at;
    store::PinEnvelope envelope;
};

Result<Sealed> sealed_of(sql::Reader& db, std::int64_t line_id) {
    ANTIN_TRY(at, load_line(db, line_id));
    auto envelope = store::find_pin_envelope(db, line_id);
    if (!envelope || !at.work || !at.work->checked_at || !at.device) {
        return fail(domain::to_error(domain::Objection::NotNow));
    }
    if (envelope->sealed.empty()) {
        return fail(ErrorKind::Refused, "bench.envelope_printed", {}, {{"name", at.line.name}});
    }
    return Sealed{std::move(at), std::move(*envelope)};
}

Result<forms::PinEnvelope> content_of(sql::Reader& db, const Services& services,
                                      const Sealed& sealed) {
    const auto agency = store::find_agency(db, sealed.at.dossier.agency_id);
    forms::PinEnvelope paper;
    paper.account = sealed.at.line.carrier == domain::Carrier::CentralSigning;
    paper.subscriber = sealed.at.line.name;
    paper.agency = agency ? agency->name : "";
    paper.device_serial = sealed.at.device->serial;
    paper.certificate_serial = sealed.at.line.certificate_serial.value_or("");
    ANTIN_TRY(pin, unseal(services, pin_purpose(sealed.at.line.id), sealed.envelope.sealed));
    paper.pin = std::move(pin);
    paper.dossier_code = sealed.at.dossier.code.value_or("");
    paper.contact = store::setting_text(db, "contact_line");
    paper.made_at = services.clock.now();
    return paper;
}

}  // namespace

Result<Bytes> print_pin_envelopes(Services& services, const Actor& actor,
                                  const std::vector<std::int64_t>& line_ids) {
    ANTIN_CHECK(bench_officer_of_lines(services, actor, line_ids));
    if (line_ids.empty() || services.papers == nullptr) {
        return fail(domain::to_error(domain::Objection::NotNow));
    }
    // Drawn before the PINs are wiped: a paper that cannot be drawn costs nothing.
    ANTIN_TRY(contents,
              services.db.read([&](sql::Reader& db) -> Result<std::vector<forms::PinEnvelope>> {
                  std::vector<forms::PinEnvelope> all;
                  for (const auto id : line_ids) {
                      ANTIN_TRY(sealed, sealed_of(db, id));
                      ANTIN_TRY(content, content_of(db, services, sealed));
                      all.push_back(std::move(content));
                  }
                  return all;
              }));
    ANTIN_TRY(pdf, forms::draw_pin_envelopes(*services.papers, contents));
    const auto now = services.clock.now();
    const auto done = services.db.transact([&](sql::Transaction& tx) -> Status {
        for (const auto id : line_ids) {
            ANTIN_TRY(sealed, sealed_of(tx, id));
            if (!store::mark_pin_printed(tx, sealed.envelope.id, actor.account_id, now)) {
                return fail(ErrorKind::Refused, "bench.envelope_printed", {},
                            {{"name", sealed.at.line.name}});
            }
            sealed.at.work->printed_at = now;
            sealed.at.line.work_by = std::nullopt;
            sealed.at.line.work_at = std::nullopt;
            ANTIN_CHECK(save_work(tx, sealed.at));
            audit::append(tx, journal_entry(services, actor, "pin.envelope_printed", "line",
                                            std::to_string(id)));
        }
        return {};
    });
    if (!done) return fail(done.error());
    return pdf;
}

}  // namespace antin::app
