#include "app/issue_central.hpp"

#include <fmt/format.h>

#include <charconv>
#include <functional>
#include <map>
#include <mutex>

#include "app/advance_dossier.hpp"
#include "app/bench_access.hpp"
#include "app/bench_work.hpp"
#include "app/issue_line.hpp"
#include "app/take_line.hpp"
#include "app/vault.hpp"
#include "base/random.hpp"
#include "base/text.hpp"
#include "ca/authority.hpp"
#include "ca/key_store.hpp"
#include "hsm/certification_request.hpp"
#include "html/template.hpp"
#include "pki/certificate_request.hpp"
#include "sheet/read.hpp"
#include "sheet/write.hpp"
#include "store/settings.hpp"
#include "store/subscriber_certificates.hpp"

namespace antin::app {

namespace {

/// A row that somebody touched this lately is still in that person's hands.
constexpr std::chrono::seconds begun_at_rest{15};

struct CentralKeys {
    std::mutex mutex;
    std::map<const sql::Database*, std::shared_ptr<ca::KeyStore>> of;
};
CentralKeys& central() {
    static CentralKeys all;
    return all;
}
std::shared_ptr<ca::KeyStore> central_keys(const Services& services) {
    auto& all = central();
    const std::lock_guard lock(all.mutex);
    const auto found = all.of.find(&services.db);
    return found == all.of.end() ? nullptr : found->second;
}

store::Personalisation work_without_token(const Services& services, const Actor& actor,
                                          const LineWork& at) {
    store::Personalisation work;
    work.line_id = at.line.id;
    work.device_id = at.device->id;
    work.officer_id = actor.account_id;
    work.started_at = services.clock.now();
    work.prepared_at = work.started_at;
    return work;
}

/// A renewal or change stays in its account; on a SIM only when it is the same SIM.
Result<std::optional<store::Device>> device_of_predecessor(sql::Transaction& tx, const LineWork& at,
                                                           const std::string& serial) {
    if (!at.line.target_serial) return std::nullopt;
    const auto before = store::find_subscriber_certificate(tx, *at.line.target_serial);
    if (!before || !before->device_id) return std::nullopt;
    auto device = store::find_device(tx, *before->device_id);
    if (!device || device->kind != at.line.carrier || !is_with_subscriber(*device)) {
        return std::nullopt;
    }
    const bool same = device->kind == domain::Carrier::CentralSigning || device->serial == serial;
    return same ? std::move(device) : std::nullopt;
}

/// The account's or SIM's entry in the stock, made and assigned in the same step.
Status begin_without_token(sql::Transaction& tx, const Services& services, const Actor& actor,
                           LineWork& at, const std::string& serial) {
    if (at.work) return {};
    ANTIN_TRY(kept, device_of_predecessor(tx, at, serial));
    if (kept) {
        at.device = kept;
        at.line.device_id = kept->id;
        at.work = work_without_token(services, actor, at);
        return {};
    }
    if (const auto other = store::find_device_by_serial(tx, serial)) {
        return fail(ErrorKind::Refused, "bench.device_taken", {}, {{"serial", other->serial}});
    }
    store::Device device;
    device.serial = serial;
    device.kind = at.line.carrier;
    device.agency_id = at.dossier.agency_id;
    device.line_id = at.line.id;
    device.created_at = services.clock.now();
    device.is_demo = at.dossier.is_demo;
    device.id = store::add_device(tx, device).value_or(0);
    ANTIN_CHECK(advance_device(tx, services, actor, bench_role(actor), device,
                               domain::DeviceAction::Assign, {}, at.line.name));
    at.device = device;
    at.line.device_id = device.id;
    at.work = work_without_token(services, actor, at);
    return {};
}

Status record_request(sql::Transaction& tx, const Services& services, const Actor& actor,
                      LineWork& at, const Bytes& request) {
    if (at.line.state == domain::LineState::Issued) return {};
    ANTIN_CHECK(advance_line(tx, services, actor, bench_role(actor), at,
                             domain::LineAction::MakeKey, true));
    at.work->certificate_request = request;
    at.work->key_at = services.clock.now();
    return {};
}

/// The certificate is where it is used; nothing is written to a token by us.
Status finish_without_token(Services& services, const Actor& actor, std::int64_t line_id,
                            bool with_envelope) {
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(at, hold_line(tx, services, actor, line_id));
        if (!at.work || !at.device || at.work->checked_at) return {};
        const auto now = services.clock.now();
        at.work->written_at = at.work->checked_at = now;
        const bool kept = is_with_subscriber(*at.device);  // its holder has the code already
        const bool envelope = with_envelope && !kept;
        if (!envelope) at.work->printed_at = now;  // the operator's SIM has its own PIN
        at.line.problem.clear();
        at.line.work_by = std::nullopt;
        at.line.work_at = std::nullopt;
        if (envelope) {
            const auto code = random_readable(10);
            store::add_pin_envelope(tx,
                                    {.device_id = at.device->id,
                                     .line_id = line_id,
                                     .sealed = seal(services, pin_purpose(line_id), code)},
                                    now);
        }
        if (!kept) {
            ANTIN_CHECK(advance_device(tx, services, actor, bench_role(actor), *at.device,
                                       domain::DeviceAction::Personalise, {}, at.line.name));
        }
        ANTIN_CHECK(save_work(tx, at));
        return advance_dossier(tx, services, actor, at.dossier.id);
    });
}

