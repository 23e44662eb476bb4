#include "app/change_rule.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <nlohmann/json.hpp>
#include <regex>

#include "app/access.hpp"
#include "base/text.hpp"
#include "domain/request_rules.hpp"
#include "domain/role.hpp"

namespace antin::app {
namespace {

constexpr std::int64_t number_max = 100'000;
constexpr std::array<std::string_view, 4> certainties{"verified", "indirect", "derived",
                                                      "recalled"};

Result<nlohmann::json> number_of(std::string_view typed) {
    std::int64_t number = -1;
    const auto [end, error] = std::from_chars(typed.data(), typed.data() + typed.size(), number);
    const bool whole = error == std::errc{} && end == typed.data() + typed.size();
    if (!whole || number < 0 || number > number_max) {
        return fail(ErrorKind::Invalid, "rule.number", {}, {}, "value");
    }
    return nlohmann::json(number);
}

/// "08:00-12:00, 13:00-17:00" -> [[480,720],[780,1020]]; ascending, not overlapping.
Result<nlohmann::json> hours_of(const std::string& typed) {
    static const std::regex span{R"((\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2}))"};
    auto out = nlohmann::json::array();
    std::int64_t before = -1;
    for (std::sregex_iterator at{typed.begin(), typed.end(), span}, end; at != end; ++at) {
        const auto part = [&](int i) { return std::stoll((*at)[i].str()); };
        const auto from = part(1) * 60 + part(2), to = part(3) * 60 + part(4);
        if (from <= before || to <= from || to > 24 * 60 || part(2) > 59 || part(4) > 59) {
            return fail(ErrorKind::Invalid, "rule.hours", {}, {}, "value");
        }
        out.push_back({from, to});
        before = to;
    }
    if (out.empty()) return fail(ErrorKind::Invalid, "rule.hours", {}, {}, "value");
    return out;
}

constexpr std::array<std::string_view, 7> revocation_codes{
    "unspecified",     "key_compromise",         "affiliation_changed",
    "superseded",      "cessation_of_operation", "privilege_withdrawn",
    "certificate_hold"};

std::vector<std::string> parts_of(std::string_view text, char between) {
    std::vector<std::string> parts;
    while (true) {
        const auto end = std::min(text.find(between), text.size());
        parts.push_back(clean_text(text.substr(0, end)));
        if (end == text.size()) return parts;
        text.remove_prefix(end + 1);
    }
}

nlohmann::json list_of(const std::string& words) {
    auto list = nlohmann::json::array();
    for (auto& word : parts_of(words, ',')) {
        if (!word.empty()) list.push_back(std::move(word));
    }
    return list;
}

/// "left_office | Nghỉ hưu, thôi việc | affiliation_changed | individual | agency | nghỉ hưu", one
/// a line.
Result<nlohmann::json> reasons_of(std::string_view typed) {
    auto out = nlohmann::json::array();
    int number = 0;
    for (const auto& line : parts_of(typed, '\n')) {
        ++number;
        if (line.empty()) continue;
        const auto odd = fail(ErrorKind::Invalid, "rule.reasons", {},
                              {{"line", std::to_string(number)}}, "value");
        const auto parts = parts_of(line, '|');
        if (parts.size() != 6) return odd;
        const bool known = std::ranges::find(revocation_codes, parts[2]) != revocation_codes.end();
        if (!known || parts[2] == "certificate_hold" ||
            (parts[4] != "agency" && parts[4] != "authority")) {
            return odd;
        }
        const nlohmann::json reason{{"key", parts[0]},      {"label", parts[1]},
                                    {"code", parts[2]},     {"kinds", list_of(parts[3])},
                                    {"asked_by", parts[4]}, {"words", list_of(parts[5])}};
        if (!domain::parse_revocation_reasons(nlohmann::json::array({reason}))) return odd;
        out.push_back(reason);
    }
    if (out.empty()) {
        return fail(ErrorKind::Invalid, "rule.reasons", {}, {{"line", "1"}}, "value");
    }
    return out;
}

std::string joined(const nlohmann::json& list) {
    std::string out;
    for (const auto& item : list) out += (out.empty() ? "" : ", ") + item.get<std::string>();
    return out;
}

constexpr std::int64_t extension_days_max = 1095;  // NĐ 68/2024 Điều 9 khoản 3

Result<nlohmann::json> value_of(const NewRuleVersion& input, const store::RuleRow& present) {
    if (present.unit == "minutes_of_day") return hours_of(input.value);
    if (present.unit == "reasons") return reasons_of(input.value);
    ANTIN_TRY(number, number_of(trim(input.value)));
    if (input.name == "renew.extension_days" && number > extension_days_max) {
        return fail(ErrorKind::Invalid, "rule.extension", {}, {}, "value");
    }
    return number;
}

Result<store::RuleRow> check(const NewRuleVersion& input, const store::RuleRow& present, Date day) {
    ANTIN_TRY(value, value_of(input, present));
    auto basis = clean_text(input.legal_basis);
    if (basis.empty() || code_points(basis) > 300) {
        return fail(ErrorKind::Invalid, "rule.legal_basis", {}, {}, "legal_basis");
    }
    if (std::ranges::find(certainties, input.certainty) == certainties.end()) {
        return fail(ErrorKind::Invalid, "rule.certainty", {}, {}, "certainty");
    }
    const auto from = parse_iso_date(input.effective_from);
    if (!from || *from < day) {
        return fail(ErrorKind::Invalid, "rule.effective_from", {}, {}, "effective_from");
    }
    return store::RuleRow{input.name,       value.dump(),    present.unit,
                          std::move(basis), input.certainty, to_iso(*from)};
}

}  // namespace

Result<std::vector<store::RuleRow>> read_rules(Services& services, const Actor& actor) {
    if (!actor.has(domain::Role::SystemAdministrator) && !actor.has(domain::Role::Auditor)) {
        return not_your_role(services, actor, "read_rules");
    }
    return services.db.read([](sql::Reader& db) -> Result<std::vector<store::RuleRow>> {
        return store::list_rules(db);
    });
}

Status add_rule_version(Services& services, const Actor& actor, const NewRuleVersion& input) {
    if (!actor.has(domain::Role::SystemAdministrator)) {
        return not_your_role(services, actor, "add_rule_version");
    }
    const auto today = local_date(services.clock.now());
    return services.db.transact([&](sql::Transaction& tx) -> Status {
        const auto rules = store::list_rules(tx);
        if (std::ranges::find(rules, input.name, &store::RuleRow::name) == rules.end()) {
            return fail(ErrorKind::NotFound, "rule.not_found");
        }
        const auto present = store::rule_on(tx, input.name, to_iso(today));
        ANTIN_TRY(rule, check(input, present, today));
        store::insert_rule(tx, rule, actor.account_id, services.clock.now());
        const nlohmann::json detail{
            {"effective_from", rule.effective_from}, {"from", present.value}, {"to", rule.value}};
        audit::append(
            tx, journal_entry(services, actor, "rule.changed", "rule", input.name, detail.dump()));
        return {};
    });
}

std::string typed_rule_value(const store::RuleRow& rule) {
    const auto value = nlohmann::json::parse(rule.value);
    std::string out;
    if (rule.unit == "reasons") {
        for (const auto& reason : value) {
            out += fmt::format("{} | {} | {} | {} | {} | {}\n", reason.value("key", ""),
                               reason.value("label", ""), reason.value("code", ""),
                               joined(reason["kinds"]), reason.value("asked_by", ""),
                               joined(reason["words"]));
        }
        return out;
    }
    if (!value.is_array()) return value.dump();
    for (const auto& span : value) {
        const auto from = span.at(0).get<int>(), to = span.at(1).get<int>();
        out += fmt::format("{}{:02}:{:02}-{:02}:{:02}", out.empty() ? "" : ", ", from / 60,
                           from % 60, to / 60, to % 60);
    }
    return out;
}

}  // namespace antin::app
