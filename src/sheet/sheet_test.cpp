#include <gtest/gtest.h>
#include <unicode/unistr.h>

#include <fstream>

#include "kit/workbook.hpp"
#include "sheet/headings.hpp"
#include "sheet/number_format.hpp"
#include "sheet/read.hpp"
#include "sheet/write.hpp"

namespace antin::sheet {
namespace {

using kit::zip_of;

const char* const workbook_xml =
    R"(<?xml version="1.0"?><workbook xmlns:r="r"><sheets><sheet name="Danh sách" sheetId="1" r:id="rId1"/></sheets></workbook>)";
const char* const relations_xml =
    R"(<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/></Relationships>)";

std::string xlsx_of(const std::string& sheet, const std::string& strings = "<sst/>",
                    const std::string& styles = "<styleSheet/>",
                    const std::string& workbook = workbook_xml) {
    return zip_of({{"[Content_Types].xml", "<Types/>"},
                   {"xl/workbook.xml", workbook},
                   {"xl/_rels/workbook.xml.rels", relations_xml},
                   {"xl/sharedStrings.xml", strings},
                   {"xl/styles.xml", styles},
                   {"xl/worksheets/sheet1.xml", sheet}});
}
std::string sheet_data(const std::string& rows, const std::string& after = {}) {
    return "<worksheet><sheetData>" + rows + "</sheetData>" + after + "</worksheet>";
}
Result<std::vector<Table>> read_bytes(const std::string& bytes, const Limits& limits = {}) {
    return read(as_bytes(bytes), limits);
}
std::string words(const Row& row) {
    std::string out;
    for (const Cell& cell : row.cells) out += (out.empty() ? "" : "|") + cell.text;
    return out;
}

TEST(Xlsx, shared_inline_formula_and_sparse_cells_are_read) {
    const auto tables = read_bytes(xlsx_of(
        sheet_data(
            R"(<row r="3"><c r="A3" t="s"><v>0</v></c><c r="C3" t="inlineStr"><is><r><t>Lò </t></r><r><t>Thị</t></r></is></c>)"
            R"(<c r="D3"><f>1+1</f><v>2</v></c><c r="E3" t="str"><f>"a"</f><v>a &amp; b</v></c><c r="F3" t="b"><v>1</v></c></row>)"),
        R"(<sst><si><t>Họ và tên</t><rPh><t>xx</t></rPh></si></sst>)"));
    ASSERT_TRUE(tables) << tables.error().code << tables.error().detail;
    ASSERT_EQ(tables->front().rows.size(), 1U);
    const Row& row = tables->front().rows[0];
    EXPECT_EQ(row.number, 3);
    EXPECT_EQ(words(row), "Họ và tên||Lò Thị|2|a & b|TRUE");
}

TEST(Xlsx, dates_numbers_and_zeros_follow_their_style) {
    const std::string styles =
        R"(<styleSheet><numFmts><numFmt numFmtId="164" formatCode="dd\/mm\/yyyy"/><numFmt numFmtId="165" formatCode="000000000000"/></numFmts>)"
        R"(<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="165"/></cellXfs></styleSheet>)";
    const auto tables = read_bytes(xlsx_of(
        sheet_data(
            R"(<row r="1"><c s="1"><v>28987</v></c><c s="2"><v>44368.5</v></c><c s="3"><v>12079004417</v></c><c><v>1.2079004417E10</v></c><c><v>1.5</v></c></row>)"),
        "<sst/>", styles));
    ASSERT_TRUE(tables);
    EXPECT_EQ(words(tables->front().rows[0]), "1979-05-12|2021-06-21|012079004417|12079004417|1.5");
    EXPECT_EQ(tables->front().rows[0].cells[0].kind, CellKind::Date);
}

TEST(Xlsx, serial_days_of_both_calendars) {
    EXPECT_EQ(date_of_serial("1", false), "1900-01-01");
    EXPECT_EQ(date_of_serial("59", false), "1900-02-28");
    EXPECT_FALSE(date_of_serial("60", false));
    EXPECT_EQ(date_of_serial("61", false), "1900-03-01");
    EXPECT_EQ(date_of_serial("0.9", false), std::nullopt);
    EXPECT_EQ(date_of_serial("27525", true), "1979-05-12");
    EXPECT_FALSE(date_of_serial("abc", false));
    EXPECT_FALSE(date_of_serial("1e300", false));
}

TEST(Xlsx, thousands_of_empty_styled_rows_vanish) {
    std::string rows = R"(<row r="1"><c r="A1" t="inlineStr"><is><t>x</t></is></c></row>)";
    for (int i = 2; i < 60000; ++i) {
        rows += "<row r=\"" + std::to_string(i) + R"(" s="1" customFormat="1"><c s="1"/></row>)";
    }
    const auto tables = read_bytes(xlsx_of(sheet_data(rows)));
    ASSERT_TRUE(tables);
    EXPECT_EQ(tables->front().rows.size(), 1U);
}

TEST(Xlsx, twenty_thousand_rows_are_counted_not_kept) {
    std::string rows;
    for (int i = 1; i <= 20000; ++i) {
        rows += "<row r=\"" + std::to_string(i) +
                R"("><c t="inlineStr"><is><t>x</t></is></c><c><v>1</v></c></row>)";
    }
    // Running numbers alone, prepared for rows that never came, are no rows.
    for (int i = 20001; i <= 30000; ++i)
        rows += "<row><c><v>" + std::to_string(i) + "</v></c></row>";
    const auto tables = read_bytes(xlsx_of(sheet_data(rows)));
    ASSERT_TRUE(tables);
    EXPECT_EQ(tables->front().rows.size(), Limits{}.rows_max);
    EXPECT_EQ(tables->front().rows_beyond, 20000 - static_cast<int>(Limits{}.rows_max));
}

