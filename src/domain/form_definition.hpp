#pragma once
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "base/time.hpp"
#include "domain/vocabulary.hpp"

namespace antin::domain {

/// What a field holds, and so which rule reads it.
enum class FieldKind {
    Text,
    PersonName,
    BirthDate,
    IssueDate,
    PersonalId,
    OfficialEmail,
    Province,
    MobilePhone,
    CertificateSerial,
    SimChoice,
    TaxCode,
    BudgetCode,
    DomainName,
    Tick,          // a box: "x" or empty
    DeviceSerial,  // number printed on a device
    Change,  // "Thư điện tử công vụ: a@b; Chức vụ: Chủ tịch" (domain/changes.hpp)
    RevocationReason,  // one of the list of Điều 17, or free words
};
template <>
struct Names<FieldKind> {
    static constexpr std::array<std::string_view, 17> values{"text",
                                                             "person_name",
                                                             "birth_date",
                                                             "issue_date",
                                                             "personal_id",
                                                             "official_email",
                                                             "province",
                                                             "mobile_phone",
                                                             "certificate_serial",
                                                             "sim_choice",
                                                             "tax_code",
                                                             "budget_code",
                                                             "domain_name",
                                                             "tick",
                                                             "device_serial",
                                                             "change",
                                                             "revocation_reason"};
};

/// One field of a form. `key` is its name everywhere: sheet, JSON, database, text "field.<key>".
struct FieldDefinition {
    std::string key;
    FieldKind kind = FieldKind::Text;
    bool required = false;
    bool shareable = false;             // may stand once above the sheet for all rows
    std::string one_of;                 // of the fields with this mark, at least one is filled in
    std::size_t length_max = 200;       // code points
    std::vector<std::string> headings;  // of a sheet's column; from data/headings.json
};

/// A field of a subscriber that Mẫu 04 may change, and how people call it.
struct ChangeableField {
    std::string key;
    FieldKind kind = FieldKind::Text;
    bool in_certificate = false;      // else only the portal's record changes
    std::string label;                // as the form prints it
    std::vector<std::string> labels;  // other names that are understood
};

/// A request form of the annex as data/procedures/*.json describes it, in the order of the paper.
struct FormDefinition {
    RequestForm form = RequestForm::Form01;
    Procedure procedure = Procedure::Issuance;
    SubscriberKind subscriber_kind = SubscriberKind::Individual;  // of Mẫu 01–03
    std::vector<FieldDefinition> recipient;  // section 1: who receives device or account
    std::vector<FieldDefinition> columns;    // section 2: the list
    std::vector<std::string> attachments_required;
    std::size_t lines_max = 1000;
    std::string source;
    std::string certainty;
    Date effective_from{};
    std::map<SubscriberKind, std::vector<ChangeableField>> changes;  // of Mẫu 04

    /// Mẫu 04–06: each row names a certificate or a device that is there already; rows may mix
    /// kinds of subscribers.
    [[nodiscard]] bool rows_are_chosen() const { return form >= RequestForm::Form04; }
    [[nodiscard]] const FieldDefinition* column(std::string_view key) const;
};

/// Values of a row or of section 1, by field key.
using FieldValues = std::map<std::string, std::string, std::less<>>;

/// The forms that ship with the program; nothing for a form that is not built yet.
[[nodiscard]] const FormDefinition* form_definition(RequestForm form);
/// The kind counts for issuance alone; renewal and amendment share Mẫu 04.
[[nodiscard]] const FormDefinition* form_definition(Procedure procedure, SubscriberKind kind);
/// Every file of data/procedures and data/headings.json can be read; for `antin check`.
[[nodiscard]] Status check_form_definitions();

/// One procedure file, with the headings of `headings_json`. Invalid "rules.form" names what is
/// odd.
[[nodiscard]] Result<FormDefinition> parse_form_definition(std::string_view json,
                                                           std::string_view headings_json);
/// Headings of columns that carry nothing ("STT").
[[nodiscard]] const std::vector<std::string>& ignored_headings();

}  // namespace antin::domain
