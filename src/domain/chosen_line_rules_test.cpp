// Rules of Mẫu 04, 05, 06. Each name begins with the article that the rule comes from.
#include <gtest/gtest.h>

#include "domain/changes.hpp"
#include "domain/line_rules.hpp"

namespace antin::domain {
namespace {

const Date today = parse_iso_date("2026-12-07").value();
const char* const serial = "54A10C772B90E31D";

KnownTarget person_target() {
    KnownTarget target;
    target.serial = serial;
    target.ours = true;
    target.name = "Vàng A Sinh";
    target.email = "sinhva@laichau.gov.vn";
    target.subject_key = "012079004417";
    target.device_serial = "9f3a77";
    target.not_after = parse_iso_date("2027-03-01").value();
    target.values = {{"full_name", "Vàng A Sinh"},
                     {"personal_id", "012079004417"},
                     {"agency_name", "Đảng ủy xã Khổng Lào"},
                     {"position", "Bí thư"},
                     {"email", "sinhva@laichau.gov.vn"}};
    return target;
}

struct Check {
    std::optional<KnownTarget> target = person_target();
    std::optional<KnownDevice> device;
    bool strict = true;
    std::optional<Date> filed_on;
    RequestRules rules = shipped_request_rules();

    std::vector<LineFindings> all(RequestForm form, std::vector<FieldValues> lines) {
        DossierToCheck dossier;
        dossier.form = form_definition(form);
        dossier.lines = std::move(lines);
        dossier.filed_on = filed_on;
        dossier.target_must_be_known = strict;
        OutsideFacts outside;
        outside.target = [&](std::string_view asked) -> std::optional<KnownTarget> {
            return target && asked == target->serial ? target : std::nullopt;
        };
        outside.device = [&](std::string_view asked) -> std::optional<KnownDevice> {
            return device && asked == device->serial ? device : std::nullopt;
        };
        return check_lines(dossier, {today, nullptr, &rules}, outside);
    }
    LineFindings one(RequestForm form, FieldValues line) {
        return all(form, {std::move(line)}).front();
    }
};

std::string rules_of(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& f : findings) out += (out.empty() ? "" : " ") + f.field + ":" + f.rule;
    return out;
}
FieldValues renewal() {
    return {{"serial", serial}, {"renew", "x"}};
}
FieldValues amendment(std::string to) {
    return {{"serial", serial}, {"amend", "x"}, {"change_to", std::move(to)}};
}

TEST(ChosenLineRules, nd68_mau04_a_renewal_needs_its_number_and_its_tick_and_the_rest_is_known) {
    Check check;
    const auto found =
        check.one(RequestForm::Form04, {{"serial", "54:a1:0c:77 2b90e31d"}, {"renew", "X"}});
    EXPECT_EQ(rules_of(found.defects), "");
    EXPECT_EQ(rules_of(found.warnings), "");
    EXPECT_EQ(found.target_serial, serial);
    EXPECT_EQ(found.name, "Vàng A Sinh");
    EXPECT_EQ(found.subject_key, "012079004417");
    EXPECT_EQ(found.kind, SubscriberKind::Individual);
    EXPECT_EQ(found.values.at("email"), "sinhva@laichau.gov.vn");
    EXPECT_EQ(found.values.at("renew"), "x");
}

TEST(ChosenLineRules, nd68_mau04_one_of_the_two_boxes_must_be_ticked_and_both_may_be) {
    Check check;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, {{"serial", serial}}).defects),
              "renew:renew_or_amend");
    auto both = amendment("Chức vụ: Phó Bí thư; Email: sinhva.kl@laichau.gov.vn");
    both["renew"] = "có";
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, both).defects), "");
    auto odd = renewal();
    odd["renew"] = "hay";
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, odd).defects), "renew:tick_form");
    auto no = renewal();
    no["amend"] = "không";
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, no).defects), "");
}

