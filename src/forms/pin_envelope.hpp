#pragma once
#include "forms/paper_library.hpp"

namespace antin::forms {

/// What is printed once inside a PIN envelope and kept nowhere else.
struct PinEnvelope {
    std::string subscriber;
    std::string agency;
    std::string device_serial;  // or the name of the central account
    std::string certificate_serial;
    std::string pin;
    std::string puk;    // empty: none
    std::string tries;  // "10", as the device's model says; empty: not said
    std::string dossier_code;
    std::string contact;
    Instant made_at;
    bool account = false;  // the activation code of a centralised account, not a device's PIN
};

/// One envelope a page, folded in three: address outside, PIN inside. The PDF is for the printer at
/// the desk only; the caller never stores it. Order of pages = order of `envelopes`.
[[nodiscard]] Result<Bytes> draw_pin_envelopes(const PaperLibrary& library,
                                               const std::vector<PinEnvelope>& envelopes);

}  // namespace antin::forms
