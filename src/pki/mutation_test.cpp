// Valid inputs, spoilt in thousands of small ways: no parser may do more than refuse. The same
// parsers run under libFuzzer in tests/fuzz.
#include <gtest/gtest.h>

#include <random>

#include "kit/software_signer.hpp"
#include "pki/certificate.hpp"
#include "pki/certificate_request.hpp"
#include "pki/crl.hpp"
#include "pki/der.hpp"
#include "pki/key.hpp"
#include "pki/lint.hpp"
#include "pki/ocsp.hpp"
#include "pki/oids.hpp"

namespace antin::pki {
namespace {

constexpr int rounds = 4000;

/// Calls `parse` with the seed as it is, every prefix of it, and `rounds` spoilt copies.
template <class Parse>
void spoil(const Bytes& seed, Parse&& parse) {
    std::mt19937 random{20261123};  // the same on every run
    const auto below = [&](std::size_t n) { return random() % n; };
    for (std::size_t cut = 0; cut <= seed.size(); ++cut) parse(BytesView{seed}.first(cut));
    for (int round = 0; round < rounds; ++round) {
        Bytes copy = seed;
        for (std::size_t n = 1 + below(4); n > 0; --n) {
            const std::size_t at = below(copy.size());
            switch (below(4)) {
                case 0:
                    copy[at] = static_cast<std::uint8_t>(random());
                    break;
                case 1:
                    copy[at] ^= static_cast<std::uint8_t>(1U << below(8));
                    break;
                case 2:
                    copy.insert(copy.begin() + static_cast<std::ptrdiff_t>(at), 0xff);
                    break;
                default:
                    if (copy.size() > 1) copy.erase(copy.begin() + static_cast<std::ptrdiff_t>(at));
            }
        }
        parse(BytesView{copy});
    }
}

const std::shared_ptr<Signer>& key() {
    static const auto signer = kit::make_software_signer(KeyKind::P256);
    return signer;
}

Bytes certificate() {
    CertificateBody body;
    body.serial = Bytes(8, 0x41);
    body.signer = KeyKind::P256;
    body.issuer = body.subject =
        encode_name({{std::string{oids::country}, "VN"}, {std::string{oids::common_name}, "Mẫu"}});
    body.not_before = from_millis(1'700'000'000'000);
    body.not_after = body.not_before + std::chrono::days{365};
    body.public_key_info = key()->public_key_info();
    body.extensions = {extensions::basic_constraints(false, std::nullopt),
                       extensions::key_usage(3),
                       extensions::alternative_names("a@b.vn", "c.vn", Bytes(4, 1)),
                       extensions::policy("2.16.704.1.1.1.1.1", "https://a.vn/cps"),
                       extensions::crl_distribution("http://a.vn/a.crl"),
                       extensions::authority_access("http://a.vn/ocsp", "http://a.vn/a.crt"),
                       extensions::extended_key_usage({"1.3.6.1.5.5.7.3.2"}),
                       extensions::subject_key_id(Bytes(20, 1)),
                       extensions::authority_key_id(Bytes(20, 1))};
    return assemble(encode_body(body), KeyKind::P256, placeholder_signature(KeyKind::P256));
}

TEST(Mutations, OfCertificatesAreReadOrRefused) {
    Profile profile;
    profile.subject = {"C", "CN"};
    profile.email_required = profile.host_allowed = true;
    int read = 0;
    spoil(certificate(), [&](BytesView bytes) {
        const auto view = read_certificate(bytes);
        if (!view) return;
        ++read;
        LintContext context;
        context.issuer = &*view;
        static_cast<void>(lint(*view, profile, context));
        static_cast<void>(email_of(*view));
        static_cast<void>(view->serial_text());
    });
    EXPECT_GT(read, 100);  // most small damage leaves the structure whole: lint is exercised
}

TEST(Mutations, OfRequestsNeverProvePossession) {
    const Bytes seed = make_certificate_request(*key(), "thiết bị").value();
    spoil(seed, [&](BytesView bytes) {
        const auto request = read_certificate_request(bytes);
        // ECDSA signatures are malleable in form only; whatever is accepted names our key.
        if (request) {
            EXPECT_EQ(request->public_key_info, key()->public_key_info());
        }
    });
}

TEST(Mutations, OfListsAreReadOrRefused) {
    Bytes entries;
    for (int i = 1; i < 5; ++i) {
        der::append(entries, encode_crl_entry(Bytes(8, static_cast<std::uint8_t>(i)),
                                              from_millis(1'700'000'000'000), i));
    }
    const CrlHead head{KeyKind::P256,
                       encode_name({}),
                       Bytes(20, 1),
                       from_millis(0),
                       from_millis(1'700'000'000'000),
                       7};
    const CrlFrame frame = frame_crl(head, entries.size());
    Bytes tbs = frame.before;
    der::append(tbs, entries);
    der::append(tbs, frame.after);
    spoil(assemble(tbs, KeyKind::P256, placeholder_signature(KeyKind::P256)), [](BytesView bytes) {
        const auto crl = read_crl(bytes);
        if (crl) static_cast<void>(for_each_entry(*crl, [](const CrlEntry&) {}));
    });
}

TEST(Mutations, OfOcspAreReadOrRefused) {
    const Bytes id = encode_cert_id(false, encode_name({}), key()->public_key_info(), Bytes{5});
    spoil(make_ocsp_request(id, Bytes(16, 2)),
          [](BytesView bytes) { static_cast<void>(read_ocsp_request(bytes)); });
    const Bytes data = encode_ocsp_data(
        Bytes(20, 1), from_millis(0),
        {{id, OcspStatus::Revoked, from_millis(0), 1, from_millis(0), from_millis(1)}},
        Bytes(18, 1));
    spoil(assemble_ocsp(data, KeyKind::P256, placeholder_signature(KeyKind::P256), certificate()),
          [](BytesView bytes) { static_cast<void>(read_ocsp_response(bytes)); });
}

TEST(Mutations, OfKeysAreReadOrRefused) {
    spoil(key()->public_key_info(), [](BytesView bytes) { static_cast<void>(key_kind_of(bytes)); });
    const auto rsa = kit::make_software_signer(KeyKind::Rsa2048);
    spoil(rsa->public_key_info(), [](BytesView bytes) { static_cast<void>(key_kind_of(bytes)); });
}

}  // namespace
}  // namespace antin::pki