TEST(Xlsx, a_word_alone_beyond_the_limit_is_counted_and_a_blank_is_not) {
    Limits limits;
    limits.rows_max = 2;
    const auto text = [](const char* words) {
        return std::string{"<row><c t=\"inlineStr\"><is><t>"} + words + "</t></is></c></row>";
    };
    const std::string number = "<row><c><v>7</v></c></row>";
    const std::string blank = R"(<row><c t="s"><v>0</v></c><c t="s"><v>0</v></c></row>)";
    const auto tables =
        read_bytes(xlsx_of(sheet_data(text("a") + text("b") + number + blank + text("c")),
                           "<sst><si><t> </t></si></sst>"),
                   limits);
    ASSERT_TRUE(tables);
    EXPECT_EQ(tables->front().rows_beyond, 1);
    const auto csv = read_text("a\nb\n3\n\nc\n", limits);
    ASSERT_TRUE(csv);
    EXPECT_EQ(csv->rows_beyond, 1);
}

TEST(Xlsx, worksheets_beyond_the_limit_are_known_by_name) {
    std::vector<kit::Worksheet> sheets;
    for (int i = 1; i <= 10; ++i) sheets.push_back({"Trang " + std::to_string(i), {{"a"}}});
    const auto tables = read_bytes(kit::workbook_of(sheets));
    ASSERT_TRUE(tables);
    ASSERT_EQ(tables->size(), 10U);
    EXPECT_FALSE((*tables)[7].unread);
    EXPECT_TRUE((*tables)[8].unread);
    EXPECT_EQ((*tables)[9].name, "Trang 10");
}

const std::vector<Column> list_columns{{"name", {"Họ tên"}, true}, {"email", {"Email"}, false}};

TEST(FindTable, takes_the_worksheet_that_holds_the_list_and_names_the_others) {
    const auto tables =
        read_bytes(kit::workbook_of({{"Ghi chú", {{"Xin đọc kỹ"}}},
                                     {"Mẫu trống", {{"Họ tên", "Email"}}},
                                     {"Tháng 1", {{"Họ tên", "Email"}, {"An"}}},
                                     {"Tháng 2", {{"Email", "Họ tên"}, {"", "Bình"}}}}));
    const auto found = find_table(tables.value(), list_columns);
    ASSERT_TRUE(found);
    EXPECT_EQ(found->index, 2U);
    EXPECT_EQ(found->worksheets.taken, "Tháng 1");
    EXPECT_FALSE(found->worksheets.is_first);
    EXPECT_EQ(found->worksheets.left, std::vector<std::string>{"Tháng 2"});
}

TEST(FindTable, says_when_no_worksheet_or_none_of_the_first_is_understood) {
    std::vector<kit::Worksheet> sheets(8, {"Ghi chú", {{"Xin đọc kỹ", "nhé"}}});
    auto tables = read_bytes(kit::workbook_of(sheets));
    EXPECT_EQ(find_table(tables.value(), list_columns).error().code, "sheet.no_headings");
    sheets.push_back({"Danh sách", {{"Họ tên", "Email"}, {"An"}}});
    tables = read_bytes(kit::workbook_of(sheets));
    const auto found = find_table(tables.value(), list_columns);
    EXPECT_EQ(found.error().code, "sheet.no_headings_in_first");
    EXPECT_EQ(found.error().args.front().second, "8");
}

