#include "program.hpp"

#include <condition_variable>
#include <mutex>
#include <thread>

#include "app/issue_central.hpp"
#include "app/issue_line.hpp"
#include "app/open_authority.hpp"
#include "authority_setup.hpp"
#include "background.hpp"
#include "base/log.hpp"
#include "ca/authority.hpp"
#include "ca/key_store.hpp"
#include "files.hpp"
#include "first_accounts.hpp"
#include "http/server.hpp"
#include "keys.hpp"
#include "offline.hpp"
#include "responder/status_endpoints.hpp"
#include "tls_certificate.hpp"
#include "web/web_router.hpp"

namespace antin::program {
namespace {

using Steady = std::chrono::steady_clock;

}  // namespace

struct PortalProgram::Parts {
    Parts(Config given, const Clock& clock_given) : config(std::move(given)), clock(clock_given) {}

    Config config;
    const Clock& clock;
    std::optional<FolderLock> lock;
    std::unique_ptr<sql::Database> db;
    std::unique_ptr<ServiceSet> service_set;
    app::Services* services = nullptr;
    std::unique_ptr<web::WebRouter> portal;
    std::unique_ptr<ca::Authority> authority;
    Traffic portal_traffic, status_traffic;
    std::unique_ptr<http::Server> portal_server, status_server;
    std::string fingerprint;
    std::atomic<bool> assembled{false};

    std::mutex mutex;  // guards stopping
    std::condition_variable wake;
    bool stopping = false;
    std::thread caretaker;

    std::unique_ptr<jobs::Runner> background;

