#include "province_data.hpp"

#include <nlohmann/json.hpp>

#include "base/embedded.hpp"
#include "domain/vocabulary.hpp"
#include "store/superiors.hpp"

namespace antin::program {
namespace {

using nlohmann::json;
constexpr std::string_view folder = "data/provinces/";

store::Agency body(const json& entry, const ProvinceData& province) {
    store::Agency agency;
    agency.code = entry.at("code").get<std::string>();
    agency.name = entry.at("name").get<std::string>();
    agency.kind = entry.value("kind", std::string{store::superior_kind});
    agency.branch = entry.at("branch").get<std::string>();
    agency.level = entry.at("level").get<std::string>();
    if (agency.level != "central") {
        agency.province_code = province.code;
        agency.province_name = province.name;
    }
    return agency;
}

/// "Xã Bình Lư" inside a name: "Ủy ban nhân dân xã Bình Lư".
std::string inside_a_name(std::string unit) {
    if (unit.starts_with("Xã "))
        unit[0] = 'x';
    else if (unit.starts_with("Phường "))
        unit[0] = 'p';
    return unit;
}

std::string filled(std::string pattern, const std::string& unit) {
    const std::string_view tag = "{unit}";
    if (const auto at = pattern.find(tag); at != std::string::npos) {
        pattern.replace(at, tag.size(), inside_a_name(unit));
    }
    return pattern;
}

void add_units(ProvinceData& province, const json& file) {
    const auto prefix = file.at("agency_code").get<std::string>();
    for (const json& unit : file.at("units")) {
        for (const json& kind : file.at("bodies")) {
            store::Agency agency;
            agency.code = prefix + "." + unit.at("code").get<std::string>() + "." +
                          kind.at("suffix").get<std::string>();
            agency.name =
                filled(kind.at("name").get<std::string>(), unit.at("name").get<std::string>());
            agency.kind = kind.at("kind").get<std::string>();
            agency.branch = kind.at("branch").get<std::string>();
            agency.level = "commune";
            agency.province_code = province.code;
            agency.province_name = province.name;
            agency.state = domain::to_text(domain::AgencyState::None);
            province.bodies.push_back(std::move(agency));
        }
    }
}

}  // namespace

Result<ProvinceData> load_province(std::string_view name) {
    const auto* file = find_embedded(std::string{folder} + std::string{name} + ".json");
    if (file == nullptr) {
        return fail(ErrorKind::NotFound, "province.unknown", {}, {{"name", std::string{name}}});
    }
    try {
        const json content = json::parse(file->content);
        ProvinceData province;
        province.code = content.at("code").get<std::string>();
        province.name = content.at("name").get<std::string>();
        province.mail_domain = content.at("mail_domain").get<std::string>();
        province.provider = body(content.at("provider"), province);
        province.desk = body(content.at("desk"), province);
        const std::string approved{domain::to_text(domain::AgencyState::Approved)};
        province.provider.state = province.desk.state = approved;
        for (const json& entry : content.at("superiors")) {
            province.superiors.push_back(
                {body(entry, province), entry.at("above").get<std::vector<std::string>>()});
        }
        add_units(province, content);
        return province;
    } catch (const json::exception& e) {
        return fail(ErrorKind::Invalid, "province.file", e.what());
    }
}

std::vector<std::string> province_names() {
    std::vector<std::string> names;
    for (const auto& file : embedded_data()) {
        if (!file.name.starts_with(folder) || !file.name.ends_with(".json")) continue;
        names.emplace_back(file.name.substr(folder.size(), file.name.size() - folder.size() - 5));
    }
    return names;
}

}  // namespace antin::program
