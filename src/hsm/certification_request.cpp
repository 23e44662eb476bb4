#include "hsm/certification_request.hpp"

#include <openssl/sha.h>
#include <openssl/x509.h>

#include <memory>

namespace antin::hsm {

namespace {

template <auto Free>
struct Freer {
    template <class T>
    void operator()(T* thing) const {
        Free(thing);
    }
};
using Request = std::unique_ptr<X509_REQ, Freer<X509_REQ_free>>;
using Certificate = std::unique_ptr<X509, Freer<X509_free>>;
using Key = std::unique_ptr<EVP_PKEY, Freer<EVP_PKEY_free>>;
using Algorithm = std::unique_ptr<X509_ALGOR, Freer<X509_ALGOR_free>>;

Key public_key(const pki::Signer& signer) {
    const auto& info = signer.public_key_info();
    const unsigned char* cursor = info.data();
    return Key(d2i_PUBKEY(nullptr, &cursor, static_cast<long>(info.size())));
}

void set_common_name(X509_NAME* name, std::string_view text) {
    X509_NAME_add_entry_by_NID(name, NID_commonName, MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(text.data()),
                               static_cast<int>(text.size()), -1, 0);
}

void set_algorithm(X509_ALGOR* algorithm, pki::KeyKind kind) {
    if (kind == pki::KeyKind::P256) {
        X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_ecdsa_with_SHA256), V_ASN1_UNDEF, nullptr);
    } else {
        X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256WithRSAEncryption), V_ASN1_NULL, nullptr);
    }
}

void append_header(Bytes& out, std::uint8_t tag, std::size_t size) {
    out.push_back(tag);
    if (size < 0x80) {
        out.push_back(static_cast<std::uint8_t>(size));
    } else if (size < 0x100) {
        out.insert(out.end(), {0x81, static_cast<std::uint8_t>(size)});
    } else {
        out.insert(out.end(), {0x82, static_cast<std::uint8_t>(size >> 8),
                               static_cast<std::uint8_t>(size & 0xff)});
    }
}

/// SEQUENCE { body, algorithm, BIT STRING signature }: the shape of a request and a certificate.
Result<Bytes> sign_body(pki::Signer& signer, const Bytes& body) {
    Bytes digest(SHA256_DIGEST_LENGTH);
    SHA256(body.data(), body.size(), digest.data());
    ANTIN_TRY(signature, signer.sign_digest_sha256(digest));
    const Algorithm algorithm(X509_ALGOR_new());
    set_algorithm(algorithm.get(), signer.kind());
    unsigned char* encoded = nullptr;
    const int size = i2d_X509_ALGOR(algorithm.get(), &encoded);
    if (size <= 0) return fail(ErrorKind::Internal, "internal", "algorithm");
    Bytes content(body);
    content.insert(content.end(), encoded, encoded + size);
    OPENSSL_free(encoded);
    append_header(content, 0x03, signature.size() + 1);
    content.push_back(0);  // no unused bits
    content.insert(content.end(), signature.begin(), signature.end());
    Bytes whole;
    append_header(whole, 0x30, content.size());
    whole.insert(whole.end(), content.begin(), content.end());
    return whole;
}

Bytes taken(unsigned char* encoded, int size) {
    Bytes bytes;
    if (size > 0) bytes.assign(encoded, encoded + size);
    OPENSSL_free(encoded);
    return bytes;
}

}  // namespace

Result<Bytes> make_certification_request(pki::Signer& signer, std::string_view common_name) {
    const auto key = public_key(signer);
    const Request request(X509_REQ_new());
    if (key == nullptr || request == nullptr) {
        return fail(ErrorKind::Internal, "internal", "public key of the token");
    }
    X509_REQ_set_version(request.get(), 0);
    set_common_name(X509_REQ_get_subject_name(request.get()), common_name);
    X509_REQ_set_pubkey(request.get(), key.get());
    unsigned char* body = nullptr;
    const int size = i2d_re_X509_REQ_tbs(request.get(), &body);
    return sign_body(signer, taken(body, size));
}

Result<Bytes> make_self_signed_placeholder(pki::Signer& signer, std::string_view common_name) {
    const auto key = public_key(signer);
    const Certificate certificate(X509_new());
    if (key == nullptr || certificate == nullptr) {
        return fail(ErrorKind::Internal, "internal", "public key of the token");
    }
    X509_set_version(certificate.get(), X509_VERSION_3);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), 0);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), 86'400);
    set_common_name(X509_get_subject_name(certificate.get()), common_name);
    X509_set_issuer_name(certificate.get(), X509_get_subject_name(certificate.get()));
    X509_set_pubkey(certificate.get(), key.get());
    // OpenSSL 3.0 has no setter for the algorithm inside the signed part.
    set_algorithm(const_cast<X509_ALGOR*>(X509_get0_tbs_sigalg(certificate.get())), signer.kind());
    unsigned char* body = nullptr;
    const int size = i2d_re_X509_tbs(certificate.get(), &body);
    return sign_body(signer, taken(body, size));
}

}  // namespace antin::hsm
