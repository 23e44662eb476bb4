#pragma once
// Inside the module only: values that several papers share.
#include "forms/receipt.hpp"

namespace antin::forms {

/// superior, body, place, number_text, date_long.
void put_head(Values& values, const PaperBody& body, const std::string& number_text, Date date);
/// applicant, applicant_code, applicant_address, applicant_phone, applicant_email, filed_by.
void put_applicant(Values& values, const Applicant& applicant);
[[nodiscard]] std::string upper(const std::string& text);

}  // namespace antin::forms
