#pragma once
#include <optional>

#include "forms/receipt.hpp"

namespace antin::forms {

/// Văn bản xin lỗi và đề nghị gia hạn thời gian trả kết quả (TT 03/2025/TT-VPCP, Mẫu 04).
struct Postponement {
    PaperBody body;
    std::string number_text;  // "2/PXL"
    Date date;
    std::string dossier_code;
    Applicant applicant;
    std::string content;
    Instant received_at, promised_at, new_due_at;
    std::string reason;
    std::string signer_position, signer_name;
    std::string contact;
    Instant made_at;
};
[[nodiscard]] PaperContent postponement_content(const Postponement& paper);
[[nodiscard]] Result<Bytes> draw_postponement(const PaperLibrary& library,
                                              const Postponement& paper);

/// Thông báo dừng giải quyết hồ sơ (TT 03/2025/TT-VPCP, Mẫu 05; text reconstructed).
struct ProcessingStop {
    PaperBody body;
    std::string number_text;
    Date date;
    std::string dossier_code;
    Applicant applicant;
    std::string content;
    std::vector<std::string> reasons;
    std::string signer_position, signer_name;
    std::string contact;
    Instant made_at;
};
[[nodiscard]] PaperContent processing_stop_content(const ProcessingStop& paper);
[[nodiscard]] Result<Bytes> draw_processing_stop(const PaperLibrary& library,
                                                 const ProcessingStop& paper);

/// Phiếu kiểm soát quá trình giải quyết hồ sơ (TT 03/2025/TT-VPCP, Mẫu 06; text reconstructed).
struct ControlStep {
    std::string handed_by, taken_by, at, due, result, note;
};
struct ControlSheet {
    PaperBody body;
    std::string number_text;
    Date date;
    std::string dossier_code;
    std::string content;
    Instant received_at;
    std::optional<Instant> due_at;  // nothing while the clock stands
    std::vector<ControlStep> steps;
    Instant made_at;
};
[[nodiscard]] Result<Bytes> draw_control_sheet(const PaperLibrary& library,
                                               const ControlSheet& paper);

/// Sổ theo dõi hồ sơ (TT 03/2025/TT-VPCP, Mẫu 07; text reconstructed).
struct RegisterEntry {
    std::string dossier_code, content, agency, received, due, returned, note;
};
struct Register {
    PaperBody body;
    Date from, until;
    std::vector<RegisterEntry> entries;  // at most 5,000
    Instant made_at;
};
[[nodiscard]] Result<Bytes> draw_register(const PaperLibrary& library, const Register& paper);

}  // namespace antin::forms