TEST(ChosenLineRules, nd68_d15_changes_are_read_by_the_names_of_fields_and_kept_in_one_notation) {
    Check check;
    const auto found = check.one(
        RequestForm::Form04,
        amendment("email công vụ: SINHVA.KL@laichau.gov.vn;\n  nơi công tác : UBND xã Thử"));
    EXPECT_EQ(rules_of(found.defects), "");
    EXPECT_EQ(found.values.at("change_to"),
              "Cơ quan công tác: UBND xã Thử; Thư điện tử công vụ: sinhva.kl@laichau.gov.vn");
    EXPECT_EQ(found.values.at("change_from"),
              "Thư điện tử công vụ: sinhva@laichau.gov.vn; Cơ quan công tác: Đảng ủy xã Khổng Lào");
}

TEST(ChosenLineRules, nd68_d15_what_cannot_be_read_or_changes_nothing_is_a_defect) {
    Check check;
    const auto defects = [&](std::string to) {
        return rules_of(check.one(RequestForm::Form04, amendment(std::move(to))).defects);
    };
    EXPECT_EQ(defects(""), "change_to:change_missing");
    EXPECT_EQ(defects("chuyển sang xã khác"), "change_to:change_unreadable");
    EXPECT_EQ(defects("Email: sinh@gmail.com"), "change_to:email_personal");
    EXPECT_EQ(defects("Email: sinhva@laichau.gov.vn"), "change_to:nothing_changes");
    EXPECT_EQ(defects("moi@laichau.gov.vn"), "") << "a bare address is the new address";
    auto untold = renewal();
    untold["change_to"] = "Email: moi@laichau.gov.vn";
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, untold).defects), "amend:change_not_ticked");
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, amendment("Chức vụ: Chủ tịch")).warnings),
              "change_to:change_not_in_certificate");
}

TEST(ChosenLineRules, nd68_d12_d14_the_margins_count_from_the_day_of_filing) {
    Check check;
    check.target->not_after = parse_iso_date("2027-01-05").value();  // 29 days
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects), "renew:too_few_days");
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, amendment("a@laichau.gov.vn")).defects),
              "amend:too_few_days");
    check.target->not_after = parse_iso_date("2027-01-06").value();  // 30 days
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects), "");
    check.target->not_after = parse_iso_date("2026-12-20").value();
    check.filed_on = parse_iso_date("2026-11-15").value();
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects), "");
    check.rules.renew_min_days_left = 60;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects), "renew:too_few_days");
}

TEST(ChosenLineRules, nd68_d12_a_certificate_is_renewed_once) {
    Check check;
    check.target->renewals = 1;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects), "renew:renewed_before");
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, amendment("a@laichau.gov.vn")).defects), "");
    check.rules.renew_max_times = 2;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects), "");
}

TEST(ChosenLineRules, nd68_mau04_only_a_certificate_in_force_is_renewed_or_changed) {
    using enum CertificateState;
    Check check;
    const auto defects_in = [&](CertificateState state) {
        check.target->state = state;
        return rules_of(check.one(RequestForm::Form04, renewal()).defects);
    };
    EXPECT_EQ(defects_in(OnHold), "serial:target_on_hold");
    EXPECT_EQ(defects_in(EmergencyHold), "serial:target_held");
    EXPECT_EQ(defects_in(Replaced), "serial:target_replaced");
    EXPECT_EQ(defects_in(Revoked), "serial:target_revoked");
    check.target->not_after = parse_iso_date("2026-12-01").value();
    EXPECT_EQ(defects_in(Expired), "serial:target_expired");
}

TEST(ChosenLineRules, nd68_mau04_two_requests_on_one_certificate_do_not_run_at_once) {
    Check check;
    check.target->in_flight = OpenRequest{Procedure::Amendment, "G11.07-261201-0001"};
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects),
              "serial:target_in_flight");
    check.target->in_flight = OpenRequest{Procedure::Revocation, "G11.07-261201-0002"};
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects),
              "serial:target_being_revoked");
    Check fresh;
    const auto lines = fresh.all(RequestForm::Form04, {renewal(), renewal()});
    EXPECT_EQ(rules_of(lines[0].defects), "");
    EXPECT_EQ(rules_of(lines[1].defects), "serial:double_serial");
}