/// The setting's kind, but a key that was made before the setting changed is the row's key still.
Result<Bytes> central_request(ca::KeyStore& keys, std::int64_t line_id, pki::KeyKind kind) {
    const auto label = line_key_label(line_id);
    auto signer = keys.signer(label);
    if (!signer && signer.error().code == "token.key_missing") signer = keys.generate(label, kind);
    if (!signer) return fail(signer.error());
    return hsm::make_certification_request(**signer, label);
}

Result<pki::KeyKind> central_kind(Services& services) {
    return services.db.read([](sql::Reader& db) -> Result<pki::KeyKind> {
        const auto name = store::setting_text(db, "central_key");
        if (name == "rsa2048") return pki::KeyKind::Rsa2048;
        return name == "p256" ? pki::KeyKind::P256 : pki::KeyKind::Rsa3072;
    });
}

LineOutcome outcome_of(Services& services, std::int64_t line_id) {
    LineOutcome outcome;
    outcome.line_id = line_id;
    const auto at = services.db.read([&](sql::Reader& db) { return load_line(db, line_id); });
    if (!at) return outcome;
    outcome.number = at->line.number;
    outcome.name = at->line.name;
    outcome.dossier_code = at->dossier.code.value_or("");
    return outcome;
}

/// One row: key, request on record, certificate, ready.
Result<std::string> issue_one(Services& services, const Actor& actor, std::int64_t line_id,
                              domain::Carrier carrier, const std::string& serial,
                              const std::function<Result<Bytes>()>& request_of) {
    if (actor.account_id != 0) ANTIN_CHECK(bench_officer_of_lines(services, actor, {line_id}));
    const auto prepared = services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(at, hold_line(tx, services, actor, line_id));
        if (at.line.carrier != carrier) return fail(ErrorKind::Refused, "bench.other_carrier");
        if (at.line.state == domain::LineState::Issued) return {};
        if (at.line.state != domain::LineState::Approved &&
            at.line.state != domain::LineState::KeyReady) {
            return fail(domain::to_error(domain::Objection::NotNow));
        }
        ANTIN_CHECK(begin_without_token(tx, services, actor, at, serial));
        return save_work(tx, at);
    });
    if (!prepared) return fail(prepared.error());
    ANTIN_TRY(request, request_of());  // the token's work: outside of any transaction
    const auto recorded = services.db.transact([&](sql::Transaction& tx) -> Status {
        ANTIN_TRY(at, hold_line(tx, services, actor, line_id));
        ANTIN_CHECK(record_request(tx, services, actor, at, request));
        return save_work(tx, at);
    });
    if (!recorded) return fail(recorded.error());
    ANTIN_TRY(issued, issue_line(services, actor, line_id));
    ANTIN_CHECK(
        finish_without_token(services, actor, line_id, carrier == domain::Carrier::CentralSigning));
    return issued.serial;
}

