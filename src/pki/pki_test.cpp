#include <gtest/gtest.h>

#include "kit/software_signer.hpp"
#include "pki/certificate.hpp"
#include "pki/certificate_request.hpp"
#include "pki/crl.hpp"
#include "pki/der.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "pki/name.hpp"
#include "pki/ocsp.hpp"
#include "pki/oids.hpp"
#include "pki/pem.hpp"

namespace antin::pki {
namespace {

Instant at(std::string_view iso) {
    return parse_iso(iso).value();
}

TEST(Der, IntegersAreShortest) {
    EXPECT_EQ(to_hex(der::integer(0)), "020100");
    EXPECT_EQ(to_hex(der::integer(127)), "02017f");
    EXPECT_EQ(to_hex(der::integer(128)), "02020080");
    EXPECT_EQ(to_hex(der::integer(-1)), "0201ff");
    EXPECT_EQ(to_hex(der::integer(-129)), "0202ff7f");
    EXPECT_EQ(to_hex(der::unsigned_integer(*from_hex("0000ff"))), "020200ff");
    EXPECT_EQ(to_hex(der::unsigned_integer({})), "020100");
}

TEST(Der, ObjectIdentifiersGoBothWays) {
    for (const auto* text : {"2.5.4.3", "1.2.840.113549.1.1.11", "2.16.704.1.1.1.1.1", "2.999.1",
                             "0.9.2342.19200300.100.1.1", "1.3.6.1.5.5.7.48.1.5"}) {
        const Bytes element = der::oid(text);
        EXPECT_EQ(der::read_oid(BytesView{element}.subspan(2)), text);
    }
    for (const auto* text : {"", "1", "3.1", "1.40", "1..2", "1.2.", "a.b", "1.2.-3"}) {
        EXPECT_TRUE(der::oid(text).empty()) << text;
    }
    EXPECT_EQ(der::read_oid(*from_hex("8001")), "");  // padded arc
    EXPECT_EQ(der::read_oid(*from_hex("2a86")), "");  // cut off
}

TEST(Der, NamedBitsDropTrailingZeros) {
    EXPECT_EQ(to_hex(der::named_bits(0b11)), "030206c0");
    EXPECT_EQ(to_hex(der::named_bits(0b1100000)), "03020106");
    EXPECT_EQ(to_hex(der::named_bits(1 << 8)), "0303070080");
    for (const std::uint32_t bits : {0U, 1U, 0x60U, 0x1ffU, 0xf0U}) {
        const Bytes element = der::named_bits(bits);
        EXPECT_EQ(der::read_named_bits(*der::only(element, der::tag::bit_string)), bits);
    }
    // The same bits with a zero kept at the end are not DER.
    const Bytes padded = *from_hex("030205c0");
    EXPECT_FALSE(der::read_named_bits(*der::only(padded, der::tag::bit_string)));
}

TEST(Der, TimesChangeTheirFormIn2050) {
    EXPECT_EQ(as_text(der::time(at("2049-12-31T23:59:59Z"))),
              "\x17\x0d"
              "491231235959Z");
    EXPECT_EQ(as_text(der::time(at("2050-01-01T00:00:00Z"))),
              "\x18\x0f"
              "20500101000000Z");
    const auto read = [](std::uint8_t tag, std::string_view text) {
        const Bytes element = der::text(tag, text);
        return der::read_time(*der::only(element, tag));
    };
    EXPECT_EQ(read(der::tag::utc_time, "261123020000Z"), at("2026-11-23T02:00:00Z"));
    EXPECT_EQ(read(der::tag::utc_time, "991123020000Z"), at("1999-11-23T02:00:00Z"));
    for (const auto* bad : {"261323020000Z", "260230020000Z", "2611230200Z", "261123020000+",
                            "261123240000Z", "26112302000 Z"}) {
        EXPECT_FALSE(read(der::tag::utc_time, bad)) << bad;
    }
}

TEST(Der, TheReaderRefusesWhatIsNotDer) {
    for (const auto* bad : {"30", "3080", "308000", "30810100", "3082000100", "3085010203040500",
                            "3003020101ff", "1f8101", "3002020101"}) {
        const Bytes bytes = *from_hex(bad);
        const auto element = der::only(bytes, der::tag::sequence);
        if (!element) continue;
        der::Reader inner{element->content};
        static_cast<void>(inner.next());
        EXPECT_FALSE(inner.finished()) << bad;
    }
    der::Reader reader{BytesView{}};
    static_cast<void>(reader.next());
    EXPECT_FALSE(reader.ok());
    EXPECT_EQ(reader.next().tag, 0);  // stays failed
}

TEST(Name, GoesOutInOrderAndComesBack) {
    const Name name{{std::string{oids::country}, "VN"},
                    {std::string{oids::locality}, "Lai Châu"},
                    {std::string{oids::organisation}, "Ủy ban nhân dân tỉnh Lai Châu"},
                    {std::string{oids::organisational_unit}, "Ủy ban nhân dân xã Mẫu"},
                    {std::string{oids::common_name}, "Nguyễn Thị Mẫu, Một"}};
    const Bytes encoded = encode_name(name);
    const auto read = read_name(encoded);
    ASSERT_TRUE(read);
    EXPECT_EQ(*read, name);
    EXPECT_EQ((*read)[0].string_tag, der::tag::printable_string);
    EXPECT_EQ((*read)[1].string_tag, der::tag::utf8_string);
    EXPECT_EQ(to_text(name),
              "CN=Nguyễn Thị Mẫu\\, Một,OU=Ủy ban nhân dân xã Mẫu,O=Ủy ban nhân dân tỉnh Lai "
              "Châu,L=Lai Châu,C=VN");
}

TEST(Name, ReadsTheOldStringTypes) {
    const Bytes bmp = der::element(0x1e, *from_hex("00410110"));  // "AĐ"
    const Bytes rdn =
        der::element(der::tag::set, der::sequence({der::oid(oids::common_name), BytesView{bmp}}));
    const auto name = read_name(der::sequence({rdn}));
    ASSERT_TRUE(name);
    EXPECT_EQ(value_of(*name, oids::common_name), "AĐ");
    const Bytes broken = der::element(0x1e, *from_hex("004101"));
    const Bytes rdn2 = der::element(
        der::tag::set, der::sequence({der::oid(oids::common_name), BytesView{broken}}));
    EXPECT_FALSE(read_name(der::sequence({rdn2})));
}

class EachKind : public testing::TestWithParam<KeyKind> {};

TEST_P(EachKind, SignsVerifiesAndRequests) {
    const auto signer = kit::make_software_signer(GetParam());
    ASSERT_EQ(key_kind_of(signer->public_key_info()).value(), GetParam());
    const Bytes message = to_bytes("chứng thư");
    const Bytes signature = signer->sign_digest_sha256(sha256(message)).value();
    const PublicKey key = PublicKey::read(signer->public_key_info()).value();
    EXPECT_TRUE(key.verify(message, signature_algorithm(GetParam()), signature));
    EXPECT_FALSE(key.verify(to_bytes("khác"), signature_algorithm(GetParam()), signature));
    const KeyKind other = is_rsa(GetParam()) ? KeyKind::P256 : KeyKind::Rsa2048;
    EXPECT_FALSE(key.verify(message, signature_algorithm(other), signature));

    const Bytes request = make_certificate_request(*signer, "thiết bị 1").value();
    const auto read = read_certificate_request(request);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->public_key_info, signer->public_key_info());
}
INSTANTIATE_TEST_SUITE_P(Keys, EachKind,
                         testing::Values(KeyKind::Rsa2048, KeyKind::Rsa3072, KeyKind::P256));

TEST(CertificateRequest, NeedsProofOfPossession) {
    const auto signer = kit::make_software_signer(KeyKind::P256);
    const auto thief = kit::make_software_signer(KeyKind::P256);
    Bytes request = make_certificate_request(*signer, "a").value();
    // The thief's name around the victim's key: signed by another key than the one inside.
    const Bytes info = der::sequence({der::integer(0), encode_name({}), signer->public_key_info(),
                                      der::element(der::tag::context(0), BytesView{})});
    const Bytes stolen =
        assemble(info, KeyKind::P256, thief->sign_digest_sha256(sha256(info)).value());
    EXPECT_EQ(read_certificate_request(stolen).error().code, "csr.proof");
    for (std::size_t cut = 0; cut < request.size(); ++cut) {
        EXPECT_FALSE(read_certificate_request(BytesView{request}.first(cut)));
    }
    request.push_back(0);
    EXPECT_EQ(read_certificate_request(request).error().code, "csr.unreadable");
}

TEST(Key, RefusesWhatTheProfileMayNotHold) {
    const auto rsa = [](Bytes modulus, std::int64_t exponent) {
        const Bytes key = der::sequence({der::unsigned_integer(modulus), der::integer(exponent)});
        return der::sequence(
            {der::sequence({der::oid(oids::rsa_encryption), der::null()}), der::bit_string(key)});
    };
    const auto code = [](const Bytes& info) { return key_kind_of(info).error().code; };
    Bytes modulus(256, 0xab);
    modulus.back() = 0x0b;
    EXPECT_EQ(code(rsa(modulus, 3)), "key.weak");
    Bytes even = modulus;
    even.back() = 0x0a;
    EXPECT_EQ(code(rsa(even, 65537)), "key.weak");
    Bytes nines(256, 0xff);  // 2^2048 - 1 is a multiple of 3
    EXPECT_EQ(code(rsa(nines, 65537)), "key.weak");
    EXPECT_EQ(code(rsa(Bytes(128, 0xab), 65537)), "key.kind");
    EXPECT_EQ(code(rsa(Bytes(255, 0xab), 65537)), "key.kind");
    Bytes point(65, 0x11);
    point[0] = 0x04;
    const Bytes off_curve =
        der::sequence({der::sequence({der::oid(oids::ec_public_key), der::oid(oids::p256)}),
                       der::bit_string(point)});
    EXPECT_EQ(code(off_curve), "key.weak");
    const Bytes p384 =
        der::sequence({der::sequence({der::oid(oids::ec_public_key), der::oid("1.3.132.0.34")}),
                       der::bit_string(point)});
    EXPECT_EQ(code(p384), "key.kind");
}

TEST(Ocsp, RequestsGoBothWays) {
    const auto issuer = kit::make_software_signer(KeyKind::P256);
    const Bytes name = encode_name({{std::string{oids::common_name}, "CA"}});
    const Bytes id =
        encode_cert_id(false, name, issuer->public_key_info(), *from_hex("00ff01020304050607"));
    const auto plain = read_ocsp_request(make_ocsp_request(id, std::nullopt));
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->ids.at(0).whole, id);
    EXPECT_EQ(plain->ids[0].issuer_name_hash, sha1(name));
    EXPECT_FALSE(plain->nonce);
    const auto with = read_ocsp_request(make_ocsp_request(id, Bytes(32, 7)));
    ASSERT_TRUE(with);
    EXPECT_EQ(with->nonce, der::octet_string(Bytes(32, 7)));
    EXPECT_FALSE(read_ocsp_request(make_ocsp_request(id, Bytes(129, 7))));
    EXPECT_FALSE(read_ocsp_request(make_ocsp_request(id, Bytes{})));
    EXPECT_EQ(read_ocsp_request(Bytes(5000, 0x30)).error().kind, ErrorKind::TooLarge);
}

