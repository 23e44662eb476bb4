#pragma once
#include <initializer_list>
#include <string_view>
#include <utility>

namespace antin {

/// One line per event on standard error: time, level, event, key=value. Values come from us, never
/// from people: names, numbers, addresses and secrets do not belong here (say the id instead).
enum class LogLevel { Debug, Info, Warning, Error };
using LogFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
void log(LogLevel level, std::string_view event, LogFields fields = {});

}  // namespace antin
