#include "forms/refusal.hpp"

#include "forms/values.hpp"

namespace antin::forms {

PaperContent intake_refusal_content(const IntakeRefusal& refusal) {
    PaperContent content;
    content.made_at = refusal.made_at;
    put_head(content.values, refusal.body, refusal.number_text, refusal.date);
    put_applicant(content.values, refusal.applicant);
    content.values["content"] = refusal.content;
    content.values["guidance"] = refusal.guidance;
    content.values["refused_by"] = refusal.refused_by;
    content.values["contact"] = refusal.contact;
    content.lists["reasons"] = refusal.reasons;
    return content;
}

Result<Bytes> draw_intake_refusal(const PaperLibrary& library, const IntakeRefusal& refusal) {
    return library.draw("intake-refusal", intake_refusal_content(refusal));
}

PaperContent line_refusal_content(const LineRefusal& refusal) {
    PaperContent content;
    content.made_at = refusal.made_at;
    put_head(content.values, refusal.body, refusal.number_text, refusal.date);
    put_applicant(content.values, refusal.applicant);
    content.values["dossier_code"] = refusal.dossier_code;
    content.values["content"] = refusal.content;
    content.values["decided_by"] = refusal.decided_by;
    content.values["contact"] = refusal.contact;
    content.lists["reasons"] = refusal.reasons;
    return content;
}

Result<Bytes> draw_line_refusal(const PaperLibrary& library, const LineRefusal& refusal) {
    return library.draw("line-refusal", line_refusal_content(refusal));
}

}  // namespace antin::forms
