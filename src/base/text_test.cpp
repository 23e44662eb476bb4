#include "base/text.hpp"

#include <gtest/gtest.h>

#include "base/bytes.hpp"
#include "base/time.hpp"

using namespace antin;

TEST(Text, FoldingFindsVietnameseNamesWithoutDiacritics) {
    EXPECT_EQ(fold("Đặng Thị  Đức"), "dang thi duc");
    EXPECT_EQ(fold("Nguye\xCC\x82\xCC\x83n"), "nguyen");
}

TEST(Text, CleaningNormalisesSpacesAndDropsDirectionMarks) {
    EXPECT_EQ(clean_text("  Lò\xC2\xA0 Văn \xE2\x80\xAE\tA "), "Lò Văn A");
    EXPECT_EQ(clean_text("a\xFFz"), "");
}

TEST(Bytes, Base64RoundTripsAndRefusesForeignLetters) {
    EXPECT_EQ(to_base64(as_bytes("Ấn")), "4bqkbg==");
    EXPECT_EQ(from_base64("4bqkbg=="), to_bytes("Ấn"));
    EXPECT_FALSE(from_base64("4bq!"));
}

TEST(Time, VietnamIsSevenHoursAheadAllYear) {
    const auto t = parse_iso("2026-11-26T17:00:00+07:00");
    ASSERT_TRUE(t);
    EXPECT_EQ(to_iso(*t), "2026-11-26T17:00:00+07:00");
    EXPECT_EQ(t, parse_iso("2026-11-26T10:00:00Z"));
    EXPECT_EQ(to_vietnamese(*t), "17:00 26/11/2026");
    EXPECT_FALSE(parse_iso("2026-02-30T10:00:00Z"));
}