struct SimColumns {
    std::size_t order = 0, iccid = 0, request = 0;
};

Result<SimColumns> find_columns(const sheet::Row& head) {
    std::map<std::string, std::size_t> places;
    for (std::size_t i = 0; i < head.cells.size(); ++i) places[fold(head.text(i))] = i;
    SimColumns columns;
    for (const auto& [name, place] :
         {std::pair{"ma dong", &columns.order}, std::pair{"iccid", &columns.iccid},
          std::pair{"yeu cau", &columns.request}}) {
        const auto found = places.find(name);
        if (found == places.end()) {
            return fail(ErrorKind::Invalid, "sim.column_missing", {}, {{"column", name}});
        }
        *place = found->second;
    }
    return columns;
}

/// PEM or bare base64, with whatever line breaks and spaces the sheet has put in.
std::optional<Bytes> request_bytes(std::string text) {
    for (const char* mark :
         {"-----BEGIN CERTIFICATE REQUEST-----", "-----END CERTIFICATE REQUEST-----",
          "-----BEGIN NEW CERTIFICATE REQUEST-----", "-----END NEW CERTIFICATE REQUEST-----"}) {
        if (const auto at = text.find(mark); at != std::string::npos) {
            text.erase(at, std::string_view{mark}.size());
        }
    }
    std::erase_if(text, [](char c) { return c == ' ' || c == '\n' || c == '\r' || c == '\t'; });
    return from_base64(text);
}

std::string pem_of(BytesView der) {
    const auto text = to_base64(der);
    std::string out = "-----BEGIN CERTIFICATE-----\n";
    for (std::size_t i = 0; i < text.size(); i += 64) out += text.substr(i, 64) + "\n";
    return out + "-----END CERTIFICATE-----\n";
}

Result<std::string> issue_sim_row(Services& services, const Actor& actor, const SimColumns& columns,
                                  const sheet::Row& row, std::int64_t line_id) {
    const auto iccid = clean_text(row.text(columns.iccid));
    const bool digits = iccid.size() >= 18 && iccid.size() <= 22 &&
                        iccid.find_first_not_of("0123456789") == std::string::npos;
    if (!digits) return fail(ErrorKind::Invalid, "sim.iccid");
    auto request = request_bytes(row.text(columns.request));
    if (!request) return fail(ErrorKind::Invalid, "csr.unreadable");
    const auto proved = pki::read_certificate_request(*request);
    if (!proved) return fail(proved.error());
    return issue_one(services, actor, line_id, domain::Carrier::SimPki, iccid,
                     [&]() -> Result<Bytes> { return *request; });
}

}  // namespace

void use_central_keys(const sql::Database& db, std::shared_ptr<ca::KeyStore> keys) {
    auto& all = central();
    const std::lock_guard lock(all.mutex);
    if (keys == nullptr)
        all.of.erase(&db);
    else
        all.of[&db] = std::move(keys);
}

Result<std::vector<LineOutcome>> issue_central(Services& services, const Actor& actor,
                                               const std::vector<std::int64_t>& line_ids) {
    ANTIN_CHECK(bench_officer(services, actor, "bench"));
    const auto keys = central_keys(services);
    if (keys == nullptr) return fail(ErrorKind::Unavailable, "central.no_token");
    ANTIN_TRY(kind, central_kind(services));
    std::vector<LineOutcome> outcomes;
    for (const auto line_id : line_ids) {
        auto outcome = outcome_of(services, line_id);
        const auto serial = issue_one(services, actor, line_id, domain::Carrier::CentralSigning,
                                      fmt::format("TT-{:06}", line_id),
                                      [&] { return central_request(*keys, line_id, kind); });
        if (serial) {
            outcome.certificate_serial = *serial;
        } else {
            outcome.error = serial.error();
            (void)report_line_problem(services, actor, line_id, serial.error().code);
        }
        outcomes.push_back(std::move(outcome));
    }
    return outcomes;
}

