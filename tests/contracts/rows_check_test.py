"""`antin rows check`: sheets as clerks make them, and files that are none (design: Sheets)."""
import io
import unicodedata
import zipfile

from antin import Contract
from sheets import (DATE_OWN, STYLED, ZEROS, Book, Date, Formula, Inline, Raw, Rich, Serial,
                    Styled, csv, zipped)

KEYS = ["full_name", "birth_date", "personal_id", "id_issued_on", "id_issued_by", "email",
        "agency_name", "province", "position", "phone"]
HEADINGS = ["Họ và tên", "Ngày sinh", "Số định danh cá nhân", "Ngày cấp", "Nơi cấp",
            "Thư điện tử công vụ", "Tên cơ quan công tác", "Tỉnh/Thành phố", "Chức vụ",
            "Số điện thoại di động"]
SINH = ["Vàng A Sinh", "12/05/1979", "012079004417", "21/06/2021", "Cục CSQLHC về TTXH",
        "sinhva.khonglao@laichau.gov.vn", "Đảng ủy xã Khổng Lào", "Lai Châu", "Bí thư Đảng ủy",
        "0900 000 101"]
HANH = ["Lò Thị Hạnh", "08/03/1992", "012192001234", "11/01/2022", "Cục CSQLHC về TTXH",
        "hanhlt.khonglao@laichau.gov.vn", "Đảng ủy xã Khổng Lào", "Lai Châu", "Văn thư",
        "0900000105"]
THOAN = ["Lường Văn Thoan", "03/11/1983", "012083002965", "01/02/2022", "Cục CSQLHC về TTXH",
         "thoanlv.khonglao@laichau.gov.vn", "Đảng ủy xã Khổng Lào", "Tỉnh Lai Châu", "Phó Bí thư",
         "+84 900 000 106"]
PEOPLE = [SINH, HANH, THOAN]


def with_numbers(rows, first=1):
    return [[first + i, *row] for i, row in enumerate(rows)]


def changed(row, **values):
    return [values.get(key, value) for key, value in zip(KEYS, row)]


class RowsCheck(Contract):
    @classmethod
    def bare_mb(cls):  # what the program takes that does nothing
        if not hasattr(RowsCheck, "bare"):
            RowsCheck.bare = cls.run_measured("--version").memory_mb
        return RowsCheck.bare

    def check(self, content, form="01", name="danh sách.xlsx", extra=()):
        path = self.folder / name
        path.write_bytes(content)
        answer = self.run_measured("rows", "check", "--form", form, path, *extra)
        # 256 MB with all; the sanitizers of this build take most of that before main().
        self.assertLess(answer.memory_mb - self.bare_mb(), 200, "whatever the file holds")
        return answer

    def good(self, content, numbers, form="01", name="danh sách.xlsx"):
        """All rows without a defect; gives them."""
        answer = self.check(content, form, name)
        self.assertEqual(answer.exit, 0, answer.out + answer.said)
        self.assertEqual(list(answer.json), ["errors", "rows"])
        self.assertEqual(answer.json["errors"], [])
        rows = answer.json["rows"]
        self.assertEqual([row["row"] for row in rows], numbers)
        for row in rows:
            self.assertEqual(sorted(row), ["defects", "row", "values", "warnings"])
            self.assertEqual(row["defects"], [])
        return rows

    def people(self, content, numbers=(2, 3, 4), name="danh sách.xlsx"):
        """The three people, whatever the file looks like."""
        rows = self.good(content, list(numbers), name=name)
        self.assertEqual(
            [[row["values"][key] for key in ("full_name", "birth_date", "personal_id",
                                             "id_issued_on", "phone", "province")]
             for row in rows],
            [["Vàng A Sinh", "1979-05-12", "012079004417", "2021-06-21", "0900000101", "Lai Châu"],
             ["Lò Thị Hạnh", "1992-03-08", "012192001234", "2022-01-11", "0900000105", "Lai Châu"],
             ["Lường Văn Thoan", "1983-11-03", "012083002965", "2022-02-01", "0900000106",
              "Lai Châu"]])
        return rows

    def defects(self, content, **options):
        answer = self.check(content, **options)
        self.assertEqual(answer.exit, 1, answer.out + answer.said)
        found = [(row["row"], defect["field"], defect["rule"])
                 for row in answer.json["rows"] for defect in row["defects"]]
        for row in answer.json["rows"]:
            for finding in row["defects"] + row["warnings"]:
                self.assertEqual(sorted(finding), ["field", "message", "rule"])
                self.assertNotIn("{{", finding["message"])
                self.assertTrue(finding["message"].endswith("."), finding["message"])
        return found

    def refused(self, content, rule, **options):
        answer = self.check(content, **options)
        self.assertEqual(answer.exit, 1, answer.out + answer.said)
        self.assertEqual(answer.json["rows"], [])
        self.assertEqual([error["rule"] for error in answer.json["errors"]], [rule])
        self.assertNotIn("{{", answer.json["errors"][0]["message"])
        return answer.json["errors"][0]["message"]


