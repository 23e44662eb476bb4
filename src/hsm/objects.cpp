#include "hsm/objects.hpp"

#include <openssl/sha.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>

#include "hsm/public_key.hpp"

namespace antin::hsm {

namespace {

CK_BBOOL yes = CK_TRUE, no = CK_FALSE;

CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const void* value, std::size_t size) {
    return {type, const_cast<void*>(value), static_cast<CK_ULONG>(size)};
}
template <class T>
CK_ATTRIBUTE attribute(CK_ATTRIBUTE_TYPE type, const T& value) {
    return attribute(type, &value, sizeof value);
}
CK_ATTRIBUTE label_attribute(const std::string& label) {
    return attribute(CKA_LABEL, label.data(), label.size());
}

/// Key and certificate of one label carry the same id, by which other programs pair them.
std::array<unsigned char, 20> id_of(const std::string& label) {
    unsigned char digest[SHA256_DIGEST_LENGTH];
    SHA256(reinterpret_cast<const unsigned char*>(label.data()), label.size(), digest);
    std::array<unsigned char, 20> id{};
    std::copy_n(digest, id.size(), id.begin());
    return id;
}

std::vector<CK_OBJECT_HANDLE> find(Session& session, std::vector<CK_ATTRIBUTE> wanted) {
    check(session.call->C_FindObjectsInit(session.handle, wanted.data(), wanted.size()),
          "C_FindObjectsInit");
    std::vector<CK_OBJECT_HANDLE> found;
    std::array<CK_OBJECT_HANDLE, 64> page{};
    CK_ULONG count = 0;
    CK_RV value = CKR_OK;
    do {
        value = session.call->C_FindObjects(session.handle, page.data(), page.size(), &count);
        if (value == CKR_OK) found.insert(found.end(), page.begin(), page.begin() + count);
    } while (value == CKR_OK && count == page.size());
    session.call->C_FindObjectsFinal(session.handle);
    check(value, "C_FindObjects");
    return found;
}

Bytes read_attribute(Session& session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
    CK_ATTRIBUTE wanted{type, nullptr, 0};
    check(session.call->C_GetAttributeValue(session.handle, object, &wanted, 1),
          "C_GetAttributeValue");
    Bytes bytes(wanted.ulValueLen);
    wanted.pValue = bytes.data();
    check(session.call->C_GetAttributeValue(session.handle, object, &wanted, 1),
          "C_GetAttributeValue");
    bytes.resize(wanted.ulValueLen);
    return bytes;
}

std::optional<CK_OBJECT_HANDLE> find_one(Session& session, CK_OBJECT_CLASS kind,
                                         const std::string& label) {
    const auto found = find(session, {attribute(CKA_CLASS, kind), label_attribute(label)});
    if (found.empty()) return std::nullopt;
    return found.front();
}

CK_OBJECT_HANDLE private_key(Session& session, const std::string& label) {
    if (const auto known = session.private_keys.find(label); known != session.private_keys.end()) {
        return known->second;
    }
    const auto found = find_one(session, CKO_PRIVATE_KEY, label);
    if (!found) give_up(ErrorKind::NotFound, "token.key_missing", label);
    session.private_keys[label] = *found;
    return *found;
}

KeyInfo describe_key(Session& session, CK_OBJECT_HANDLE public_key) {
    KeyInfo info;
    info.label = std::string(as_text(read_attribute(session, public_key, CKA_LABEL)));
    const auto type = read_attribute(session, public_key, CKA_KEY_TYPE);
    CK_KEY_TYPE key_type = 0;
    std::copy_n(type.data(), std::min(type.size(), sizeof key_type),
                reinterpret_cast<std::uint8_t*>(&key_type));
    if (key_type == CKK_RSA) {
        info.public_key_info =
            rsa_public_key_info(read_attribute(session, public_key, CKA_MODULUS),
                                read_attribute(session, public_key, CKA_PUBLIC_EXPONENT));
    } else if (key_type == CKK_EC) {
        info.public_key_info =
            p256_public_key_info(read_attribute(session, public_key, CKA_EC_POINT));
    }
    const auto kind = kind_of_public_key(info.public_key_info);
    if (!kind) give_up(ErrorKind::Unavailable, "token.key_unknown_kind", info.label);
    info.kind = *kind;
    if (const auto secret = find_one(session, CKO_PRIVATE_KEY, info.label)) {
        const auto flag = read_attribute(session, *secret, CKA_EXTRACTABLE);
        info.extractable = flag.empty() || flag[0] != CK_FALSE;
    }
    info.has_certificate = find_one(session, CKO_CERTIFICATE, info.label).has_value();
    return info;
}

CK_ULONG rsa_bits(pki::KeyKind kind) {
    if (kind == pki::KeyKind::Rsa2048) return 2048;
    return kind == pki::KeyKind::Rsa3072 ? 3072 : 4096;
}

// SHA-256 DigestInfo without the digest (RFC 8017, section 9.2, note 1).
constexpr std::array<std::uint8_t, 19> sha256_digest_info{0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60,
                                                          0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02,
                                                          0x01, 0x05, 0x00, 0x04, 0x20};
// The curve by its name: OBJECT IDENTIFIER 1.2.840.10045.3.1.7 (RFC 5480).
constexpr std::array<std::uint8_t, 10> p256_parameters{0x06, 0x08, 0x2a, 0x86, 0x48,
                                                       0xce, 0x3d, 0x03, 0x01, 0x07};

}  // namespace

