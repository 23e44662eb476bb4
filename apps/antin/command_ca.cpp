#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>

#include "administrators.hpp"
#include "app/certificate_status.hpp"
#include "audit/journal.hpp"
#include "authority_setup.hpp"
#include "ca/authority.hpp"
#include "ca/ceremony.hpp"
#include "ca/recheck.hpp"
#include "command.hpp"
#include "config.hpp"
#include "keys.hpp"
#include "offline.hpp"

namespace antin::program {
namespace {

using Json = nlohmann::json;

/// What the subcommands were given; lives as long as the command line.
struct Options {
    std::string data_dir;
    bool json = false;
    std::string serial, reason = "unspecified", reference;
    std::string pin_file;
    std::vector<std::string> crls, certificates;
    bool nothing = false;
    TwoAdministrators administrators;
};

Json moment(const std::optional<Instant>& at) {
    return at ? Json(to_iso(*at)) : Json(nullptr);
}

Result<Bytes> read_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return fail(ErrorKind::Unavailable, "files.cannot_read", {}, {{"file", path}});
    return Bytes{std::istreambuf_iterator<char>{file}, {}};
}

Result<ca::RevocationReason> reason_of(const std::string& name) {
    using ca::RevocationReason;
    static const std::map<std::string, RevocationReason> names{
        {"unspecified", RevocationReason::Unspecified},
        {"key-compromise", RevocationReason::KeyCompromise},
        {"affiliation-changed", RevocationReason::AffiliationChanged},
        {"superseded", RevocationReason::Superseded},
        {"cessation", RevocationReason::CessationOfOperation},
        {"privilege-withdrawn", RevocationReason::PrivilegeWithdrawn}};
    const auto found = names.find(name);
    if (found == names.end()) return fail(ErrorKind::Invalid, "ca.reason_unknown", name);
    return found->second;
}

Result<ExitCode> show_status(const Options& options) {
    ANTIN_TRY(offline, Offline::open(options.data_dir));
    ANTIN_TRY(authority, open_authority(offline->config(), offline->db(), offline->clock()));
    const auto health = authority->health();
    Json issuers = Json::array();
    bool well = !health.is_fenced;
    for (const auto& issuer : health.issuers) {
        well = well && issuer.problem.empty();
        issuers.push_back({{"name", issuer.name},
                           {"common_name", issuer.common_name},
                           {"key", issuer.key_kind},
                           {"not_after", to_iso(issuer.not_after)},
                           {"crl_number", issuer.crl_number},
                           {"crl_next_update", moment(issuer.crl_next_update)},
                           {"responder_not_after", moment(issuer.responder_not_after)},
                           {"problem", issuer.problem}});
    }
    if (options.json) {
        print_json({{"issuers", issuers},
                    {"fenced", health.is_fenced},
                    {"fence_reason", health.fence_reason},
                    {"open_intents", health.open_intents}});
        return well ? ExitCode::Done : ExitCode::No;
    }
    for (const auto& issuer : health.issuers) {
        std::printf("%-8s %-8s until %s  CRL %lld, next by %s  %s\n", issuer.name.c_str(),
                    issuer.key_kind.c_str(), to_iso(issuer.not_after).c_str(),
                    static_cast<long long>(issuer.crl_number),
                    issuer.crl_next_update ? to_iso(*issuer.crl_next_update).c_str() : "-",
                    issuer.problem.empty() ? "ok" : issuer.problem.c_str());
    }
    if (health.is_fenced) {
        std::printf("fenced (%s): nothing is issued until \"antin ca lift-fence\"\n",
                    health.fence_reason.c_str());
    }
    std::printf("intents waiting for the token: %lld\n",
                static_cast<long long>(health.open_intents));
    return well ? ExitCode::Done : ExitCode::No;
}

enum class Change { Revoke, Hold, Release };

Result<bool> change_in(sql::Transaction& tx, const Options& options, Change change,
                       const ca::Person& by, Instant now) {
    const auto serial = ca::normal_serial(options.serial).value_or(options.serial);
    const app::StatusChange by_hand{by, options.reference, now};
    if (change == Change::Hold) {
        return app::hold_certificate(tx, serial, options.reference, by_hand);
    }
    // People at the command line end either hold: before the handover, or of an emergency.
    if (change == Change::Release) return app::lift_certificate_hold(tx, serial, by_hand);
    ANTIN_TRY(reason, reason_of(options.reason));
    return app::revoke_certificate(tx, serial, reason, options.reason, by_hand);
}

Result<ExitCode> change_status(const Options& options, Change change) {
    ANTIN_TRY(reason, reason_of(options.reason));
    (void)reason;  // wrong use is told before anybody's code is spent
    ANTIN_TRY(offline, Offline::open(options.data_dir));
    ANTIN_TRY(people, prove(*offline, options.administrators));
    const auto& [first, second] = people;
    const Instant now = offline->clock().now();
    ANTIN_TRY(changed, offline->db().transact([&](sql::Transaction& tx) -> Result<bool> {
        auto done = change_in(tx, options, change, first, now);
        if (!done) return done;
        audit::append(tx, {now, second.account_id, second.name, "ca.change_confirmed",
                           "certificate", ca::normal_serial(options.serial).value_or("")});
        return done;
    }));
    const std::string serial = ca::normal_serial(options.serial).value_or("");
    if (options.json)
        print_json({{"serial", serial}, {"changed", changed}});
    else
        std::printf("%s: %s\n", serial.c_str(), changed ? "done" : "was so before");
    return ExitCode::Done;
}

Result<ExitCode> publish(const Options& options) {
    ANTIN_TRY(offline, Offline::open(options.data_dir));
    ANTIN_TRY(authority, open_authority(offline->config(), offline->db(), offline->clock()));
    ANTIN_CHECK(authority->publish_crls());
    Json out = Json::array();
    for (const auto& issuer : authority->health().issuers) {
        if (issuer.name == "root") continue;
        out.push_back({{"issuer", issuer.name}, {"crl_number", issuer.crl_number}});
        if (!options.json) {
            std::printf("%s: CRL %lld\n", issuer.name.c_str(),
                        static_cast<long long>(issuer.crl_number));
        }
    }
    if (options.json) print_json(out);
    return ExitCode::Done;
}

Result<ExitCode> root_crl(const Options& options) {
    ANTIN_TRY(offline, Offline::open(options.data_dir));
    ANTIN_TRY(pin, read_secret(options.pin_file));
    ANTIN_TRY(token, open_root_token(offline->config(), pin));
    const auto keys = ca::keys_in(token);
    ANTIN_TRY(next, ca::renew_root_crl(offline->db(), offline->clock(), *keys,
                                       offline->config().data_dir / "public"));
    if (options.json)
        print_json({{"next_update", to_iso(next)}});
    else
        std::printf("the root's CRL is good until %s\n", to_iso(next).c_str());
    return ExitCode::Done;
}

Result<ExitCode> lift_fence(const Options& options) {
    ANTIN_TRY(offline, Offline::open(options.data_dir));
    ca::FenceEvidence evidence;
    for (const auto& path : options.crls) {
        ANTIN_TRY(content, read_file(path));
        evidence.crls.push_back(content);
    }
    for (const auto& path : options.certificates) {
        ANTIN_TRY(content, read_file(path));
        evidence.certificates.push_back(content);
    }
    evidence.nothing_to_bring = options.nothing;
    ANTIN_TRY(people, prove(*offline, options.administrators));
    ANTIN_TRY(lifted, ca::lift_fence(offline->db(), evidence, people.first, people.second,
                                     offline->clock().now()));
    if (options.json) {
        print_json({{"revocations_added", lifted.revocations_added},
                    {"certificates_added", lifted.certificates_added}});
    } else {
        std::printf("lifted: %lld revocations and %lld certificates brought back\n",
                    static_cast<long long>(lifted.revocations_added),
                    static_cast<long long>(lifted.certificates_added));
    }
    return ExitCode::Done;
}

Result<ExitCode> check_certificates(const Options& options) {
    ANTIN_TRY(offline, Offline::open(options.data_dir));
    ANTIN_TRY(checked, ca::recheck_certificates(offline->db()));
    Json findings = Json::array();
    for (const auto& finding : checked.findings) {
        findings.push_back(
            {{"serial", finding.serial}, {"rule", finding.rule}, {"detail", finding.detail}});
        if (!options.json) {
            std::printf("%s %s: %s\n", finding.serial.c_str(), finding.rule.c_str(),
                        finding.detail.c_str());
        }
    }
    if (options.json)
        print_json({{"checked", checked.count}, {"findings", findings}});
    else
        std::printf("%lld certificates checked\n", static_cast<long long>(checked.count));
    return checked.findings.empty() ? ExitCode::Done : ExitCode::No;
}

using Act = Result<ExitCode> (*)(const Options&);

CLI::App& add(CommandLine& line, CLI::App& parent, const std::shared_ptr<Options>& options,
              const char* name, const char* text, std::function<Result<ExitCode>()> act) {
    CLI::App& command = line.add(parent, name, text);
    add_data_option(command, options->data_dir);
    add_json_option(command, options->json);
    line.on(command, [act = std::move(act)] {
        const auto code = act();
        return code ? *code : report(code.error());
    });
    return command;
}

void add_changes(CommandLine& line, CLI::App& parent, const std::shared_ptr<Options>& options) {
    struct Row {
        const char *name, *text;
        Change change;
    };
    for (const Row& row : {Row{"revoke", "revokes a certificate for good", Change::Revoke},
                           Row{"hold", "puts a certificate in force on hold", Change::Hold},
                           Row{"release", "lifts a hold", Change::Release}}) {
        CLI::App& command =
            add(line, parent, options, row.name, row.text,
                [options, change = row.change] { return change_status(*options, change); });
        command.add_option("serial", options->serial, "serial, hexadecimal")->required();
        add_administrator_options(command, options->administrators);
        command.add_option("--reference", options->reference, "why: a letter, a dossier");
        if (row.change != Change::Revoke) continue;
        command.add_option("--reason", options->reason,
                           "key-compromise, affiliation-changed, superseded, cessation, "
                           "privilege-withdrawn, unspecified");
    }
}

}  // namespace

