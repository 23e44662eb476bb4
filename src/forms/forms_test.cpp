#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "forms/handover_notice.hpp"
#include "forms/invitation_letter.hpp"
#include "forms/pin_envelope.hpp"
#include "forms/processing_papers.hpp"
#include "forms/receipt.hpp"
#include "forms/refusal.hpp"
#include "forms/request_form.hpp"
#include "forms/supplement.hpp"
#include "kit/paths.hpp"
#include "pdf/reader.hpp"

namespace antin::forms {
namespace {

namespace fs = std::filesystem;

const PaperLibrary& library() {
    static const auto loaded = PaperLibrary::load();
    EXPECT_TRUE(loaded) << loaded.error().detail;
    return *loaded;
}

/// Kept under build/<preset>/papers, to be looked at.
std::string keep(const std::string& name, const Bytes& file) {
    const fs::path folder = fs::path{ANTIN_BINARY_DIR} / "papers";
    fs::create_directories(folder);
    const auto path = (folder / (name + ".pdf")).string();
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()),
               static_cast<std::streamsize>(file.size()));
    return path;
}

std::string run(const std::string& command) {
    FILE* pipe = popen(command.c_str(), "r");
    std::string out;
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        out.append(buffer.data(), n);
    }
    pclose(pipe);
    return out;
}

/// The words of a paper, with all white space folded, as a person who copies them gets.
std::string words(const std::string& name, const Result<Bytes>& file) {
    EXPECT_TRUE(file) << file.error().code << " " << file.error().detail;
    if (!file) return {};
    std::string out;
    for (const char c : run("pdftotext -layout " + keep(name, *file) + " -")) {
        if (c == ' ' || c == '\n' || c == '\f') {
            if (!out.empty() && out.back() != ' ') out += ' ';
        } else {
            out += c;
        }
    }
    return out;
}

#define EXPECT_SAYS(text, part) EXPECT_NE((text).find(part), std::string::npos) << (text)

const Instant now = *parse_iso("2026-12-07T09:12:00+07:00");
const Date today = *parse_iso_date("2026-12-07");
const PaperBody agency{"Đảng bộ tỉnh Lai Châu", "Đảng ủy xã Khổng Lào", "Khổng Lào"};
const PaperBody provider{"Ban Cơ yếu Chính phủ", "Cục Chứng thực số và Bảo mật thông tin",
                         "Hà Nội"};
const Applicant applicant{"Đảng ủy xã Khổng Lào",
                          "A35.77",
                          "Bản Thử, xã Khổng Lào, tỉnh Lai Châu",
                          "0213 000 0000",
                          "danguy.khonglao@laichau.gov.vn",
                          "Lò Thị Hạnh, văn thư"};

RequestForm request(FormKind kind, int rows) {
    RequestForm form;
    form.kind = kind;
    form.agency = agency;
    form.provider = provider.name;
    form.recipient = {"Lò Thị Hạnh",
                      "012345678901",
                      "2021-05-04",
                      "Cục Cảnh sát QLHC về TTXH",
                      "Văn thư",
                      "0912000001",
                      "lohanh@laichau.gov.vn",
                      "Trụ sở Đảng ủy xã Khổng Lào"};
    for (int i = 1; i <= rows; ++i) {
        form.rows.push_back({{"full_name", "Giàng A Páo " + std::to_string(i)},
                             {"birth_date", "1984-03-" + std::string(i % 9 < 9 ? "0" : "") +
                                                std::to_string(i % 9 + 1)},
                             {"personal_id", "0120840" + std::to_string(10000 + i)},
                             {"id_issued_on", "2021-07-15"},
                             {"id_issued_by", "Cục Cảnh sát QLHC về TTXH"},
                             {"email", "giangapao" + std::to_string(i) + "@laichau.gov.vn"},
                             {"agency_name", "Đảng ủy xã Khổng Lào"},
                             {"province", "Lai Châu"},
                             {"position", "Phó Bí thư"},
                             {"phone", "0912000" + std::to_string(100 + i)},
                             {"old_serial", i % 5 == 0 ? "7AF2DF52182653D3" : ""},
                             {"sim_pki", i % 4 == 0 ? "Viettel/cs" : ""},
                             {"address", "Bản Thử, xã Khổng Lào"},
                             {"tax_code", "0100000000-001"},
                             {"budget_code", "1234567"},
                             {"system_name", "Cổng dịch vụ công tỉnh"},
                             {"domain_name", "dichvucong.laichau.gov.vn"},
                             {"purpose", "Ký số kết quả điện tử"}});
    }
    form.head_position = "Bí thư";
    form.head_name = "Tẩn A Sài";
    form.dossier_reference = "Bản nháp số 41, 12 dòng, lập lúc 09:12 07/12/2026";
    form.made_at = now;
    return form;
}

