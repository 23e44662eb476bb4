#include "pki/crl.hpp"

#include "pki/certificate.hpp"
#include "pki/der.hpp"
#include "pki/key.hpp"
#include "pki/oids.hpp"

namespace antin::pki {
namespace {

tl::unexpected<Error> malformed(const char* where) {
    return fail(ErrorKind::Invalid, "crl.malformed", where);
}

Bytes extension(std::string_view oid, BytesView value) {
    return der::sequence({der::oid(oid), der::octet_string(value)});
}

bool read_crl_extensions(BytesView content, CrlView& out) {
    der::Reader wrapper{content};
    der::Reader list = wrapper.enter(der::tag::sequence);
    while (list.ok() && !list.at_end()) {
        der::Reader fields = list.enter(der::tag::sequence);
        const std::string oid = der::read_oid(fields.next(der::tag::oid).content);
        fields.optional(der::tag::boolean);
        const BytesView value = fields.next(der::tag::octet_string).content;
        if (!fields.finished()) return false;
        if (oid != oids::crl_number) continue;
        const auto number = der::only(value, der::tag::integer);
        const auto read = number ? der::read_unsigned(*number) : std::nullopt;
        if (!read || *read > INT64_MAX) return false;
        out.number = static_cast<std::int64_t>(*read);
    }
    return list.ok() && wrapper.finished();
}

}  // namespace

CrlFrame frame_crl(const CrlHead& head, std::uint64_t entries_length) {
    Bytes start;
    der::append(start, der::integer(1));
    der::append(start, signature_algorithm(head.signer));
    der::append(start, head.issuer);
    der::append(start, der::time(head.this_update));
    der::append(start, der::time(head.next_update));
    // An empty revokedCertificates must be absent.
    if (entries_length > 0) der::append(start, der::header(der::tag::sequence, entries_length));
    const ExtensionBody key_id = extensions::authority_key_id(head.authority_key_id);
    CrlFrame frame;
    frame.after =
        der::element(der::tag::context(0),
                     der::sequence({extension(key_id.oid, key_id.value),
                                    extension(oids::crl_number, der::integer(head.number))}));
    frame.before =
        der::header(der::tag::sequence, start.size() + entries_length + frame.after.size());
    der::append(frame.before, start);
    return frame;
}

Bytes encode_crl_entry(BytesView serial, Instant revoked_at, int reason) {
    Bytes extensions;
    if (reason != 0) {
        extensions = der::sequence({extension(oids::crl_reason, der::enumerated(reason))});
    }
    return der::sequence({der::unsigned_integer(serial), der::time(revoked_at), extensions});
}

Bytes crl_closing(KeyKind signer, BytesView signature) {
    Bytes out = signature_algorithm(signer);
    der::append(out, der::bit_string(signature));
    return out;
}

Bytes crl_opening(std::uint64_t tbs_length, KeyKind signer, BytesView signature) {
    return der::header(der::tag::sequence, tbs_length + crl_closing(signer, signature).size());
}

Result<CrlView> read_crl(BytesView bytes) {
    der::Reader outer{bytes};
    der::Reader list = outer.enter(der::tag::sequence);
    const der::Element tbs = list.next(der::tag::sequence);
    CrlView out;
    out.tbs = tbs.whole;
    out.algorithm = list.next(der::tag::sequence).whole;
    const auto signature = der::read_octet_bits(list.next(der::tag::bit_string));
    if (!outer.finished() || !list.finished() || !signature) return malformed("list");
    out.signature = *signature;
    der::Reader body{tbs.content};
    if (const auto version = body.optional(der::tag::integer)) {
        if (der::read_unsigned(*version) != 1) return malformed("version");
    }
    body.next(der::tag::sequence);
    out.issuer = body.next(der::tag::sequence).whole;
    const auto this_update = der::read_time(body.next());
    if (!this_update) return malformed("thisUpdate");
    out.this_update = *this_update;
    if (body.peek() == der::tag::utc_time || body.peek() == der::tag::generalized_time) {
        out.next_update = der::read_time(body.next());
        if (!out.next_update) return malformed("nextUpdate");
    }
    if (const auto entries = body.optional(der::tag::sequence)) out.entries = entries->content;
    if (const auto extensions = body.optional(der::tag::context(0))) {
        if (!read_crl_extensions(extensions->content, out)) return malformed("extensions");
    }
    if (!body.finished()) return malformed("body");
    return out;
}

Status for_each_entry(const CrlView& crl, const std::function<void(const CrlEntry&)>& visit) {
    der::Reader list{crl.entries};
    while (list.ok() && !list.at_end()) {
        der::Reader fields = list.enter(der::tag::sequence);
        CrlEntry entry;
        entry.serial = fields.next(der::tag::integer).content;
        const auto at = der::read_time(fields.next());
        if (!at || entry.serial.empty() || entry.serial.size() > 21) return malformed("entry");
        entry.revoked_at = *at;
        if (const auto wrapped = fields.optional(der::tag::sequence)) {
            der::Reader extensions{wrapped->content};
            while (extensions.ok() && !extensions.at_end()) {
                der::Reader parts = extensions.enter(der::tag::sequence);
                const std::string oid = der::read_oid(parts.next(der::tag::oid).content);
                parts.optional(der::tag::boolean);
                const BytesView value = parts.next(der::tag::octet_string).content;
                const auto code =
                    oid == oids::crl_reason ? der::only(value, der::tag::enumerated) : std::nullopt;
                const auto reason = code ? der::read_unsigned(*code) : std::nullopt;
                if (reason && *reason <= 10) entry.reason = static_cast<int>(*reason);
                if (!parts.finished()) return malformed("entry extension");
            }
            if (!extensions.ok()) return malformed("entry extensions");
        }
        if (!fields.finished()) return malformed("entry");
        visit(entry);
    }
    if (!list.ok()) return malformed("entries");
    return {};
}

}  // namespace antin::pki
