#include "domain/line_rules.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "base/embedded.hpp"
#include "base/text.hpp"
#include "domain/chosen_line_rules.hpp"
#include "domain/identifiers.hpp"

namespace antin::domain {
namespace {

using Args = std::vector<std::pair<std::string, std::string>>;

/// What a reader of one field makes of it: the value as stored, or a defect; warnings beside.
struct Reading {
    std::string value;
    std::optional<Finding> defect;
    std::vector<Finding> warnings;
};

Reading accepted(std::string value) {
    return {std::move(value), {}, {}};
}
Reading wrong(std::string typed, const FieldDefinition& field, std::string rule, Args args = {}) {
    return {std::move(typed), Finding{field.key, std::move(rule), std::move(args)}, {}};
}
Reading& warn(Reading& reading, const FieldDefinition& field, std::string rule, Args args = {}) {
    reading.warnings.push_back({field.key, std::move(rule), std::move(args)});
    return reading;
}

std::size_t digits_in(std::string_view text) {
    return static_cast<std::size_t>(
        std::ranges::count_if(text, [](char c) { return c >= '0' && c <= '9'; }));
}

Reading read_person_name(const std::string& typed, const FieldDefinition& field) {
    const bool has_sign =
        typed.find_first_of("0123456789@<>{}[]()=+*/\\|;:!?#$%^&_\"~`") != std::string::npos;
    if (has_sign) return wrong(typed, field, "name_signs");
    if (typed.find(' ') == std::string::npos) return wrong(typed, field, "name_one_word");
    return accepted(typed);
}

Reading read_personal_id_field(const std::string& typed, const FieldDefinition& field) {
    if (auto id = read_personal_id(typed)) {
        auto reading = accepted(*id);
        if (const int province = std::stoi(id->substr(0, 3)); province < 1 || province > 96) {
            warn(reading, field, "personal_id_province", {{"digits", id->substr(0, 3)}});
        }
        return reading;
    }
    if (!digits_of(typed)) return wrong(typed, field, "personal_id_signs");
    const auto count = digits_in(typed);
    return wrong(typed, field, count == 11 ? "personal_id_eleven" : "personal_id_length",
                 {{"count", std::to_string(count)}});
}

int years_between(Date from, Date to) {
    const int years = static_cast<int>(to.year()) - static_cast<int>(from.year());
    const auto day_of = [](Date d) {
        return static_cast<unsigned>(d.month()) * 100 + static_cast<unsigned>(d.day());
    };
    return day_of(to) < day_of(from) ? years - 1 : years;
}

Reading read_date_field(const std::string& typed, const FieldDefinition& field, Date today) {
    const auto date = read_date(typed);
    if (!date) return wrong(typed, field, "date_unread");
    if (*date > today) return wrong(typed, field, "date_future");
    if (static_cast<int>(date->year()) < 1900) return wrong(typed, field, "date_too_old");
    auto reading = accepted(to_iso(*date));
    if (field.kind == FieldKind::BirthDate) {
        const int age = years_between(*date, today);
        if (age < 15) return wrong(typed, field, "birth_too_young");
        if (age < 18 || age > 75) warn(reading, field, "birth_odd", {{"age", std::to_string(age)}});
    }
    return reading;
}

Reading read_email_field(const std::string& typed, const FieldDefinition& field,
                         const OfficialEmailRule& rule) {
    auto email = read_official_email(typed, rule);
    switch (email.verdict) {
        case EmailVerdict::Official:
            return accepted(std::move(email.address));
        case EmailVerdict::Malformed:
            return wrong(typed, field, "email_malformed");
        case EmailVerdict::Personal:
            return wrong(typed, field, "email_personal", {{"domain", email.domain}});
        case EmailVerdict::NotOnTheList:
            break;
    }
    return wrong(typed, field, "email_not_official", {{"domain", email.domain}});
}

Reading read_tax_field(const std::string& typed, const FieldDefinition& field) {
    const auto code = read_tax_code(typed);
    if (!code) {
        return wrong(typed, field, "tax_code_form", {{"count", std::to_string(digits_in(typed))}});
    }
    auto reading = accepted(*code);
    if (!tax_code_check_digit_fits(*code)) warn(reading, field, "tax_code_check_digit");
    return reading;
}

Reading read_province_field(const std::string& typed, const FieldDefinition& field) {
    if (auto known = read_province(typed)) return accepted(std::move(*known));
    auto reading = accepted(typed);
    warn(reading, field, "province_unknown");
    return reading;
}

/// "x", "X", "có", "✓" set the box; "", "không", "-" leave it.
std::optional<std::string> read_tick(std::string_view typed) {
    if (typed == "×" || typed == "✓" || typed == "✔" || typed == "☒" || typed == "☑") return "x";
    if (typed == "-" || typed == "☐") return "";
    const std::string folded = fold(typed);
    for (const std::string_view yes : {"x", "v", "co", "1", "true", "yes"}) {
        if (folded == yes) return "x";
    }
    for (const std::string_view no : {"khong", "0", "false", "no"}) {
        if (folded == no) return "";
    }
    return std::nullopt;
}

/// Plain kinds: read or named wrong by one rule.
Reading read_simple(std::optional<std::string> value, const std::string& typed,
                    const FieldDefinition& field, std::string rule) {
    if (value) return accepted(std::move(*value));
    return wrong(typed, field, std::move(rule), {{"count", std::to_string(digits_in(typed))}});
}

Reading read_field(const std::string& typed, const FieldDefinition& field,
                   const RuleSettings& settings) {
    switch (field.kind) {
        case FieldKind::Text:
            return accepted(typed);
        case FieldKind::PersonName:
            return read_person_name(typed, field);
        case FieldKind::BirthDate:
        case FieldKind::IssueDate:
            return read_date_field(typed, field, settings.today);
        case FieldKind::PersonalId:
            return read_personal_id_field(typed, field);
        case FieldKind::OfficialEmail:
            return read_email_field(
                typed, field,
                settings.email != nullptr ? *settings.email : shipped_official_email_rule());
        case FieldKind::Province:
            return read_province_field(typed, field);
        case FieldKind::MobilePhone:
            return read_simple(read_mobile_phone(typed), typed, field, "phone_form");
        case FieldKind::CertificateSerial:
            return read_simple(read_certificate_serial(typed), typed, field, "serial_form");
        case FieldKind::SimChoice: {
            const auto choice = read_sim_choice(typed);
            if (!choice) return wrong(typed, field, "sim_unknown");
            return accepted(choice->form_code());
        }
        case FieldKind::TaxCode:
            return read_tax_field(typed, field);
        case FieldKind::BudgetCode:
            return read_simple(read_budget_code(typed), typed, field, "budget_code_form");
        case FieldKind::DomainName:
            return read_simple(read_domain_name(typed), typed, field, "domain_name_form");
        case FieldKind::Tick:
            return read_simple(read_tick(typed), typed, field, "tick_form");
        case FieldKind::DeviceSerial:
            return read_simple(read_device_serial(typed), typed, field, "device_serial_form");
        case FieldKind::Change:
        case FieldKind::RevocationReason:
            return accepted(typed);
    }
    return accepted(typed);
}

const std::string& value_in(const FieldValues& values, std::string_view key) {
    static const std::string empty;
    const auto found = values.find(key);
    return found == values.end() ? empty : found->second;
}

bool has_defect(const LineFindings& findings, std::string_view field) {
    return std::ranges::any_of(findings.defects,
                               [&](const Finding& defect) { return defect.field == field; });
}

/// What a spreadsheet shows where a formula came to nothing.
bool is_formula_error(std::string_view text) {
    constexpr std::array<std::string_view, 7> errors{"#N/A",    "#REF!",  "#VALUE!", "#NAME?",
                                                     "#DIV/0!", "#NULL!", "#NUM!"};
    return std::ranges::find(errors, text) != errors.end();
}

constexpr std::size_t day_length_max = 60;
bool is_date(FieldKind kind) {
    return kind == FieldKind::BirthDate || kind == FieldKind::IssueDate;
}

/// Fields one by one, in the order of the form.
LineFindings read_fields(const std::vector<FieldDefinition>& fields, const FieldValues& typed,
                         const FieldValues& shared, const RuleSettings& settings) {
    LineFindings findings;
    for (const FieldDefinition& field : fields) {
        const std::string& raw = value_in(typed, field.key);
        if (!is_valid_utf8(raw)) {
            findings.defects.push_back({field.key, "text_broken", {}});
            continue;
        }
        std::string text = clean_text(raw);
        if (text.empty() && field.shareable) text = clean_text(value_in(shared, field.key));
        if (text.empty()) {
            if (field.required) findings.defects.push_back({field.key, "required", {}});
            continue;
        }
        if (is_formula_error(text)) {
            findings.defects.push_back({field.key, "formula_error", {}});
            findings.values[field.key] = std::move(text);
            continue;
        }
        // A day may be written in words; what is no day is told so, not that it is long.
        const auto length_max = is_date(field.kind) ? day_length_max : field.length_max;
        if (const auto length = code_points(text); length > length_max) {
            findings.defects.push_back(
                {field.key,
                 "too_long",
                 {{"count", std::to_string(length)}, {"max", std::to_string(length_max)}}});
            findings.values[field.key] = std::move(text);
            continue;
        }
        auto reading = read_field(text, field, settings);
        findings.values[field.key] = std::move(reading.value);
        if (reading.defect) findings.defects.push_back(std::move(*reading.defect));
        std::ranges::move(reading.warnings, std::back_inserter(findings.warnings));
    }
    return findings;
}

/// Of the fields with the same one_of mark, at least one.
void check_one_of(const std::vector<FieldDefinition>& fields, LineFindings& findings) {
    for (std::size_t i = 0; i < fields.size(); ++i) {
        const std::string& mark = fields[i].one_of;
        if (mark.empty()) continue;
        bool filled = false;
        bool first = true;
        for (std::size_t j = 0; j < fields.size(); ++j) {
            if (fields[j].one_of != mark) continue;
            if (j < i) first = false;
            filled = filled || !value_in(findings.values, fields[j].key).empty();
        }
        if (first && !filled) findings.defects.push_back({fields[i].key, mark, {}});
    }
}

void check_dates_agree(LineFindings& findings) {
    if (has_defect(findings, "birth_date")) return;
    const auto birth = parse_iso_date(value_in(findings.values, "birth_date"));
    if (!birth) return;
    const auto issued = parse_iso_date(value_in(findings.values, "id_issued_on"));
    if (issued && !has_defect(findings, "id_issued_on") && *issued <= *birth) {
        findings.defects.push_back({"id_issued_on", "issued_before_birth", {}});
    }
    if (!has_defect(findings, "personal_id") &&
        !personal_id_fits_birth(value_in(findings.values, "personal_id"), *birth)) {
        findings.warnings.push_back({"personal_id", "personal_id_birth_year", {}});
    }
}

void check_carrier(Carrier of_dossier, LineFindings& findings) {
    findings.carrier = of_dossier;
    if (has_defect(findings, "sim_pki")) return;
    const auto choice = read_sim_choice(value_in(findings.values, "sim_pki"));
    if (!choice) {
        if (of_dossier == Carrier::SimPki) {
            findings.defects.push_back({"sim_pki", "sim_missing", {}});
        }
        return;
    }
    if (of_dossier == Carrier::CentralSigning) {
        findings.defects.push_back({"sim_pki", "sim_not_central", {}});
        return;
    }
    findings.carrier = Carrier::SimPki;
    if (choice->keep_number && value_in(findings.values, "phone").empty()) {
        std::erase_if(findings.defects, [](const Finding& defect) {
            return defect.field == "phone" && defect.rule == "required";
        });
        findings.defects.push_back({"phone", "sim_keep_needs_phone", {}});
    }
}

/// What the row is called, and by which key its subject is known again.
void name_row(SubscriberKind kind, LineFindings& findings) {
    const auto value = [&](std::string_view key) { return value_in(findings.values, key); };
    switch (kind) {
        case SubscriberKind::Individual:
            findings.name = value("full_name");
            if (!has_defect(findings, "personal_id")) findings.subject_key = value("personal_id");
            break;
        case SubscriberKind::Organisation:
            findings.name = value("agency_name");
            if (!has_defect(findings, "budget_code") && !value("budget_code").empty()) {
                findings.subject_key = "budget:" + value("budget_code");
            } else if (!has_defect(findings, "tax_code") && !value("tax_code").empty()) {
                findings.subject_key = "tax:" + value("tax_code");
            }
            break;
        case SubscriberKind::Equipment:
            findings.name = value("system_name");
            if (!has_defect(findings, "domain_name") && !value("domain_name").empty()) {
                findings.subject_key = "host:" + value("domain_name");
            } else if (!findings.name.empty()) {
                findings.subject_key =
                    "system:" + fold(findings.name) + "@" + fold(value("agency_name"));
            }
            break;
    }
}

/// The second row that says the same names the first. `Seen` maps a value to the row that has it.
using Seen = std::unordered_map<std::string, std::string>;
void find_double(Seen& seen, std::string value, const std::string& row, std::string_view field,
                 std::string_view rule, std::vector<Finding>& into) {
    if (value.empty()) return;
    const auto [first, is_new] = seen.try_emplace(std::move(value), row);
    if (!is_new) into.push_back({std::string{field}, std::string{rule}, {{"row", first->second}}});
}

struct Doubles {
    struct Holder {
        std::string person;
        std::string row;
    };
    Seen subjects, emails, tax_codes, old_serials;
    std::unordered_map<std::string, Holder> holders;  // of an official address
};

std::string good_value(const LineFindings& findings, std::string_view key) {
    return has_defect(findings, key) ? std::string{} : value_in(findings.values, key);
}

/// One person may hold several certificates, but not two on the same kind of carrier in one
/// dossier; an official address belongs to one person.
void check_double_person(const std::string& row, Doubles& doubles, LineFindings& findings) {
    const std::string id = good_value(findings, "personal_id");
    if (!id.empty()) {
        find_double(doubles.subjects, fmt::format("{}/{}", id, to_text(findings.carrier)), row,
                    "personal_id", "double_personal_id", findings.defects);
    }
    const std::string email = good_value(findings, "email");
    if (email.empty()) return;
    const std::string person = id.empty() ? fold(findings.name) : id;
    const auto [holder, is_new] = doubles.holders.try_emplace(email, Doubles::Holder{person, row});
    if (!is_new && holder->second.person != person) {
        findings.defects.push_back({"email", "double_email", {{"row", holder->second.row}}});
    }
}

void check_doubles(SubscriberKind kind, const std::string& row, Doubles& doubles,
                   LineFindings& findings) {
    switch (kind) {
        case SubscriberKind::Individual:
            check_double_person(row, doubles, findings);
            break;
        case SubscriberKind::Organisation:
            find_double(doubles.subjects, good_value(findings, "budget_code"), row, "budget_code",
                        "double_budget_code", findings.defects);
            find_double(doubles.tax_codes, good_value(findings, "tax_code"), row, "tax_code",
                        "double_tax_code", findings.defects);
            find_double(doubles.emails, good_value(findings, "email"), row, "email",
                        "double_email_agency", findings.warnings);
            break;
        case SubscriberKind::Equipment:
            find_double(doubles.subjects, findings.subject_key, row,
                        findings.subject_key.starts_with("host:") ? "domain_name" : "system_name",
                        "double_system", findings.defects);
            break;
    }
    find_double(doubles.old_serials, good_value(findings, "old_serial"), row, "old_serial",
                "double_old_serial", findings.defects);
}

std::string row_number(const DossierToCheck& dossier, std::size_t index) {
    return index < dossier.row_numbers.size() ? std::to_string(dossier.row_numbers[index])
                                              : std::to_string(index + 1);
}

std::vector<LineFindings> check_chosen_lines(const DossierToCheck& dossier,
                                             const RuleSettings& settings,
                                             const OutsideFacts& outside) {
    std::vector<LineFindings> lines;
    lines.reserve(dossier.lines.size());
    ChosenDoubles doubles;
    for (const FieldValues& typed : dossier.lines) {
        auto findings =
            read_fields(dossier.form->columns, split_serial_cell(typed), dossier.shared, settings);
        check_one_of(dossier.form->columns, findings);
        check_chosen_line(dossier, row_number(dossier, lines.size()), settings, outside, doubles,
                          findings);
        lines.push_back(std::move(findings));
    }
    return lines;
}

std::string subject_field(SubscriberKind kind, const LineFindings& findings) {
    if (kind == SubscriberKind::Individual) return "personal_id";
    if (kind == SubscriberKind::Organisation) {
        return findings.subject_key.starts_with("tax:") ? "tax_code" : "budget_code";
    }
    return findings.subject_key.starts_with("host:") ? "domain_name" : "system_name";
}

void check_outside(SubscriberKind kind, const OutsideFacts& outside, LineFindings& findings) {
    const std::string& old_serial = value_in(findings.values, "old_serial");
    if (outside.serial_known && !old_serial.empty() && !has_defect(findings, "old_serial") &&
        !outside.serial_known(old_serial)) {
        findings.warnings.push_back({"old_serial", "serial_not_ours", {}});
    }
    if (!outside.in_force || findings.subject_key.empty()) return;
    for (const KnownCertificate& known : outside.in_force(findings.subject_key)) {
        if (known.serial == old_serial) continue;  // the form names it: nothing to wonder about
        Args args{{"serial", known.serial}};
        if (known.not_after) args.emplace_back("until", to_vietnamese(*known.not_after));
        findings.warnings.push_back(
            {subject_field(kind, findings),
             known.not_after ? "certificate_in_force_until" : "certificate_in_force",
             std::move(args)});
    }
}

struct Province {
    std::string folded;
    std::string name;
};

const std::vector<Province>& provinces() {
    static const std::vector<Province> list = [] {
        std::vector<Province> read;
        const auto* file = find_embedded("data/provinces.json");
        const auto data =
            nlohmann::json::parse(file != nullptr ? file->content : "", nullptr, false);
        if (!data.is_object()) return read;
        for (const auto& item : data["provinces"]) {
            auto name = item.value("name", "");
            for (const std::string_view prefix : {"Tỉnh ", "Thành phố "}) {
                if (name.starts_with(prefix)) name.erase(0, prefix.size());
            }
            read.push_back({fold(name), name});
        }
        return read;
    }();
    return list;
}

}  // namespace

std::optional<SimChoice> read_sim_choice(std::string_view text) {
    std::string folded = fold(text);
    if (folded.empty()) return std::nullopt;
    SimChoice choice;
    for (const std::string_view mark : {" cs", " giu so", " chuyen so", " so cu"}) {
        if (folded.ends_with(mark)) {
            folded.erase(folded.size() - mark.size());
            choice.keep_number = true;
            break;
        }
    }
    if (folded.ends_with(" so moi")) folded.erase(folded.size() - 7);
    std::erase(folded, ' ');
    constexpr std::array<std::pair<std::string_view, std::string_view>, 7> operators{{
        {"viettel", "Viettel"},
        {"vt", "Viettel"},
        {"vinaphone", "Vinaphone"},
        {"vina", "Vinaphone"},
        {"vnpt", "Vinaphone"},
        {"mobifone", "Mobifone"},
        {"mobi", "Mobifone"},
    }};
    for (const auto& [written, name] : operators) {
        if (folded == written) {
            choice.operator_name = name;
            return choice;
        }
    }
    return std::nullopt;
}

std::optional<std::string> read_province(std::string_view text) {
    std::string folded = fold(text);
    for (const std::string_view prefix : {"tinh ", "thanh pho ", "tp "}) {
        if (folded.starts_with(prefix)) {
            folded.erase(0, prefix.size());
            break;
        }
    }
    for (const Province& province : provinces()) {
        if (province.folded == folded) return province.name;
    }
    if (folded == "hcm" || folded == "tphcm") return "Hồ Chí Minh";
    return std::nullopt;
}

std::size_t DossierFindings::lines_with_defects() const {
    return static_cast<std::size_t>(std::ranges::count_if(
        lines, [](const LineFindings& line) { return !line.defects.empty(); }));
}

std::size_t DossierFindings::defects() const {
    std::size_t count = dossier.size() + recipient.defects.size();
    for (const LineFindings& line : lines) count += line.defects.size();
    return count;
}

std::vector<LineFindings> check_lines(const DossierToCheck& dossier, const RuleSettings& settings,
                                      const OutsideFacts& outside) {
    std::vector<LineFindings> lines;
    lines.reserve(dossier.lines.size());
    const FormDefinition& form = *dossier.form;
    Doubles doubles;
    if (form.rows_are_chosen()) return check_chosen_lines(dossier, settings, outside);
    for (const FieldValues& typed : dossier.lines) {
        auto findings = read_fields(form.columns, typed, dossier.shared, settings);
        check_one_of(form.columns, findings);
        check_dates_agree(findings);
        check_carrier(dossier.carrier, findings);
        name_row(form.subscriber_kind, findings);
        const std::string row = row_number(dossier, lines.size());
        check_doubles(form.subscriber_kind, row, doubles, findings);
        check_outside(form.subscriber_kind, outside, findings);
        lines.push_back(std::move(findings));
    }
    return lines;
}

DossierFindings check_dossier(const DossierToCheck& dossier, const RuleSettings& settings,
                              const OutsideFacts& outside) {
    DossierFindings findings;
    findings.lines = check_lines(dossier, settings, outside);
    findings.recipient = read_fields(dossier.form->recipient, dossier.recipient, {}, settings);
    check_dates_agree(findings.recipient);
    if (dossier.lines.empty()) findings.dossier.push_back({"lines", "no_lines", {}});
    if (dossier.lines.size() > dossier.form->lines_max) {
        findings.dossier.push_back({"lines",
                                    "too_many_lines",
                                    {{"count", std::to_string(dossier.lines.size())},
                                     {"max", std::to_string(dossier.form->lines_max)}}});
    }
    for (const std::string& kind : dossier.form->attachments_required) {
        if (std::ranges::find(dossier.attachment_kinds, kind) == dossier.attachment_kinds.end()) {
            findings.dossier.push_back({"attachment." + kind, "attachment_" + kind, {}});
        }
    }
    return findings;
}

}  // namespace antin::domain