TEST(Ocsp, AnswersGoBothWays) {
    const auto signer = kit::make_software_signer(KeyKind::P256);
    const Bytes id = encode_cert_id(true, encode_name({}), signer->public_key_info(), Bytes{5});
    const Instant now = at("2026-11-23T02:00:00Z");
    const Bytes data =
        encode_ocsp_data(sha1(public_key_bits(signer->public_key_info())), now,
                         {{id, OcspStatus::Good, {}, 0, now, now + std::chrono::hours{24}},
                          {id, OcspStatus::Revoked, now, 6, now, std::nullopt},
                          {id, OcspStatus::Unknown, {}, 0, now, now}},
                         der::octet_string(Bytes(16, 1)));
    const Bytes signature = signer->sign_digest_sha256(sha256(data)).value();
    const auto answer =
        read_ocsp_response(assemble_ocsp(data, KeyKind::P256, signature, der::sequence({})));
    ASSERT_TRUE(answer);
    ASSERT_EQ(answer->singles.size(), 3U);
    EXPECT_EQ(answer->singles[0].status, OcspStatus::Good);
    EXPECT_EQ(answer->singles[0].next_update, now + std::chrono::hours{24});
    EXPECT_EQ(answer->singles[1].status, OcspStatus::Revoked);
    EXPECT_EQ(answer->singles[1].reason, 6);
    EXPECT_EQ(answer->singles[2].status, OcspStatus::Unknown);
    EXPECT_TRUE(answer->nonce);
    EXPECT_EQ(to_hex(ocsp_error(OcspError::TryLater)), "30030a0103");
    EXPECT_EQ(read_ocsp_response(ocsp_error(OcspError::Unauthorized))->status, 6);
}