class GoodSheets(RowsCheck):
    def test_a_plain_list(self):
        self.people(Book().sheet([HEADINGS, *PEOPLE]).bytes())

    def test_titles_above_and_merged_over_the_width(self):
        titles = [["ỦY BAN NHÂN DÂN XÃ KHỔNG LÀO"], ["DANH SÁCH ĐỀ NGHỊ CẤP CHỨNG THƯ CHỮ KÝ SỐ"],
                  ["(Kèm theo Công văn số 12/CV-ĐU ngày 20/11/2026 của Đảng ủy xã)"]]
        self.people(Book().sheet(titles + [(9, ["STT", *HEADINGS])] + with_numbers(PEOPLE),
                                 merges=["A1:K1", "A2:K2", "A3:K3"]).bytes(), (10, 11, 12))

    def test_twenty_title_rows_and_no_more(self):
        self.people(Book().sheet([["Tiêu đề"]] * 20 + [HEADINGS, *PEOPLE]).bytes(), (22, 23, 24))
        self.refused(Book().sheet([["Tiêu đề"]] * 21 + [HEADINGS, *PEOPLE]).bytes(),
                     "sheet.no_headings")

    def test_headings_over_two_rows_with_a_line_of_numbers_below(self):
        upper = ["STT", "Họ và tên", "Ngày sinh", "Giấy tờ tùy thân", None, None, *HEADINGS[5:]]
        lower = [None, None, None, "Số định danh cá nhân", "Ngày cấp", "Nơi cấp"]
        marks = [f"({i})" for i in range(1, 12)]
        merges = ["D1:F1"] + [f"{column}1:{column}2" for column in "ABCGHIJK"]
        self.people(Book().sheet([upper, lower, marks, *with_numbers(PEOPLE)],
                                 merges=merges).bytes(), (4, 5, 6))

    def test_columns_in_another_order_with_others_between(self):
        order = [9, 0, 5, 2, 1, 4, 3, 8, 7, 6]
        shuffled = [[row[i] for i in order] + ["ghi chú"] for row in PEOPLE]
        headings = [HEADINGS[i] for i in order] + ["Ghi chú"]
        self.people(Book().sheet([headings, *shuffled]).bytes())

    def test_spellings_of_headings(self):
        headings = ["  HỌ   VÀ TÊN ", "ngày tháng năm sinh (dd/mm/yyyy) (bắt buộc)",
                    unicodedata.normalize("NFD", "Số CCCD"), "Ngày cấp [của thẻ {CCCD}]",
                    "Nơi\ncấp", "Email công vụ (do cơ quan nhà nước cấp)", "Cơ quan", "Tỉnh",
                    "Chức vụ *", "ĐTDĐ"]
        self.people(Book().sheet([headings, *PEOPLE]).bytes())

    def test_one_column_for_number_day_and_place_of_the_identity(self):
        headings = ["TT", "Họ tên", "Ngày sinh", "Số định danh/Ngày cấp/Nơi cấp", *HEADINGS[5:]]
        joins = ["/", " / ", "\n"]
        rows = [[i + 1, *row[:2], joins[i].join(row[2:5]), *row[5:]]
                for i, row in enumerate(PEOPLE)]
        for row in self.people(Book().sheet([headings, *rows]).bytes()):
            self.assertEqual(row["values"]["id_issued_by"], "Cục CSQLHC về TTXH")

    def test_dates_as_serials_text_and_words(self):
        rows = [changed(SINH, birth_date=Date(1979, 5, 12),
                        id_issued_on=Date(2021, 6, 21, DATE_OWN)),
                changed(HANH, birth_date=" 8-3-1992", id_issued_on="2022-01-11 00:00:00"),
                changed(THOAN, birth_date="ngày 03 tháng 11 năm 1983", id_issued_on="2022/02/01")]
        self.people(Book().sheet([HEADINGS, *rows]).bytes())

    def test_serials_of_the_1904_calendar_with_and_without_the_form_of_a_date(self):
        rows = [changed(SINH, birth_date=Date(1979, 5, 12), id_issued_on=Serial(2021, 6, 21)),
                changed(HANH, birth_date=Serial(1992, 3, 8), id_issued_on=Date(2022, 1, 11)),
                THOAN]
        self.people(Book(from_1904=True).sheet([HEADINGS, *rows]).bytes())

    def test_bare_serials_of_the_usual_calendar(self):
        rows = [changed(row, birth_date=Serial(y, m, d)) for row, (y, m, d)
                in zip(PEOPLE, [(1979, 5, 12), (1992, 3, 8), (1983, 11, 3)])]
        self.people(Book().sheet([HEADINGS, *rows]).bytes())

    def test_formulas_give_their_stored_value(self):
        rows = [changed(SINH, full_name=Formula('A9&" A Sinh"', "Vàng A Sinh"),
                        birth_date=Raw('<c r="{r}" s="1"><f>TODAY()-100</f><v>28987</v></c>')),
                changed(HANH, email=Formula('HYPERLINK("http://x.example","y")', HANH[5])), THOAN]
        self.people(Book().sheet([HEADINGS, *rows]).bytes())

    def test_inline_rich_and_escaped_text(self):
        rows = [changed(SINH, full_name=Rich("Vàng ", "A", " Sinh"), position=Inline("Bí thư & P")),
                changed(HANH, full_name="Lò_x000D_\nThị Hạnh"),
                changed(THOAN, full_name=Inline("Lường Văn Thoan"))]
        found = self.people(Book().sheet([HEADINGS, *rows]).bytes())
        self.assertEqual(found[0]["values"]["position"], "Bí thư & P")

    def test_stray_spaces_and_invisible_signs(self):
        rows = [changed(SINH, full_name="\u00a0 Vàng\u2003A\tSinh\u200b ",
                        personal_id=" 012 079 004 417"),
                changed(HANH, email=" HanhLT.KhongLao@LaiChau.gov.vn\u200e"),
                changed(THOAN, full_name="\ufeffLường  Văn\u00a0Thoan")]
        self.people(Book().sheet([HEADINGS, *rows]).bytes())

    def test_decomposed_letters_come_back_composed(self):
        rows = [[unicodedata.normalize("NFD", value) for value in row] for row in PEOPLE]
        self.people(Book().sheet([HEADINGS, *rows]).bytes())

    def test_numbers_whose_form_shows_the_zeros_in_front(self):
        rows = [changed(SINH, personal_id=Styled(12079004417, ZEROS), phone=900000101),
                changed(HANH, personal_id=Styled("1.2192001234E10", ZEROS)), THOAN]
        self.people(Book().sheet([HEADINGS, *rows]).bytes())

    def test_thousands_of_empty_styled_rows(self):
        empty = "".join(
            f'<row r="{r}">' + "".join(f'<c r="{c}{r}" s="{STYLED}"/>' for c in "ABCDEFGHIJ")
            + "</row>" for r in range(5, 20000))
        self.people(Book().sheet([HEADINGS, *PEOPLE], extra=empty).bytes())

    def test_running_numbers_prepared_for_thousands_of_rows_that_are_not_there(self):
        rows = [["STT", *HEADINGS], *with_numbers(PEOPLE), *[[i] for i in range(4, 5000)]]
        self.people(Book().sheet(rows).bytes())

    def test_gaps_and_lone_spaces_between_rows_keep_the_numbers_of_the_sheet(self):
        self.people(Book().sheet([HEADINGS, (5, SINH), (6, [" ", "\u00a0"]), (40, HANH),
                                  (41, THOAN)]).bytes(), (5, 40, 41))

    def test_group_names_and_what_is_signed_below_are_no_rows(self):
        rows = [["STT", *HEADINGS], ["I", "Thường trực Đảng ủy"], *with_numbers(PEOPLE[:2]),
                ["II", "Văn phòng"], *with_numbers(PEOPLE[2:], 3),
                [], [None, "Lai Châu, ngày 24 tháng 11 năm 2026"],
                [None, "NGƯỜI LẬP BIỂU", *[None] * 6, "BÍ THƯ"]]
        self.people(Book().sheet(rows).bytes(), (3, 4, 6))

    def test_headings_repeated_on_the_next_page(self):
        self.people(Book().sheet([HEADINGS, SINH, HANH, HEADINGS, THOAN]).bytes(), (2, 3, 5))

    def test_the_sheet_that_is_the_list_is_found_among_several(self):
        book = Book().sheet([["Hướng dẫn", "Họ và tên: ghi đủ"]], "Hướng dẫn")
        book.sheet([HEADINGS, *[["cũ"] * 10] * 3], "Bản cũ", state="hidden")
        book.sheet([HEADINGS, *PEOPLE], "Danh sách").sheet([["1"]], "Trang3")
        self.people(book.bytes())

    def test_rows_and_cells_that_do_not_say_where_they_are(self):
        sheet = "".join("<row>" + "".join(f'<c t="inlineStr"><is><t>{value}</t></is></c>'
                                          for value in row) + "</row>"
                        for row in [HEADINGS, *PEOPLE])
        book = Book().sheet([])
        book.parts["xl/worksheets/sheet1.xml"] = f"<worksheet><sheetData>{sheet}</sheetData></worksheet>"
        self.people(book.bytes())

    def test_a_workbook_that_lies_elsewhere_in_the_container(self):
        with zipfile.ZipFile(io.BytesIO(Book().sheet([HEADINGS, *PEOPLE]).bytes())) as archive:
            parts = {name.replace("xl/", "so/").replace("workbook.xml", "book2.xml")
                         .replace("sharedStrings", "Chu"): archive.read(name)
                     .replace(b"xl/workbook.xml", b"/so/book2.xml")
                     .replace(b"sharedStrings.xml", b"Chu.xml") for name in archive.namelist()}
        self.people(zipped(parts))

    def test_parts_in_utf_16_with_names_in_a_namespace(self):
        with zipfile.ZipFile(io.BytesIO(Book().sheet([HEADINGS, *PEOPLE]).bytes())) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
        for name in ("xl/sharedStrings.xml", "xl/worksheets/sheet1.xml"):
            text = parts[name].decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
            for tag in ("sst", "si", "t", "worksheet", "sheetData", "row", "c", "v"):
                text = text.replace(f"<{tag} ", f"<x:{tag} ").replace(f"<{tag}>", f"<x:{tag}>")
                text = text.replace(f"</{tag}>", f"</x:{tag}>")
            parts[name] = b"\xff\xfe" + text.encode("utf-16-le")
        self.people(zipped(parts))

    def test_form_02_and_the_kind_of_certificate_code(self):
        headings = ["Tên cơ quan", "Địa chỉ", "MST", "Mã QHNS", "Tỉnh, thành phố", "Email"]
        rows = [["UBND xã Thử", "Bản Một", "0301519977", None, "Lai Châu", "ubnd@laichau.gov.vn"],
                ["Trường Thử", "Bản Hai", None, "1234567", "Lai Châu", "truong@laichau.gov.vn"]]
        found = self.good(Book().sheet([headings, *rows]).bytes(), [2, 3], form="02")
        self.assertEqual(found[0]["values"]["tax_code"], "0301519977")
        self.refused(Book().sheet([[h for h in headings if h not in ("MST", "Mã QHNS")],
                                   rows[0][:2] + rows[0][4:]]).bytes(), "sheet.missing_columns",
                     form="02")

    def test_form_03(self):
        headings = ["Tên thiết bị, dịch vụ, phần mềm", "Cơ quan", "Tên miền/IP", "Email", "Tỉnh"]
        row = ["Cổng dữ liệu", "Sở Thử", "https://dulieu.laichau.gov.vn/", "so@laichau.gov.vn",
               "Tỉnh Lai Châu"]
        found = self.good(Book().sheet([headings, row]).bytes(), [2], form="03")
        self.assertEqual(found[0]["values"]["domain_name"], "dulieu.laichau.gov.vn")

    def test_warnings_never_fail(self):
        rows = [changed(SINH, province="Lai Châu cũ"), HANH]
        found = self.good(Book().sheet([[*HEADINGS, "Số hiệu chứng thư cũ"],
                                        [*rows[0], "54:A1:0C:77:2B:90:E3:1D"], rows[1]]).bytes(),
                          [2, 3])
        self.assertEqual([(w["field"], w["rule"]) for w in found[0]["warnings"]],
                         [("province", "province_unknown")])
        self.assertEqual(found[0]["values"]["old_serial"], "54A10C772B90E31D")


