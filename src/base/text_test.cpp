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

TEST(Text, PlainLettersTakeAShorterWayToTheSameEnd) {
    // A letter outside ASCII, or an odd control character, sends the whole text the long way.
    for (const std::string text : {"  Nguyen \t Van\r\nA ", "H35.12-261126-0001", "", " ", "a--b",
                                   "NGUOI.1@Do-Tai.gov.vn", "(024) 3773.8668"}) {
        const auto without_last = [](std::string s) {
            s.resize(s.size() - std::min<std::size_t>(s.size(), 4));
            return s;
        };
        EXPECT_EQ(clean_text(text), without_last(clean_text(text + " \u01B0\x1F"))) << text;
        EXPECT_EQ(fold(text) + (fold(text).empty() ? "u" : " u"), fold(text + " \u01B0")) << text;
        EXPECT_EQ(to_lower(text) + "\u01B0", to_lower(text + "\u01AF")) << text;
    }
    EXPECT_EQ(clean_text("a\x01"
                         "b"),
              "ab");
}

TEST(Text, WhatIsCleanStaysAndWhatIsNotIsCleaned) {
    for (const std::string clean : {"Nguyễn Văn Ấn", "Đồng chí Lò Thị Ửng", "一 二", "é"}) {
        EXPECT_EQ(clean_text(clean), clean);
        EXPECT_EQ(clean_text(clean_text(clean)), clean);
    }
    EXPECT_EQ(clean_text("Nguyễn  Văn Ấn"), "Nguyễn Văn Ấn");
    EXPECT_EQ(clean_text("Nguyễn Văn Ấn "), "Nguyễn Văn Ấn");
    EXPECT_EQ(clean_text("Nguyễn\u00A0Văn\u200BẤn"), "Nguyễn VănẤn");
    EXPECT_EQ(clean_text("e\u0301"), "é") << "composed";
    EXPECT_EQ(clean_text("Ấn\x01z"), "Ấnz");
    EXPECT_EQ(clean_text("Ấn\xFFz"), "");
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