TEST(Crl, FramesAroundItsEntries) {
    const auto signer = kit::make_software_signer(KeyKind::P256);
    const Instant now = at("2026-11-23T02:00:00Z");
    CrlHead head{KeyKind::P256,
                 encode_name({{std::string{oids::common_name}, "CA"}}),
                 Bytes(20, 9),
                 now,
                 now + std::chrono::hours{72},
                 300};
    for (const int count : {0, 1, 1000}) {
        Bytes entries;
        for (int i = 0; i < count; ++i) {
            der::append(entries, encode_crl_entry(Bytes{0x80, static_cast<std::uint8_t>(i)}, now,
                                                  i % 2 == 0 ? 6 : 0));
        }
        const CrlFrame frame = frame_crl(head, entries.size());
        Bytes tbs = frame.before;
        der::append(tbs, entries);
        der::append(tbs, frame.after);
        const Bytes signature = signer->sign_digest_sha256(sha256(tbs)).value();
        Bytes crl = crl_opening(tbs.size(), KeyKind::P256, signature);
        der::append(crl, tbs);
        der::append(crl, crl_closing(KeyKind::P256, signature));
        EXPECT_EQ(crl, assemble(tbs, KeyKind::P256, signature));
        const auto read = read_crl(crl);
        ASSERT_TRUE(read);
        EXPECT_EQ(read->number, 300);
        int seen = 0, held = 0;
        ASSERT_TRUE(for_each_entry(*read, [&](const CrlEntry& entry) {
            ++seen;
            held += entry.reason == 6;
            EXPECT_EQ(entry.revoked_at, now);
        }));
        EXPECT_EQ(seen, count);
        EXPECT_EQ(held, (count + 1) / 2);
    }
}

TEST(Pem, ReadsBlocksAndDer) {
    const Bytes der_bytes = der::sequence({der::integer(5)});
    const std::string two = "chú thích\n" + to_pem("CERTIFICATE", der_bytes) +
                            to_pem("PRIVATE KEY", der_bytes) + to_pem("CERTIFICATE", der_bytes);
    EXPECT_EQ(read_pem_or_der(two, {"CERTIFICATE"})->size(), 2U);
    EXPECT_EQ(read_pem_or_der(as_text(der_bytes), {"CERTIFICATE"})->at(0), der_bytes);
    EXPECT_EQ(read_pem_or_der("nothing", {"CERTIFICATE"}).error().code, "pem.none");
    EXPECT_EQ(read_pem_or_der("-----BEGIN CERTIFICATE-----\n!!\n-----END CERTIFICATE-----\n",
                              {"CERTIFICATE"})
                  .error()
                  .code,
              "pem.malformed");
}

}  // namespace
}  // namespace antin::pki
