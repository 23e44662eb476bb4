#include "forms/processing_papers.hpp"

#include "forms/draw.hpp"
#include "forms/values.hpp"

namespace antin::forms {
namespace {
constexpr std::size_t entries_max = 5000;
}

PaperContent postponement_content(const Postponement& paper) {
    PaperContent content;
    content.made_at = paper.made_at;
    Values& values = content.values;
    put_head(values, paper.body, paper.number_text, paper.date);
    put_applicant(values, paper.applicant);
    values["dossier_code"] = paper.dossier_code;
    values["content"] = paper.content;
    values["received_at"] = long_moment(paper.received_at);
    values["promised_at"] = long_moment(paper.promised_at);
    values["new_due_at"] = long_moment(paper.new_due_at);
    values["reason"] = paper.reason;
    values["signer_position"] = upper(paper.signer_position);
    values["signer_name"] = paper.signer_name;
    values["contact"] = paper.contact;
    return content;
}

Result<Bytes> draw_postponement(const PaperLibrary& library, const Postponement& paper) {
    return library.draw("postponement", postponement_content(paper));
}

PaperContent processing_stop_content(const ProcessingStop& paper) {
    PaperContent content;
    content.made_at = paper.made_at;
    Values& values = content.values;
    put_head(values, paper.body, paper.number_text, paper.date);
    put_applicant(values, paper.applicant);
    values["dossier_code"] = paper.dossier_code;
    values["content"] = paper.content;
    values["signer_position"] = upper(paper.signer_position);
    values["signer_name"] = paper.signer_name;
    values["contact"] = paper.contact;
    content.lists["reasons"] = paper.reasons;
    return content;
}

Result<Bytes> draw_processing_stop(const PaperLibrary& library, const ProcessingStop& paper) {
    return library.draw("processing-stop", processing_stop_content(paper));
}

Result<Bytes> draw_control_sheet(const PaperLibrary& library, const ControlSheet& paper) {
    PaperContent content;
    content.made_at = paper.made_at;
    Values& values = content.values;
    put_head(values, paper.body, paper.number_text, paper.date);
    values["dossier_code"] = paper.dossier_code;
    values["content"] = paper.content;
    values["received_at"] = long_moment(paper.received_at);
    values["due_at"] = paper.due_at ? long_moment(*paper.due_at) : "";
    auto& rows = content.tables["steps"];
    for (const ControlStep& step : paper.steps) {
        rows.push_back({{"handed_by", step.handed_by},
                        {"taken_by", step.taken_by},
                        {"at", step.at},
                        {"due", step.due},
                        {"result", step.result},
                        {"note", step.note}});
    }
    return library.draw("control-sheet", content);
}

Result<Bytes> draw_register(const PaperLibrary& library, const Register& paper) {
    if (paper.entries.size() > entries_max) {
        return fail(ErrorKind::TooLarge, "paper.too_many_rows");
    }
    PaperContent content;
    content.made_at = paper.made_at;
    put_head(content.values, paper.body, "", paper.until);
    content.values["from"] = to_vietnamese(paper.from);
    content.values["until"] = to_vietnamese(paper.until);
    content.values["entry_count"] = std::to_string(paper.entries.size());
    auto& rows = content.tables["entries"];
    for (const RegisterEntry& entry : paper.entries) {
        rows.push_back({{"dossier_code", entry.dossier_code},
                        {"content", entry.content},
                        {"agency", entry.agency},
                        {"received", entry.received},
                        {"due", entry.due},
                        {"returned", entry.returned},
                        {"note", entry.note}});
    }
    return library.draw("register", content);
}

}  // namespace antin::forms