std::int64_t finish_begun_lines(Services& services) {
    const auto actor = Actor::system("Ấn Tín");
    const auto before = services.clock.now() - begun_at_rest;
    const auto begun = services.db.read([&](sql::Reader& db) -> Result<std::vector<std::int64_t>> {
        return store::lines_begun_without_token(db, before, 64);
    });
    if (!begun || begun->empty()) return 0;
    const auto keys = central_keys(services);
    const auto kind = central_kind(services);
    std::int64_t done = 0;
    for (const auto line_id : *begun) {
        const auto at = services.db.read([&](sql::Reader& db) { return load_line(db, line_id); });
        if (!at || !at->work || !at->device) continue;
        const bool central = at->line.carrier == domain::Carrier::CentralSigning;
        if (central && (keys == nullptr || !kind)) continue;
        const auto serial = issue_one(services, actor, line_id, at->line.carrier,
                                      at->device->serial, [&]() -> Result<Bytes> {
                                          if (central)
                                              return central_request(*keys, line_id, *kind);
                                          return at->work->certificate_request;
                                      });
        done += serial ? 1 : 0;  // why it failed stands in the row since its officer tried
    }
    return done;
}

Result<std::string> sim_list(Services& services, const Actor& actor) {
    ANTIN_CHECK(bench_officer(services, actor, "bench"));
    return services.db.read([&](sql::Reader& db) -> Result<std::string> {
        sheet::SheetToWrite list;
        for (const char* heading :
             {"Mã dòng", "Mã hồ sơ", "STT", "Số điện thoại", "Nhà mạng", "ICCID", "Yêu cầu"}) {
            list.columns.push_back({.heading = heading});
        }
        for (const auto& row : store::bench_queue(db, domain::Carrier::SimPki, 1000)) {
            const auto value = [&](const char* key) {
                const auto found = row.line.values.find(key);
                return found == row.line.values.end() ? std::string{} : found->second;
            };
            list.rows.push_back({std::to_string(row.line.id), row.dossier_code,
                                 std::to_string(row.line.number), value("phone"), value("sim_pki"),
                                 "", ""});
        }
        return sheet::write_csv(list);
    });
}

Result<SimResult> issue_sim(Services& services, const Actor& actor, std::string_view csv) {
    ANTIN_CHECK(bench_officer(services, actor, "bench"));
    ANTIN_TRY(table, sheet::read_text(csv));
    if (table.rows.empty()) return fail(ErrorKind::Invalid, "sim.unreadable");
    if (table.rows.size() > 1001 || table.rows_beyond > 0) {
        return fail(ErrorKind::TooLarge, "sim.too_many");
    }
    ANTIN_TRY(columns, find_columns(table.rows.front()));
    SimResult result;
    sheet::SheetToWrite out;
    for (const char* heading :
         {"Mã dòng", "Mã hồ sơ", "STT", "ICCID", "Số hiệu chứng thư", "Chứng thư", "Lỗi"}) {
        out.columns.push_back({.heading = heading});
    }
    for (std::size_t i = 1; i < table.rows.size(); ++i) {
        const auto& row = table.rows[i];
        const auto& order = row.text(columns.order);
        std::int64_t line_id = 0;
        std::from_chars(order.data(), order.data() + order.size(), line_id);
        const auto about = outcome_of(services, line_id);
        const auto serial = issue_sim_row(services, actor, columns, row, line_id);
        std::string pem, error;
        if (serial) {
            ++result.issued;
            const auto found = services.db.read([&](sql::Reader& db) -> Result<std::string> {
                const auto record = ca::find_by_serial(db, *serial);
                return record ? pem_of(record->der) : std::string{};
            });
            pem = found.value_or("");
        } else {
            ++result.failed;
            error = html::text(html::Language::Vietnamese, "error." + serial.error().code,
                               serial.error().args);
        }
        out.rows.push_back({order, about.dossier_code, std::to_string(about.number),
                            row.text(columns.iccid), serial.value_or(""), pem, error});
    }
    result.csv = sheet::write_csv(out);
    return result;
}

}  // namespace antin::app
