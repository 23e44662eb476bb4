#pragma once
#include <string>
#include <utility>
#include <vector>

#include "app/actor.hpp"
#include "app/services.hpp"
#include "base/result.hpp"
#include "store/settings.hpp"

namespace antin::app {

/// What a setting takes, told from its default value.
enum class SettingKind { Text, Number, YesNo, Choice, List };
[[nodiscard]] SettingKind kind_of(const store::SettingRow& row);
/// The answers of a choice.
[[nodiscard]] std::vector<std::string> choices_of(std::string_view name);
/// A value as people type it: text as it is, "true"/"false", numbers, lists with one entry a line.
[[nodiscard]] std::string typed_value(const store::SettingRow& row);

/// For the system administrator. Errors: Forbidden "access.role".
[[nodiscard]] Result<std::vector<store::SettingRow>> read_settings(Services& services,
                                                                   const Actor& actor);
/// Changes the settings that differ, each with an entry in the journal; all or none.
/// Errors: Forbidden "access.role"; Invalid "setting.unknown", "setting.number" (1 to 100000),
/// "setting.text" (1 to 300 letters), "setting.choice", each with the field's name.
using TypedSettings = std::vector<std::pair<std::string, std::string>>;
[[nodiscard]] Status change_settings(Services& services, const Actor& actor,
                                     const TypedSettings& typed);

}  // namespace antin::app
