#include "forms/supplement.hpp"

#include "forms/draw.hpp"
#include "forms/values.hpp"

namespace antin::forms {

PaperContent supplement_content(const Supplement& supplement) {
    PaperContent content;
    content.made_at = supplement.made_at;
    Values& values = content.values;
    put_head(values, supplement.body, supplement.number_text, supplement.date);
    put_applicant(values, supplement.applicant);
    values["dossier_code"] = supplement.dossier_code;
    values["check_value"] = supplement.check_value;
    values["content"] = supplement.content;
    values["reason"] = supplement.reason;
    values["answer_due_at"] = long_moment(supplement.answer_due_at);
    values["asked_by"] = supplement.asked_by;
    values["lookup_url"] = supplement.lookup_url;
    values["contact"] = supplement.contact;
    content.lists["items"] = supplement.items;
    return content;
}

Result<Bytes> draw_supplement(const PaperLibrary& library, const Supplement& supplement) {
    return library.draw("supplement", supplement_content(supplement));
}

}  // namespace antin::forms
