#include "web/whole_codes.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

namespace antin::web {
namespace {

std::string parts_of(std::string_view sentence) {
    std::string out;
    for (const auto& part : with_whole_codes(sentence)) {
        const auto words = part["words"].get<std::string>();
        out += part["whole"].get<bool>() ? "[" + words + "]" : words;
    }
    return out;
}

TEST(WholeCodes, ACodeIsOnePartWhereverItStands) {
    EXPECT_EQ(parts_of("Hồ sơ G11.07-261207-0041 cần bổ sung trước 17:00"),
              "Hồ sơ [G11.07-261207-0041] cần bổ sung trước 17:00");
    EXPECT_EQ(parts_of("G11-261207-10001: hết hạn"), "[G11-261207-10001]: hết hạn");
    EXPECT_EQ(parts_of("A-261207-0001 và\nB-261207-0002"), "[A-261207-0001] và\n[B-261207-0002]");
}

TEST(WholeCodes, WhatOnlyLooksLikeOneStaysInTheSentence) {
    for (const char* words : {"", "G11.07-", "G11.07-261207", "G11.07-261207-", "G11.07-26120-0041",
                              "G11.07-261207-041", "G11.07-261207-004100", "cấp-261207-0041"}) {
        EXPECT_EQ(parts_of(words), words);
    }
}

}  // namespace
}  // namespace antin::web
