#include <CLI/CLI.hpp>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <optional>

#include "ca/profiles.hpp"
#include "command.hpp"
#include "pki/certificate.hpp"
#include "pki/key.hpp"
#include "pki/lint.hpp"
#include "pki/oids.hpp"
#include "pki/pem.hpp"

namespace antin::program {
namespace {

struct Options {
    std::string path, profile, issuer;
};

Result<Bytes> read_certificate_file(const std::string& path) {
    std::ifstream file{path, std::ios::binary};
    if (!file) return fail(ErrorKind::Unavailable, "files.cannot_read", {}, {{"file", path}});
    const std::string content{std::istreambuf_iterator<char>{file}, {}};
    ANTIN_TRY(blocks, pki::read_pem_or_der(content, {"CERTIFICATE"}));
    return blocks.front();
}

/// The sort a certificate says it is of; among subscribers the profile it departs from least.
Result<std::string> likely_profile(const pki::CertificateView& view,
                                   const pki::LintContext& context) {
    if (pki::is_authority(view)) {
        return std::string{std::ranges::equal(view.issuer, view.subject) ? "root" : "issuing"};
    }
    if (view.extension(pki::oids::ocsp_nocheck) != nullptr) return std::string{"responder"};
    std::string best;
    std::size_t fewest = 0;
    for (const auto* name : {"individual", "organisation", "equipment"}) {
        ANTIN_TRY(profile, ca::find_profile(name));
        const auto count = pki::lint(view, *profile, context).size();
        if (best.empty() || count < fewest) {
            best = name;
            fewest = count;
        }
    }
    return best;
}

Result<ExitCode> lint(const Options& options) {
    ANTIN_TRY(der, read_certificate_file(options.path));
    nlohmann::json departures = nlohmann::json::array();
    const auto add = [&](const std::string& rule, const std::string& detail) {
        departures.push_back({{"rule", rule}, {"detail", detail}});
    };
    const auto view = pki::read_certificate(der);
    if (!view) {
        add("malformed", view.error().detail);
        print_json({{"profile", nullptr}, {"serial", nullptr}, {"departures", departures}});
        return ExitCode::No;
    }
    Bytes issuer_der;
    std::optional<pki::CertificateView> issuer;
    pki::LintContext context;
    if (!options.issuer.empty()) {
        ANTIN_TRY(read, read_certificate_file(options.issuer));
        issuer_der = read;
        ANTIN_TRY(issuer_view, pki::read_certificate(issuer_der));
        issuer = issuer_view;
        context.issuer = &*issuer;
        const auto key = pki::PublicKey::read(issuer->public_key_info);
        if (!key || !key->verify(view->tbs, view->outer_algorithm, view->signature)) {
            add("signature", "not made by the key of this issuer");
        }
    }
    std::string name = options.profile;
    if (name.empty()) {
        ANTIN_TRY(likely, likely_profile(*view, context));
        name = likely;
    }
    ANTIN_TRY(profile, ca::find_profile(name));
    for (const auto& departure : pki::lint(*view, *profile, context)) {
        add(departure.rule, departure.detail);
    }
    print_json({{"profile", name}, {"serial", view->serial_text()}, {"departures", departures}});
    return departures.empty() ? ExitCode::Done : ExitCode::No;
}

}  // namespace

void register_x509(CommandLine& line) {
    CLI::App& parent = line.add(line.root, "x509", "certificates: lint, verify");
    parent.require_subcommand(1);
    const auto options = std::make_shared<Options>();
    CLI::App& command =
        line.add(parent, "lint", "every departure of a certificate from its profile, as JSON");
    command.add_option("certificate", options->path, "PEM or DER")->required();
    command.add_option("--profile", options->profile,
                       "individual, organisation, equipment, root, issuing, responder");
    command.add_option("--issuer", options->issuer, "the issuer's certificate, to compare with");
    bool ignored = false;
    command.add_flag("--json", ignored, "JSON (it always is)");
    line.on(command, [options] {
        const auto code = lint(*options);
        return code ? *code : report(code.error());
    });
    CLI::App& verify = line.add(parent, "verify", "checks a certificate's path and status");
    verify.allow_extras();
    line.on(verify, [] {
        std::fputs("antin: \"x509 verify\" is not there yet\n", stderr);
        return ExitCode::WrongUse;
    });
}

}  // namespace antin::program