Receipt receipt() {
    Receipt out;
    out.body = provider;
    out.number_text = "12/TNHS-TTPVHCC";
    out.date = today;
    out.dossier_code = "G11.07-261207-0041";
    out.check_value = "K7QM-4XWP";
    out.applicant = applicant;
    out.content = "Cấp mới chứng thư chữ ký số cho cá nhân, 12 người";
    out.components = {"Văn bản đề nghị (Mẫu 01), bản quét có dấu", "Quyết định thành lập"};
    out.allowed_time = "03 ngày làm việc";
    out.received_at = now;
    out.due_at = *parse_iso("2026-12-10T17:00:00+07:00");
    out.result_place = "Nhận thiết bị qua bưu chính";
    out.received_by = "Trần Thu Hà";
    out.lookup_url = "https://127.0.0.1:8443/tra-cuu?ma=G11.07-261207-0041&kt=K7QM-4XWP";
    out.contact = "Hỗ trợ trong giờ hành chính: 0213 000 0000";
    out.made_at = now;
    return out;
}

TEST(Papers, every_layout_loads_and_names_its_source) {
    const auto all = library().about();
    EXPECT_EQ(all.size(), 18u);
    for (const auto& about : all) {
        EXPECT_FALSE(about.title.empty()) << about.name;
        EXPECT_FALSE(about.source.empty()) << about.name;
        EXPECT_TRUE(parse_iso_date(about.version)) << about.name;
        EXPECT_FALSE(about.replaced);
    }
}

TEST(RequestForm, mau_01_has_every_field_in_the_order_of_the_decree) {
    const auto text =
        words("mau-01", draw_request_form(library(), request(FormKind::Individual, 12)));
    for (const char* field :
         {"Họ và tên: Lò Thị Hạnh", "Chức vụ: Văn thư", "012345678901", "Ngày cấp: 04/05/2021",
          "Nơi cấp: Cục Cảnh sát", "0912000001", "lohanh@laichau.gov.vn",
          "Địa chỉ tiếp nhận:", "ĐẢNG ỦY XÃ KHỔNG LÀO", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
          "Giàng A Páo 12", "BÍ THƯ", "Tẩn A Sài", "Viettel/cs", "7AF2 DF52"}) {
        EXPECT_SAYS(text, field);
    }
    const auto raw =
        run("pdftotext -raw " + std::string(ANTIN_BINARY_DIR) + "/papers/mau-01.pdf -");
    std::size_t at = 0;
    for (const char* column :
         {"STT", "Họ và tên", "Ngày sinh", "Số định danh", "thư điện tử", "Tên cơ quan", "Tỉnh/",
          "Chức vụ", "Số điện", "Số hiệu", "SIM PKI"}) {
        const auto found = raw.find(column, raw.find("2. Danh sách"));
        EXPECT_NE(found, std::string::npos) << column;
        EXPECT_GE(found, at) << column << " stands before the column that it follows";
        at = found;
    }
}

TEST(RequestForm, mau_01_changes_its_title_for_central_signing) {
    auto form = request(FormKind::Individual, 1);
    const std::string title = "cho cá nhân sử dụng giải pháp ký số tập trung";
    EXPECT_EQ(words("mau-01-one", draw_request_form(library(), form)).find(title),
              std::string::npos);
    form.central_signing = true;
    EXPECT_SAYS(words("mau-01-central", draw_request_form(library(), form)), title);
}

TEST(RequestForm, mau_02_and_03_have_their_own_columns) {
    const auto two =
        words("mau-02", draw_request_form(library(), request(FormKind::Organisation, 3)));
    EXPECT_SAYS(two, "0100000000-001");
    EXPECT_SAYS(two, "1234567");
    const auto three =
        words("mau-03", draw_request_form(library(), request(FormKind::Equipment, 3)));
    EXPECT_SAYS(three, "dichvucong.laichau.gov.vn");
    EXPECT_SAYS(three, "Ký số kết quả điện tử");
}

