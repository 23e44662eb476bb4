#include "pdf/archive.hpp"

#include <gtest/gtest.h>

#include "pdf/canvas.hpp"

namespace antin::pdf {
namespace {

std::string drawn(const std::string& title) {
    FileInfo info{title, "Cục Thử Nghiệm", "", parse_iso("2026-12-07T09:12:00+07:00").value()};
    auto canvas = Canvas::open(info, {});
    EXPECT_TRUE(canvas) << canvas.error().detail;
    canvas->paragraph("Ấn Tín", {});
    return std::string{as_text(canvas->finish().value())};
}

TEST(Archive, a_paper_carries_metadata_an_output_intent_and_an_identifier) {
    const auto file = drawn("Xin lỗi <hẹn lại> & trả");
    for (const char* wanted : {"/OutputIntents", "/GTS_PDFA1", "/DestOutputProfile", "/Metadata",
                               "/Lang (vi-VN)", "/ID [", "Xin lỗi &lt;hẹn lại&gt; &amp; trả",
                               "<xmp:CreateDate>2026-12-07T09:12:00+07:00</xmp:CreateDate>"}) {
        EXPECT_NE(file.find(wanted), std::string::npos) << wanted;
    }
    EXPECT_TRUE(file.starts_with("%PDF-1.7"));
}

TEST(Archive, nothing_in_it_acts_and_it_claims_no_conformance_that_nobody_confirmed) {
    const auto file = drawn("Giấy tiếp nhận");
    for (const char* unwanted : {"/JavaScript", "/JS", "/OpenAction", "/AA", "/Launch",
                                 "/EmbeddedFile", "/Encrypt", "pdfaid"}) {
        EXPECT_EQ(file.find(unwanted), std::string::npos) << unwanted;
    }
}

TEST(Archive, the_profile_says_its_own_size_and_three_colours) {
    const auto profile = srgb_profile();
    ASSERT_GT(profile.size(), 128U);
    EXPECT_EQ(profile.size(),
              (profile[0] << 24U | profile[1] << 16U | profile[2] << 8U | profile[3]));
    EXPECT_EQ(as_text(profile).substr(12, 12), "mntrRGB XYZ ");
    EXPECT_EQ(as_text(profile).substr(36, 4), "acsp");
}

TEST(Archive, what_is_not_a_pdf_is_told_and_nothing_is_thrown) {
    EXPECT_FALSE(for_archive(as_bytes("not a file"), {}));
}

}  // namespace
}  // namespace antin::pdf
