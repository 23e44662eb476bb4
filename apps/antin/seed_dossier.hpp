#pragma once
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "domain/work_calendar.hpp"
#include "store/seeding.hpp"

namespace antin::program {

/// What all invented dossiers have in common. Ids are those of the first run, in every run.
struct SeedWorld {
    store::SeedMark mark;  // as it was at some time: only what never changes is looked at
    std::int64_t agency_count = 0;
    std::int64_t provider = 0;  // who answers
    std::int64_t intake = 0, approver = 0;
    std::vector<std::int64_t> assessors;
    std::vector<std::string> assessor_names;
    domain::WorkCalendar calendar = domain::WorkCalendar::shipped();
};

/// Rows to write, one JSON array a table.
struct SeedRows {
    using Json = nlohmann::json;
    Json dossier = Json::array(), line = Json::array(), event = Json::array(),
         attachment = Json::array(), device = Json::array(), notice = Json::array(),
         mail = Json::array(), supplement = Json::array(), subscriber = Json::array(),
         certificate = Json::array();
};

/// Adds dossier number `index` (from 0): 57% issuance, 40% amendment, 1% renewal, 2% revocation;
/// about 7 rows; nearly all returned, the newest ones open in every state, the last of all with 300
/// rows. Moves the marks of lines, devices and mails on.
void add_invented_dossier(const SeedWorld& world, std::int64_t index, SeedRows& rows,
                          store::SeedMark& mark);

[[nodiscard]] bool was_accepted(const SeedWorld& world, std::int64_t index);
/// What the public look-up asks for, of a dossier that was accepted.
[[nodiscard]] std::string seed_code(const SeedWorld& world, std::int64_t index);
[[nodiscard]] std::string seed_check_value(std::int64_t index);

}  // namespace antin::program
