#pragma once
#include <optional>

#include "forms/paper_library.hpp"

namespace antin::forms {

/// Section 1 of the request forms: who receives the device or certificate.
struct FormRecipient {
    std::string full_name, personal_id, id_issued_on, id_issued_by;  // dates as people read them
    std::string position, phone, email, address;
    std::string agency;  // Mẫu 06: the body of the person
};

/// Mẫu 01 to 06.
enum class FormKind { Individual, Organisation, Equipment, Update, Revocation, Restoration };

struct RequestForm {
    FormKind kind = FormKind::Individual;
    bool central_signing = false;  // Mẫu 01 changes its title
    PaperBody agency;              // the managing agency that files
    std::string number;            // of the agency's own book; empty: dots to fill in by hand
    std::optional<Date> date;      // empty: dots to fill in
    std::string provider;          // whom the request addresses
    FormRecipient recipient;
    /// One per line of the dossier, in order, by field key. Mẫu 01: full_name, birth_date,
    /// personal_id, id_issued_on, id_issued_by, email, agency_name, province, position, phone,
    /// old_serial, sim_pki. Mẫu 02: agency_name, address, tax_code, budget_code, province, email.
    /// Mẫu 03: system_name, agency_name, domain_name, purpose, email, province. Mẫu 04:
    /// certificate_name, serial, phone, email, change_from, change_to, renew, amend. Mẫu 05:
    /// certificate_name, personal_id, id_issued_on, id_issued_by, tax_code, budget_code, email,
    /// serial, device_serial, reason. Mẫu 06: device_serial, certificate_name, agency_name, email.
    /// Dates come as ISO
    /// and are printed as people read them; a missing key prints empty.
    std::vector<Values> rows;
    std::string head_position;  // "CHỦ TỊCH"; empty: "THỦ TRƯỞNG CƠ QUAN, TỔ CHỨC"
    std::string head_name;
    std::string dossier_reference;  // small line at the foot: which draft this paper was made from
    Instant made_at;
    bool preview = false;  // marks each page "BẢN XEM TRƯỚC"
};

/// The filled-in request form as PDF, fields in the order of the decree's form.
/// Units: 1 to 1,000 rows. Errors: TooLarge "paper.too_many_rows"; those of PaperLibrary::draw.
/// Source: NĐ 68/2024/NĐ-CP, Phụ lục, Mẫu 01 đến 06; page layout NĐ 30/2020/NĐ-CP, Phụ lục I.
[[nodiscard]] Result<Bytes> draw_request_form(const PaperLibrary& library, const RequestForm& form);

}  // namespace antin::forms
