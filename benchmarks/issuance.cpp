// issuance.p256, issuance.rsa3072: from approved rows, whose key was shown, to durable certificates
// with their row, history and journal, by the portal's own use case; against the bare loop that
// only builds a body and lets the same token sign it on the same number of threads.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "app/issue_line.hpp"
#include "ca/profiles.hpp"
#include "measured.hpp"
#include "pki/certificate.hpp"
#include "pki/certificate_request.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "software_key.hpp"
#include "store/accounts.hpp"
#include "store/agencies.hpp"
#include "store/devices.hpp"
#include "store/personalisations.hpp"
#include "token_authority.hpp"

namespace antin::bench {
namespace {

constexpr int threads = 2;
constexpr int batch = 1000;

/// Bodies like the ones that are issued, without serial bookkeeping, lint, record or check.
double bare_loop(TokenAuthority& world, const Bytes& key_info, double seconds) {
    const auto chain = world.authority->chain("state");
    const auto issuer = must(pki::read_certificate(chain.at(0)));
    std::atomic<long> made{0};
    const auto signer = must(world.token->signer("ca-state"));
    const auto begun = std::chrono::steady_clock::now();
    const auto until = begun + std::chrono::duration<double>(seconds);
    const auto work = [&](int thread) {
        pki::CertificateBody body;
        body.signer = signer->kind();
        body.issuer.assign(issuer.subject.begin(), issuer.subject.end());
        body.not_before = world.clock.now();
        body.not_after = body.not_before + std::chrono::days{1825};
        body.public_key_info = key_info;
        const auto key_id = must(pki::key_identifier(key_info));
        for (int i = thread; std::chrono::steady_clock::now() < until; i += threads) {
            body.serial = Bytes(8, static_cast<std::uint8_t>(i | 1));
            body.subject = pki::encode_name(ca::subject_name(TokenAuthority::terms(i).subject));
            body.extensions = {pki::extensions::authority_key_id(pki::subject_key_id_of(issuer)),
                               pki::extensions::subject_key_id(key_id),
                               pki::extensions::basic_constraints(false, std::nullopt),
                               pki::extensions::key_usage(3),
                               pki::extensions::policy("2.16.704.1.1.1.1.1",
                                                       "https://ca.gov.vn/pki/pub/policies/CP"),
                               pki::extensions::alternative_names("thu@laichau.gov.vn", "", {}),
                               pki::extensions::crl_distribution("http://127.0.0.1/crl/state.crl"),
                               pki::extensions::authority_access("http://127.0.0.1/ocsp",
                                                                 "http://127.0.0.1/aia/state.crt")};
            const Bytes tbs = pki::encode_body(body);
            const auto signature = must(signer->sign_digest_sha256(pki::sha256(tbs)));
            if (pki::assemble(tbs, body.signer, signature).empty()) std::exit(3);
            ++made;
        }
    };
    std::thread other{work, 1};
    work(0);
    other.join();
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    return static_cast<double>(made) / took.count();
}

/// Rows as the bench leaves them: approved by two, device assigned, certification request there.
class Rows {
  public:
    Rows(TokenAuthority& world, int count) : world_(world) {
        must(world.db->transact([&](sql::Transaction& tx) -> Status { return add_owner(tx); }));
        world.approve(1, count + 1);
        for (int begin = 1; begin <= count; begin += per_dossier) {
            add_dossier(begin, std::min(begin + per_dossier, count + 1));
        }
    }
    Bytes key_info;  // of the last subscriber's key

  private:
    static constexpr int per_dossier = 500;

    Status add_owner(sql::Transaction& tx) {
        store::Agency agency;
        agency.code = "H99.1";
        agency.name = "Ủy ban nhân dân xã Thử Nghiệm";
        agency.kind = "peoples_committee";
        agency.created_at = world_.clock.now();
        ANTIN_TRY(agency_id, store::insert_agency(tx, agency));
        store::Account person;
        person.email = "nguoi@do-tai.invalid";
        person.full_name = "Người Đo";
        person.state = "active";
        person.created_at = world_.clock.now();
        ANTIN_TRY(person_id, store::insert_account(tx, person));
        agency_ = agency_id;
        person_ = person_id;
        return {};
    }