TEST(Xlsx, a_value_merged_down_counts_for_every_row_with_something_of_its_own) {
    const auto tables = read_bytes(xlsx_of(sheet_data(
        R"(<row r="1"><c r="A1" t="inlineStr"><is><t>UBND xã</t></is></c><c r="B1"><v>1</v></c></row><row r="2"><c r="B2"><v>2</v></c></row><row r="3"><c r="B3"><v>3</v></c></row>)",
        R"(<mergeCells><mergeCell ref="A1:A2"/></mergeCells>)")));
    ASSERT_TRUE(tables);
    EXPECT_EQ(words(tables->front().rows[1]), "UBND xã|2");
    EXPECT_EQ(words(tables->front().rows[2]), "3");
}

TEST(Xlsx, hidden_sheets_and_external_links_are_left_alone) {
    const auto tables = read_bytes(xlsx_of(
        sheet_data(R"(<row><c><v>1</v></c></row>)"), "<sst/>", "<styleSheet/>",
        R"(<workbook xmlns:r="r"><sheets><sheet name="Ẩn" state="hidden" r:id="rId1"/><sheet name="Hiện" r:id="rId1"/></sheets></workbook>)"));
    ASSERT_TRUE(tables);
    EXPECT_EQ(tables->size(), 1U);
    EXPECT_EQ(tables->front().name, "Hiện");
}

TEST(Xlsx, a_zip_bomb_is_refused_while_it_unpacks) {
    const std::string bomb(100U << 20, ' ');
    EXPECT_EQ(read_bytes(xlsx_of("<worksheet>" + bomb + "</worksheet>")).error().code,
              "sheet.unpacks_too_large");
}

TEST(Xlsx, one_long_string_named_by_many_cells_is_refused) {
    std::string rows;
    for (int i = 0; i < 900; ++i) {
        rows += "<row>";
        for (int c = 0; c < 100; ++c) rows += R"(<c t="s"><v>0</v></c>)";
        rows += "</row>";
    }
    EXPECT_EQ(read_bytes(xlsx_of(sheet_data(rows),
                                 "<sst><si><t>" + std::string(30000, 'x') + "</t></si></sst>"))
                  .error()
                  .code,
              "sheet.unpacks_too_large");
}

TEST(Xlsx, document_types_and_entities_are_refused) {
    EXPECT_EQ(read_bytes(xlsx_of(R"(<!DOCTYPE x [<!ENTITY a "b">]><worksheet/>)")).error().code,
              "sheet.dtd");
    EXPECT_EQ(
        read_bytes(xlsx_of(sheet_data(R"(<row><c t="inlineStr"><is><t>&boom;</t></is></c></row>)")))
            .error()
            .code,
        "sheet.broken");
    EXPECT_EQ(read_bytes(xlsx_of("<worksheet><sheetData>")).error().code, "sheet.broken");
}

TEST(Read, what_is_no_sheet_is_named) {
    EXPECT_EQ(read_bytes("").error().code, "sheet.empty");
    EXPECT_EQ(read_bytes("%PDF-1.7 ...").error().args[0].second, "PDF");
    EXPECT_EQ(read_bytes("\xD0\xCF\x11\xE0...").error().code, "sheet.old_format");
    EXPECT_EQ(read_bytes(zip_of({{"a.txt", "x"}})).error().code, "sheet.not_a_sheet");
    EXPECT_EQ(read_bytes("PK\x03\x04garbage").error().code, "sheet.broken");
    EXPECT_EQ(read_bytes("<html><table></table></html>").error().args[0].second, "HTML");
    EXPECT_EQ(read_bytes(std::string("a\x01\x02\x03\x04\x05,b", 8)).error().code,
              "sheet.not_a_sheet");
    EXPECT_EQ(read_bytes("H\xE0 N\xF4i;x").error().code, "sheet.encoding");
    EXPECT_EQ(read_bytes(std::string(21U << 20, 'a')).error().code, "sheet.too_large");
}

