#include "province_data.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>

namespace antin::program {
namespace {

TEST(LaiChau, has_38_communes_with_three_bodies_each) {
    const auto province = load_province("lai-chau");
    ASSERT_TRUE(province) << province.error().code << province.error().detail;
    EXPECT_EQ(province->bodies.size(), 114u);
    std::map<std::string, int> kinds, branches;
    std::set<std::string> codes, names;
    for (const auto& body : province->bodies) {
        ++kinds[body.kind];
        ++branches[body.branch];
        codes.insert(body.code);
        names.insert(body.name);
        EXPECT_TRUE(body.code_provisional);
        EXPECT_TRUE(body.code.starts_with("H35."));
        EXPECT_LE(body.code.size(), 35u);
        EXPECT_EQ(body.level, "commune");
        EXPECT_EQ(body.province_code, "12");
    }
    EXPECT_EQ(codes.size(), 114u);
    EXPECT_EQ(names.size(), 114u);
    EXPECT_EQ(kinds,
              (std::map<std::string, int>{
                  {"party_committee", 38}, {"peoples_committee", 38}, {"peoples_council", 38}}));
    EXPECT_EQ(branches, (std::map<std::string, int>{{"party", 38}, {"state", 76}}));
}

TEST(LaiChau, names_read_as_on_paper) {
    const auto province = load_province("lai-chau");
    ASSERT_TRUE(province);
    EXPECT_EQ(province->bodies[0].name, "Đảng ủy phường Đoàn Kết");
    EXPECT_EQ(province->bodies[5].name, "Ủy ban nhân dân xã Bình Lư");
    EXPECT_EQ(province->desk.kind, "provincial_desk");
    EXPECT_EQ(province->provider.kind, "provider");
    EXPECT_EQ(province->provider.province_code, "");
}

TEST(LaiChau, superior_bodies_stand_above_each_kind_and_are_none_of_the_114) {
    const auto province = load_province("lai-chau");
    ASSERT_TRUE(province);
    std::map<std::string, std::string> above;
    for (const auto& superior : province->superiors) {
        EXPECT_EQ(superior.body.kind, "superior");
        for (const auto& kind : superior.above) above[kind] = superior.body.name;
    }
    EXPECT_EQ(above, (std::map<std::string, std::string>{
                         {"provider", "Ban Cơ yếu Chính phủ"},
                         {"provincial_desk", "Ủy ban nhân dân tỉnh Lai Châu"},
                         {"party_committee", "Tỉnh ủy Lai Châu"},
                         {"peoples_council", "Hội đồng nhân dân tỉnh Lai Châu"},
                         {"peoples_committee", "Ủy ban nhân dân tỉnh Lai Châu"}}));
    for (const auto& body : province->bodies) EXPECT_NE(body.kind, "superior");
}

TEST(Provinces, an_unknown_one_is_refused_by_name) {
    const auto province = load_province("nowhere");
    ASSERT_FALSE(province);
    EXPECT_EQ(province.error().code, "province.unknown");
}

TEST(Provinces, those_with_a_file_are_listed) {
    const auto names = province_names();
    EXPECT_NE(std::find(names.begin(), names.end(), "lai-chau"), names.end());
}

}  // namespace
}  // namespace antin::program