/// Each column of the list stands behind the one before it.
void expect_order(const std::string& file, const std::vector<std::string>& columns) {
    const auto raw =
        run("pdftotext -raw " + std::string(ANTIN_BINARY_DIR) + "/papers/" + file + ".pdf -");
    std::size_t at = 0;
    for (const auto& column : columns) {
        const auto found = raw.find(column, std::max(at, raw.find("2. Danh sách")));
        EXPECT_NE(found, std::string::npos) << file << ": " << column;
        at = found;
    }
}

TEST(RequestForm, mau_04_05_and_06_have_every_field_in_the_order_of_the_decree) {
    auto form = request(FormKind::Update, 0);
    form.rows = {{{"certificate_name", "Vàng A Sinh"},
                  {"serial", "54A10C772B90E31D"},
                  {"phone", "0912345678"},
                  {"email", "sinhva@laichau.gov.vn"},
                  {"change_from", "Thư điện tử công vụ: sinhva@laichau.gov.vn"},
                  {"change_to", "Thư điện tử công vụ: sinhva.kl@laichau.gov.vn"},
                  {"renew", "x"},
                  {"amend", "x"}}};
    const auto four = words("mau-04", draw_request_form(library(), form));
    for (const char* said : {"54A1 0C77 2B90 E31D", "0912345678", "sinhva.kl@laichau.gov.vn",
                             "Vàng A Sinh", "Địa chỉ tiếp nhận:", "BÍ THƯ"}) {
        EXPECT_SAYS(four, said);
    }
    expect_order("mau-04", {"STT", "Tên chứng thư", "Số hiệu", "thư điện tử", "cần thay đổi",
                            "Thông tin mới", "Gia hạn", "Thay đổi"});
    form.kind = FormKind::Revocation;
    form.rows = {{{"certificate_name", "Vàng A Sinh"},
                  {"personal_id", "012079004417"},
                  {"id_issued_on", "2021-06-21"},
                  {"id_issued_by", "Cục CSQLHC"},
                  {"budget_code", "1234567"},
                  {"email", "sinhva@laichau.gov.vn"},
                  {"serial", "54A10C772B90E31D"},
                  {"device_serial", "9f3a77"},
                  {"reason", "Nghỉ hưu, thôi việc"}}};
    const auto five = words("mau-05", draw_request_form(library(), form));
    for (const char* said : {"012079004417", "21/06/2021", "1234567", "54A1 0C77 2B90 E31D",
                             "9f3a77", "Nghỉ hưu, thôi việc", "Địa chỉ thu hồi:"}) {
        EXPECT_SAYS(five, said);
    }
    expect_order("mau-05", {"STT", "Tên chứng thư", "Số định danh", "Mã số thuế", "thư điện tử",
                            "Số hiệu", "thiết", "Lý do"});
    form.kind = FormKind::Restoration;
    form.recipient.agency = "Đảng ủy xã Khổng Lào";
    form.rows = {{{"device_serial", "9f3a77"},
                  {"certificate_name", "Vàng A Sinh"},
                  {"agency_name", "Đảng ủy xã Khổng Lào"},
                  {"email", "sinhva@laichau.gov.vn"}}};
    const auto six = words("mau-06", draw_request_form(library(), form));
    EXPECT_SAYS(six, "9f3a77");
    EXPECT_SAYS(six, "Tên cơ quan: Đảng ủy xã Khổng Lào");
    expect_order("mau-06",
                 {"STT", "Số hiệu thiết bị", "Tên chứng thư", "Tên cơ quan", "thư điện tử"});
}

TEST(RequestForm, a_thousand_rows_are_drawn_and_one_more_is_refused) {
    const auto file = draw_request_form(library(), request(FormKind::Individual, 1000));
    ASSERT_TRUE(file);
    const auto text = words("mau-01-1000", file);
    EXPECT_SAYS(text, "Giàng A Páo 1000");
    EXPECT_GT(pdf::inspect(*file)->pages, 60);
    EXPECT_EQ(draw_request_form(library(), request(FormKind::Individual, 1001)).error().code,
              "paper.too_many_rows");
}