struct TextCase {
    std::string name, content;
};
class TextTest : public testing::TestWithParam<TextCase> {};
TEST_P(TextTest, is_read) {
    const auto tables = read_bytes(GetParam().content);
    ASSERT_TRUE(tables) << tables.error().code;
    ASSERT_EQ(tables->front().rows.size(), 2U);
    EXPECT_EQ(words(tables->front().rows[0]), "Họ và tên|Địa chỉ");
    EXPECT_EQ(words(tables->front().rows[1]), "Lò \"A\"|Bản 1; Lai Châu");
    EXPECT_EQ(tables->front().rows[1].number, 3);
}
std::string utf16(const std::string& text, bool little, bool mark) {
    const auto units = icu::UnicodeString::fromUTF8(text);
    std::string out = mark ? (little ? "\xFF\xFE" : "\xFE\xFF") : "";
    for (int32_t i = 0; i < units.length(); ++i) {
        const auto unit = units.charAt(i);
        const char low = static_cast<char>(unit & 0xFF), high = static_cast<char>(unit >> 8);
        out += little ? low : high;
        out += little ? high : low;
    }
    return out;
}
const std::string semicolons = "Họ và tên;Địa chỉ\r\n\r\n\"Lò \"\"A\"\"\";\"Bản 1; Lai Châu\"\r\n";
INSTANTIATE_TEST_SUITE_P(
    Texts, TextTest,
    testing::Values(TextCase{"plain", semicolons}, TextCase{"bom", "\xEF\xBB\xBF" + semicolons},
                    TextCase{"comma", "Họ và tên,Địa chỉ\n\n\"Lò \"\"A\"\"\",Bản 1; Lai Châu"},
                    TextCase{"tab", "Họ và tên\tĐịa chỉ\r\rLò \"A\"\tBản 1; Lai Châu\r"},
                    TextCase{"utf16le", utf16(semicolons, true, true)},
                    TextCase{"utf16be", utf16(semicolons, false, true)}),
    [](const auto& information) { return information.param.name; });

TEST(Headings, are_found_in_any_order_below_titles_whatever_their_spelling) {
    const std::vector<Column> columns{{"full_name", {"Họ và tên", "Họ tên"}, true},
                                      {"birth_date", {"Ngày sinh"}, true},
                                      {"personal_id", {"Số định danh", "CCCD"}, true},
                                      {"id_issued_on", {"Ngày cấp"}, true},
                                      {"id_issued_by", {"Nơi cấp"}, false},
                                      {"province", {"Tỉnh/Thành phố"}, false}};
    std::string text;
    for (int i = 0; i < 20; ++i) text += "Dòng tiêu đề;;\n";
    text +=
        "STT;NGÀY SINH (dd/mm/yyyy) (bắt buộc);Ho\xCC\xA3 va\xCC\x80 te\xCC\x82n;"
        "CCCD/Ngày cấp/Nơi cấp;Tỉnh / Thành phố\n(1);(2);(3);(4);(5)\n1;x;y;z;t\n";
    const auto table = read_text(text);
    ASSERT_TRUE(table);
    const auto headings = find_headings(*table, columns);
    ASSERT_TRUE(headings);
    EXPECT_EQ(headings->row, 20U);
    EXPECT_EQ(headings->first_data_row, 22U);
    EXPECT_TRUE(headings->missing.empty());
    ASSERT_EQ(headings->columns.size(), 4U);
    EXPECT_EQ(headings->columns[0].keys, std::vector<std::string>{"birth_date"});
    EXPECT_EQ(headings->columns[2].keys,
              (std::vector<std::string>{"personal_id", "id_issued_on", "id_issued_by"}));
    const auto deeper = read_text("a;b\n" + text);
    EXPECT_EQ(find_headings(*deeper, columns).error().code, "sheet.no_headings");
    const auto partial = find_headings(*read_text("Họ tên;Ngày cấp\na;b"), columns);
    EXPECT_EQ(partial->missing, (std::vector<std::string>{"birth_date", "personal_id"}));
}

TEST(Write, a_template_is_read_back_as_written) {
    SheetToWrite sheet;
    sheet.name = "Danh sách";
    sheet.titles = {"DANH SÁCH ĐỀ NGHỊ"};
    sheet.columns = {{"Số định danh", 18, true, {}, "12 chữ số"},
                     {"SIM PKI", 12, false, {"Viettel", "Viettel/cs"}, ""}};
    sheet.rows = {{"012079004417", "Viettel/cs"}};
    sheet.rows_prepared = 50;
    sheet.guide_name = "Hướng dẫn";
    sheet.guide = {"Cách điền", "Mỗi người một dòng."};
    const auto bytes = write_xlsx(sheet);
    ASSERT_TRUE(bytes);
    const auto tables = read_bytes(*bytes);
    ASSERT_TRUE(tables) << tables.error().code << tables.error().detail;
    EXPECT_EQ(words(tables->front().rows[2]), "012079004417|Viettel/cs");
    EXPECT_EQ(tables->back().name, "Hướng dẫn");
    sheet.rows = {{"=cmd()", "a;\"b\""}};
    EXPECT_NE(write_csv(sheet).find("\"'=cmd()\";\"a;\"\"b\"\"\""), std::string::npos);
}

}  // namespace
}  // namespace antin::sheet
