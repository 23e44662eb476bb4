#include "seed_people.hpp"

#include <fmt/format.h>

#include <array>

namespace antin::program {
namespace {

constexpr std::array family{"Nguyễn", "Trần", "Lê",    "Phạm",  "Lò",  "Vàng", "Giàng", "Đặng",
                            "Tẩn",    "Phàn", "Quàng", "Hoàng", "Bùi", "Đỗ",   "Sùng",  "Chẻo"};
constexpr std::array middle{"Văn",  "Thị", "Đức",   "Minh", "Thu",
                            "Ngọc", "A",   "Quang", "Hồng", "Xuân"};
constexpr std::array given{"An",   "Bình", "Chi",  "Dung", "Đạt", "Giang", "Hà",
                           "Hùng", "Khoa", "Lan",  "Mai",  "Nam", "Oanh",  "Phúc",
                           "Quý",  "Sơn",  "Thảo", "Tú",   "Vân", "Yến"};
constexpr std::array positions{"Chuyên viên", "Văn thư", "Phó Chủ tịch", "Chủ tịch", "Kế toán"};
constexpr std::array places{"Mường Thử", "Nậm Mẫu", "Bản Ví Dụ", "Tả Mẫu", "Sìn Thử", "Pa Mẫu"};
constexpr std::int64_t bodies_of_a_province = 114;

}  // namespace

InventedPerson invented_person(Dice& dice, std::int64_t number) {
    InventedPerson out;
    out.full_name = dice.one_of(family) + " " + dice.one_of(middle) + " " + dice.one_of(given);
    out.position = dice.one_of(positions);
    // No body of the State has this domain; the rule of official mail finds it well formed.
    out.email = fmt::format("nguoi.{}@do-tai.gov.vn", number);
    out.phone = fmt::format("09{:08}", number % 100'000'000);
    const auto year = 60 + number / 25'000 % 40;  // neighbours in the index are neighbours on disk
    out.birth_date = fmt::format("19{}-{:02}-{:02}", year, 1 + dice.below(12), 1 + dice.below(28));
    // No province has the number 099; sex and year fit the birth, as the check wants it.
    out.personal_id = fmt::format("099{}{}{:06}", dice.below(2), year, number % 1'000'000);
    return out;
}

InventedAgency invented_agency(std::int64_t number) {
    struct Kind {
        const char *name, *kind, *branch;
    };
    constexpr std::array kinds{Kind{"Đảng ủy", "party_committee", "party"},
                               Kind{"Hội đồng nhân dân", "peoples_council", "state"},
                               Kind{"Ủy ban nhân dân", "peoples_committee", "state"}};
    const auto& kind = kinds[static_cast<std::size_t>(number) % kinds.size()];
    const auto commune = number / static_cast<std::int64_t>(kinds.size());
    const auto province = number / bodies_of_a_province;
    InventedAgency out;
    out.code = fmt::format("H99.{}.{}", 10 + number / 1000, 1000 + number % 1000);
    out.name = fmt::format("{} xã {} {}", kind.name,
                           places[static_cast<std::size_t>(commune) % places.size()], commune + 1);
    out.kind = kind.kind;
    out.branch = kind.branch;
    out.level = "commune";
    out.province_code = province == 0 ? "12" : fmt::format("T{}", province);
    out.province_name = province == 0 ? "Lai Châu" : fmt::format("Tỉnh Mẫu {}", province);
    out.email = fmt::format("van-thu.{}@do-tai.invalid", number);
    return out;
}

}  // namespace antin::program
