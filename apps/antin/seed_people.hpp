#pragma once
#include <cstdint>
#include <string>

#include "base/time.hpp"

namespace antin::program {

/// The same numbers on every machine and in every run: two measurements are of the same data, and
/// a run that goes on draws what the first one would have drawn.
class Dice {
  public:
    explicit Dice(std::int64_t number)
        : state_(static_cast<std::uint64_t>(number) * 0x9E3779B97F4A7C15ULL + 20261123) {}
    std::int64_t below(std::int64_t limit) {
        return static_cast<std::int64_t>(next() % static_cast<std::uint64_t>(limit));
    }
    /// True in `percent` of the cases.
    bool chance(int percent) { return below(100) < percent; }
    template <class List>
    std::string one_of(const List& list) {
        return list[static_cast<std::size_t>(below(static_cast<std::int64_t>(list.size())))];
    }

  private:
    std::uint64_t next() {  // splitmix64
        std::uint64_t z = state_ += 0x9E3779B97F4A7C15ULL;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
        return z ^ (z >> 31);
    }
    std::uint64_t state_;
};

/// Somebody who does not exist: common syllables put together at random, a number of nobody.
struct InventedPerson {
    std::string full_name, position, email, phone, personal_id, birth_date;
};
[[nodiscard]] InventedPerson invented_person(Dice& dice, std::int64_t number);

struct InventedAgency {
    std::string code, name, kind, branch, level, province_code, province_name, email;
};
/// `number` from 0; the first ones lie in Lai Châu, the others in provinces that do not exist.
[[nodiscard]] InventedAgency invented_agency(std::int64_t number);

}  // namespace antin::program