TEST(RequestForm, the_same_input_gives_the_same_bytes) {
    EXPECT_EQ(*draw_request_form(library(), request(FormKind::Individual, 30)),
              *draw_request_form(library(), request(FormKind::Individual, 30)));
}

TEST(RequestForm, a_preview_is_marked_and_what_is_not_known_yet_is_dotted) {
    auto form = request(FormKind::Individual, 40);
    form.preview = true;
    form.recipient = {};
    const auto text = words("mau-01-preview", draw_request_form(library(), form));
    EXPECT_SAYS(text, "ngày …… tháng …… năm ……");
    EXPECT_SAYS(text, "Chức vụ: ……");
}

TEST(RequestForm, values_that_look_like_markup_are_printed_as_they_are) {
    auto form = request(FormKind::Individual, 1);
    form.rows[0]["full_name"] = "**A** {{agency}} <b>&amp;";
    form.agency.name = "{{number_text}} **Xã**";
    const auto text = words("mau-01-markup", draw_request_form(library(), form));
    EXPECT_SAYS(text, "**A** {{agency}}");
    EXPECT_SAYS(text, "{{number_text}} **Xã**");
}

TEST(OneStopPapers, the_receipt_has_every_field_of_mau_01_of_tt_03_2025) {
    const auto text = words("receipt", draw_receipt(library(), receipt()));
    for (const char* field :
         {"GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ", "Mã hồ sơ: G11.07-261207-0041",
          "Số: 12/TNHS-TTPVHCC", "Đảng ủy xã Khổng Lào", "A35.77", "0213 000 0000",
          "danguy.khonglao@laichau.gov.vn", "1. Văn bản đề nghị", "2. Quyết định thành lập",
          "01 (bộ)", "03 ngày làm việc", "09 giờ 12 phút, ngày 07/12/2026",
          "17 giờ 00 phút, ngày 10/12/2026", "Mã kiểm tra: K7QM-4XWP", "Trần Thu Hà",
          "Hà Nội, ngày 07 tháng 12 năm 2026"}) {
        EXPECT_SAYS(text, field);
    }
    EXPECT_EQ(text.find("lịch tạm"), std::string::npos);
    auto provisional = receipt();
    provisional.due_provisional = true;
    EXPECT_SAYS(words("receipt-provisional", draw_receipt(library(), provisional)), "lịch tạm");
}

TEST(OneStopPapers, the_receipt_fits_on_one_page) {
    EXPECT_EQ(pdf::inspect(*draw_receipt(library(), receipt()))->pages, 1);
}

TEST(OneStopPapers, the_qr_of_the_receipt_can_be_read_by_a_scanner) {
    if (std::system("command -v zbarimg >/dev/null 2>&1") != 0) {
        GTEST_SKIP() << "zbarimg (zbar-tools) is not installed";
    }
    const auto path = keep("receipt", *draw_receipt(library(), receipt()));
    run("pdftoppm -r 150 -png " + path + " " + path + ".page");
    EXPECT_SAYS(run("zbarimg -q --raw " + path + ".page-1.png"), receipt().lookup_url);
}

TEST(OneStopPapers, a_supplement_request_lists_all_defects_at_once) {
    Supplement paper;
    paper.body = provider;
    paper.number_text = "3/PBS";
    paper.date = today;
    paper.dossier_code = "G11.07-261207-0041";
    paper.check_value = "K7QM-4XWP";
    paper.applicant = applicant;
    paper.content = "Cấp mới chứng thư chữ ký số cho cá nhân, 12 người";
    paper.items = {"Dòng 3, Thư điện tử công vụ: thư phải do cơ quan nhà nước cấp.",
                   "Dòng 5, Số định danh: ô này mới có 11 chữ số."};
    paper.reason = "Thông tin chưa đủ để cấp chứng thư";
    paper.answer_due_at = *parse_iso("2026-12-11T17:00:00+07:00");
    paper.asked_by = "Hoàng Văn Nam";
    paper.lookup_url = receipt().lookup_url;
    paper.contact = receipt().contact;
    paper.made_at = now;
    const auto text = words("supplement", draw_supplement(library(), paper));
    EXPECT_SAYS(text, "1. Dòng 3");
    EXPECT_SAYS(text, "2. Dòng 5");
    EXPECT_SAYS(text, "17 giờ 00 phút, ngày 11/12/2026");
    paper.dossier_code.clear();
    paper.check_value.clear();
    paper.lookup_url.clear();
    EXPECT_EQ(words("supplement-early", draw_supplement(library(), paper)).find("Mã hồ sơ"),
              std::string::npos);
}

