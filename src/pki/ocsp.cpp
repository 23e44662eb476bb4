#include "pki/ocsp.hpp"

#include "pki/der.hpp"
#include "pki/digest.hpp"
#include "pki/key.hpp"
#include "pki/oids.hpp"

namespace antin::pki {
namespace {

tl::unexpected<Error> malformed(const char* where) {
    return fail(ErrorKind::Invalid, "ocsp.malformed", where);
}

Bytes copy(BytesView view) {
    return {view.begin(), view.end()};
}

std::optional<OcspCertId> read_cert_id(const der::Element& element) {
    OcspCertId id;
    id.whole = copy(element.whole);
    der::Reader fields{element.content};
    der::Reader algorithm = fields.enter(der::tag::sequence);
    id.hash_oid = der::read_oid(algorithm.next(der::tag::oid).content);
    algorithm.optional(der::tag::null);
    id.issuer_name_hash = copy(fields.next(der::tag::octet_string).content);
    id.issuer_key_hash = copy(fields.next(der::tag::octet_string).content);
    id.serial = copy(fields.next(der::tag::integer).content);
    if (!fields.finished() || !algorithm.finished() || id.serial.empty() || id.serial.size() > 21) {
        return std::nullopt;
    }
    return id;
}

/// Looks for the nonce among extensions; false when they are malformed or it is too long or empty.
bool read_nonce(BytesView extensions, std::optional<Bytes>& nonce) {
    der::Reader wrapper{extensions};
    der::Reader list = wrapper.enter(der::tag::sequence);
    if (!wrapper.finished()) return false;
    while (list.ok() && !list.at_end()) {
        der::Reader fields = list.enter(der::tag::sequence);
        const std::string oid = der::read_oid(fields.next(der::tag::oid).content);
        const auto critical = fields.optional(der::tag::boolean);
        const BytesView value = fields.next(der::tag::octet_string).content;
        if (!fields.finished() || (critical && !der::read_boolean(*critical))) return false;
        if (oid != oids::ocsp_nonce) continue;
        // Old clients put the bare octets here instead of an OCTET STRING; both are repeated as
        // sent.
        const auto inner = der::only(value, der::tag::octet_string);
        const BytesView octets = inner ? inner->content : value;
        if (nonce || octets.empty() || octets.size() > ocsp_nonce_bytes_max) return false;
        nonce = copy(value);
    }
    return list.ok();
}

Bytes nonce_extensions(const std::optional<Bytes>& nonce, int context) {
    if (!nonce) return {};
    return der::element(
        der::tag::context(context),
        der::sequence({der::sequence({der::oid(oids::ocsp_nonce), der::octet_string(*nonce)})}));
}

Bytes encode_status(const OcspSingle& single) {
    switch (single.status) {
        case OcspStatus::Good:
            return der::element(der::tag::context_primitive(0), BytesView{});
        case OcspStatus::Unknown:
            return der::element(der::tag::context_primitive(2), BytesView{});
        case OcspStatus::Revoked:
            break;
    }
    const Bytes reason = single.reason == 0
                             ? Bytes{}
                             : der::element(der::tag::context(0), der::enumerated(single.reason));
    return der::element(der::tag::context(1), {der::generalized_time(single.revoked_at), reason});
}

Bytes encode_single(const OcspSingle& single) {
    const Bytes next = single.next_update ? der::element(der::tag::context(0),
                                                         der::generalized_time(*single.next_update))
                                          : Bytes{};
    return der::sequence(
        {single.cert_id, encode_status(single), der::generalized_time(single.this_update), next});
}

bool read_status(const der::Element& element, OcspSingle& single) {
    if (element.tag == der::tag::context_primitive(0) && element.content.empty()) {
        single.status = OcspStatus::Good;
        return true;
    }
    if (element.tag == der::tag::context_primitive(2) && element.content.empty()) {
        single.status = OcspStatus::Unknown;
        return true;
    }
    if (element.tag != der::tag::context(1)) return false;
    single.status = OcspStatus::Revoked;
    der::Reader fields{element.content};
    const auto at = der::read_time(fields.next(der::tag::generalized_time));
    if (const auto wrapped = fields.optional(der::tag::context(0))) {
        const auto reason = der::only(wrapped->content, der::tag::enumerated);
        const auto value = reason ? der::read_unsigned(*reason) : std::nullopt;
        if (!value || *value > 10) return false;
        single.reason = static_cast<int>(*value);
    }
    if (!fields.finished() || !at) return false;
    single.revoked_at = *at;
    return true;
}

bool read_single(der::Reader fields, OcspSingle& single) {
    single.cert_id = copy(fields.next(der::tag::sequence).whole);
    if (!read_status(fields.next(), single)) return false;
    const auto this_update = der::read_time(fields.next(der::tag::generalized_time));
    if (!this_update) return false;
    single.this_update = *this_update;
    if (const auto wrapped = fields.optional(der::tag::context(0))) {
        const auto time = der::only(wrapped->content, der::tag::generalized_time);
        single.next_update = time ? der::read_time(*time) : std::nullopt;
        if (!single.next_update) return false;
    }
    fields.optional(der::tag::context(1));
    return fields.finished();
}

bool read_data(BytesView whole, OcspResponse& out) {
    const auto outer = der::only(whole, der::tag::sequence);
    if (!outer) return false;
    der::Reader fields{outer->content};
    fields.optional(der::tag::context(0));
    const der::Element responder = fields.next();
    if (responder.tag != der::tag::context(1) && responder.tag != der::tag::context(2))
        return false;
    const auto produced = der::read_time(fields.next(der::tag::generalized_time));
    der::Reader list = fields.enter(der::tag::sequence);
    if (!produced) return false;
    out.produced_at = *produced;
    while (list.ok() && !list.at_end()) {
        OcspSingle single;
        if (!read_single(list.enter(der::tag::sequence), single)) return false;
        out.singles.push_back(std::move(single));
    }
    if (const auto extensions = fields.optional(der::tag::context(1))) {
        if (!read_nonce(extensions->content, out.nonce)) return false;
    }
    return list.ok() && fields.finished();
}

}  // namespace

Result<OcspRequest> read_ocsp_request(BytesView bytes) {
    if (bytes.size() > ocsp_request_bytes_max) return fail(ErrorKind::TooLarge, "ocsp.too_large");
    der::Reader outer{bytes};
    der::Reader request = outer.enter(der::tag::sequence);
    der::Reader tbs = request.enter(der::tag::sequence);
    request.optional(der::tag::context(0));  // a signature of the asker proves nothing to us
    if (!outer.finished() || !request.finished()) return malformed("request");
    if (const auto version = tbs.optional(der::tag::context(0))) {
        const auto number = der::only(version->content, der::tag::integer);
        if (!number || der::read_unsigned(*number) != 0) return malformed("version");
    }
    tbs.optional(der::tag::context(1));
    der::Reader list = tbs.enter(der::tag::sequence);
    OcspRequest out;
    while (list.ok() && !list.at_end()) {
        if (out.ids.size() == ocsp_ids_max) return fail(ErrorKind::TooLarge, "ocsp.too_large");
        der::Reader single = list.enter(der::tag::sequence);
        auto id = read_cert_id(single.next(der::tag::sequence));
        single.optional(der::tag::context(0));
        if (!single.finished() || !id) return malformed("certificate id");
        out.ids.push_back(std::move(*id));
    }
    if (const auto extensions = tbs.optional(der::tag::context(2))) {
        if (!read_nonce(extensions->content, out.nonce)) return malformed("extensions");
    }
    if (!list.ok() || !tbs.finished() || out.ids.empty()) return malformed("list");
    return out;
}

Bytes encode_cert_id(bool with_sha256, BytesView issuer_name, BytesView issuer_public_key_info,
                     BytesView serial_content) {
    const auto hash = [&](BytesView bytes) { return with_sha256 ? sha256(bytes) : sha1(bytes); };
    return der::sequence(
        {der::sequence({der::oid(with_sha256 ? oids::sha256 : oids::sha1), der::null()}),
         der::octet_string(hash(issuer_name)),
         der::octet_string(hash(public_key_bits(issuer_public_key_info))),
         der::element(der::tag::integer, serial_content)});
}

Bytes make_ocsp_request(BytesView cert_id, const std::optional<Bytes>& nonce) {
    std::optional<Bytes> wrapped;
    if (nonce) wrapped = der::octet_string(*nonce);
    return der::sequence(
        {der::sequence({der::sequence({der::sequence({cert_id})}), nonce_extensions(wrapped, 2)})});
}

Bytes encode_ocsp_data(BytesView responder_key_hash, Instant produced_at,
                       const std::vector<OcspSingle>& singles, const std::optional<Bytes>& nonce) {
    Bytes list;
    for (const OcspSingle& single : singles) der::append(list, encode_single(single));
    return der::sequence({der::element(der::tag::context(2), der::octet_string(responder_key_hash)),
                          der::generalized_time(produced_at),
                          der::element(der::tag::sequence, list), nonce_extensions(nonce, 1)});
}

Bytes assemble_ocsp(BytesView data, KeyKind signer, BytesView signature,
                    BytesView responder_certificate) {
    const Bytes certificates =
        der::element(der::tag::context(0), der::sequence({responder_certificate}));
    const Bytes basic = der::sequence(
        {data, signature_algorithm(signer), der::bit_string(signature), certificates});
    const Bytes bytes = der::sequence({der::oid(oids::ocsp_basic), der::octet_string(basic)});
    return der::sequence({der::enumerated(0), der::element(der::tag::context(0), bytes)});
}

Bytes ocsp_error(OcspError error) {
    return der::sequence({der::enumerated(static_cast<int>(error))});
}

Result<OcspResponse> read_ocsp_response(BytesView bytes) {
    der::Reader outer{bytes};
    der::Reader response = outer.enter(der::tag::sequence);
    OcspResponse out;
    const auto status = der::read_unsigned(response.next(der::tag::enumerated));
    if (!outer.finished() || !response.ok() || !status || *status > 6) return malformed("status");
    out.status = static_cast<int>(*status);
    if (out.status != 0) {
        if (!response.finished()) return malformed("error with a body");
        return out;
    }
    der::Reader wrapper = response.enter(der::tag::context(0));
    der::Reader pair = wrapper.enter(der::tag::sequence);
    const std::string type = der::read_oid(pair.next(der::tag::oid).content);
    der::Reader inner{pair.next(der::tag::octet_string).content};
    if (!response.finished() || !wrapper.finished() || !pair.finished() ||
        type != oids::ocsp_basic) {
        return malformed("type");
    }
    der::Reader basic = inner.enter(der::tag::sequence);
    out.data = copy(basic.next(der::tag::sequence).whole);
    out.algorithm = copy(basic.next(der::tag::sequence).whole);
    const auto signature = der::read_octet_bits(basic.next(der::tag::bit_string));
    if (!signature || !basic.ok()) return malformed("signature");
    out.signature = copy(*signature);
    if (const auto wrapped = basic.optional(der::tag::context(0))) {
        der::Reader holder{wrapped->content};
        der::Reader list = holder.enter(der::tag::sequence);
        while (list.ok() && !list.at_end()) {
            out.certificates.push_back(copy(list.next(der::tag::sequence).whole));
        }
        if (!list.ok() || !holder.finished()) return malformed("certificates");
    }
    if (!inner.finished() || !basic.finished() || !read_data(out.data, out)) {
        return malformed("data");
    }
    return out;
}

}  // namespace antin::pki
