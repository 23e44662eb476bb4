#pragma once
#include "forms/paper_library.hpp"

namespace antin::forms {

/// One device or account that changes hands.
struct HandoverItem {
    std::string subscriber;  // name on the certificate
    std::string certificate_serial;
    std::string device_serial;  // or the name of the central account
    std::string carrier;        // "USB Token", "SIM PKI", "Ký số tập trung"
    std::string handed_on;      // to the subscriber, as people read it; may be empty
    std::string note;
};

/// The managing agency tells the provider that its subscribers hold their devices.
struct HandoverNotice {
    PaperBody agency;
    std::string number;  // empty: dots
    Date date;
    std::string provider;
    std::string dossier_code;
    std::vector<HandoverItem> items;
    std::string confirmed_by, confirmed_position;
    Instant made_at;
};
/// Thông báo bàn giao thiết bị. Source: NĐ 68/2024/NĐ-CP, Phụ lục, Mẫu 07 (text reconstructed).
[[nodiscard]] PaperContent handover_notice_content(const HandoverNotice& notice);
[[nodiscard]] Result<Bytes> draw_handover_notice(const PaperLibrary& library,
                                                 const HandoverNotice& notice);

/// The provider's record of what left its desk, signed by both sides.
struct HandoverRecord {
    PaperBody body;
    std::string number_text;
    Instant handed_at;
    std::string place;
    std::string dossier_code;
    std::string agency;
    std::string handed_by, handed_position;
    std::string recipient_name, recipient_position;
    std::string method;  // "trực tiếp", "qua bưu chính", "trên cổng"
    std::vector<HandoverItem> items;
    int pin_envelopes = 0;
    Instant made_at;
};
/// Biên bản bàn giao thiết bị lưu khóa bí mật.
[[nodiscard]] PaperContent handover_record_content(const HandoverRecord& record);
[[nodiscard]] Result<Bytes> draw_handover_record(const PaperLibrary& library,
                                                 const HandoverRecord& record);

}  // namespace antin::forms
