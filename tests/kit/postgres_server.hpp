#pragma once
#include <sys/types.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

#include "kit/temp_folder.hpp"

namespace antin::kit {

/// A real PostgreSQL server of this test program alone: its own data folder, a unix socket and
/// nothing else, run by an unprivileged user when the tests run as root. It ends with its object,
/// and with the test program however that ends.
class PostgresServer {
  public:
    PostgresServer();
    ~PostgresServer();
    PostgresServer(const PostgresServer&) = delete;
    PostgresServer& operator=(const PostgresServer&) = delete;

    /// The one server that this program's tests share, started at the first call.
    [[nodiscard]] static PostgresServer& shared();

    /// libpq connection string.
    [[nodiscard]] std::string connection(const std::string& database) const;
    /// Creates a database, empty or as a copy of another one.
    void create_database(const std::string& name, const std::string& like = "template0");
    void drop_database(const std::string& name);
    void stop();   // as a crash: nothing is written any more
    void start();  // returns when it accepts connections

  private:
    void run_as_server_user(const std::string& program, const std::vector<std::string>& arguments);
    void command(const std::string& text);

    TempFolder folder_;
    std::filesystem::path programs_;
    uid_t uid_ = 0;
    gid_t gid_ = 0;
    pid_t pid_ = -1;
    std::thread reads_log_;
};

}  // namespace antin::kit
