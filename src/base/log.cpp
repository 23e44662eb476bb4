#include "base/log.hpp"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <memory>
#include <string>

namespace antin {
namespace {

spdlog::logger& logger() {
    static const auto instance = [] {
        auto made = spdlog::stderr_logger_mt("antin");
        made->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %l %v");
        return made;
    }();
    return *instance;
}

}  // namespace

void log(LogLevel level, std::string_view event, LogFields fields) {
    std::string line{event};
    for (const auto& [key, value] : fields) {
        line += ' ';
        line += key;
        line += '=';
        for (const char c : value) line += c == '\n' || c == '\r' ? ' ' : c;
    }
    switch (level) {
        case LogLevel::Debug:
            logger().debug(line);
            break;
        case LogLevel::Info:
            logger().info(line);
            break;
        case LogLevel::Warning:
            logger().warn(line);
            break;
        case LogLevel::Error:
            logger().error(line);
            break;
    }
}

}  // namespace antin