std::vector<pki::KeyKind> supported_kinds(Session& session) {
    std::vector<pki::KeyKind> kinds;
    CK_MECHANISM_INFO info{};
    if (session.call->C_GetMechanismInfo(session.slot, CKM_RSA_PKCS_KEY_PAIR_GEN, &info) ==
        CKR_OK) {
        for (const auto kind :
             {pki::KeyKind::Rsa4096, pki::KeyKind::Rsa3072, pki::KeyKind::Rsa2048}) {
            const auto bits = rsa_bits(kind);
            if (bits >= info.ulMinKeySize && bits <= info.ulMaxKeySize) kinds.push_back(kind);
        }
    }
    if (session.call->C_GetMechanismInfo(session.slot, CKM_EC_KEY_PAIR_GEN, &info) == CKR_OK &&
        info.ulMinKeySize <= 256 && info.ulMaxKeySize >= 256) {
        kinds.push_back(pki::KeyKind::P256);
    }
    return kinds;
}

std::optional<KeyInfo> find_key(Session& session, const std::string& label) {
    const auto found = find_one(session, CKO_PUBLIC_KEY, label);
    if (!found || !find_one(session, CKO_PRIVATE_KEY, label)) return std::nullopt;
    return describe_key(session, *found);
}

std::vector<KeyInfo> list_keys(Session& session) {
    std::vector<KeyInfo> keys;
    const CK_OBJECT_CLASS kind = CKO_PUBLIC_KEY;
    for (const auto key : find(session, {attribute(CKA_CLASS, kind)})) {
        keys.push_back(describe_key(session, key));
    }
    return keys;
}

KeyInfo make_key(Session& session, const std::string& label, pki::KeyKind kind) {
    if (auto present = find_key(session, label)) {
        if (present->kind != kind) give_up(ErrorKind::Conflict, "token.key_other_kind", label);
        return std::move(*present);
    }
    const auto id = id_of(label);
    const bool rsa = kind != pki::KeyKind::P256;
    const CK_ULONG bits = rsa_bits(kind);
    const std::array<std::uint8_t, 3> exponent{1, 0, 1};
    std::vector<CK_ATTRIBUTE> open{attribute(CKA_TOKEN, yes), attribute(CKA_PRIVATE, no),
                                   attribute(CKA_VERIFY, yes), label_attribute(label),
                                   attribute(CKA_ID, id.data(), id.size())};
    if (rsa) {
        open.push_back(attribute(CKA_MODULUS_BITS, bits));
        open.push_back(attribute(CKA_PUBLIC_EXPONENT, exponent.data(), exponent.size()));
    } else {
        open.push_back(attribute(CKA_EC_PARAMS, p256_parameters.data(), p256_parameters.size()));
    }
    std::vector<CK_ATTRIBUTE> secret{attribute(CKA_TOKEN, yes),
                                     attribute(CKA_PRIVATE, yes),
                                     attribute(CKA_SENSITIVE, yes),
                                     attribute(CKA_EXTRACTABLE, no),
                                     attribute(CKA_SIGN, yes),
                                     label_attribute(label),
                                     attribute(CKA_ID, id.data(), id.size())};
    CK_MECHANISM mechanism{rsa ? CKM_RSA_PKCS_KEY_PAIR_GEN : CKM_EC_KEY_PAIR_GEN, nullptr, 0};
    CK_OBJECT_HANDLE public_key = 0, private_key = 0;
    check(session.call->C_GenerateKeyPair(session.handle, &mechanism, open.data(), open.size(),
                                          secret.data(), secret.size(), &public_key, &private_key),
          "C_GenerateKeyPair");
    session.private_keys[label] = private_key;
    return describe_key(session, public_key);
}

