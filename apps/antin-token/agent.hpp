#pragma once
#include <chrono>
#include <functional>
#include <memory>
#include <mutex>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "hsm/module.hpp"

namespace antin::hsm {
class Token;
}

namespace antin::agent {

class Pairings;

inline constexpr int protocol_version = 1;

struct AgentSettings {
    hsm::ModuleSettings module;
    std::string so_pin;  // of the devices of this desk, from a file; empty: no wiping, no unlocking
    std::chrono::milliseconds pairing_limit{120'000};
};

/// Answers one question of a page (docs/token-agent.md). Device operations go one at a time; PINs
/// pass through and are neither kept nor logged.
class Agent {
  public:
    Agent(AgentSettings settings, Pairings& pairings);

    using Progress = std::function<void(std::string_view)>;
    /// `question` and the answer are JSON texts. Never throws; every input has an answer.
    [[nodiscard]] std::string answer(std::string_view origin, std::string_view question,
                                     const Progress& progress);

  private:
    using Json = nlohmann::json;
    Result<Json> perform(std::string_view origin, const Json& question, const Progress& progress);
    Result<Json> list_tokens();
    Result<Json> describe(const Json& question);
    Result<Json> prepare(const Json& question);
    Result<Json> generate(const Json& question, const Progress& progress);
    Result<Json> write(const Json& question);
    Result<Json> check(const Json& question);
    Result<Json> set_pin(const Json& question);
    Result<Json> unlock(const Json& question);
    Result<std::shared_ptr<hsm::Token>> open(const Json& question);
    Result<std::shared_ptr<hsm::Module>> module();

    AgentSettings settings_;
    Pairings& pairings_;
    std::timed_mutex device_;
    std::shared_ptr<hsm::Module> module_;
};

}  // namespace antin::agent
