#include "forms/request_form.hpp"

#include "forms/draw.hpp"
#include "forms/values.hpp"

namespace antin::forms {
namespace {

constexpr std::size_t rows_max = 1000;

std::string layout_of(FormKind kind) {
    switch (kind) {
        case FormKind::Individual:
            return "mau-01";
        case FormKind::Organisation:
            return "mau-02";
        case FormKind::Equipment:
            return "mau-03";
        case FormKind::Update:
            return "mau-04";
        case FormKind::Revocation:
            return "mau-05";
        case FormKind::Restoration:
            return "mau-06";
    }
    return "mau-01";
}

/// "7AF2DF52182653D3" -> "7AF2 DF52 1826 53D3": can be read aloud, and breaks where a narrow column
/// needs it. Anything that is not a plain serial stays as typed.
std::string grouped_serial(const std::string& serial) {
    const bool plain = !serial.empty() && serial.size() % 4 == 0 &&
                       serial.find_first_not_of("0123456789ABCDEFabcdef") == std::string::npos;
    if (!plain) return serial;
    std::string out;
    for (std::size_t i = 0; i < serial.size(); i += 4) {
        if (i > 0) out += ' ';
        out += serial.substr(i, 4);
    }
    return out;
}

}  // namespace

Result<Bytes> draw_request_form(const PaperLibrary& library, const RequestForm& form) {
    if (form.rows.size() > rows_max) return fail(ErrorKind::TooLarge, "paper.too_many_rows");
    PaperContent content;
    content.made_at = form.made_at;
    if (form.preview) content.mark = "BẢN XEM TRƯỚC";
    Values& values = content.values;
    put_head(values, form.agency, form.number, form.date.value_or(Date{}));
    if (!form.date) values["date_long"].clear();
    if (form.kind <= FormKind::Equipment) {
        values["central_signing"] = form.central_signing ? "x" : "";
    }
    values["provider"] = form.provider;
    values["provider_upper"] = upper(form.provider);
    values["recipient_full_name"] = form.recipient.full_name;
    values["recipient_personal_id"] = form.recipient.personal_id;
    values["recipient_id_issued_on"] = readable_day(form.recipient.id_issued_on);
    values["recipient_id_issued_by"] = form.recipient.id_issued_by;
    values["recipient_position"] = form.recipient.position;
    values["recipient_phone"] = form.recipient.phone;
    values["recipient_email"] = form.recipient.email;
    values["recipient_address"] = form.recipient.address;
    values["recipient_agency"] = form.recipient.agency;
    values["row_count"] = std::to_string(form.rows.size());
    values["head_position"] = upper(form.head_position);
    values["head_name"] = form.head_name;
    values["dossier_reference"] = form.dossier_reference;
    auto& rows = content.tables["rows"];
    for (Values row : form.rows) {
        for (const char* key : {"birth_date", "id_issued_on"}) {
            if (const auto day = row.find(key); day != row.end()) {
                day->second = readable_day(day->second);
            }
        }
        for (const char* key : {"old_serial", "serial"}) {
            if (const auto serial = row.find(key); serial != row.end()) {
                serial->second = grouped_serial(serial->second);
            }
        }
        rows.push_back(std::move(row));
    }
    return library.draw(layout_of(form.kind), content);
}

}  // namespace antin::forms