void register_ca(CommandLine& line) {
    CLI::App& parent = line.add(line.root, "ca", "the certification authority");
    parent.require_subcommand(1);
    const auto options = std::make_shared<Options>();
    const auto plain = [&](const char* name, const char* text, Act act) -> CLI::App& {
        return add(line, parent, options, name, text, [options, act] { return act(*options); });
    };
    plain("status", "issuers, lists, responders, what waits", show_status);
    plain("publish", "a fresh CRL of every issuing CA, now", publish);
    plain("check-certificates", "judges every certificate on record again", check_certificates);
    add_changes(line, parent, options);
    CLI::App& root = plain("root-crl", "the root signs a new CRL (yearly)", root_crl);
    root.add_option("--pin-file", options->pin_file, "file with the root's PIN")
        ->envname("ANTIN_PIN_FILE")
        ->required();
    CLI::App& fence =
        plain("lift-fence", "after a restore: lets the authority issue again", lift_fence);
    fence.add_option("--crl", options->crls, "CRL published after the copy was made");
    fence.add_option("--certificate", options->certificates,
                     "certificate issued after the copy was made");
    fence.add_flag("--nothing-missing", options->nothing,
                   "said outright: nothing was issued or revoked after the copy");
    add_administrator_options(fence, options->administrators);
}

}  // namespace antin::program