TEST(ChosenLineRules, nd68_mau04_a_number_that_is_not_known_here_is_a_warning_in_a_bare_sheet) {
    Check check;
    check.target.reset();
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects), "serial:target_unknown");
    check.strict = false;
    const auto found = check.one(RequestForm::Form04, renewal());
    EXPECT_EQ(rules_of(found.defects), "");
    EXPECT_EQ(rules_of(found.warnings), "serial:serial_not_ours");
}

TEST(ChosenLineRules, nd68_d15_the_receiving_agency_files_the_change_of_who_comes_to_it) {
    Check check;
    check.target->ours = false;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, renewal()).defects),
              "serial:target_not_yours");
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, amendment("a@laichau.gov.vn")).defects),
              "serial:target_not_yours");
    const auto found = check.one(RequestForm::Form04, amendment("Cơ quan công tác: UBND xã Mới"));
    EXPECT_EQ(rules_of(found.defects), "");
    EXPECT_EQ(rules_of(found.warnings), "serial:target_moves_here");
    EXPECT_FALSE(found.values.contains("email")) << "the other agency's data stay there";
    EXPECT_FALSE(found.values.contains("change_from"));
}

TEST(ChosenLineRules, nd68_mau04_what_is_typed_beside_a_known_certificate_is_compared) {
    Check check;
    auto line = renewal();
    line["certificate_name"] = "Vàng A Sình";
    line["email"] = "khac@laichau.gov.vn";
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, line).warnings),
              "email:target_email_differs");
    line["certificate_name"] = "Lò Văn Khác";
    EXPECT_EQ(rules_of(check.one(RequestForm::Form04, line).warnings),
              "certificate_name:target_name_differs email:target_email_differs");
}

TEST(ChosenLineRules, nd68_mau04_a_sim_number_may_stand_behind_the_serial) {
    Check check;
    const auto found = check.one(
        RequestForm::Form04, {{"serial", std::string{serial} + " / 0912 345 678"}, {"renew", "x"}});
    EXPECT_EQ(rules_of(found.defects), "");
    EXPECT_EQ(found.values.at("serial"), serial);
    EXPECT_EQ(found.values.at("phone"), "0912345678");
}

FieldValues revocation(std::string reason) {
    return {{"serial", serial}, {"reason", std::move(reason)}};
}

TEST(ChosenLineRules, nd68_d17_a_reason_is_understood_from_free_words) {
    const auto& rules = shipped_request_rules();
    const auto key = [&](std::string_view words) {
        const auto* reason = rules.reason_in(words);
        return reason == nullptr ? "" : reason->key;
    };
    EXPECT_EQ(key("Nghỉ hưu, thôi việc"), "left_office");
    EXPECT_EQ(key("nghỉ hưu từ 01/12/2026"), "left_office");
    EXPECT_EQ(key("Nghi ngờ bị lộ khóa, đánh mất máy"), "device_lost");
    EXPECT_EQ(key("Chuyển công tác sang tỉnh khác"), "position_changed");
    EXPECT_EQ(key("sáp nhập xã"), "organisation_ended");
    EXPECT_EQ(key("lý do riêng"), "");
    for (const auto& reason : rules.reasons) EXPECT_EQ(key(reason.label), reason.key);
}

TEST(ChosenLineRules, nd68_d17_a_revocation_needs_a_number_and_a_reason_that_fits) {
    Check check;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form05, {{"serial", serial}}).defects),
              "reason:required");
    const auto found = check.one(RequestForm::Form05, revocation("Nghỉ hưu"));
    EXPECT_EQ(rules_of(found.defects), "");
    EXPECT_EQ(found.values.at("personal_id"), "012079004417");
    EXPECT_EQ(found.values.at("device_serial"), "9f3a77");
    EXPECT_EQ(rules_of(check.one(RequestForm::Form05, revocation("Sáp nhập")).defects),
              "reason:reason_not_for_kind");
    EXPECT_EQ(rules_of(check.one(RequestForm::Form05, revocation("việc riêng")).warnings),
              "reason:reason_unmatched");
}

