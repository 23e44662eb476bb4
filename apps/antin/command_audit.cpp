#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <nlohmann/json.hpp>

#include "audit/checkpoint.hpp"
#include "audit/verify.hpp"
#include "command.hpp"
#include "config.hpp"
#include "offline.hpp"
#include "pki/pem.hpp"

namespace antin::program {
namespace {

struct AuditOptions {
    std::string data_dir, key_file, checkpoints;
    bool json = false;
};

/// The journal as it lies there: nothing is migrated, so that looking changes nothing.
Result<std::unique_ptr<sql::Database>> open_to_look(const Config& config) {
    ANTIN_TRY(settings, config.for_database());
    return sql::Database::open(settings);
}

Result<Bytes> key_of(const AuditOptions& options) {
    if (options.key_file.empty()) return Bytes{};
    std::ifstream file{options.key_file, std::ios::binary};
    if (!file) {
        return fail(ErrorKind::Unavailable, "files.cannot_read", {}, {{"file", options.key_file}});
    }
    const std::string text{std::istreambuf_iterator<char>{file}, {}};
    ANTIN_TRY(blocks, pki::read_pem_or_der(text, {"PUBLIC KEY"}));
    return blocks.front();
}

nlohmann::json to_json(const audit::Report& report) {
    nlohmann::json findings = nlohmann::json::array();
    for (const auto& finding : report.findings) {
        findings.push_back({{"kind", audit::to_name(finding.kind)},
                            {"entry", finding.seq},
                            {"detail", finding.detail}});
    }
    return {{"good", report.findings.empty()},
            {"entries", report.entries},
            {"checkpoints", report.checkpoints},
            {"last_checkpoint", report.last_checkpoint},
            {"after_last_checkpoint", report.after_last_checkpoint},
            {"findings", findings},
            {"more_findings", report.more_findings}};
}

void print(const audit::Report& report) {
    for (const auto& finding : report.findings) {
        std::printf("entry %lld %s: %s\n", static_cast<long long>(finding.seq),
                    std::string{audit::to_name(finding.kind)}.c_str(), finding.detail.c_str());
    }
    if (report.more_findings) std::printf("… and more\n");
    std::printf(
        "%s: %lld entries, %lld checkpoints, the last covers entry %lld\n",
        report.findings.empty() ? "the audit trail is whole" : "THE AUDIT TRAIL IS NOT WHOLE",
        static_cast<long long>(report.entries), static_cast<long long>(report.checkpoints),
        static_cast<long long>(report.last_checkpoint));
    std::printf("%lld entries lie after the last checkpoint: only the chain protects them as yet\n",
                static_cast<long long>(report.after_last_checkpoint));
}

ExitCode verify(const AuditOptions& options) {
    const auto config = load_config(options.data_dir);
    if (!config) return report(config.error());
    const auto key = key_of(options);
    if (!key) return report(key.error());
    auto db = open_to_look(*config);
    if (!db) return report(db.error());
    const std::filesystem::path folder = options.checkpoints.empty()
                                             ? config->file("audit")
                                             : std::filesystem::path{options.checkpoints};
    const auto found = audit::verify(**db, folder, *key);
    if (!found) return report(found.error());
    const bool has_copy = options.checkpoints.empty() && !config->audit_copy_folder.empty();
    const auto copy =
        has_copy ? audit::compare_copy(folder, config->file(config->audit_copy_folder)) : Status{};
    if (options.json) {
        auto answer = to_json(*found);
        answer["copy"] = !has_copy ? "none" : copy ? "agrees" : "differs";
        print_json(answer);
    } else {
        print(*found);
        if (!copy)
            std::printf("THE COPY OF THE CHECKPOINTS in %s does not agree with them\n",
                        config->audit_copy_folder.c_str());
    }
    return found->findings.empty() && copy ? ExitCode::Done : ExitCode::No;
}

ExitCode accept_clock(const AuditOptions& options) {
    auto offline = Offline::open(options.data_dir);
    if (!offline) return report(offline.error());
    const auto done = (*offline)->db().transact([&](sql::Transaction& tx) -> Status {
        audit::Entry entry;
        entry.at = (*offline)->clock().now();
        entry.actor_name = "antin audit accept-clock";
        entry.object_kind = "clock";
        audit::accept_clock(tx, entry);
        return {};
    });
    if (!done) return report(done.error());
    std::printf("the clock of this machine is accepted; acts go on\n");
    return ExitCode::Done;
}

}  // namespace

void register_audit(CommandLine& line) {
    CLI::App& audit = line.add(line.root, "audit", "the audit trail: verify, accept-clock");
    audit.require_subcommand(1);
    auto options = std::make_shared<AuditOptions>();
    CLI::App& check = line.add(
        audit, "verify", "finds and names every changed, removed or moved entry; exit 1 if any");
    add_data_option(check, options->data_dir);
    add_json_option(check, options->json);
    check
        .add_option("--key", options->key_file,
                    "the public key (PEM) that you kept, instead of the one in DIR/audit")
        ->envname("ANTIN_KEY");
    check
        .add_option("--checkpoints", options->checkpoints,
                    "a folder with the copy of DIR/audit that you kept")
        ->envname("ANTIN_CHECKPOINTS");
    line.on(check, [options] { return verify(*options); });
    CLI::App& clock = line.add(audit, "accept-clock",
                               "the clock ran ahead and is right now: acts go on from here");
    add_data_option(clock, options->data_dir);
    line.on(clock, [options] { return accept_clock(*options); });
}

}  // namespace antin::program
