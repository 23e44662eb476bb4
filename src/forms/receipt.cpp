#include "forms/receipt.hpp"

#include "forms/draw.hpp"
#include "forms/values.hpp"

namespace antin::forms {

PaperContent receipt_content(const Receipt& receipt) {
    PaperContent content;
    content.made_at = receipt.made_at;
    Values& values = content.values;
    put_head(values, receipt.body, receipt.number_text, receipt.date);
    put_applicant(values, receipt.applicant);
    values["dossier_code"] = receipt.dossier_code;
    values["check_value"] = receipt.check_value;
    values["content"] = receipt.content;
    values["sets"] =
        receipt.sets < 10 ? "0" + std::to_string(receipt.sets) : std::to_string(receipt.sets);
    values["allowed_time"] = receipt.allowed_time;
    values["received_at"] = long_moment(receipt.received_at);
    values["due_at"] = long_moment(receipt.due_at);
    values["due_provisional"] = receipt.due_provisional ? "x" : "";
    values["result_place"] = receipt.result_place;
    values["received_by"] = receipt.received_by;
    values["lookup_url"] = receipt.lookup_url;
    values["contact"] = receipt.contact;
    content.lists["components"] = receipt.components;
    return content;
}

Result<Bytes> draw_receipt(const PaperLibrary& library, const Receipt& receipt) {
    return library.draw("receipt", receipt_content(receipt));
}

}  // namespace antin::forms