TEST(OneStopPapers, a_refusal_says_why) {
    IntakeRefusal paper{provider,
                        "5/PTC",
                        today,
                        applicant,
                        "Cấp mới, 2 người",
                        {"Không có chữ ký của người đứng đầu."},
                        "Anh/chị trình lãnh đạo ký rồi gửi lại.",
                        "Trần Thu Hà",
                        "0213 000 0000",
                        now};
    EXPECT_SAYS(words("intake-refusal", draw_intake_refusal(library(), paper)),
                "1. Không có chữ ký của người đứng đầu.");
    LineRefusal lines{provider,
                      "6/TL",
                      today,
                      "G11.07-261207-0041",
                      applicant,
                      "Cấp mới, 12 người",
                      {"Dòng 4, Lò Văn Sơn: đã nghỉ hưu."},
                      "Vũ Minh Châu",
                      "0213 000 0000",
                      now};
    EXPECT_SAYS(words("line-refusal", draw_line_refusal(library(), lines)), "Dòng 4, Lò Văn Sơn");
}

TEST(OneStopPapers, apology_stop_control_sheet_and_register_are_drawn) {
    Postponement late{provider,
                      "2/PXL",
                      today,
                      "G11.07-261207-0041",
                      applicant,
                      "Cấp mới, 12 người",
                      now,
                      *parse_iso("2026-12-10T17:00:00+07:00"),
                      *parse_iso("2026-12-14T17:00:00+07:00"),
                      "thiết bị về kho chậm",
                      "Cục trưởng",
                      "Vũ Minh Châu",
                      "0213 000 0000",
                      now};
    EXPECT_SAYS(words("postponement", draw_postponement(library(), late)), "14/12/2026");
    ProcessingStop stop{provider,
                        "",
                        today,
                        "G11.07-261207-0041",
                        applicant,
                        "Cấp mới, 12 người",
                        {"Cơ quan xin rút hồ sơ."},
                        "",
                        "Vũ Minh Châu",
                        "0213 000 0000",
                        now};
    EXPECT_SAYS(words("processing-stop", draw_processing_stop(library(), stop)), "Cơ quan xin rút");
    ControlSheet sheet{provider,
                       "1/PKS",
                       today,
                       "G11.07-261207-0041",
                       "Cấp mới, 12 người",
                       now,
                       now,
                       {{"Trần Thu Hà", "Hoàng Văn Nam", "09:12 07/12", "", "Đã tiếp nhận", ""}},
                       now};
    EXPECT_SAYS(words("control-sheet", draw_control_sheet(library(), sheet)), "Hoàng Văn Nam");
    Register book{
        provider,
        today,
        today,
        {{"G11.07-261207-0041", "Cấp mới", "Đảng ủy xã Khổng Lào", "07/12", "10/12", "", ""}},
        now};
    EXPECT_SAYS(words("register", draw_register(library(), book)), "1 hồ sơ");
}

