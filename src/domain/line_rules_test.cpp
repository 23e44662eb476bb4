#include "domain/line_rules.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

#include "domain/identifiers.hpp"

namespace antin::domain {
namespace {

const Date today = parse_iso_date("2026-12-07").value();

FieldValues person() {
    return {{"full_name", "Vàng A Sinh"},
            {"birth_date", "12/05/1979"},
            {"personal_id", "012079004417"},
            {"id_issued_on", "21/06/2021"},
            {"id_issued_by", "Cục CSQLHC về TTXH"},
            {"email", "sinhva.khonglao@laichau.gov.vn"},
            {"agency_name", "Đảng ủy xã Khổng Lào"},
            {"province", "Lai Châu"},
            {"position", "Bí thư Đảng ủy"},
            {"phone", "0900 000 101"}};
}
FieldValues agency() {
    return {{"agency_name", "UBND xã Thử Nghiệm"},
            {"address", "Bản Một"},
            {"tax_code", "0301519977"},
            {"budget_code", "1234567"},
            {"province", "Tỉnh Lai Châu"},
            {"email", "ubnd@thunghiem.laichau.gov.vn"}};
}

std::vector<LineFindings> check(RequestForm form, std::vector<FieldValues> lines,
                                Carrier carrier = Carrier::PkiToken,
                                const OutsideFacts& outside = {}) {
    DossierToCheck dossier;
    dossier.form = form_definition(form);
    dossier.carrier = carrier;
    dossier.lines = std::move(lines);
    return check_lines(dossier, {today, nullptr}, outside);
}
std::string rules_of(const std::vector<Finding>& findings) {
    std::string out;
    for (const Finding& f : findings) out += (out.empty() ? "" : " ") + f.field + ":" + f.rule;
    return out;
}
std::string defects_with(std::string_view key, std::string value) {
    auto line = person();
    line[std::string{key}] = std::move(value);
    return rules_of(check(RequestForm::Form01, {line})[0].defects);
}

TEST(LineRules, nd68_mau01_a_complete_row_has_no_defect_and_is_read_into_one_notation) {
    const auto findings = check(RequestForm::Form01, {person()})[0];
    EXPECT_EQ(rules_of(findings.defects), "");
    EXPECT_EQ(rules_of(findings.warnings), "");
    EXPECT_EQ(findings.values.at("birth_date"), "1979-05-12");
    EXPECT_EQ(findings.values.at("phone"), "0900000101");
    EXPECT_EQ(findings.name, "Vàng A Sinh");
    EXPECT_EQ(findings.subject_key, "012079004417");
}

TEST(LineRules, nd68_mau01_every_missing_field_is_named_at_once) {
    const auto findings = check(RequestForm::Form01, {FieldValues{}})[0];
    EXPECT_EQ(findings.defects.size(), 10U);
    EXPECT_TRUE(std::ranges::all_of(findings.defects,
                                    [](const Finding& f) { return f.rule == "required"; }));
}

struct FieldCase {
    const char* field;
    const char* value;
    const char* defects;
};
class Mau01FieldTest : public testing::TestWithParam<FieldCase> {};
TEST_P(Mau01FieldTest, is_judged) {
    EXPECT_EQ(defects_with(GetParam().field, GetParam().value), GetParam().defects)
        << GetParam().field << " = " << GetParam().value;
}
INSTANTIATE_TEST_SUITE_P(
    Fields, Mau01FieldTest,
    testing::Values(
        FieldCase{"full_name", "Sinh", "full_name:name_one_word"},
        FieldCase{"full_name", "Vàng A Sinh 2", "full_name:name_signs"},
        FieldCase{"full_name", "  Vàng   A\tSinh ", ""},
        FieldCase{"full_name", "Va\xCC\x80ng A Sinh", ""},  // NFD
        FieldCase{"full_name", "\xFF\xFE", "full_name:text_broken"},
        FieldCase{"birth_date", "31/02/1979", "birth_date:date_unread"},
        FieldCase{"birth_date", "1979-05-12", ""}, FieldCase{"birth_date", "12.5.1979", ""},
        FieldCase{"birth_date", "12-05-1979", ""}, FieldCase{"birth_date", "1979/05/12", ""},
        FieldCase{"birth_date", "1979-05-12 00:00:00", ""},
        FieldCase{"birth_date", "12/05/1979 07:30", ""},
        FieldCase{"birth_date", "Ngày 12  tháng 5 năm 1979", ""},
        FieldCase{"birth_date", "ngày 31 tháng 2 năm 1979", "birth_date:date_unread"},
        FieldCase{"birth_date", "12/05/1979 sáng", "birth_date:date_unread"},
        FieldCase{"birth_date", "1979", "birth_date:date_unread"},
        FieldCase{"birth_date", "12/05/79", "birth_date:date_unread"},
        FieldCase{"birth_date", "12/05/2027", "birth_date:date_future"},
        FieldCase{"birth_date", "12/05/1899", "birth_date:date_too_old"},
        FieldCase{"birth_date", "12/05/2020", "birth_date:birth_too_young"},
        FieldCase{"personal_id", "01207900441", "personal_id:personal_id_eleven"},
        FieldCase{"personal_id", "0120790044170", "personal_id:personal_id_length"},
        FieldCase{"personal_id", "01207900441A", "personal_id:personal_id_signs"},
        FieldCase{"personal_id", "012 079 004 417", ""},
        FieldCase{"personal_id", "'012079004417", ""},
        FieldCase{"id_issued_on", "01/01/1979", "id_issued_on:issued_before_birth"},
        FieldCase{"email", "tansinh90@gmail.com", "email:email_personal"},
        FieldCase{"email", "a@YAHOO.com.vn", "email:email_personal"},
        FieldCase{"email", "a@congty.com", "email:email_not_official"},
        FieldCase{"email", "a@fakegov.vn", "email:email_not_official"},
        FieldCase{"email", "a@gov.vn.evil.com", "email:email_not_official"},
        FieldCase{"email", "khong phai thu", "email:email_malformed"},
        FieldCase{"email", "a@@laichau.gov.vn", "email:email_malformed"},
        FieldCase{"email", "A.B@LaiChau.Gov.VN", ""}, FieldCase{"email", "a@laichau.dcs.vn", ""},
        FieldCase{"phone", "12345", "phone:phone_form"}, FieldCase{"phone", "+84 900 000 101", ""},
        FieldCase{"phone", "900000101", ""},
        FieldCase{"phone", "0213.387.6501", "phone:phone_form"},
        FieldCase{"old_serial", "54:A1:0C:77:2B:90:E3:1D", ""},
        FieldCase{"old_serial", "XYZ", "old_serial:serial_form"},
        FieldCase{"sim_pki", "Viettel/cs", ""}, FieldCase{"sim_pki", "vinaphone", ""},
        FieldCase{"sim_pki", "Vietnamobile", "sim_pki:sim_unknown"},
        FieldCase{"position", "#REF!", "position:formula_error"},
        FieldCase{"position", "#N/A", "position:formula_error"},
        FieldCase{"position", "", "position:required"}));

TEST(LineRules, a_name_of_ten_thousand_letters_is_refused_by_the_name_of_its_field) {
    EXPECT_EQ(defects_with("full_name", "A " + std::string(10000, 'b')), "full_name:too_long");
}

TEST(LineRules, scripts_quotes_and_direction_marks_do_not_pass_as_names) {
    EXPECT_EQ(defects_with("full_name", "<script>alert(1)</script> A"), "full_name:name_signs");
    const auto findings = check(RequestForm::Form01, {[] {
                                    auto line = person();
                                    line["full_name"] =
                                        "V\xE2\x80\xAE"
                                        "àng A Sinh";
                                    return line;
                                }()});
    EXPECT_EQ(findings[0].values.at("full_name"), "Vàng A Sinh");
}

TEST(LineRules, keeping_a_sim_number_needs_the_number) {
    auto line = person();
    line["sim_pki"] = "Viettel/cs";
    line["phone"] = "";
    EXPECT_EQ(rules_of(check(RequestForm::Form01, {line})[0].defects),
              "phone:sim_keep_needs_phone");
    line["phone"] = "0900000101";
    EXPECT_EQ(check(RequestForm::Form01, {line})[0].carrier, Carrier::SimPki);
    EXPECT_EQ(rules_of(check(RequestForm::Form01, {line}, Carrier::CentralSigning)[0].defects),
              "sim_pki:sim_not_central");
    EXPECT_EQ(rules_of(check(RequestForm::Form01, {person()}, Carrier::SimPki)[0].defects),
              "sim_pki:sim_missing");
}

TEST(LineRules, doubles_inside_the_dossier_name_the_first_row) {
    auto other = person();
    other["full_name"] = "Lường Văn Thoan";
    other["personal_id"] = "012083002965";
    other["birth_date"] = "03/11/1983";
    const auto same_mail = check(RequestForm::Form01, {person(), other});
    EXPECT_EQ(rules_of(same_mail[1].defects), "email:double_email");
    EXPECT_EQ(same_mail[1].defects[0].args[0].second, "1");
    EXPECT_EQ(rules_of(check(RequestForm::Form01, {person(), person()})[1].defects),
              "personal_id:double_personal_id");
    // Several certificates for one person are right on different carriers.
    auto sim = person();
    sim["sim_pki"] = "Viettel";
    EXPECT_EQ(rules_of(check(RequestForm::Form01, {person(), sim})[1].defects), "");
}

TEST(LineRules, a_certificate_in_force_is_a_warning_unless_the_row_names_it) {
    OutsideFacts outside;
    outside.in_force = [](std::string_view key) -> std::vector<KnownCertificate> {
        if (key != "012079004417") return {};
        return {{"54A10C772B90E31D", parse_iso_date("2027-01-31")}};
    };
    outside.serial_known = [](std::string_view serial) { return serial == "54A10C772B90E31D"; };
    auto line = person();
    const auto found = check(RequestForm::Form01, {line}, Carrier::PkiToken, outside)[0];
    EXPECT_EQ(rules_of(found.defects), "");
    EXPECT_EQ(rules_of(found.warnings), "personal_id:certificate_in_force_until");
    line["old_serial"] = "54 A1 0C 77 2B 90 E3 1D";
    EXPECT_EQ(rules_of(check(RequestForm::Form01, {line}, Carrier::PkiToken, outside)[0].warnings),
              "");
    line["old_serial"] = "AB";
    EXPECT_EQ(rules_of(check(RequestForm::Form01, {line}, Carrier::PkiToken, outside)[0].warnings),
              "old_serial:serial_not_ours personal_id:certificate_in_force_until");
}

TEST(LineRules, nd68_mau02_needs_a_tax_or_budget_code_and_the_establishment_decision) {
    EXPECT_EQ(rules_of(check(RequestForm::Form02, {agency()})[0].defects), "");
    auto line = agency();
    line["tax_code"] = "0301519978";
    EXPECT_EQ(rules_of(check(RequestForm::Form02, {line})[0].warnings),
              "tax_code:tax_code_check_digit");
    line["tax_code"] = "";
    EXPECT_EQ(rules_of(check(RequestForm::Form02, {line})[0].defects), "");
    line["budget_code"] = "";
    EXPECT_EQ(rules_of(check(RequestForm::Form02, {line})[0].defects), "tax_code:tax_or_budget");
    DossierToCheck dossier;
    dossier.form = form_definition(RequestForm::Form02);
    dossier.lines = {agency()};
    EXPECT_EQ(rules_of(check_dossier(dossier, {today, nullptr}).dossier),
              "attachment.establishment_decision:attachment_establishment_decision");
    dossier.attachment_kinds = {"establishment_decision"};
    EXPECT_TRUE(check_dossier(dossier, {today, nullptr}).dossier.empty());
    EXPECT_EQ(check_dossier(dossier, {today, nullptr}).recipient.defects.size(), 8U);
}

TEST(LineRules, nd68_mau03_takes_names_and_addresses_of_systems) {
    const FieldValues system{{"system_name", "Cổng dịch vụ"},
                             {"agency_name", "Sở Thử Nghiệm"},
                             {"domain_name", "https://DichVu.laichau.gov.vn/"},
                             {"email", "so@laichau.gov.vn"},
                             {"province", "Lai Châu"}};
    const auto findings = check(RequestForm::Form03, {system, system});
    EXPECT_EQ(rules_of(findings[0].defects), "");
    EXPECT_EQ(findings[0].values.at("domain_name"), "dichvu.laichau.gov.vn");
    EXPECT_EQ(rules_of(findings[1].defects), "domain_name:double_system");
}

TEST(LineRules, a_dossier_has_one_to_a_thousand_rows) {
    DossierToCheck dossier;
    dossier.form = form_definition(RequestForm::Form01);
    EXPECT_EQ(rules_of(check_dossier(dossier, {today, nullptr}).dossier), "lines:no_lines");
    dossier.lines.assign(1001, person());
    EXPECT_EQ(rules_of(check_dossier(dossier, {today, nullptr}).dossier), "lines:too_many_lines");
}

TEST(LineRules, three_hundred_rows_are_checked_quickly) {
    std::vector<FieldValues> lines(300, person());
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(check(RequestForm::Form01, lines).size(), 300U);
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds{300});
}

TEST(Identifiers, qd20_agency_codes_are_read_in_both_directions) {
    EXPECT_EQ(read_agency_code("h35.12"), "H35.12");
    EXPECT_EQ(read_agency_code("000.00.12.H35"), "H35.12");
    EXPECT_EQ(read_agency_code("000.03.12.H35"), "H35.12.03");
    EXPECT_EQ(read_agency_code("G11.07"), "G11.07");
    for (const char* bad : {"", "Z35.12", "35.H12", "H35..12", "H35.12-1", "H3", "H35.ĐẢNG"}) {
        EXPECT_FALSE(read_agency_code(bad)) << bad;
    }
    EXPECT_FALSE(read_agency_code("H35." + std::string(32, '1')));
}

TEST(Identifiers, dossier_codes_count_with_four_digits_and_five_after_9999) {
    const auto day = parse_iso_date("2026-12-07").value();
    EXPECT_EQ(dossier_code("G11.07", day, 41), "G11.07-261207-0041");
    EXPECT_EQ(dossier_code("G11.07", day, 9999), "G11.07-261207-9999");
    EXPECT_EQ(dossier_code("G11.07", day, 10000), "G11.07-261207-10000");
    const auto read = read_dossier_code(" g11.07-261207-0041 ");
    ASSERT_TRUE(read);
    EXPECT_EQ(read->body_code, "G11.07");
    EXPECT_EQ(read->number, 41);
    EXPECT_EQ(read_dossier_code("G11.07-261207-10000")->number, 10000);
    for (const char* bad : {"", "G11.07", "G11.07-261307-0041", "G11.07-261207-41",
                            "G11.07-261207-0000", "-261207-0041", "G11.07261207-0041"}) {
        EXPECT_FALSE(read_dossier_code(bad)) << bad;
    }
}

TEST(Identifiers, addresses_of_systems) {
    EXPECT_EQ(read_domain_name("10.0.0.1"), "10.0.0.1");
    EXPECT_EQ(read_domain_name("[2001:db8::1]"), "2001:db8::1");
    EXPECT_EQ(read_domain_name("*.laichau.gov.vn"), "*.laichau.gov.vn");
    for (const char* bad : {"", "300.1.1.1", "a", "a b.vn.", "-a.vn", "a..vn", "2001:::1"}) {
        EXPECT_FALSE(read_domain_name(bad)) << bad;
    }
}

TEST(FormDefinitions, all_shipped_forms_can_be_read_and_name_their_source) {
    EXPECT_TRUE(check_form_definitions());
    for (const auto form : all<RequestForm>()) {
        ASSERT_NE(form_definition(form), nullptr);
        EXPECT_FALSE(form_definition(form)->source.empty());
        for (const auto& field : form_definition(form)->columns)
            EXPECT_FALSE(field.headings.empty()) << field.key;
    }
    for (const auto procedure : all<Procedure>()) {
        for (const auto kind : all<SubscriberKind>())
            EXPECT_NE(form_definition(procedure, kind), nullptr);
    }
}

}  // namespace
}  // namespace antin::domain