class TextFiles(RowsCheck):
    def test_semicolons_commas_tabs_and_bars(self):
        for separator in ";,\t|":
            self.people(csv([HEADINGS, *PEOPLE], separator), name="danh sách.csv")

    def test_encodings_and_ends_of_lines(self):
        for encoding, mark in (("utf-8", b"\xef\xbb\xbf"), ("utf-16-le", b"\xff\xfe"),
                               ("utf-16-be", b"\xfe\xff"), ("utf-16-le", b""), ("utf-16-be", b"")):
            for end in ("\r\n", "\n", "\r"):
                self.people(csv([HEADINGS, *PEOPLE], "\t", end, encoding, mark), name="a.txt")

    def test_decomposed_utf_16_without_a_mark(self):
        rows = [[unicodedata.normalize("NFD", value) for value in row]
                for row in [HEADINGS, *PEOPLE]]
        for encoding in ("utf-16-le", "utf-16-be"):
            self.people(csv(rows, "\t", encoding=encoding), name="a.txt")

    def test_the_old_vietnamese_code_page(self):
        def tones_apart(text):
            out = ""
            for letter in unicodedata.normalize("NFC", text):
                try:
                    letter.encode("cp1258")
                    out += letter
                except UnicodeEncodeError:
                    marks = unicodedata.normalize("NFD", letter)
                    tone = next(m for m in marks if m in "\u0300\u0301\u0303\u0309\u0323")
                    out += unicodedata.normalize("NFC", marks.replace(tone, "")) + tone
            return out
        rows = [[tones_apart(value) for value in row] for row in [HEADINGS, *PEOPLE]]
        self.people(csv(rows, ";", encoding="cp1258"), name="a.csv")

    def test_other_code_pages_are_refused_not_guessed(self):
        self.refused("Hä;Nôi;é\r\n".encode("cp1252"), "sheet.encoding", name="a.csv")
        self.refused(b"H\xe4 v\xb5 t\xaan;Ng\xb5y sinh\r\n", "sheet.encoding", name="a.csv")

    def test_quotes_separators_and_line_breaks_inside_cells(self):
        rows = [changed(SINH, agency_name='Đảng ủy "xã"; Khổng Lào', position="Bí\nthư"), HANH,
                THOAN]
        found = self.people(csv([HEADINGS, *rows]), name="a.csv")
        self.assertEqual(found[0]["values"]["agency_name"], 'Đảng ủy "xã"; Khổng Lào')
        self.assertEqual(found[0]["values"]["position"], "Bí thư")

    def test_addresses_full_of_commas_do_not_win_over_semicolons(self):
        headings = ["Tên cơ quan", "Địa chỉ", "MST", "Tỉnh", "Email"]
        rows = [[f"Cơ quan {i}", "Số 1, tổ 2, bản 3, phường Tân Phong, tỉnh Lai Châu, Việt Nam",
                 f"03015199{i:02}", "Lai Châu", f"c{i}@laichau.gov.vn"] for i in range(20)]
        self.good(csv([headings, *rows]), list(range(2, 22)), form="02", name="a.csv")

    def test_the_line_that_names_the_separator(self):
        self.people(b"sep=;\r\n" + csv([HEADINGS, *PEOPLE]), (3, 4, 5), name="a.csv")


