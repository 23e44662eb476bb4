#pragma once
#include "forms/receipt.hpp"

namespace antin::forms {

struct IntakeRefusal {
    PaperBody body;
    std::string number_text;  // "5/PTC"
    Date date;
    Applicant applicant;
    std::string content;
    std::vector<std::string> reasons;
    std::string guidance;  // what the agency can do next; may be empty
    std::string refused_by;
    std::string contact;
    Instant made_at;
};

/// Phiếu từ chối tiếp nhận giải quyết hồ sơ. Source: TT 03/2025/TT-VPCP, Phụ lục I, Mẫu 03.
[[nodiscard]] PaperContent intake_refusal_content(const IntakeRefusal& refusal);
[[nodiscard]] Result<Bytes> draw_intake_refusal(const PaperLibrary& library,
                                                const IntakeRefusal& refusal);

/// Văn bản trả lời về việc từ chối cấp cho từng dòng, with reasons (NĐ 68/2024/NĐ-CP, Điều 11).
struct LineRefusal {
    PaperBody body;
    std::string number_text;
    Date date;
    std::string dossier_code;
    Applicant applicant;
    std::string content;
    std::vector<std::string> reasons;  // "Dòng 4, Lò Thị Hạnh: …"
    std::string decided_by;
    std::string contact;
    Instant made_at;
};
[[nodiscard]] PaperContent line_refusal_content(const LineRefusal& refusal);
[[nodiscard]] Result<Bytes> draw_line_refusal(const PaperLibrary& library,
                                              const LineRefusal& refusal);

}  // namespace antin::forms
