#include "health.hpp"

#include <fmt/format.h>

#include <fstream>

#include "app/open_authority.hpp"
#include "ca/authority.hpp"
#include "store/outbox.hpp"

namespace antin::program {
namespace {

void add(std::string& out, std::string_view name, std::string_view kind, std::string_view help,
         double value) {
    out += fmt::format("# HELP {0} {2}\n# TYPE {0} {1}\n{0} {3}\n", name, kind, help, value);
}

/// Bytes in memory, from the kernel's own count (pages).
double resident_bytes() {
    std::ifstream in("/proc/self/statm");
    double total = 0, resident = 0;
    in >> total >> resident;
    return resident * 4096;
}

void add_outbox(std::string& out, app::Services& services) {
    const auto counts = services.db.read(
        [](sql::Reader& db) -> Result<store::OutboxCounts> { return store::count_outbox(db); });
    add(out, "antin_database_up", "gauge", "1 when the database answers", counts ? 1 : 0);
    if (!counts) return;
    add(out, "antin_outbox_waiting", "gauge", "things to do after a commit",
        static_cast<double>(counts->waiting));
    add(out, "antin_outbox_given_up", "gauge", "things that an administrator must look at",
        static_cast<double>(counts->given_up));
    const double age = counts->oldest_waiting
                           ? static_cast<double>(to_millis(services.clock.now()) -
                                                 to_millis(*counts->oldest_waiting)) /
                                 1000
                           : 0;
    add(out, "antin_outbox_oldest_seconds", "gauge", "age of the oldest of them", age);
}

void add_authority(std::string& out, app::Services& services) {
    add(out, "antin_authority_up", "gauge", "1 when the issuing keys are open",
        app::open_authority(services) != nullptr ? 1 : 0);
    if (app::open_authority(services) == nullptr) return;
    const auto health = app::open_authority(services)->health();
    add(out, "antin_authority_fenced", "gauge", "1 while nothing may be issued",
        health.is_fenced ? 1 : 0);
    add(out, "antin_authority_open_intents", "gauge", "certificates begun and not ended",
        static_cast<double>(health.open_intents));
    out +=
        "# HELP antin_crl_next_update_seconds when the CRL of an issuer must be renewed\n"
        "# TYPE antin_crl_next_update_seconds gauge\n";
    for (const auto& issuer : health.issuers) {
        if (!issuer.crl_next_update) continue;
        out += fmt::format("antin_crl_next_update_seconds{{issuer=\"{}\"}} {}\n", issuer.name,
                           to_millis(*issuer.crl_next_update) / 1000);
    }
}

}  // namespace

void Traffic::note(int status, std::chrono::microseconds took) {
    const auto place = static_cast<std::size_t>(status / 100);
    classes_[place < classes_.size() ? place : 0].fetch_add(1, std::memory_order_relaxed);
    const double seconds = static_cast<double>(took.count()) / 1e6;
    std::size_t bucket = 0;
    while (bucket < bounds.size() && seconds > bounds[bucket]) ++bucket;
    buckets_[bucket].fetch_add(1, std::memory_order_relaxed);
    micros_.fetch_add(static_cast<std::uint64_t>(took.count()), std::memory_order_relaxed);
}

std::string Traffic::metrics(std::string_view port) const {
    std::string out;
    for (std::size_t i = 1; i < classes_.size(); ++i) {
        out += fmt::format("antin_http_requests_total{{port=\"{}\",class=\"{}xx\"}} {}\n", port, i,
                           classes_[i].load(std::memory_order_relaxed));
    }
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i < buckets_.size(); ++i) {
        sum += buckets_[i].load(std::memory_order_relaxed);
        out += fmt::format("antin_http_seconds_bucket{{port=\"{}\",le=\"{}\"}} {}\n", port,
                           i < bounds.size() ? fmt::format("{}", bounds[i]) : "+Inf", sum);
    }
    out += fmt::format("antin_http_seconds_count{{port=\"{}\"}} {}\n", port, sum);
    out += fmt::format("antin_http_seconds_sum{{port=\"{}\"}} {}\n", port,
                       static_cast<double>(micros_.load(std::memory_order_relaxed)) / 1e6);
    return out;
}

std::optional<http::Response> answer_health(const http::Request& request, app::Services& services) {
    if (request.path != "/livez" && request.path != "/readyz") return std::nullopt;
    if (request.method != "GET" && request.method != "HEAD") {
        auto response = http::plain_text(405, "GET\n");
        return std::move(response.set("Allow", "GET, HEAD"));
    }
    auto response = http::plain_text(200, "ok\n");
    if (request.path == "/readyz") {
        const auto ready = services.db.read([](sql::Reader& db) -> Result<bool> {
            (void)store::count_outbox(db);
            return true;
        });
        if (!ready) response = http::plain_text(503, "the database does not answer\n");
    }
    return std::move(response.set("Cache-Control", "no-store"));
}

bool is_loopback(const std::string& remote_address) {
    return remote_address.starts_with("127.") || remote_address == "::1" ||
           remote_address.starts_with("::ffff:127.");
}

std::string metrics(app::Services& services, const Traffic& portal, const Traffic& status) {
    std::string out =
        "# HELP antin_http_requests_total requests answered, by port and class of status\n"
        "# TYPE antin_http_requests_total counter\n"
        "# HELP antin_http_seconds time to answer\n"
        "# TYPE antin_http_seconds histogram\n";
    out += portal.metrics("portal") + status.metrics("status");
    add(out, "process_resident_memory_bytes", "gauge", "memory in use", resident_bytes());
    add_outbox(out, services);
    add_authority(out, services);
    return out;
}

}  // namespace antin::program
