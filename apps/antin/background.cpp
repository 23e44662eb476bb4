#include "background.hpp"

#include <nlohmann/json.hpp>

#include "app/make_paper.hpp"
#include "app/request_supplement.hpp"
#include "audit/checkpoint.hpp"
#include "jobs/mail_jobs.hpp"
#include "keys.hpp"
#include "mail/smtp.hpp"

namespace antin::program {
namespace {

/// The trail has a key of its own in the issuing token.
constexpr const char* audit_key = "antin-audit";

Result<std::shared_ptr<pki::Signer>> open_audit_signer(const Config& config) {
    ANTIN_TRY(token, open_issuing_token(config));
    ANTIN_TRY(key, token->generate_key(audit_key, pki::KeyKind::P256));
    return token->signer(key.label);
}

Result<mail::Server> mail_server(const Config& config) {
    mail::Server server;
    server.url = config.mail_server;
    server.user = config.mail_user;
    if (!config.mail_password_file.empty()) {
        ANTIN_TRY(password, read_secret(config.file(config.mail_password_file)));
        server.password = std::move(password);
    }
    return server;
}

void make_papers(jobs::Runner& runner, app::Services& services) {
    runner.on("paper", [&services](const std::string& payload) -> Status {
        const auto json = nlohmann::json::parse(payload);
        return app::make_paper(services, json.at("paper_id").get<std::int64_t>());
    });
}

}  // namespace

Result<std::unique_ptr<jobs::Runner>> make_background(const Config& config,
                                                      app::Services& services) {
    auto runner = std::make_unique<jobs::Runner>(services);
    if (!config.mail_server.empty()) {
        ANTIN_TRY(server, mail_server(config));
        jobs::deliver_mails(*runner, services, [server](const mail::Message& message) {
            return mail::send(server, message);
        });
    }
    make_papers(*runner, services);
    runner->every("supplements", std::chrono::minutes{5}, [&services]() -> Status {
        ANTIN_TRY(expired, app::expire_supplements(services));
        (void)expired;
        return {};
    });
    jobs::clean_up_regularly(*runner, services);
    runner->every(
        "audit_checkpoints", std::chrono::seconds{20},
        [&services, config, signer = std::shared_ptr<pki::Signer>{},
         copy = audit::TrailCopy{config.file("audit"),
                                 config.file(config.audit_copy_folder)}]() mutable -> Status {
            if (!signer) {
                ANTIN_TRY(opened, open_audit_signer(config));
                signer = std::move(opened);
            }
            copy.look();
            ANTIN_TRY(written, audit::write_checkpoints(services.db, services.clock, *signer,
                                                        config.file("audit"), audit::When::Due));
            (void)written;
            if (config.audit_copy_folder.empty()) return {};
            return copy.extend(services.clock.now());
        });
    return runner;
}

Status write_audit_checkpoints(const Config& config, app::Services& services, bool at_once) {
    ANTIN_TRY(signer, open_audit_signer(config));
    ANTIN_TRY(written,
              audit::write_checkpoints(services.db, services.clock, *signer, config.file("audit"),
                                       at_once ? audit::When::AtOnce : audit::When::Due));
    (void)written;
    return {};
}

}  // namespace antin::program
