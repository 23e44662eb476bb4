#include "pki/certificate_request.hpp"

#include "pki/certificate.hpp"
#include "pki/der.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "pki/name.hpp"
#include "pki/oids.hpp"

namespace antin::pki {
namespace {
constexpr std::size_t request_bytes_max = 16 * 1024;
}

Result<CertificateRequest> read_certificate_request(BytesView bytes) {
    const auto unreadable = [](const char* where) {
        return fail(ErrorKind::Invalid, "csr.unreadable", where);
    };
    if (bytes.size() > request_bytes_max) return unreadable("size");
    der::Reader outer{bytes};
    der::Reader request = outer.enter(der::tag::sequence);
    const der::Element info = request.next(der::tag::sequence);
    const BytesView algorithm = request.next(der::tag::sequence).whole;
    const auto signature = der::read_octet_bits(request.next(der::tag::bit_string));
    if (!outer.finished() || !request.finished() || !signature) return unreadable("request");
    der::Reader fields{info.content};
    const auto version = der::read_unsigned(fields.next(der::tag::integer));
    const BytesView subject = fields.next(der::tag::sequence).whole;
    const BytesView key = fields.next(der::tag::sequence).whole;
    fields.optional(der::tag::context(0));  // attributes: asked for nothing, given nothing
    if (!fields.finished() || version != 0 || !read_name(subject)) return unreadable("info");
    CertificateRequest out;
    ANTIN_TRY(kind, key_kind_of(key));
    ANTIN_TRY(public_key, PublicKey::read(key));
    if (!public_key.verify(info.whole, algorithm, *signature)) {
        return fail(ErrorKind::Invalid, "csr.proof");
    }
    out.kind = kind;
    out.public_key_info.assign(key.begin(), key.end());
    return out;
}

Result<Bytes> make_certificate_request(Signer& signer, std::string_view common_name) {
    const Bytes subject = encode_name({{std::string{oids::common_name}, std::string{common_name}}});
    const Bytes info = der::sequence({der::integer(0), subject, signer.public_key_info(),
                                      der::element(der::tag::context(0), BytesView{})});
    ANTIN_TRY(signature, signer.sign_digest_sha256(sha256(info)));
    return assemble(info, signer.kind(), signature);
}

}  // namespace antin::pki
