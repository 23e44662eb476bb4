#include "pdf/canvas.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "pdf/reader.hpp"

namespace antin::pdf {
namespace {

const FileInfo info{"Tên tệp thử", "Ủy ban nhân dân", "Thử",
                    *parse_iso("2026-11-23T09:00:00+07:00")};

/// What a program of poppler-utils says about a file.
std::string ask(const std::string& command, const Bytes& file) {
    std::string folder = (std::filesystem::temp_directory_path() / "antin-pdf-XXXXXX").string();
    EXPECT_NE(mkdtemp(folder.data()), nullptr);
    const std::string path = folder + "/file.pdf";
    std::ofstream(path, std::ios::binary)
        .write(reinterpret_cast<const char*>(file.data()),
               static_cast<std::streamsize>(file.size()));
    FILE* pipe = popen((command + " " + path + " -  2>&1").c_str(), "r");
    if (command.find("pdffonts") == 0 || command.find("pdfinfo") == 0 ||
        command.find("qpdf") == 0) {
        pclose(pipe);
        pipe = popen((command + " " + path + " 2>&1").c_str(), "r");
    }
    std::string out;
    std::array<char, 4096> buffer{};
    for (std::size_t n = 0; (n = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
        out.append(buffer.data(), n);
    }
    pclose(pipe);
    std::filesystem::remove_all(folder);
    return out;
}

Bytes long_table(int rows) {
    auto canvas = Canvas::open(info, {.landscape = true});
    EXPECT_TRUE(canvas) << canvas.error().detail;
    canvas->paragraph("ĐẢNG ỦY XÃ KHỔNG LÀO", {.bold = true, .align = Align::Center});
    Table table;
    table.columns = {{"STT", 10, Align::Center}, {"Họ và tên", 60}, {"Ghi chú", 100}};
    canvas->begin_table(table);
    for (int i = 1; i <= rows; ++i) {
        canvas->row({std::to_string(i), "Lò Thị Hạnh " + std::to_string(i),
                     "Chữ đậm nhạt: ẩ ễ ộ ữ ỹ Ạ Ể Ỗ đ Đ ơ ư"});
    }
    canvas->end_table();
    auto file = canvas->finish();
    EXPECT_TRUE(file);
    return *file;
}

TEST(Canvas, text_is_vietnamese_that_can_be_selected) {
    const auto text = ask("pdftotext", long_table(3));
    EXPECT_NE(text.find("ĐẢNG ỦY XÃ KHỔNG LÀO"), std::string::npos) << text;
    EXPECT_NE(text.find("ẩ ễ ộ ữ ỹ Ạ Ể Ỗ đ Đ ơ ư"), std::string::npos) << text;
}

TEST(Canvas, only_one_font_family_with_times_metrics_is_embedded) {
    const auto fonts = ask("pdffonts", long_table(3));
    std::size_t lines = 0;
    std::size_t at = fonts.find("---");
    at = fonts.find('\n', at) + 1;
    while (at < fonts.size()) {
        const auto end = fonts.find('\n', at);
        const auto line = fonts.substr(at, end - at);
        ++lines;
        EXPECT_TRUE(line.find("Tinos") != std::string::npos ||
                    line.find("LiberationSerif") != std::string::npos)
            << "a fallback font: " << line;
        EXPECT_NE(line.find(" yes yes yes"), std::string::npos) << line;
        at = end + 1;
    }
    EXPECT_GE(lines, 2u) << fonts;
}

TEST(Canvas, a_table_of_a_thousand_rows_repeats_its_head_on_each_page) {
    const Bytes file = long_table(1000);
    const auto facts = inspect(file);
    ASSERT_TRUE(facts) << facts.error().detail;
    EXPECT_GT(facts->pages, 20);
    const auto text = ask("pdftotext -layout", file);
    int heads = 0;
    for (auto p = text.find("Họ và tên"); p != std::string::npos;
         p = text.find("Họ và tên", p + 1)) {
        ++heads;
    }
    EXPECT_EQ(heads, facts->pages);
    EXPECT_NE(text.find("Lò Thị Hạnh 1000"), std::string::npos);
}

TEST(Canvas, a_row_longer_than_a_page_is_split_and_loses_nothing) {
    auto canvas = Canvas::open(info, {});
    Table table;
    table.columns = {{"Tên", 30}, {"Lời", 60}};
    canvas->begin_table(table);
    std::string words;
    for (int i = 0; i < 3000; ++i) words += "từ" + std::to_string(i) + " ";
    canvas->row({"Dòng dài", words});
    canvas->row({"Dòng sau", "hết"});
    canvas->end_table();
    const auto file = canvas->finish();
    const auto text = ask("pdftotext", *file);
    EXPECT_NE(text.find("từ0 "), std::string::npos);
    EXPECT_NE(text.find("từ2999"), std::string::npos);
    EXPECT_NE(text.find("Dòng sau"), std::string::npos);
    EXPECT_GT(inspect(*file)->pages, 2);
}

TEST(Canvas, ten_thousand_letters_without_a_space_are_wrapped) {
    auto canvas = Canvas::open(info, {});
    canvas->paragraph(std::string(10'000, 'x'), {});
    const auto file = canvas->finish();
    ASSERT_TRUE(file);
    EXPECT_GT(inspect(*file)->pages, 2);
}

TEST(Canvas, control_characters_and_broken_utf8_do_no_harm) {
    auto canvas = Canvas::open(info, {});
    canvas->paragraph(std::string("a\0b\x01\x1b[2J\xff\xfe c", 13), {});
    const auto file = canvas->finish();
    ASSERT_TRUE(file);
    EXPECT_NE(ask("pdftotext", *file).find("ab[2J"), std::string::npos);
}

TEST(Canvas, the_same_calls_give_the_same_bytes) {
    EXPECT_EQ(long_table(40), long_table(40));
}

TEST(Canvas, properties_of_the_file_are_set_and_a_checker_finds_nothing_wrong) {
    const Bytes file = long_table(40);
    const auto said = ask("pdfinfo", file);
    EXPECT_NE(said.find("Tên tệp thử"), std::string::npos) << said;
    EXPECT_NE(said.find("Ấn Tín"), std::string::npos) << said;
    EXPECT_NE(said.find("A4"), std::string::npos) << said;
    EXPECT_NE(ask("qpdf --check", file).find("No syntax or stream encoding errors"),
              std::string::npos);
}

TEST(Canvas, a_qr_code_is_drawn_as_vectors) {
    auto canvas = Canvas::open(info, {});
    ASSERT_TRUE(canvas->qr("https://127.0.0.1:8443/tra-cuu?ma=G11.07-261123-0001", 30, Align::Left,
                           {{{{"Quét để xem"}}, TextStyle{}}}));
    const auto file = canvas->finish();
    EXPECT_EQ(ask("qpdf --qdf", *file).find("/Subtype /Image"), std::string::npos);
    auto second = Canvas::open(info, {});
    EXPECT_EQ(second->qr(std::string(4000, 'x'), 30, Align::Left).error().code,
              "paper.qr_too_long");
}

}  // namespace
}  // namespace antin::pdf
