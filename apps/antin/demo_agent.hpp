#pragma once
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace antin::program {

/// The demo's own `antin-token` on software tokens, started and stopped with this object; asked as
/// the page of the bench asks it (docs/token-agent.md).
class DemoAgent {
  public:
    /// `folder` is made new and holds the tokens, the pairing and the administration code.
    /// Errors: Unavailable "demo.agent" when the program is missing or does not start.
    [[nodiscard]] static Result<std::unique_ptr<DemoAgent>> start(
        const std::filesystem::path& folder, const std::string& origin, int tokens);
    ~DemoAgent();
    DemoAgent(const DemoAgent&) = delete;
    DemoAgent& operator=(const DemoAgent&) = delete;

    /// The result of one operation. Errors: Refused with the agent's own code.
    [[nodiscard]] Result<nlohmann::json> ask(const std::string& operation, nlohmann::json fields);
    /// Serials of the devices that are plugged in.
    [[nodiscard]] Result<std::vector<std::string>> plugged();

  private:
    DemoAgent() = default;
    pid_t process_ = -1;
    int output_ = -1;
    std::uint16_t port_ = 0;
    std::string origin_, pairing_;
};

/// Where `antin-token` lies: beside this program or where the build puts it.
[[nodiscard]] std::filesystem::path find_antin_token();

}  // namespace antin::program
