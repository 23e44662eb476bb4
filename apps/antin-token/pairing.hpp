#pragma once
#include <chrono>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace antin::agent {

/// Which pages may use the devices of this desk: the origin must be on the list, and the person at
/// the desk must have said yes to it once. Only a hash of the pairing secret is kept.
class Pairings {
  public:
    /// `origins`: exact origins, "https://portal.example:8443". `folder` keeps what was confirmed
    /// (pairings.json, 0600).
    Pairings(std::filesystem::path folder, std::vector<std::string> origins);

    [[nodiscard]] bool is_allowed(std::string_view origin) const;
    [[nodiscard]] bool is_paired(std::string_view origin, std::string_view secret) const;

    /// Asks the person at the desk whether the page that shows `code` may come in; waits up to
    /// `limit` for `antin-token approve CODE` or for the answer in the terminal. Gives the secret
    /// for the page. Errors: Refused "agent.pairing_refused", "agent.pairing_timeout".
    [[nodiscard]] Result<std::string> pair(std::string_view origin, std::string_view code,
                                           std::chrono::milliseconds limit);
    /// From a file that the person made: {"origin": "…", "secret": "…"}; the origin joins the
    /// list. Errors: Invalid "agent.pairing_file".
    [[nodiscard]] Status add_file(const std::filesystem::path& file);

    /// What the person does in another terminal. Errors: Unavailable "agent.folder".
    [[nodiscard]] static Status approve(const std::filesystem::path& folder, std::string_view code);

    /// How the question reaches the person; nothing when there is no terminal. Answers yes, no, or
    /// nothing yet.
    std::function<void(std::string_view origin, std::string_view code)> show;
    std::function<std::optional<bool>()> terminal_answer;

  private:
    struct Known {
        std::string origin, secret_sha256, since;
    };
    void load();
    [[nodiscard]] Status save() const;
    void remember(std::string_view origin, std::string_view secret);

    std::filesystem::path folder_;
    mutable std::mutex mutex_;
    std::vector<std::string> origins_;
    std::vector<Known> known_;
    std::mutex asking_;  // one question at a time
};

}  // namespace antin::agent
