#include "tls_certificate.hpp"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <array>
#include <memory>
#include <string_view>

#include "files.hpp"

namespace antin::program {
namespace {

template <auto Free>
struct Deleter {
    template <class T>
    void operator()(T* value) const {
        Free(value);
    }
};
using Key = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;
using Certificate = std::unique_ptr<X509, Deleter<X509_free>>;
using Extension = std::unique_ptr<X509_EXTENSION, Deleter<X509_EXTENSION_free>>;
using Memory = std::unique_ptr<BIO, Deleter<BIO_free_all>>;

constexpr const char* own_name = "An Tin portal (self-made)";
constexpr long validity_seconds = 730L * 24 * 3600;

bool is_address(const std::string& host) {
    std::array<unsigned char, 16> ignored{};
    return inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
           inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

void add_extension(X509& certificate, int kind, const std::string& value) {
    const Extension extension{X509V3_EXT_conf_nid(nullptr, nullptr, kind, value.c_str())};
    if (extension) X509_add_ext(&certificate, extension.get(), -1);
}

std::string alternative_names(const std::string& host) {
    std::string names = "DNS:localhost,IP:127.0.0.1,IP:::1";
    const bool known = host == "localhost" || host == "127.0.0.1" || host == "::1";
    if (!known && !host.empty()) names += (is_address(host) ? ",IP:" : ",DNS:") + host;
    return names;
}

Certificate make_certificate(EVP_PKEY& key, const std::string& host, Instant now) {
    Certificate certificate{X509_new()};
    X509_set_version(certificate.get(), X509_VERSION_3);
    std::array<unsigned char, 16> serial{};
    RAND_bytes(serial.data(), serial.size());
    serial[0] = static_cast<unsigned char>((serial[0] & 0x7F) | 0x40);
    const std::unique_ptr<BIGNUM, Deleter<BN_free>> number{
        BN_bin2bn(serial.data(), serial.size(), nullptr)};
    BN_to_ASN1_INTEGER(number.get(), X509_get_serialNumber(certificate.get()));
    const auto seconds = static_cast<time_t>(to_millis(now) / 1000);
    ASN1_TIME_set(X509_getm_notBefore(certificate.get()), seconds - 3600);
    ASN1_TIME_set(X509_getm_notAfter(certificate.get()), seconds + validity_seconds);
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                               reinterpret_cast<const unsigned char*>(own_name), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    X509_set_pubkey(certificate.get(), &key);
    add_extension(*certificate, NID_basic_constraints, "critical,CA:FALSE");
    add_extension(*certificate, NID_key_usage, "critical,digitalSignature");
    add_extension(*certificate, NID_ext_key_usage, "serverAuth");
    add_extension(*certificate, NID_subject_alt_name, alternative_names(host));
    X509_sign(certificate.get(), &key, EVP_sha256());
    return certificate;
}

std::string pem_of(const Memory& memory) {
    char* data = nullptr;
    const long size = BIO_get_mem_data(memory.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

Certificate read_certificate(const std::filesystem::path& path) {
    const Memory file{BIO_new_file(path.c_str(), "r")};
    return Certificate{file ? PEM_read_bio_X509(file.get(), nullptr, nullptr, nullptr) : nullptr};
}

/// Ours and past its end (or within a week of it): may be replaced without asking.
bool is_spent_own(const std::filesystem::path& path, Instant now) {
    const auto certificate = read_certificate(path);
    if (!certificate) return false;
    std::array<char, 64> name{};
    X509_NAME_get_text_by_NID(X509_get_subject_name(certificate.get()), NID_commonName, name.data(),
                              static_cast<int>(name.size()));
    if (std::string_view{name.data()} != own_name) return false;
    time_t soon = static_cast<time_t>(to_millis(now) / 1000) + 7L * 24 * 3600;
    return X509_cmp_time(X509_get0_notAfter(certificate.get()), &soon) < 0;
}

}  // namespace

Status ensure_tls_certificate(const std::filesystem::path& certificate_file,
                              const std::filesystem::path& key_file, const std::string& host,
                              const Clock& clock) {
    std::error_code ignored;
    const bool have_certificate = std::filesystem::exists(certificate_file, ignored);
    const bool have_key = std::filesystem::exists(key_file, ignored);
    if (have_certificate && have_key && !is_spent_own(certificate_file, clock.now())) return {};
    if (have_certificate != have_key) {
        return fail(ErrorKind::Unavailable, "tls.half", {},
                    {{"file", (have_key ? certificate_file : key_file).string()}});
    }
    const Key key{EVP_EC_gen("P-256")};
    if (!key) return fail(ErrorKind::Internal, "internal", "EVP_EC_gen");
    const auto certificate = make_certificate(*key, host, clock.now());
    const Memory key_pem{BIO_new(BIO_s_mem())}, certificate_pem{BIO_new(BIO_s_mem())};
    PEM_write_bio_PrivateKey(key_pem.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    PEM_write_bio_X509(certificate_pem.get(), certificate.get());
    std::filesystem::create_directories(key_file.parent_path(), ignored);
    std::filesystem::create_directories(certificate_file.parent_path(), ignored);
    ANTIN_CHECK(write_file(key_file, pem_of(key_pem), 0600));
    return write_file(certificate_file, pem_of(certificate_pem), 0644);
}

Result<std::string> tls_fingerprint(const std::filesystem::path& certificate_file) {
    const auto certificate = read_certificate(certificate_file);
    std::array<unsigned char, 32> digest{};
    unsigned size = 0;
    if (!certificate || X509_digest(certificate.get(), EVP_sha256(), digest.data(), &size) != 1) {
        return fail(ErrorKind::Unavailable, "tls.not_readable", {},
                    {{"file", certificate_file.string()}});
    }
    static constexpr std::string_view hex = "0123456789ABCDEF";
    std::string text;
    for (const unsigned char byte : digest) {
        if (!text.empty()) text += ':';
        text += hex[byte >> 4];
        text += hex[byte & 15];
    }
    return text;
}

}  // namespace antin::program