TEST(Handover, notice_record_and_envelope_name_the_device) {
    const std::vector<HandoverItem> items{
        {"Giàng A Páo", "7AF2DF52182653D3", "AT-000123", "USB Token", "14/12/2026", ""}};
    HandoverNotice notice{agency,      "",       today, provider.name, "G11.07-261207-0041", items,
                          "Tẩn A Sài", "Bí thư", now};
    EXPECT_SAYS(words("mau-07", draw_handover_notice(library(), notice)), "AT-000123");
    HandoverRecord record{provider,
                          "",
                          now,
                          "",
                          "G11.07-261207-0041",
                          "Đảng ủy xã Khổng Lào",
                          "Phạm Thu Trang",
                          "Cán bộ cấp phát",
                          "Lò Thị Hạnh",
                          "Văn thư",
                          "trực tiếp",
                          items,
                          1,
                          now};
    EXPECT_SAYS(words("handover-record", draw_handover_record(library(), record)), "01 bản");
    const auto envelopes = draw_pin_envelopes(
        library(), {{"Giàng A Páo", "Đảng ủy xã Khổng Lào", "AT-000123", "7AF2DF52182653D3",
                     "48210735", "", "10", "G11.07-261207-0041", "0213 000 0000", now},
                    {"Lý Thị Ghến", "Đảng ủy xã Khổng Lào", "AT-000124", "", "10935527", "77120934",
                     "", "", "0213 000 0000", now},
                    {"Sùng A Chứ", "Đảng ủy xã Khổng Lào", "TT-000017", "", "K7QM2X9RTD", "", "",
                     "", "0213 000 0000", now, true}});
    const auto printed = words("pin-envelope", envelopes);
    EXPECT_SAYS(printed, "48210735");
    EXPECT_SAYS(printed, "GIẤY BÁO MÃ PIN");
    EXPECT_SAYS(printed, "GIẤY BÁO MÃ KÍCH HOẠT");
    EXPECT_EQ(pdf::inspect(*envelopes)->pages, 3);
}

TEST(Invitation, each_letter_begins_on_its_own_page) {
    InvitationLetter letter{{"UBND tỉnh Lai Châu", "Sở Khoa học và Công nghệ", "Lai Châu"},
                            "",
                            today,
                            "Đảng ủy xã Khổng Lào",
                            "Lò Thị Hạnh",
                            "danguy.khonglao@laichau.gov.vn",
                            "https://127.0.0.1:8443/kich-hoat?ma=ABCD-EFGH-JKMN",
                            "ABCD-EFGH-JKMN",
                            *parse_iso_date("2026-12-31"),
                            "Giám đốc",
                            "Nguyễn Thị Thử",
                            "0213 000 0000",
                            now};
    const auto file = draw_invitation_letters(library(), {letter, letter, letter});
    EXPECT_SAYS(words("invitation-letter", file), "ABCD-EFGH-JKMN");
    EXPECT_EQ(pdf::inspect(*file)->pages, 3);
}

class Replacement : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (fs::temp_directory_path() / "antin-forms-XXXXXX").string();
        ASSERT_NE(mkdtemp(pattern.data()), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { fs::remove_all(folder_); }
    void put(const std::string& name, const std::string& text) {
        std::ofstream(folder_ / name) << text;
    }
    fs::path folder_;
};

TEST_F(Replacement, a_file_in_the_data_folder_replaces_a_layout_without_a_release) {
    put("receipt.json", R"({"title":"Mẫu của tỉnh","source":"Quyết định thử","version":"2027-01-01",
        "official_text_read":true,"blocks":[{"text":"Mã: **{{dossier_code}}**"}]})");
    const auto replaced = PaperLibrary::load(folder_);
    ASSERT_TRUE(replaced) << replaced.error().detail;
    EXPECT_EQ(words("receipt-replaced", draw_receipt(*replaced, receipt())),
              "Mã: G11.07-261207-0041 ");
    for (const auto& about : replaced->about()) {
        EXPECT_EQ(about.replaced, about.name == "receipt");
        EXPECT_TRUE(about.name != "receipt" || about.official_text_read);
    }
}

TEST_F(Replacement, a_broken_file_is_refused_by_place_and_reason) {
    const auto said = [this](const std::string& text) {
        put("receipt.json", text);
        const auto loaded = PaperLibrary::load(folder_);
        return loaded ? std::string{} : loaded.error().code + ": " + loaded.error().detail;
    };
    EXPECT_SAYS(said("{"), "paper.layout_broken");
    EXPECT_SAYS(said(R"({"title":"x"})"), "blocks: missing");
    EXPECT_SAYS(said(R"({"title":"x","blocks":[{"txt":"y"}]})"), "blocks[1].txt: not known here");
    EXPECT_SAYS(said(R"({"title":"x","blocks":[{"text":"{{pin}}"}]})"), "no value {{pin}}");
    EXPECT_SAYS(said(R"({"title":"x","blocks":[{"text":"y","size":900}]})"), "out of range");
    EXPECT_SAYS(said(R"({"title":"x","blocks":[{"block":"film"}]})"), "no such block: film");
}

}  // namespace
}  // namespace antin::forms