Bytes sign_digest(Session& session, const std::string& label, pki::KeyKind kind,
                  const Bytes& digest) {
    const auto key = private_key(session, label);
    const bool rsa = kind != pki::KeyKind::P256;
    Bytes input(digest);
    if (rsa) input.insert(input.begin(), sha256_digest_info.begin(), sha256_digest_info.end());
    CK_MECHANISM mechanism{rsa ? CKM_RSA_PKCS : CKM_ECDSA, nullptr, 0};
    check(session.call->C_SignInit(session.handle, &mechanism, key), "C_SignInit");
    Bytes signature(512);
    CK_ULONG size = signature.size();
    check(session.call->C_Sign(session.handle, input.data(), input.size(), signature.data(), &size),
          "C_Sign");
    signature.resize(size);
    return rsa ? signature : ecdsa_signature_der(signature);
}

void store_certificate(Session& session, const std::string& label, const Bytes& der) {
    const unsigned char* cursor = der.data();
    X509* certificate = d2i_X509(nullptr, &cursor, static_cast<long>(der.size()));
    if (certificate == nullptr) give_up(ErrorKind::Invalid, "token.certificate_unreadable", label);
    unsigned char* subject = nullptr;
    unsigned char* issuer = nullptr;
    unsigned char* serial = nullptr;
    const int subject_size = i2d_X509_NAME(X509_get_subject_name(certificate), &subject);
    const int issuer_size = i2d_X509_NAME(X509_get_issuer_name(certificate), &issuer);
    const int serial_size = i2d_ASN1_INTEGER(X509_get_serialNumber(certificate), &serial);
    const CK_OBJECT_CLASS object_class = CKO_CERTIFICATE;
    const CK_CERTIFICATE_TYPE type = CKC_X_509;
    const auto id = id_of(label);
    std::vector<CK_ATTRIBUTE> attributes{
        attribute(CKA_CLASS, object_class),
        attribute(CKA_CERTIFICATE_TYPE, type),
        attribute(CKA_TOKEN, yes),
        attribute(CKA_PRIVATE, no),
        label_attribute(label),
        attribute(CKA_ID, id.data(), id.size()),
        attribute(CKA_SUBJECT, subject, static_cast<std::size_t>(std::max(subject_size, 0))),
        attribute(CKA_ISSUER, issuer, static_cast<std::size_t>(std::max(issuer_size, 0))),
        attribute(CKA_SERIAL_NUMBER, serial, static_cast<std::size_t>(std::max(serial_size, 0))),
        attribute(CKA_VALUE, der.data(), der.size())};
    const auto former = [&] {
        return find(session, {attribute(CKA_CLASS, object_class), label_attribute(label)});
    };
    CK_RV value = CKR_OK;
    try {
        for (const auto object : former()) {
            check(session.call->C_DestroyObject(session.handle, object), "C_DestroyObject");
        }
        CK_OBJECT_HANDLE made = 0;
        value = session.call->C_CreateObject(session.handle, attributes.data(), attributes.size(),
                                             &made);
    } catch (...) {
        OPENSSL_free(subject), OPENSSL_free(issuer), OPENSSL_free(serial);
        X509_free(certificate);
        throw;
    }
    OPENSSL_free(subject), OPENSSL_free(issuer), OPENSSL_free(serial);
    X509_free(certificate);
    check(value, "C_CreateObject");
}

Bytes load_certificate(Session& session, const std::string& label) {
    const auto found = find_one(session, CKO_CERTIFICATE, label);
    if (!found) give_up(ErrorKind::NotFound, "token.certificate_missing", label);
    return read_attribute(session, *found, CKA_VALUE);
}

void erase_objects(Session& session, const std::string& label) {
    session.private_keys.erase(label);
    for (const CK_OBJECT_CLASS kind : {CKO_CERTIFICATE, CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
        for (const auto object :
             find(session, {attribute(CKA_CLASS, kind), label_attribute(label)})) {
            check(session.call->C_DestroyObject(session.handle, object), "C_DestroyObject");
        }
    }
}

}  // namespace antin::hsm