class Defects(RowsCheck):
    def test_seven_of_forty_are_all_named_at_once_with_their_rows(self):
        rows = []
        for i in range(40):
            rows.append(changed(SINH, full_name=f"Người Thử {'ABCDEFGHIJKLMNOPQRST'[i % 20]}",
                                personal_id=f"0120790{i:05}", email=f"a{i}@laichau.gov.vn",
                                birth_date=Date(1979, 1, 1)))
        wrong = {3: ("email", "a@gmail.com"), 9: ("personal_id", "01207900441"),
                 17: ("birth_date", "31/02/1990"), 21: ("phone", "123"),
                 22: ("full_name", "Sinh"), 30: ("position", None), 39: ("email", "không có")}
        for at, (key, value) in wrong.items():
            rows[at] = changed(rows[at], **{key: value})
        self.assertEqual(
            self.defects(Book().sheet([["STT", *HEADINGS], *with_numbers(rows)]).bytes()),
            [(5, "email", "email_personal"), (11, "personal_id", "personal_id_eleven"),
             (19, "birth_date", "date_unread"), (23, "phone", "phone_form"),
             (24, "full_name", "name_one_word"), (32, "position", "required"),
             (41, "email", "email_malformed")])

    def test_a_lost_zero_a_year_alone_and_a_failed_formula(self):
        rows = [changed(SINH, personal_id=12079004417), changed(HANH, birth_date=1992),
                changed(THOAN, position=Formula("A99", "#REF!", "e"))]
        self.assertEqual(self.defects(Book().sheet([HEADINGS, *rows]).bytes()),
                         [(2, "personal_id", "personal_id_eleven"),
                          (3, "birth_date", "date_unread"),
                          (4, "position", "formula_error")])

    def test_doubles_name_the_row_of_the_sheet(self):
        answer = self.check(Book().sheet([["x"], HEADINGS, SINH, HANH, SINH]).bytes())
        self.assertEqual(answer.exit, 1)
        double = answer.json["rows"][2]["defects"][0]
        self.assertEqual((double["field"], double["rule"]), ("personal_id", "double_personal_id"))
        self.assertIn("dòng 3", double["message"])

    def test_hostile_text_is_refused_by_the_name_of_its_field_or_harmless(self):
        rows = [changed(SINH, full_name="<script>alert(1)</script> A"),
                changed(HANH, position="a" * 10000),
                changed(THOAN, full_name="Lường\u202e Văn Thoan", position='"><img src=x>')]
        answer = self.check(Book().sheet([HEADINGS, *rows]).bytes())
        self.assertEqual([(row["row"], d["field"], d["rule"])
                          for row in answer.json["rows"] for d in row["defects"]],
                         [(2, "full_name", "name_signs"), (3, "position", "too_long")])
        self.assertEqual(answer.json["rows"][2]["values"]["full_name"], "Lường Văn Thoan")


