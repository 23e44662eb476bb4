#pragma once
#include <atomic>
#include <memory>
#include <string>

#include "app/services.hpp"
#include "base/result.hpp"
#include "config.hpp"
#include "health.hpp"

namespace antin::program {

/// The whole product in one process: portal on TLS, status services on the plain port, jobs, and
/// the authority. main() starts it for `antin serve`; the stories start the same object.
///
/// A token or database that cannot work now does not keep the portal from starting: pages say what
/// does not work, and what is missing is tried again by itself.
class PortalProgram {
  public:
    /// Everything is listening when it returns. `clock` must outlive the program.
    /// Errors: those of the configuration, "database.newer", "tls.…", "http.port_taken".
    [[nodiscard]] static Result<std::unique_ptr<PortalProgram>> start(Config config,
                                                                      const Clock& clock);
    ~PortalProgram();
    PortalProgram(const PortalProgram&) = delete;
    PortalProgram& operator=(const PortalProgram&) = delete;

    /// Ends within 5 s: no new connection, running requests end, jobs give back what they hold.
    void stop();

    [[nodiscard]] std::uint16_t port() const;
    [[nodiscard]] std::uint16_t http_port() const;
    [[nodiscard]] const Config& config() const;
    [[nodiscard]] app::Services& services();
    [[nodiscard]] std::string tls_fingerprint() const;

  private:
    struct Parts;
    explicit PortalProgram(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> parts_;
};

}  // namespace antin::program
