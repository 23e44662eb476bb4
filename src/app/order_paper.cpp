#include "app/order_paper.hpp"

#include <fmt/format.h>

#include "app/dossier_clock.hpp"
#include "forms/processing_papers.hpp"
#include "forms/receipt.hpp"
#include "forms/refusal.hpp"
#include "forms/supplement.hpp"
#include "html/template.hpp"
#include "store/accounts.hpp"
#include "store/attachments.hpp"
#include "store/counters.hpp"
#include "store/outbox.hpp"
#include "store/rules.hpp"
#include "store/settings.hpp"

namespace antin::app {
namespace {

constexpr auto vietnamese = html::Language::Vietnamese;

std::string words(const std::string& key, html::TextArgs args = {}) {
    return html::text(vietnamese, key, args);
}

/// The two bodies of a dossier and the moment, read once per paper.
struct Setting {
    store::Agency agency, receiver;
    Instant now;
    Date today;
    std::string contact;
};

Setting setting_of(sql::Transaction& tx, const Services& services, const store::Dossier& dossier) {
    Setting out;
    out.agency = store::find_agency(tx, dossier.agency_id).value();
    out.receiver = store::find_agency(tx, dossier.receiver_id).value();
    out.now = services.clock.now();
    out.today = local_date(out.now);
    out.contact = store::setting_text(tx, "contact_line");
    return out;
}

forms::PaperBody body_of(sql::Transaction& tx, const store::Agency& body) {
    const auto parent = body.parent_id ? store::find_agency(tx, *body.parent_id) : std::nullopt;
    return {parent ? parent->name : "", body.name, body.province_name};
}

forms::Applicant applicant_of(sql::Transaction& tx, const store::Dossier& dossier,
                              const store::Agency& agency) {
    forms::Applicant out{agency.name, agency.code, agency.address, agency.phone, agency.email, ""};
    if (dossier.submitted_by) {
        if (const auto person = store::find_account(tx, *dossier.submitted_by)) {
            out.filed_by = person->full_name;
            if (!person->position.empty()) out.filed_by += ", " + person->position;
        }
    }
    return out;
}

/// Takes the next number of the body's book of this year: "12/TNHS-TTPVHCC".
struct Number {
    std::int64_t number;
    std::string text;
};
Number next_in_book(sql::Transaction& tx, const store::Agency& body, std::string_view book,
                    Date today) {
    const auto number = store::next_number(
        tx, fmt::format("paper/{}/{}/{}", body.code, book, static_cast<int>(today.year())));
    return {number, fmt::format("{}/{}", number, book)};
}

std::int64_t put(sql::Transaction& tx, const store::Dossier& dossier, std::string kind,
                 std::optional<Number> number, const forms::PaperContent& content) {
    store::Paper paper;
    paper.dossier_id = dossier.id;
    paper.kind = std::move(kind);
    if (number) {
        paper.number = number->number;
        paper.number_text = number->text;
    }
    paper.data = forms::to_json(content);
    paper.created_at = content.made_at;
    const auto id = store::add_paper(tx, paper);
    store::put_outbox(tx, "paper", fmt::format(R"({{"paper_id":{}}})", id),
                      fmt::format("paper/{}", id), content.made_at);
    return id;
}

/// Where the result is: with the device, or, where nothing is given out, on the portal.
std::string result_place(const store::Dossier& dossier) {
    if (dossier.procedure == domain::Procedure::Revocation) return "revocation";
    return std::string{domain::to_text(dossier.carrier)};
}

std::vector<std::string> components_of(sql::Transaction& tx, const store::Dossier& dossier) {
    std::vector<std::string> out;
    for (const auto& attachment : store::attachments(tx, dossier.id)) {
        out.push_back(words("paper.component." + attachment.kind));
    }
    if (out.empty()) out.push_back(words("paper.component.form_online"));
    return out;
}

}  // namespace

std::string dossier_subject(const store::Dossier& dossier) {
    const std::string kind{domain::to_text(dossier.subscriber_kind)};
    return words("paper.subject." + std::string{domain::to_text(dossier.procedure)},
                 {{"kind", words("paper.kind." + kind)},
                  {"count", std::to_string(dossier.line_count)},
                  {"unit", words("paper.unit." + kind)}});
}

std::string lookup_url(const Configuration& configuration, const store::Dossier& dossier) {
    if (!dossier.code || !dossier.check_value) return {};
    return configuration.public_url + "/tra-cuu?ma=" + *dossier.code +
           "&kt=" + *dossier.check_value;
}

std::int64_t order_receipt(sql::Transaction& tx, Services& services, const store::Dossier& dossier,
                           const std::string& officer_name) {
    const Setting at = setting_of(tx, services, dossier);
    const Number number = next_in_book(tx, at.receiver, "TNHS-TTPVHCC", at.today);
    forms::Receipt paper;
    paper.body = body_of(tx, at.receiver);
    paper.number_text = number.text;
    paper.date = at.today;
    paper.dossier_code = dossier.code.value_or("");
    paper.check_value = dossier.check_value.value_or("");
    paper.applicant = applicant_of(tx, dossier, at.agency);
    paper.content = dossier_subject(dossier);
    paper.components = components_of(tx, dossier);
    const auto limit = time_limit(tx, dossier);
    const auto number_words = fmt::format("{:02}", limit.number);
    paper.allowed_time = limit.hours ? words("paper.hours", {{"hours", number_words}})
                                     : words("paper.working_days", {{"days", number_words}});
    paper.received_at = dossier.accepted_at.value_or(at.now);
    paper.due_at = dossier.due_at.value_or(at.now);
    paper.due_provisional = dossier.due_provisional;
    paper.result_place = words("paper.result_place." + result_place(dossier));
    paper.received_by = officer_name;
    paper.lookup_url = lookup_url(services.configuration, dossier);
    paper.contact = at.contact;
    paper.made_at = at.now;
    return put(tx, dossier, "receipt", number, forms::receipt_content(paper));
}

std::int64_t order_supplement(sql::Transaction& tx, Services& services,
                              const store::Dossier& dossier, const SupplementOrder& order,
                              const std::string& officer_name) {
    const Setting at = setting_of(tx, services, dossier);
    const Number number = next_in_book(tx, at.receiver, "PBS", at.today);
    forms::Supplement paper;
    paper.body = body_of(tx, at.receiver);
    paper.number_text = number.text;
    paper.date = at.today;
    paper.dossier_code = dossier.code.value_or("");
    paper.check_value = dossier.check_value.value_or("");
    paper.applicant = applicant_of(tx, dossier, at.agency);
    paper.content = dossier_subject(dossier);
    paper.items = order.items;
    paper.reason = order.reason;
    paper.answer_due_at = order.answer_due_at;
    paper.asked_by = officer_name;
    paper.lookup_url = lookup_url(services.configuration, dossier);
    paper.contact = at.contact;
    paper.made_at = at.now;
    return put(tx, dossier, "supplement", number, forms::supplement_content(paper));
}

std::int64_t order_intake_refusal(sql::Transaction& tx, Services& services,
                                  const store::Dossier& dossier,
                                  const std::vector<std::string>& reasons,
                                  const std::string& guidance, const std::string& officer_name) {
    const Setting at = setting_of(tx, services, dossier);
    const Number number = next_in_book(tx, at.receiver, "PTC", at.today);
    const forms::IntakeRefusal paper{body_of(tx, at.receiver),
                                     number.text,
                                     at.today,
                                     applicant_of(tx, dossier, at.agency),
                                     dossier_subject(dossier),
                                     reasons,
                                     guidance,
                                     officer_name,
                                     at.contact,
                                     at.now};
    return put(tx, dossier, "intake-refusal", number, forms::intake_refusal_content(paper));
}

std::int64_t order_line_refusal(sql::Transaction& tx, Services& services,
                                const store::Dossier& dossier,
                                const std::vector<std::string>& reasons,
                                const std::string& approver_name) {
    const Setting at = setting_of(tx, services, dossier);
    const Number number = next_in_book(tx, at.receiver, "TL", at.today);
    const forms::LineRefusal paper{body_of(tx, at.receiver),
                                   number.text,
                                   at.today,
                                   dossier.code.value_or(""),
                                   applicant_of(tx, dossier, at.agency),
                                   dossier_subject(dossier),
                                   reasons,
                                   approver_name,
                                   at.contact,
                                   at.now};
    return put(tx, dossier, "line-refusal", number, forms::line_refusal_content(paper));
}

std::int64_t order_postponement(sql::Transaction& tx, Services& services,
                                const store::Dossier& dossier, Instant promised_at,
                                Instant new_due_at, const std::string& reason,
                                const std::string& signer_name) {
    const Setting at = setting_of(tx, services, dossier);
    const Number number = next_in_book(tx, at.receiver, "PXL", at.today);
    const forms::Postponement paper{body_of(tx, at.receiver),
                                    number.text,
                                    at.today,
                                    dossier.code.value_or(""),
                                    applicant_of(tx, dossier, at.agency),
                                    dossier_subject(dossier),
                                    dossier.accepted_at.value_or(at.now),
                                    promised_at,
                                    new_due_at,
                                    reason,
                                    "",
                                    signer_name,
                                    at.contact,
                                    at.now};
    return put(tx, dossier, "postponement", number, forms::postponement_content(paper));
}

std::int64_t order_processing_stop(sql::Transaction& tx, Services& services,
                                   const store::Dossier& dossier,
                                   const std::vector<std::string>& reasons,
                                   const std::string& signer_name) {
    const Setting at = setting_of(tx, services, dossier);
    const Number number = next_in_book(tx, at.receiver, "TBD", at.today);
    const forms::ProcessingStop paper{body_of(tx, at.receiver),
                                      number.text,
                                      at.today,
                                      dossier.code.value_or(""),
                                      applicant_of(tx, dossier, at.agency),
                                      dossier_subject(dossier),
                                      reasons,
                                      "",
                                      signer_name,
                                      at.contact,
                                      at.now};
    return put(tx, dossier, "processing-stop", number, forms::processing_stop_content(paper));
}

std::int64_t order_handover_record(sql::Transaction& tx, Services& services,
                                   const store::Dossier& dossier, const store::Agency& body,
                                   const HandoverOrder& order) {
    const Setting at = setting_of(tx, services, dossier);
    const Number number = next_in_book(tx, body, "BBBG", at.today);
    const forms::HandoverRecord paper{body_of(tx, body),
                                      number.text,
                                      order.handed_at,
                                      "",
                                      dossier.code.value_or(""),
                                      at.agency.name,
                                      order.handed_by,
                                      order.handed_position,
                                      order.recipient_name,
                                      order.recipient_position,
                                      words("handover_method." + order.method),
                                      order.items,
                                      order.pin_envelopes,
                                      at.now};
    return put(tx, dossier, "handover-record", number, forms::handover_record_content(paper));
}

std::int64_t order_handover_notice(sql::Transaction& tx, Services& services,
                                   const store::Dossier& dossier,
                                   const std::vector<forms::HandoverItem>& items,
                                   const std::string& confirmed_by,
                                   const std::string& confirmed_position) {
    const Setting at = setting_of(tx, services, dossier);
    const auto provider = store::find_provider(tx);
    const forms::HandoverNotice paper{body_of(tx, at.agency),
                                      "",
                                      at.today,
                                      provider ? provider->name : at.receiver.name,
                                      dossier.code.value_or(""),
                                      items,
                                      confirmed_by,
                                      confirmed_position,
                                      at.now};
    return put(tx, dossier, "mau-07", std::nullopt, forms::handover_notice_content(paper));
}

}  // namespace antin::app
