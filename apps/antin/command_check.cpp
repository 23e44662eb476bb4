#include <curl/curl.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <sstream>

#include "audit/checkpoint.hpp"
#include "audit/newest_entry.hpp"
#include "authority_setup.hpp"
#include "ca/authority.hpp"
#include "command.hpp"
#include "keys.hpp"
#include "offline.hpp"
#include "store/calendar.hpp"
#include "store/outbox.hpp"
#include "tls_certificate.hpp"

namespace antin::program {
namespace {

/// One line of the report: what was looked at, and what to mend ("" when it is well).
struct Finding {
    std::string subject, problem;
    bool warning = false;
};

struct Check {
    std::vector<Finding> findings;

    void well(std::string subject) { findings.push_back({std::move(subject), {}}); }
    void wrong(std::string subject, std::string problem) {
        findings.push_back({std::move(subject), std::move(problem)});
    }
    void remind(std::string subject, std::string problem) {
        findings.push_back({std::move(subject), std::move(problem), true});
    }
    template <class Answer>
    bool note(const char* subject, const Answer& answer) {
        if (answer)
            well(subject);
        else
            wrong(subject, describe(answer.error()));
        return static_cast<bool>(answer);
    }
    [[nodiscard]] bool is_well() const {
        for (const Finding& one : findings) {
            if (!one.problem.empty() && !one.warning) return false;
        }
        return true;
    }
};

void check_folder(Check& check, const Config& config) {
    struct statvfs room {};
    if (::statvfs(config.data_dir.c_str(), &room) != 0) return;
    const double free = static_cast<double>(room.f_bavail) * static_cast<double>(room.f_frsize);
    if (free < 1e9)
        check.remind("disk", "less than 1 GB is free below the data folder");
    else
        check.well("disk");
    std::error_code error;
    const auto mode = std::filesystem::status(config.file("secrets"), error).permissions();
    if ((mode & std::filesystem::perms::others_all) != std::filesystem::perms::none) {
        check.wrong("secrets", "others can read the folder secrets; run chmod 700 on it");
    } else {
        check.well("secrets");
    }
}

void check_database(Check& check, Offline& offline) {
    // Writing is what fails first on a full disk or a read-only folder.
    const auto written = offline.db().transact([&](sql::Transaction& tx) -> Status {
        store::put_outbox(tx, "check", "{}", "check", offline.clock().now());
        return fail(ErrorKind::Refused, "undone");
    });
    if (!written && written.error().code == "undone")
        check.well("database");
    else
        check.wrong("database", written ? "" : describe(written.error()));
    const auto counts = offline.db().read(
        [](sql::Reader& db) -> Result<store::OutboxCounts> { return store::count_outbox(db); });
    if (counts && counts->given_up > 0) {
        check.remind("outbox",
                     std::to_string(counts->given_up) + " items were given up; see the portal");
    }
}

/// The year that we are in, and from November the next: due times reach into it.
void check_calendar(Check& check, Offline& offline) {
    const auto years =
        offline.db().read([](sql::Reader& db) -> Result<std::vector<domain::CalendarYear>> {
            return store::list_calendar_years(db);
        });
    if (!years) return;
    const Date today = local_date(offline.clock().now());
    const int last =
        static_cast<int>(today.year()) + (today.month() >= std::chrono::November ? 1 : 0);
    for (int number = static_cast<int>(today.year()); number <= last; ++number) {
        const auto subject = "calendar of " + std::to_string(number);
        const auto year = std::ranges::find(*years, number, &domain::CalendarYear::year);
        if (year == years->end())
            check.wrong(subject,
                        "it is missing; no due time can be reckoned: enter it in the portal");
        else if (year->provisional)
            check.remind(subject,
                         "it is provisional; confirm it in the portal when it is announced");
        else
            check.well(subject);
    }
}

/// A program that a backup will need, looked for as the shell would.
void check_tool(Check& check, const std::string& name) {
    const char* path = std::getenv("PATH");
    std::istringstream folders{path != nullptr ? path : ""};
    for (std::string folder; std::getline(folders, folder, ':');) {
        if (::access((folder + "/" + name).c_str(), X_OK) == 0) return check.well(name);
    }
    check.remind(name, "it is not installed; a backup needs it");
}

void check_trail_copy(Check& check, const Config& config) {
    if (config.audit_copy_folder.empty()) {
        check.remind("audit copy", "checkpoints lie on this disk alone; set audit.copy_folder");
        return;
    }
    check.note("audit copy",
               audit::extend_copy(config.file("audit"), config.file(config.audit_copy_folder)));
}

void check_root(Check& check, const Config& config) {
    std::error_code error;
    if (std::filesystem::exists(config.data_dir / "root-token", error)) {
        check.remind("root", "its token lies in the data folder; take root-token away from here");
    }
}

void check_authority(Check& check, Offline& offline) {
    if (!check.note("issuing token", open_issuing_token(offline.config()))) return;
    check.note("central token", open_central_token(offline.config()));
    auto authority = open_authority(offline.config(), offline.db(), offline.clock());
    if (!check.note("authority", authority)) return;
    const auto health = (*authority)->health();
    if (health.is_fenced) {
        check.wrong("authority", "nothing may be issued: " + health.fence_reason);
    }
    for (const auto& issuer : health.issuers) {
        if (!issuer.problem.empty())
            check.wrong("CA " + issuer.name, issuer.problem);
        else
            check.well("CA " + issuer.name);
    }
}

void check_clock(Check& check, Offline& offline) {
    const auto newest = offline.db().read([](sql::Reader& db) -> Result<std::optional<Instant>> {
        return audit::newest_entry_at(db);
    });
    if (!newest) return;
    const Instant now = offline.clock().now();
    if (*newest && **newest > now + std::chrono::minutes(2)) {
        check.wrong("clock", "the machine's clock (" + to_iso(now) +
                                 ") is behind the newest entry "
                                 "of the audit trail (" +
                                 to_iso(**newest) + ")");
    } else {
        check.well("clock");
    }
}

void check_mail(Check& check, const Config& config) {
    if (config.mail_server.empty()) {
        check.remind("mail", "no mail server: mails wait in the portal");
        return;
    }
    const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl{curl_easy_init(),
                                                                   &curl_easy_cleanup};
    curl_easy_setopt(curl.get(), CURLOPT_URL, config.mail_server.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_CONNECT_ONLY, 1L);
    curl_easy_setopt(curl.get(), CURLOPT_CONNECTTIMEOUT, 5L);
    const CURLcode answer = curl_easy_perform(curl.get());
    if (answer == CURLE_OK)
        check.well("mail");
    else
        check.wrong("mail", std::string{config.mail_server} + ": " + curl_easy_strerror(answer));
}

Check look(const std::string& data_dir) {
    Check check;
    auto config = load_config(data_dir);
    if (!check.note("settings", config)) return check;
    check_folder(check, *config);
    const auto certificate = config->file(config->tls_certificate_file);
    check.note("TLS certificate", tls_fingerprint(certificate));
    check_mail(check, *config);
    check_root(check, *config);
    check_trail_copy(check, *config);
    if (config->database == "postgresql") {
        check_tool(check, "pg_dump");
        check_tool(check, "pg_restore");
    }
    auto offline = Offline::open_with(std::move(*config));
    if (!offline) {
        check.wrong("database", describe(offline.error()));
        return check;
    }
    check_database(check, **offline);
    check_clock(check, **offline);
    check_calendar(check, **offline);
    check_authority(check, **offline);
    return check;
}

ExitCode run(const std::string& data_dir, bool json) {
    const Check check = look(data_dir);
    if (json) {
        nlohmann::json findings = nlohmann::json::array();
        for (const Finding& one : check.findings) {
            findings.push_back({{"subject", one.subject},
                                {"ok", one.problem.empty()},
                                {"warning", one.warning},
                                {"problem", one.problem}});
        }
        print_json({{"ok", check.is_well()}, {"findings", findings}});
    } else {
        for (const Finding& one : check.findings) {
            const char* word = one.problem.empty() ? "ok  " : one.warning ? "note" : "MEND";
            std::printf("%s  %s%s%s\n", word, one.subject.c_str(), one.problem.empty() ? "" : ": ",
                        one.problem.c_str());
        }
    }
    return check.is_well() ? ExitCode::Done : ExitCode::No;
}

}  // namespace

void register_check(CommandLine& line) {
    auto data_dir = std::make_shared<std::string>();
    auto json = std::make_shared<bool>(false);
    CLI::App& command =
        line.add(line.root, "check", "tests the installation and says what to mend");
    add_data_option(command, *data_dir);
    add_json_option(command, *json);
    line.on(command, [data_dir, json] { return run(*data_dir, *json); });
}

}  // namespace antin::program
