// issuance.p256, issuance.rsa3072: from approved rows to durable certificates, against the bare
// loop that only builds a body and lets the same token sign it on the same number of threads.
#include <algorithm>
#include <atomic>
#include <cstring>
#include <thread>

#include "ca/profiles.hpp"
#include "measured.hpp"
#include "pki/certificate.hpp"
#include "pki/certificate_request.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "software_key.hpp"
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

double issue_all(TokenAuthority& world, const std::vector<Bytes>& requests, double seconds) {
    double spent = 0;
    std::size_t made = 0;
    while (made < requests.size() && spent < seconds) {
        std::vector<ca::IssueRequest> some;
        const std::size_t end = std::min(made + batch, requests.size());
        for (std::size_t i = made; i < end; ++i) {
            some.push_back(
                {must(world.authority->approval_of("line:" + std::to_string(i))), requests[i], {}});
        }
        spent += seconds_of([&] {
            for (const auto& one : world.authority->issue(std::move(some))) {
                if (!one) {
                    std::fprintf(stderr, "%s\n", one.error().code.c_str());
                    std::exit(3);
                }
            }
        });
        made = end;
    }
    return static_cast<double>(made) / spent;
}

int run(const char* name) {
    const bool rsa = std::strcmp(name, "issuance.rsa3072") == 0;
    const auto kind = rsa ? pki::KeyKind::Rsa3072 : pki::KeyKind::P256;
    const int count = rsa ? 6000 : 30000;
    TokenAuthority world{kind, pki::KeyKind::P256, "http://127.0.0.1:8081"};
    world.approve(0, count);
    std::vector<Bytes> requests;
    Bytes key_info;
    for (int i = 0; i < count; ++i) {
        const SoftwareKey key;
        requests.push_back(must(pki::make_certificate_request(*key.signer, "thu")));
        key_info = key.signer->public_key_info();
    }
    Measure measure{name, "certificates/s", "bare build and sign, same token and threads"};
    measure.goal = rsa ? 0.7 : 0.15;
    // The peer before and after, the better of the two: a noisy machine does not flatter us.
    for (int round = 0; round < 2; ++round) {
        measure.peer_value = std::max(measure.peer_value, bare_loop(world, key_info, 2.5));
        const auto half = static_cast<std::ptrdiff_t>(requests.size() / 2);
        if (round == 0) {
            measure.value = issue_all(world, {requests.begin(), requests.begin() + half}, 6);
        }
    }
    print(measure);
    return 0;
}

}  // namespace
}  // namespace antin::bench

int main(int argc, char** argv) {
    if (argc > 1) return antin::bench::run(argv[1]);
    for (const char* name : {"issuance.p256", "issuance.rsa3072"}) antin::bench::run(name);
    return 0;
}
