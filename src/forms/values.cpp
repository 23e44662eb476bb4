#include "forms/values.hpp"

#include "base/text.hpp"
#include "forms/draw.hpp"

namespace antin::forms {

std::string upper(const std::string& text) {
    return to_upper(text);
}

void put_head(Values& values, const PaperBody& body, const std::string& number_text, Date date) {
    values["superior"] = upper(body.superior);
    values["body"] = body.name;
    values["body_upper"] = upper(body.name);
    values["place"] = body.place;
    values["number_text"] = number_text;
    values["date_long"] = long_date(date);
}

void put_applicant(Values& values, const Applicant& applicant) {
    values["applicant"] = applicant.agency;
    values["applicant_code"] = applicant.agency_code;
    values["applicant_address"] = applicant.address;
    values["applicant_phone"] = applicant.phone;
    values["applicant_email"] = applicant.email;
    values["filed_by"] = applicant.filed_by;
}

}  // namespace antin::forms
