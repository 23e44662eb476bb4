#include "kit/postgres_server.hpp"

#include <fcntl.h>
#include <grp.h>
#include <libpq-fe.h>
#include <pwd.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <stdexcept>

namespace antin::kit {
namespace {

std::filesystem::path newest_programs() {
    std::vector<std::filesystem::path> found;
    for (const auto& entry : std::filesystem::directory_iterator{"/usr/lib/postgresql"}) {
        const auto programs = entry.path() / "bin";
        if (std::filesystem::exists(programs / "initdb")) found.push_back(programs);
    }
    if (found.empty()) throw std::runtime_error{"no PostgreSQL server installed"};
    return *std::ranges::max_element(found);
}

/// In the child, between fork and exec.
[[noreturn]] void become(const std::string& program, const std::vector<std::string>& arguments,
                         uid_t uid, gid_t gid, int error_fd) {
    if (::geteuid() == 0 &&
        (::setgroups(0, nullptr) != 0 || ::setgid(gid) != 0 || ::setuid(uid) != 0)) {
        ::_exit(126);
    }
    ::prctl(PR_SET_PDEATHSIG, SIGQUIT);  // PostgreSQL's immediate shutdown
    const int null = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    ::dup2(null, 0);
    ::dup2(null, 1);
    ::dup2(error_fd < 0 ? null : error_fd, 2);
    std::vector<char*> argv{const_cast<char*>(program.c_str())};
    for (const auto& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
    argv.push_back(nullptr);
    ::setenv("LC_ALL", "C", 1);
    ::unsetenv("LD_PRELOAD");
    ::execv(program.c_str(), argv.data());
    ::_exit(127);
}

}  // namespace

PostgresServer::PostgresServer()
    : programs_(newest_programs()), uid_(::getuid()), gid_(::getgid()) {
    if (::geteuid() == 0) {
        const passwd* user = ::getpwnam("postgres");
        if (user == nullptr) user = ::getpwnam("nobody");
        if (user == nullptr) throw std::runtime_error{"no user to run PostgreSQL as"};
        uid_ = user->pw_uid;
        gid_ = user->pw_gid;
        if (::chown(folder_.path().c_str(), uid_, gid_) != 0) throw std::runtime_error{"chown"};
    }
    run_as_server_user("initdb", {"-D", folder_ / "data", "-U", "antin", "-A", "trust", "-E",
                                  "UTF8", "--locale=C", "--no-sync"});
    start();
}

PostgresServer::~PostgresServer() {
    stop();
}

PostgresServer& PostgresServer::shared() {
    static PostgresServer server;
    return server;
}

void PostgresServer::run_as_server_user(const std::string& program,
                                        const std::vector<std::string>& arguments) {
    const std::string path = programs_ / program;
    const pid_t pid = ::fork();
    if (pid == 0) become(path, arguments, uid_, gid_, -1);
    int status = 0;
    if (pid < 0 || ::waitpid(pid, &status, 0) != pid || status != 0) {
        throw std::runtime_error{program + " failed"};
    }
}

void PostgresServer::start() {
    int fds[2];
    if (::pipe2(fds, O_CLOEXEC) != 0) throw std::runtime_error{"pipe"};
    const std::string program = programs_ / "postgres";
    const std::vector<std::string> arguments{
        "-D", folder_ / "data", "-k", folder_.path(),       "-c", "listen_addresses=",
        "-c", "fsync=off",      "-c", "max_connections=60", "-c", "logging_collector=off"};
    pid_ = ::fork();
    if (pid_ == 0) become(program, arguments, uid_, gid_, fds[1]);
    ::close(fds[1]);
    std::promise<bool> ready;
    auto is_ready = ready.get_future();
    // Reads to the end, so that the server never waits for a full pipe.
    reads_log_ = std::thread{[fd = fds[0], ready = std::move(ready)]() mutable {
        std::string seen;
        bool told = false;
        char part[4096];
        ssize_t size = 0;
        while ((size = ::read(fd, part, sizeof part)) > 0) {
            if (told) continue;
            seen.append(part, static_cast<std::size_t>(size));
            if (seen.find("ready to accept connections") == std::string::npos) continue;
            told = true;
            ready.set_value(true);
        }
        if (!told) ready.set_value(false);
        ::close(fd);
    }};
    if (!is_ready.get()) throw std::runtime_error{"the PostgreSQL server did not start"};
}

void PostgresServer::stop() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGQUIT);
    ::waitpid(pid_, nullptr, 0);
    pid_ = -1;
    reads_log_.join();
}

std::string PostgresServer::connection(const std::string& database) const {
    return "host=" + folder_.path().string() + " user=antin dbname=" + database;
}

void PostgresServer::create_database(const std::string& name, const std::string& like) {
    command("CREATE DATABASE \"" + name + "\" TEMPLATE \"" + like + "\"");
}

void PostgresServer::drop_database(const std::string& name) {
    command("DROP DATABASE IF EXISTS \"" + name + "\" WITH (FORCE)");
}

void PostgresServer::command(const std::string& text) {
    PGconn* connection = PQconnectdb(this->connection("postgres").c_str());
    PGresult* result = PQexec(connection, text.c_str());
    const bool done = PQresultStatus(result) == PGRES_COMMAND_OK;
    const std::string message = PQerrorMessage(connection);
    PQclear(result);
    PQfinish(connection);
    if (!done) throw std::runtime_error{text + ": " + message};
}

}  // namespace antin::kit