    Status listen();
    Status assemble();
    bool try_authority();
    void try_central_keys();
    bool central_open = false;
    void take_care();
    http::Response answer_portal(http::Request& request);
    http::Response answer_status(http::Request& request);
};

Status PortalProgram::Parts::listen() {
    const auto certificate = config.file(config.tls_certificate_file);
    const auto key = config.file(config.tls_key_file);
    ANTIN_CHECK(ensure_tls_certificate(certificate, key, host_of_url(config.effective_public_url()),
                                       clock));
    ANTIN_TRY(digest, program::tls_fingerprint(certificate));
    fingerprint = digest;

    http::ServerSettings settings;
    settings.address = config.listen;
    settings.worker_threads = static_cast<int>(config.worker_threads);
    settings.port = static_cast<std::uint16_t>(config.port);
    settings.certificate_file = certificate.string();
    settings.key_file = key.string();
    settings.body_bytes_max = 32 * 1024 * 1024;
    ANTIN_TRY(tls,
              http::Server::start(settings, [this](http::Request& r) { return answer_portal(r); }));
    portal_server = std::move(tls);

    settings.port = static_cast<std::uint16_t>(config.http_port);
    settings.certificate_file = settings.key_file = "";
    settings.worker_threads = 2;
    settings.body_bytes_max = 64 * 1024;
    settings.quick = [this](const http::Request& request) -> std::optional<http::Response> {
        auto* open = app::open_authority(*services);
        if (open == nullptr) return std::nullopt;
        return responder::quick_status(open->status(), request);
    };
    ANTIN_TRY(plain,
              http::Server::start(settings, [this](http::Request& r) { return answer_status(r); }));
    status_server = std::move(plain);
    config.port = portal_server->port();
    config.http_port = status_server->port();
    return {};
}

Status PortalProgram::Parts::assemble() {
    service_set->use(config);
    portal = web::make_portal(*services);
    ANTIN_TRY(runner, make_background(config, *services));
    background = std::move(runner);
    background->start();
    assembled.store(true, std::memory_order_release);
    return {};
}

http::Response PortalProgram::Parts::answer_portal(http::Request& request) {
    if (!assembled.load(std::memory_order_acquire)) return http::plain_text(503, "starting\n");
    const auto begun = Steady::now();
    auto health = answer_health(request, *services);
    auto response = health ? std::move(*health) : portal->handle(request);
    portal_traffic.note(response.status, std::chrono::duration_cast<std::chrono::microseconds>(
                                             Steady::now() - begun));
    return response;
}

http::Response PortalProgram::Parts::answer_status(http::Request& request) {
    if (!assembled.load(std::memory_order_acquire)) return http::plain_text(503, "starting\n");
    const auto begun = Steady::now();
    http::Response response;
    if (auto health = answer_health(request, *services)) {
        response = std::move(*health);
    } else if (request.path == "/metrics" && request.method == "GET") {
        response = is_loopback(request.remote_address)
                       ? http::plain_text(200, metrics(*services, portal_traffic, status_traffic))
                       : http::plain_text(404, "not found\n");
    } else if (app::open_authority(*services) == nullptr) {
        response = http::plain_text(503, "the authority is not open yet\n");
        response.set("Retry-After", "10");
    } else {
        auto* open = app::open_authority(*services);
        auto answered = responder::answer_status(open->status(), request);
        response = answered ? std::move(*answered) : http::plain_text(404, "not found\n");
    }
    status_traffic.note(response.status, std::chrono::duration_cast<std::chrono::microseconds>(
                                             Steady::now() - begun));
    return response;
}

/// Once open it stays open: a token that is lost later comes back by itself.
bool PortalProgram::Parts::try_authority() {
    auto opened = open_authority(config, *db, clock);
    if (!opened) {
        log(LogLevel::Error, "authority.not_open",
            {{"code", opened.error().code}, {"detail", opened.error().detail}});
        return false;
    }
    authority = std::move(*opened);
    authority->start();
    app::set_authority(*services, authority.get());
    return true;
}

/// The token of centralised accounts; looked for until it is there.
void PortalProgram::Parts::try_central_keys() {
    auto token = open_central_token(config);
    if (!token) return;
    app::use_central_keys(*db, ca::keys_in(std::move(*token)));
    central_open = true;
}

void PortalProgram::Parts::take_care() {
    auto next_try = Steady::now() + std::chrono::seconds(10);
    std::unique_lock lock_guard(mutex);
    while (!stopping) {
        lock_guard.unlock();
        if (!authority && Steady::now() >= next_try) {
            next_try = Steady::now() + std::chrono::seconds(10);
            (void)try_authority();
        }
        if (authority) {
            if (!central_open) try_central_keys();
            (void)app::issue_waiting_lines(*services);  // rows that a lost token left behind
            (void)app::finish_begun_lines(*services);
        }
        (void)tidy_first_accounts(config.data_dir, *db, clock);
        lock_guard.lock();
        wake.wait_for(lock_guard, std::chrono::seconds(2), [&] { return stopping; });
    }
}

PortalProgram::PortalProgram(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

Result<std::unique_ptr<PortalProgram>> PortalProgram::start(Config config, const Clock& clock) {
    ANTIN_CHECK(validate(config));
    auto parts = std::make_unique<Parts>(std::move(config), clock);
    ANTIN_TRY(lock, FolderLock::take(parts->config.data_dir));
    parts->lock.emplace(std::move(lock));
    ANTIN_TRY(db, open_database(parts->config));
    parts->db = std::move(db);
    ANTIN_TRY(services, ServiceSet::make(parts->config, *parts->db, clock));
    parts->service_set = std::move(services);
    parts->services = &parts->service_set->services();
    ANTIN_CHECK(parts->listen());
    auto& whole = *parts;
    auto program = std::unique_ptr<PortalProgram>(new PortalProgram(std::move(parts)));
    (void)whole.try_authority();
    ANTIN_CHECK(whole.assemble());
    whole.caretaker = std::thread([&whole] { whole.take_care(); });
    return program;
}

PortalProgram::~PortalProgram() {
    stop();
}

void PortalProgram::stop() {
    {
        const std::lock_guard guard(parts_->mutex);
        if (parts_->stopping) return;
        parts_->stopping = true;
    }
    parts_->wake.notify_all();
    if (parts_->portal_server) parts_->portal_server->stop(std::chrono::milliseconds(2500));
    if (parts_->status_server) parts_->status_server->stop(std::chrono::milliseconds(500));
    if (parts_->caretaker.joinable()) parts_->caretaker.join();
    if (parts_->background) parts_->background->stop();
    app::use_central_keys(*parts_->db, nullptr);
    if (parts_->authority) parts_->authority->stop();
}

std::uint16_t PortalProgram::port() const {
    return parts_->portal_server->port();
}
std::uint16_t PortalProgram::http_port() const {
    return parts_->status_server->port();
}
const Config& PortalProgram::config() const {
    return parts_->config;
}
app::Services& PortalProgram::services() {
    return *parts_->services;
}
std::string PortalProgram::tls_fingerprint() const {
    return parts_->fingerprint;
}

}  // namespace antin::program