    void add_dossier(int begin, int end) {
        must(world_.db->transact([&](sql::Transaction& tx) -> Status {
            store::Dossier dossier;
            dossier.state = domain::DossierState::InProgress;
            dossier.agency_id = dossier.receiver_id = agency_;
            dossier.created_by = person_;
            dossier.created_at = dossier.saved_at = world_.clock.now();
            const auto id = store::add_dossier(tx, dossier);
            for (int number = begin; number < end; ++number) add_row(tx, id, number);
            return {};
        }));
    }

    void add_row(sql::Transaction& tx, std::int64_t dossier_id, int number) {
        store::DossierLine line;
        line.dossier_id = dossier_id;
        line.number = number;
        line.state = domain::LineState::KeyReady;
        line.name = "Người Thử " + std::to_string(number);
        line.values = {{"full_name", line.name}, {"province", "Lai Châu"}};
        const auto line_id = store::add_line(tx, line);
        if (line_id != number) std::exit(3);  // the order is of this very row
        store::Device device;
        device.serial = "DO" + std::to_string(number);
        device.state = domain::DeviceState::Assigned;
        device.line_id = line_id;
        device.created_at = world_.clock.now();
        const SoftwareKey key;
        store::Personalisation work;
        work.line_id = line_id;
        work.device_id = store::add_device(tx, device).value_or(0);
        work.officer_id = person_;
        work.certificate_request = must(pki::make_certificate_request(*key.signer, "thu"));
        work.started_at = world_.clock.now();
        work.key_at = world_.clock.now();
        store::put_personalisation(tx, work);
        key_info = key.signer->public_key_info();
    }

    TokenAuthority& world_;
    std::int64_t agency_ = 0, person_ = 0;
};

/// Certificates a second of the portal's own act on `count` rows from `from` on.
double issue_all(app::Services& services, int from, int count, double seconds) {
    double spent = 0;
    int made = 0;
    while (made < count && spent < seconds) {
        std::vector<std::int64_t> some;
        for (int i = 0; i < batch && made + i < count; ++i) some.push_back(from + made + i);
        spent += seconds_of([&] {
            for (const auto& one : app::issue_lines(services, app::Actor::system("Ấn Tín"), some)) {
                if (!one) {
                    std::fprintf(stderr, "%s %s\n", one.error().code.c_str(),
                                 one.error().detail.c_str());
                    std::exit(3);
                }
            }
        });
        made += static_cast<int>(some.size());
    }
    return made / spent;
}

double median(std::vector<double> values) {
    std::ranges::sort(values);
    return values[values.size() / 2];
}

/// Peer and product by turns: on a noisy machine both meet the same neighbours.
int run(const char* name, bool tiny) {
    const bool rsa = std::strcmp(name, "issuance.rsa3072") == 0;
    const auto kind = rsa ? pki::KeyKind::Rsa3072 : pki::KeyKind::P256;
    const int rounds = tiny ? 1 : 5;
    const int rows = tiny ? 20 : rsa ? 1500 : 5000;
    TokenAuthority world{kind, pki::KeyKind::P256, "http://127.0.0.1:8081"};
    const Rows made{world, rounds * rows};
    const app::Configuration configuration;
    app::Services services{*world.db, world.clock, configuration, world.authority.get()};
    std::vector<double> ours, peers;
    for (int round = 0; round < rounds; ++round) {
        peers.push_back(bare_loop(world, made.key_info, tiny ? 0.1 : 1.5));
        ours.push_back(issue_all(services, 1 + round * rows, rows, 4));
    }
    Measure measure{name, "per second", "bare build and sign, same token and threads"};
    measure.goal = rsa ? 0.7 : 0.15;
    measure.value = median(ours);
    measure.peer_value = median(peers);
    print(measure);
    return 0;
}

}  // namespace
}  // namespace antin::bench

int main(int argc, char** argv) {
    const bool tiny = argc > 2 && std::strcmp(argv[2], "tiny") == 0;
    return antin::bench::run(argc > 1 ? argv[1] : "issuance.p256", tiny);
}