TEST(ChosenLineRules, nd68_d17_nothing_in_flight_and_no_hold_keeps_a_revocation_back) {
    using enum CertificateState;
    Check check;
    check.target->in_flight = OpenRequest{Procedure::Renewal, "G11.07-261201-0001"};
    auto found = check.one(RequestForm::Form05, revocation("Nghỉ hưu"));
    EXPECT_EQ(rules_of(found.defects), "");
    EXPECT_EQ(rules_of(found.warnings), "serial:revoking_in_flight");
    for (const auto state : {OnHold, EmergencyHold, Expired}) {
        check.target->state = state;
        EXPECT_EQ(rules_of(check.one(RequestForm::Form05, revocation("Nghỉ hưu")).defects), "");
    }
    check.target->state = Revoked;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form05, revocation("Nghỉ hưu")).defects),
              "serial:target_revoked");
    check.target->ours = false;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form05, revocation("Nghỉ hưu")).defects),
              "serial:target_not_yours");
}

TEST(ChosenLineRules, nd68_d22_a_restoration_names_a_token_that_a_subscriber_has) {
    using enum DeviceState;
    Check check;
    check.device = KnownDevice{};
    check.device->serial = "9F3A-77";
    check.device->ours = true;
    check.device->state = Locked;
    check.device->name = "Vàng A Sinh";
    check.device->certificate_serial = serial;
    const FieldValues line{{"device_serial", "9F3A-77"}};
    const auto found = check.one(RequestForm::Form06, line);
    EXPECT_EQ(rules_of(found.defects), "");
    EXPECT_EQ(found.values.at("certificate_name"), "Vàng A Sinh");
    EXPECT_EQ(found.target_serial, serial);
    check.device->state = HandedOver;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form06, line).warnings),
              "device_serial:device_not_locked");
    for (const auto state : {InStock, Assigned, Personalised, DueBack, Returned, Erased, Lost}) {
        check.device->state = state;
        EXPECT_EQ(rules_of(check.one(RequestForm::Form06, line).defects),
                  "device_serial:device_not_in_use");
    }
    check.device->state = Locked;
    check.device->in_flight = OpenRequest{Procedure::DeviceRestoration, "G11.07-261201-0001"};
    EXPECT_EQ(rules_of(check.one(RequestForm::Form06, line).defects),
              "device_serial:device_in_flight");
    check.device->ours = false;
    EXPECT_EQ(rules_of(check.one(RequestForm::Form06, line).defects),
              "device_serial:device_not_yours");
    check.device.reset();
    EXPECT_EQ(rules_of(check.one(RequestForm::Form06, line).defects),
              "device_serial:device_unknown");
    EXPECT_EQ(rules_of(check.one(RequestForm::Form06, {{"device_serial", "9F3A 77!"}}).defects),
              "device_serial:device_serial_form");
}

TEST(Changes, one_text_holds_them_and_reading_gives_them_back) {
    const std::vector<Change> changes{{"email", "a@laichau.gov.vn"},
                                      {"agency_name", "UBND xã Thử; cơ sở 2"}};
    const auto text = changes_text(SubscriberKind::Individual, changes);
    EXPECT_EQ(text,
              "Cơ quan công tác: UBND xã Thử, cơ sở 2; Thư điện tử công vụ: "
              "a@laichau.gov.vn");
    const auto read = read_changes(SubscriberKind::Individual, text);
    EXPECT_TRUE(read.unread.empty());
    EXPECT_EQ(changes_text(SubscriberKind::Individual, read.changes), text);
}

}  // namespace
}  // namespace antin::domain
