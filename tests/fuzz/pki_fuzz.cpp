// Every parser of pki/ on arbitrary bytes: the first byte chooses which one.
#include <cstddef>
#include <cstdint>

#include "pki/certificate.hpp"
#include "pki/certificate_request.hpp"
#include "pki/crl.hpp"
#include "pki/der.hpp"
#include "pki/key.hpp"
#include "pki/lint.hpp"
#include "pki/name.hpp"
#include "pki/ocsp.hpp"
#include "pki/pem.hpp"

namespace antin::pki {
namespace {

void certificate(BytesView bytes) {
    const auto view = read_certificate(bytes);
    if (!view) return;
    static_cast<void>(view->serial_text());
    static_cast<void>(extended_key_usage_of(*view));
    static_cast<void>(email_of(*view));
    Profile profile;
    profile.subject = {"C", "L", "O", "OU*", "CN"};
    profile.email_required = true;
    LintContext context;
    context.issuer = &*view;
    static_cast<void>(lint(*view, profile, context));
}

void list(BytesView bytes) {
    const auto crl = read_crl(bytes);
    if (crl) static_cast<void>(for_each_entry(*crl, [](const CrlEntry&) {}));
}

void small_parts(BytesView bytes) {
    static_cast<void>(read_name(bytes));
    static_cast<void>(key_kind_of(bytes));
    static_cast<void>(der::read_oid(bytes));
    static_cast<void>(read_pem_or_der(as_text(bytes), {"CERTIFICATE"}));
}

}  // namespace
}  // namespace antin::pki

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace antin;
    if (size == 0) return 0;
    const BytesView bytes{data + 1, size - 1};
    switch (data[0] % 6) {
        case 0:
            pki::certificate(bytes);
            break;
        case 1:
            static_cast<void>(pki::read_certificate_request(bytes));
            break;
        case 2:
            pki::list(bytes);
            break;
        case 3:
            static_cast<void>(pki::read_ocsp_request(bytes));
            break;
        case 4:
            static_cast<void>(pki::read_ocsp_response(bytes));
            break;
        default:
            pki::small_parts(bytes);
            break;
    }
    return 0;
}
