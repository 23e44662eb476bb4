#pragma once
#include "forms/receipt.hpp"

namespace antin::forms {

struct Supplement {
    PaperBody body;
    std::string number_text;  // "3/PBS"
    Date date;
    std::string dossier_code;  // empty before acceptance
    std::string check_value;   // empty before acceptance
    Applicant applicant;
    std::string content;
    std::vector<std::string> items;  // "Dòng 4, thư điện tử công vụ: …", all defects at once
    std::string reason;
    Instant answer_due_at;
    std::string asked_by;
    std::string lookup_url;  // empty: no QR
    std::string contact;
    Instant made_at;
};

/// Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ. Source: TT 03/2025/TT-VPCP, Phụ lục I, Mẫu 02.
[[nodiscard]] PaperContent supplement_content(const Supplement& supplement);
[[nodiscard]] Result<Bytes> draw_supplement(const PaperLibrary& library,
                                            const Supplement& supplement);

}  // namespace antin::forms
