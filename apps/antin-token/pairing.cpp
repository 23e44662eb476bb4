#include "pairing.hpp"

#include <openssl/crypto.h>
#include <openssl/sha.h>

#include <algorithm>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "base/bytes.hpp"
#include "base/log.hpp"
#include "base/random.hpp"
#include "base/time.hpp"

namespace antin::agent {

namespace {

namespace fs = std::filesystem;

std::string hash_of(std::string_view secret) {
    Bytes digest(SHA256_DIGEST_LENGTH);
    SHA256(as_bytes(secret).data(), secret.size(), digest.data());
    return to_hex(digest);
}

bool same(const std::string& a, const std::string& b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

/// A code is made of digits only: it becomes the name of a file.
bool is_code(std::string_view code) {
    return code.size() == 6 &&
           std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; });
}

fs::path approval_file(const fs::path& folder, std::string_view code) {
    return folder / ("approved-" + std::string(code));
}

std::string read_file(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    std::ostringstream text;
    text << in.rdbuf();
    return text.str();
}

}  // namespace

Pairings::Pairings(fs::path folder, std::vector<std::string> origins)
    : folder_(std::move(folder)), origins_(std::move(origins)) {
    std::error_code ec;
    fs::create_directories(folder_, ec);
    fs::permissions(folder_, fs::perms::owner_all, ec);
    load();
}

void Pairings::load() {
    const auto json = nlohmann::json::parse(read_file(folder_ / "pairings.json"), nullptr, false);
    if (!json.is_array()) return;
    for (const auto& item : json) {
        if (!item.is_object()) continue;
        known_.push_back(
            {item.value("origin", ""), item.value("secret_sha256", ""), item.value("since", "")});
    }
}

Status Pairings::save() const {
    auto json = nlohmann::json::array();
    for (const auto& known : known_) {
        json.push_back({{"origin", known.origin},
                        {"secret_sha256", known.secret_sha256},
                        {"since", known.since}});
    }
    const auto next = folder_ / "pairings.json.next";
    std::error_code ec;
    {
        std::ofstream out(next, std::ios::trunc);
        fs::permissions(next, fs::perms::owner_read | fs::perms::owner_write, ec);
        out << json.dump(2) << "\n";
        if (!out.flush()) return fail(ErrorKind::Unavailable, "agent.folder", next.string());
    }
    fs::rename(next, folder_ / "pairings.json", ec);
    if (ec) return fail(ErrorKind::Unavailable, "agent.folder", ec.message());
    return {};
}

bool Pairings::is_allowed(std::string_view origin) const {
    const std::lock_guard lock(mutex_);
    return std::find(origins_.begin(), origins_.end(), origin) != origins_.end();
}

bool Pairings::is_paired(std::string_view origin, std::string_view secret) const {
    const auto hash = hash_of(secret);
    const std::lock_guard lock(mutex_);
    return std::any_of(known_.begin(), known_.end(), [&](const auto& known) {
        return known.origin == origin && same(known.secret_sha256, hash);
    });
}

void Pairings::remember(std::string_view origin, std::string_view secret) {
    known_.push_back({std::string(origin), hash_of(secret), to_iso(SystemClock{}.now())});
}

Result<std::string> Pairings::pair(std::string_view origin, std::string_view code,
                                   std::chrono::milliseconds limit) {
    if (!is_code(code)) return fail(ErrorKind::Invalid, "agent.pairing_code");
    const std::lock_guard one_question(asking_);
    const auto approved = approval_file(folder_, code);
    std::error_code ec;
    fs::remove(approved, ec);  // an approval given before the question does not count
    if (show) show(origin, code);
    const auto end = std::chrono::steady_clock::now() + limit;
    while (std::chrono::steady_clock::now() < end) {
        const bool by_file = fs::remove(approved, ec);
        const auto by_terminal = terminal_answer ? terminal_answer() : std::nullopt;
        if (by_terminal == false) return fail(ErrorKind::Refused, "agent.pairing_refused");
        if (by_file || by_terminal == true) {
            auto secret = random_token(32);
            const std::lock_guard lock(mutex_);
            remember(origin, secret);
            ANTIN_CHECK(save());
            log(LogLevel::Info, "pairing.confirmed");
            return secret;
        }
        // Waiting for a person: a tenth of a second is soon enough.
        std::this_thread::sleep_for(std::chrono::milliseconds{100});
    }
    return fail(ErrorKind::Refused, "agent.pairing_timeout");
}

Status Pairings::add_file(const fs::path& file) {
    const auto json = nlohmann::json::parse(read_file(file), nullptr, false);
    const auto origin = json.is_object() ? json.value("origin", "") : std::string{};
    const auto secret = json.is_object() ? json.value("secret", "") : std::string{};
    if (origin.empty() || secret.size() < 32) {
        return fail(ErrorKind::Invalid, "agent.pairing_file", file.string());
    }
    const std::lock_guard lock(mutex_);
    if (std::find(origins_.begin(), origins_.end(), origin) == origins_.end()) {
        origins_.push_back(origin);
    }
    remember(origin, secret);  // not saved: it holds while the file does
    return {};
}

Status Pairings::approve(const fs::path& folder, std::string_view code) {
    if (!is_code(code)) return fail(ErrorKind::Invalid, "agent.pairing_code");
    std::error_code ec;
    fs::create_directories(folder, ec);
    std::ofstream out(approval_file(folder, code));
    out << "yes\n";
    if (!out.flush()) return fail(ErrorKind::Unavailable, "agent.folder", folder.string());
    return {};
}

}  // namespace antin::agent
