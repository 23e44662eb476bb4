#pragma once
#include "forms/paper_library.hpp"

namespace antin::forms {

/// Who filed, as the papers of the one-stop desk name them.
struct Applicant {
    std::string agency, agency_code, address, phone, email;
    std::string filed_by;  // name and position of the person who sent it
};

struct Receipt {
    PaperBody body;           // the receiving body
    std::string number_text;  // "12/TNHS-TTPVHCC", of the body's own book
    Date date;
    std::string dossier_code, check_value;
    Applicant applicant;
    std::string content;  // "Cấp mới chứng thư … cho cá nhân, 12 người"
    std::vector<std::string> components;  // papers that came with it, one sentence each
    int sets = 1;
    std::string allowed_time;  // "03 ngày làm việc"
    Instant received_at;
    Instant due_at;
    bool due_provisional = false;  // "lịch tạm" is printed beside the due time
    std::string result_place;      // where or how the result is returned
    std::string received_by;       // the officer's name
    std::string lookup_url;        // goes into the QR and stands under it
    std::string contact;           // contact line
    Instant made_at;
};

/// Giấy tiếp nhận hồ sơ và hẹn trả kết quả, with QR and check value.
/// Source: TT 03/2025/TT-VPCP, Phụ lục I, Mẫu 01.
[[nodiscard]] PaperContent receipt_content(const Receipt& receipt);
[[nodiscard]] Result<Bytes> draw_receipt(const PaperLibrary& library, const Receipt& receipt);

}  // namespace antin::forms
