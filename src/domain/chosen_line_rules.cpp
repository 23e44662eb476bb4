#include "domain/chosen_line_rules.hpp"

#include <algorithm>

#include "base/text.hpp"
#include "domain/changes.hpp"
#include "domain/identifiers.hpp"

namespace antin::domain {
namespace {

using Args = std::vector<std::pair<std::string, std::string>>;

/// One row with everything that its rules look at.
struct Row {
    const DossierToCheck& dossier;
    const RuleSettings& settings;
    const RequestRules& rules;
    const OutsideFacts& outside;
    LineFindings& findings;

    [[nodiscard]] std::string value(std::string_view key) const {
        const auto found = findings.values.find(key);
        return found == findings.values.end() ? std::string{} : found->second;
    }
    [[nodiscard]] bool has_defect(std::string_view field) const {
        return std::ranges::any_of(findings.defects,
                                   [&](const Finding& defect) { return defect.field == field; });
    }
    void defect(std::string field, std::string rule, Args args = {}) const {
        findings.defects.push_back({std::move(field), std::move(rule), std::move(args)});
    }
    void warn(std::string field, std::string rule, Args args = {}) const {
        findings.warnings.push_back({std::move(field), std::move(rule), std::move(args)});
    }
    /// What is known is not asked.
    void fill(std::string_view key, const std::string& known) const {
        if (known.empty() || !value(key).empty() || has_defect(key)) return;
        if (dossier.form->column(key) != nullptr) findings.values[std::string{key}] = known;
    }
    [[nodiscard]] Date day() const { return dossier.filed_on.value_or(settings.today); }
};

std::string value_in(const FieldValues& values, std::string_view key) {
    const auto found = values.find(key);
    return found == values.end() ? std::string{} : found->second;
}

/// The same certificate or device twice in one dossier: the second row names the first.
void check_double(const Row& at, ChosenDoubles& doubles, const std::string& row,
                  std::string_view field, std::string_view rule) {
    const std::string value = at.value(field);
    if (value.empty() || at.has_defect(field)) return;
    std::string key = fold(value);
    key.erase(0, std::min(key.find_first_not_of('0'), key.size()));  // 0A12 is A12
    const auto [first, is_new] = doubles.try_emplace(std::move(key), row);
    if (!is_new) at.defect(std::string{field}, std::string{rule}, {{"row", first->second}});
}

void name_by_typing(const Row& at, std::string_view number) {
    at.findings.name = at.value("certificate_name");
    if (at.findings.name.empty()) at.findings.name = at.value(number);
}

void take_target(const Row& at, const KnownTarget& target) {
    at.findings.name = target.name;
    at.findings.subject_key = target.subject_key;
    at.findings.carrier = target.carrier;
    at.findings.kind = target.kind;
}

/// What was typed beside a known certificate and says something else.
void compare_target(const Row& at, const KnownTarget& target) {
    const auto compare = [&](const char* field, const std::string& known, const char* rule) {
        const std::string typed = at.value(field);
        if (typed.empty() || known.empty() || at.has_defect(field)) return;
        if (fold(typed) != fold(known)) at.warn(field, rule, {{"known", known}});
    };
    compare("certificate_name", target.name, "target_name_differs");
    compare("email", target.email, "target_email_differs");
    compare("device_serial", target.device_serial, "target_device_differs");
}

void fill_target(const Row& at, const KnownTarget& target) {
    at.fill("certificate_name", target.name);
    at.fill("email", target.email);
    at.fill("device_serial", target.device_serial);
    for (const char* key :
         {"personal_id", "id_issued_on", "id_issued_by", "tax_code", "budget_code"}) {
        at.fill(key, value_in(target.values, key));
    }
    if (target.carrier == Carrier::SimPki) at.fill("phone", value_in(target.values, "phone"));
}

/// The certificate of the row as far as it is known. Nobody to ask: nothing is said. Nothing known:
/// a warning where it may be another authority's, a defect where the act needs it.
std::optional<KnownTarget> find_target(const Row& at) {
    const std::string serial = at.value("serial");
    name_by_typing(at, "serial");
    if (serial.empty() || at.has_defect("serial")) return std::nullopt;
    at.findings.target_serial = serial;
    if (!at.outside.target) return std::nullopt;
    auto target = at.outside.target(serial);
    if (!target) {
        if (at.dossier.target_must_be_known)
            at.defect("serial", "target_unknown");
        else
            at.warn("serial", "serial_not_ours");
        return std::nullopt;
    }
    at.findings.target_serial = target->serial;
    at.findings.values["serial"] = target->serial;
    return target;
}

// Mẫu 04.

bool is_ticked(const Row& at, const char* key) {
    return !at.value(key).empty() && !at.has_defect(key);
}

/// The new value as it is stored, or the rule that it breaks.
struct NewValue {
    std::string value;
    std::string rule;
    Args args;
};

NewValue read_new_value(const Row& at, const ChangeableField& field, const std::string& typed) {
    switch (field.kind) {
        case FieldKind::OfficialEmail: {
            const auto& rule =
                at.settings.email != nullptr ? *at.settings.email : shipped_official_email_rule();
            auto email = read_official_email(typed, rule);
            switch (email.verdict) {
                case EmailVerdict::Official:
                    return {std::move(email.address), {}, {}};
                case EmailVerdict::Malformed:
                    return {typed, "email_malformed", {}};
                case EmailVerdict::Personal:
                    return {typed, "email_personal", {{"domain", email.domain}}};
                case EmailVerdict::NotOnTheList:
                    return {typed, "email_not_official", {{"domain", email.domain}}};
            }
            return {typed, {}, {}};
        }
        case FieldKind::MobilePhone: {
            auto phone = read_mobile_phone(typed);
            return phone ? NewValue{std::move(*phone), {}, {}} : NewValue{typed, "phone_form", {}};
        }
        case FieldKind::DomainName: {
            auto name = read_domain_name(typed);
            return name ? NewValue{std::move(*name), {}, {}}
                        : NewValue{typed, "domain_name_form", {}};
        }
        case FieldKind::Province:
            return {read_province(typed).value_or(typed), {}, {}};
        default:
            return {typed, {}, {}};
    }
}

std::string example_of(SubscriberKind kind) {
    switch (kind) {
        case SubscriberKind::Individual:
            return "Cơ quan công tác: Đảng ủy xã Thử Nghiệm; Thư điện tử công vụ: "
                   "ten@laichau.gov.vn";
        case SubscriberKind::Organisation:
            return "Tên cơ quan: UBND xã Thử Nghiệm; Địa chỉ: Bản Một";
        case SubscriberKind::Equipment:
            return "Tên thiết bị: Cổng dịch vụ 2; Tên miền: dichvu.laichau.gov.vn";
    }
    return {};
}

std::string known_value(const KnownTarget& target, std::string_view field) {
    if (field == "email" && !target.email.empty()) return target.email;
    return value_in(target.values, field);
}

/// The kind whose names of fields read the text: the known one, or the first that reads it all.
SubscriberKind kind_of_changes(const KnownTarget* target, std::string_view text) {
    if (target != nullptr) return target->kind;
    for (const auto kind : all<SubscriberKind>()) {
        if (read_changes(kind, text).unread.empty()) return kind;
    }
    return SubscriberKind::Individual;
}

void check_changes(const Row& at, const KnownTarget* target) {
    const std::string text = at.value("change_to");
    if (!is_ticked(at, "amend")) {
        if (!text.empty()) at.defect("amend", "change_not_ticked");
        if (text.empty() && target != nullptr) at.findings.values.erase("change_from");
        return;
    }
    if (at.has_defect("change_to")) return;
    const auto kind = kind_of_changes(target, text);
    auto read = read_changes(kind, text);
    if (text.empty()) return at.defect("change_to", "change_missing");
    if (!read.unread.empty()) {
        return at.defect("change_to", "change_unreadable",
                         {{"piece", read.unread.front()}, {"example", example_of(kind)}});
    }
    std::string before;
    bool changes_anything = target == nullptr, changes_certificate = target == nullptr;
    for (Change& change : read.changes) {
        const auto* field = changeable_field(kind, change.field);
        auto value = read_new_value(at, *field, change.value);
        if (!value.rule.empty()) at.defect("change_to", value.rule, value.args);
        change.value = std::move(value.value);
        if (target == nullptr) continue;
        const std::string known = known_value(*target, change.field);
        const bool differs = fold(known) != fold(change.value);
        changes_anything = changes_anything || differs;
        changes_certificate = changes_certificate || (differs && field->in_certificate);
        if (!known.empty()) before += (before.empty() ? "" : "; ") + field->label + ": " + known;
    }
    at.findings.values["change_to"] = changes_text(kind, read.changes);
    if (target != nullptr && target->ours) at.findings.values["change_from"] = before;
    if (!changes_anything) return at.defect("change_to", "nothing_changes");
    if (!changes_certificate) at.warn("change_to", "change_not_in_certificate");
}

/// May somebody else's certificate be asked for? Only where a person comes to this agency.
bool moves_here(const Row& at, const KnownTarget& target) {
    if (target.kind != SubscriberKind::Individual || !is_ticked(at, "amend")) return false;
    const auto read = read_changes(target.kind, at.value("change_to"));
    return std::ranges::any_of(read.changes,
                               [](const Change& change) { return change.field == "agency_name"; });
}

void check_time_left(const Row& at, const KnownTarget& target) {
    const auto left =
        (std::chrono::sys_days{target.not_after} - std::chrono::sys_days{at.day()}).count();
    const auto check = [&](const char* tick, int least) {
        if (!is_ticked(at, tick) || left >= least) return;
        at.defect(tick, "too_few_days",
                  {{"left", std::to_string(left)}, {"least", std::to_string(least)}});
    };
    check("renew", at.rules.renew_min_days_left);
    check("amend", at.rules.change_min_days_left);
    if (is_ticked(at, "renew") && target.renewals >= at.rules.renew_max_times) {
        at.defect("renew", "renewed_before", {{"max", std::to_string(at.rules.renew_max_times)}});
    }
}

void check_state_for_update(const Row& at, const KnownTarget& target) {
    const std::string until = to_vietnamese(target.not_after);
    switch (target.state) {
        case CertificateState::InForce:
            return check_time_left(at, target);
        case CertificateState::OnHold:
            return at.defect("serial", "target_on_hold");
        case CertificateState::EmergencyHold:
            return at.defect("serial", "target_held");
        case CertificateState::Replaced:
            return at.defect("serial", "target_replaced", {{"successor", target.successor}});
        case CertificateState::Expired:
            // What was filed in time is judged by the day of filing.
            if (target.not_after >= at.day()) return check_time_left(at, target);
            return at.defect("serial", "target_expired", {{"until", until}});
        case CertificateState::Revoked:
            return at.defect("serial", "target_revoked");
    }
}

void check_update(const Row& at) {
    const auto target = find_target(at);
    if (!target) return check_changes(at, nullptr);
    if (!target->ours && !moves_here(at, *target)) {
        at.defect("serial", "target_not_yours");
        return;
    }
    take_target(at, *target);
    if (target->ours) {
        compare_target(at, *target);
        fill_target(at, *target);
    } else {
        at.warn("serial", "target_moves_here");
        at.fill("certificate_name", target->name);
    }
    check_changes(at, &*target);
    check_state_for_update(at, *target);
    if (!target->in_flight) return;
    const bool revocation = target->in_flight->procedure == Procedure::Revocation;
    at.defect("serial", revocation ? "target_being_revoked" : "target_in_flight",
              {{"code", target->in_flight->code}});
}

// Mẫu 05.

void check_reason(const Row& at, const KnownTarget* target) {
    const std::string text = at.value("reason");
    if (text.empty() || at.has_defect("reason")) return;
    const auto* reason = at.rules.reason_in(text);
    if (reason == nullptr) return at.warn("reason", "reason_unmatched");
    if (target == nullptr) return;
    const bool fits = std::ranges::find(reason->kinds, target->kind) != reason->kinds.end();
    if (!fits) at.defect("reason", "reason_not_for_kind", {{"reason", reason->label}});
}

/// A revocation is never kept back by anything but a certificate that is not there to revoke.
void check_revocation(const Row& at) {
    const auto target = find_target(at);
    if (!target) return check_reason(at, nullptr);
    if (!target->ours) {
        at.defect("serial", "target_not_yours");
        return check_reason(at, nullptr);
    }
    take_target(at, *target);
    compare_target(at, *target);
    fill_target(at, *target);
    check_reason(at, &*target);
    if (target->state == CertificateState::Revoked) at.defect("serial", "target_revoked");
    if (target->state == CertificateState::Replaced) {
        at.defect("serial", "target_replaced", {{"successor", target->successor}});
    }
    if (target->state == CertificateState::Expired) {
        at.warn("serial", "revoking_expired", {{"until", to_vietnamese(target->not_after)}});
    }
    if (target->in_flight) {
        at.warn("serial", "revoking_in_flight", {{"code", target->in_flight->code}});
    }
}

// Mẫu 06.

bool is_with_subscriber(DeviceState state) {
    using enum DeviceState;
    return state == HandedOver || state == Locked || state == Unlocked;
}

void check_restoration(const Row& at) {
    const std::string serial = at.value("device_serial");
    name_by_typing(at, "device_serial");
    if (serial.empty() || at.has_defect("device_serial") || !at.outside.device) return;
    const auto device = at.outside.device(serial);
    if (!device) {
        if (at.dossier.target_must_be_known) return at.defect("device_serial", "device_unknown");
        return at.warn("device_serial", "device_not_ours");
    }
    if (!device->ours) return at.defect("device_serial", "device_not_yours");
    at.findings.values["device_serial"] = device->serial;
    at.findings.target_serial = device->certificate_serial;
    at.findings.carrier = device->kind;
    at.findings.kind = device->subscriber_kind;
    at.findings.subject_key = device->subject_key;
    if (!device->name.empty()) at.findings.name = device->name;
    at.fill("certificate_name", device->name);
    at.fill("agency_name", device->agency_name);
    at.fill("email", device->email);
    if (device->kind != Carrier::PkiToken) return at.defect("device_serial", "device_not_token");
    if (!is_with_subscriber(device->state)) return at.defect("device_serial", "device_not_in_use");
    if (device->in_flight) {
        return at.defect("device_serial", "device_in_flight", {{"code", device->in_flight->code}});
    }
    if (device->state == DeviceState::HandedOver) at.warn("device_serial", "device_not_locked");
}

}  // namespace

FieldValues split_serial_cell(FieldValues typed) {
    const auto serial = typed.find("serial");
    if (serial == typed.end()) return typed;
    const auto slash = serial->second.find('/');
    if (slash == std::string::npos) return typed;
    const std::string phone = clean_text(std::string_view{serial->second}.substr(slash + 1));
    serial->second.erase(slash);
    if (typed["phone"].empty()) typed["phone"] = phone;
    return typed;
}

void check_chosen_line(const DossierToCheck& dossier, const std::string& row,
                       const RuleSettings& settings, const OutsideFacts& outside,
                       ChosenDoubles& doubles, LineFindings& findings) {
    findings.carrier = dossier.carrier;
    const auto& rules = settings.requests != nullptr ? *settings.requests : shipped_request_rules();
    const Row at{dossier, settings, rules, outside, findings};
    switch (dossier.form->form) {
        case RequestForm::Form04:
            check_update(at);
            return check_double(at, doubles, row, "serial", "double_serial");
        case RequestForm::Form05:
            check_revocation(at);
            return check_double(at, doubles, row, "serial", "double_serial");
        default:
            check_restoration(at);
            return check_double(at, doubles, row, "device_serial", "double_device");
    }
}

}  // namespace antin::domain
