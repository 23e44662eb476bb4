#include "forms/pin_envelope.hpp"

namespace antin::forms {

Result<Bytes> draw_pin_envelopes(const PaperLibrary& library,
                                 const std::vector<PinEnvelope>& envelopes) {
    std::vector<PaperContent> parts;
    for (const PinEnvelope& envelope : envelopes) {
        PaperContent content;
        content.made_at = envelope.made_at;
        content.values = {{"secret", envelope.account ? "Mã kích hoạt" : "Mã PIN"},
                          {"secret_upper", envelope.account ? "MÃ KÍCH HOẠT" : "MÃ PIN"},
                          {"token", envelope.account ? "" : "1"},
                          {"account", envelope.account ? "1" : ""},
                          {"subscriber", envelope.subscriber},
                          {"agency", envelope.agency},
                          {"device_serial", envelope.device_serial},
                          {"certificate_serial", envelope.certificate_serial},
                          {"pin", envelope.pin},
                          {"puk", envelope.puk},
                          {"tries", envelope.tries},
                          {"dossier_code", envelope.dossier_code},
                          {"contact", envelope.contact}};
        parts.push_back(std::move(content));
    }
    return library.draw_all("pin-envelope", parts);
}

}  // namespace antin::forms