class Refused(RowsCheck):
    def test_a_missing_required_column_is_named(self):
        content = Book().sheet([HEADINGS[:8], *[row[:8] for row in PEOPLE]]).bytes()
        self.assertIn("Chức vụ", self.refused(content, "sheet.missing_columns"))

    def test_twenty_thousand_rows(self):
        rows = [["STT", *HEADINGS]] + [[i, *[Inline(value) for value in SINH]]
                                       for i in range(1, 20001)]
        self.assertIn("20000", self.refused(Book().sheet(rows).bytes(), "sheet.too_many_rows"))
        self.assertIn("20000", self.refused(csv([HEADINGS] + [SINH] * 20000),
                                            "sheet.too_many_rows", name="a.csv"))

    def test_a_thousand_rows_and_one(self):
        rows = [changed(SINH, personal_id=f"0120790{i:05}", email=f"a{i}@laichau.gov.vn")
                for i in range(1001)]
        self.good(Book().sheet([HEADINGS, *rows[:1000]]).bytes(), list(range(2, 1002)))
        self.assertIn("1001", self.refused(Book().sheet([HEADINGS, *rows]).bytes(),
                                           "sheet.too_many_rows"))

    def test_zip_bombs(self):
        for part in ("xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml",
                     "xl/workbook.xml", "_rels/.rels", "xl/_rels/workbook.xml.rels"):
            book = Book().sheet([HEADINGS, *PEOPLE])
            book.parts[part] = b"<x>" + b" " * (200 << 20) + b"</x>"
            self.refused(book.bytes(), "sheet.unpacks_too_large")

    def test_one_long_text_that_every_cell_names(self):
        book = Book()
        long = book.shared("<t>" + "x" * (1 << 20) + "</t>")
        row = [Raw(f'<c r="{{r}}" t="s"><v>{long}</v></c>')] * 60
        self.refused(book.sheet([HEADINGS, *PEOPLE, *[row] * 2000]).bytes(),
                     "sheet.unpacks_too_large")
        # Rows that are only counted refer to it in vain.
        short = [[f"{i}", "x"] for i in range(1200)]
        self.refused(book.sheet([HEADINGS, *short, *[row] * 200], "Thứ hai").bytes(),
                     "sheet.unpacks_too_large")

    def test_document_types_and_entities(self):
        for part in ("xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/sharedStrings.xml"):
            book = Book().sheet([HEADINGS, *PEOPLE])
            book.parts[part] = (b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b '
                                b'SYSTEM "file:///etc/passwd">]><x>&b;</x>')
            self.refused(book.bytes(), "sheet.dtd")
        book = Book().sheet([HEADINGS, [Raw('<c r="{r}" t="inlineStr"><is><t>&lol;</t></is></c>')]])
        self.refused(book.bytes(), "sheet.broken")

    def test_a_million_comments_and_a_thousand_levels(self):
        book = Book().sheet([HEADINGS, *PEOPLE])
        for filling, rule in ((b"<!---->" * 3_000_000, None), (b"<?a?>" * 3_000_000, None),
                              (b"<a>" * 1000, "sheet.broken")):
            sheet = book.sheets[0][2].encode().replace(b"</sheetData>", filling + b"</sheetData>")
            book.parts["xl/worksheets/sheet1.xml"] = sheet
            if rule:
                self.refused(book.bytes(), rule)
            else:
                self.people(book.bytes())

    def test_a_million_escapes_in_one_text(self):
        book = Book().sheet([HEADINGS, changed(SINH, position="_x000D_" * 1_000_000)])
        self.assertEqual(self.check(book.bytes()).exit, 1)

    def test_a_million_columns(self):
        wide = "<c><v>1</v></c>" * 1_000_000
        book = Book().sheet([HEADINGS, *PEOPLE])
        sheet = book.sheets[0][2].encode()
        book.parts["xl/worksheets/sheet1.xml"] = sheet.replace(
            b"</sheetData>", f'<row r="5">{wide}</row></sheetData>'.encode())
        answer = self.check(book.bytes())
        self.assertEqual((answer.exit, len(answer.json["rows"])), (1, 4))
        self.refused(b";".join([b"x"] * 1_000_000), "sheet.no_headings", name="a.csv")

    def test_files_that_are_no_sheet_are_named_for_what_they_are(self):
        def archive(*names):
            return zipped({name: b"x" for name in names})
        for content, kind in ((b"%PDF-1.7\n%\xe2\xe3", "PDF"), (b"\x89PNG\r\n\x1a\n", "PNG"),
                              (b"\xff\xd8\xff\xe0..JFIF", "JPEG"), (b"Rar!\x1a\x07", "RAR"),
                              (b"MZ\x90\0\3", "EXE"), (b"{\\rtf1 x}", "RTF"),
                              (b"<html><table><tr><td>x", "HTML"),
                              (b"<?xml version='1.0'?><x/>", "XML"),
                              (archive("word/document.xml"), "DOCX"),
                              (archive("xl/workbook.bin"), "XLSB"),
                              (archive("content.xml", "mimetype"), "ODS"),
                              (archive("a.txt"), "ZIP"), (b"PK\x05\x06" + b"\0" * 18, "ZIP")):
            self.assertIn(kind, self.refused(content, "sheet.not_a_sheet", name="a.xlsx"))
        self.refused(bytes(range(32)) * 40, "sheet.not_a_sheet", name="a.csv")
        self.refused(bytes(range(256)) * 40, "sheet.encoding", name="a.csv")

    def test_old_and_encrypted_workbooks(self):
        head = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 504
        message = self.refused(head, "sheet.old_format", name="a.xls")
        self.assertIn("mật khẩu", message)
        self.refused(head + "EncryptedPackage".encode("utf-16-le"), "sheet.old_format")

    def test_empty_cut_and_damaged_files(self):
        whole = Book().sheet([HEADINGS, *PEOPLE]).bytes()
        self.refused(b"", "sheet.empty")
        self.refused(b" \r\n\t\r\n", "sheet.empty", name="a.csv")
        self.refused(b"\xef\xbb\xbf", "sheet.empty", name="a.csv")
        for cut in (5, 100, len(whole) // 2, len(whole) - 10):
            self.refused(whole[:cut], "sheet.broken")
        at = whole.index(b"xl/sharedStrings.xml") + 60
        self.refused(whole[:at] + bytes(255 - byte for byte in whole[at:at + 40])
                     + whole[at + 40:], "sheet.broken")
        self.refused(b"a" * (21 << 20), "sheet.too_large", name="a.csv")

    def test_lists_without_headings_or_without_rows(self):
        self.refused(Book().sheet(PEOPLE).bytes(), "sheet.no_headings")
        self.refused(Book().sheet([["STT", *HEADINGS], [1], [2]]).bytes(), "sheet.no_rows")
        self.refused(Book().sheet([]).bytes(), "sheet.no_headings")
        self.refused(Book().sheet([HEADINGS, *PEOPLE], state="hidden").bytes(), "sheet.empty")

    def test_wrong_use(self):
        content = csv([HEADINGS, *PEOPLE])
        for form in ("07", "1", "../01"):
            self.assertEqual(self.check(content, form).exit, 2)
        self.assertEqual(self.run_antin("rows", "check", "--form", "01").exit, 2)
        self.assertEqual(self.run_antin("rows", "check", "--form", "01", "missing.xlsx").exit, 3)
        self.assertEqual(self.run_antin("rows", "check", "--form", "01", self.folder).exit, 3)

