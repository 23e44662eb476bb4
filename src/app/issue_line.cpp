#include "app/issue_line.hpp"

#include "app/bench_access.hpp"
#include "app/bench_work.hpp"
#include "app/certificate_status.hpp"
#include "app/open_authority.hpp"
#include "base/log.hpp"
#include "domain/objection.hpp"

namespace antin::app {

namespace {

using Issued = Result<ca::CertificateRecord>;

/// Runs inside the transaction in which the ledger records the certificate.
Status record_issued(sql::Transaction& tx, const Services& services, const Actor& actor,
                     std::int64_t line_id, const ca::CertificateRecord& certificate) {
    ANTIN_TRY(at, load_line(tx, line_id));
    if (at.line.certificate_serial == certificate.serial) return {};  // a repeat
    const bool counts = at.work && certificate.order_id == line_order_id(tx, line_id);
    if (!counts) return fail(domain::to_error(domain::Objection::NotNow));  // its key was given up
    ANTIN_CHECK(record_certificate(tx, at.dossier, at.line, certificate));
    ANTIN_CHECK(
        advance_line(tx, services, actor, bench_role(actor), at, domain::LineAction::Issue));
    at.line.certificate_serial = certificate.serial;
    at.line.problem.clear();
    at.work->issued_at = services.clock.now();
    return save_work(tx, at);
}

/// The row says what it waits for. Its own transaction: issuing has ended without effect.
void note_problem(Services& services, std::int64_t line_id, const std::string& code) {
    const auto status = services.db.transact([&](sql::Transaction& tx) -> Status {
        auto line = store::find_line_by_id(tx, line_id);
        if (!line || line->state != domain::LineState::KeyReady || line->problem == code) return {};
        line->problem = code;
        (void)store::save_line(tx, *line);
        return {};
    });
    if (!status) log(LogLevel::Error, "line.problem_not_noted", {{"code", status.error().code}});
}

struct Asked {
    std::string order_id;
    Bytes request;
};
Result<Asked> asked_of(Services& services, std::int64_t line_id) {
    return services.db.read([&](sql::Reader& db) -> Result<Asked> {
        ANTIN_TRY(at, load_line(db, line_id));
        using enum domain::LineState;
        const bool now = at.line.state == KeyReady || at.line.state == Issued;
        if (!now || !at.work || at.work->certificate_request.empty()) {
            return fail(domain::to_error(domain::Objection::NotNow));
        }
        return Asked{line_order_id(db, line_id), at.work->certificate_request};
    });
}

Result<ca::IssueRequest> issue_request(Services& services, const Actor& actor,
                                       std::int64_t line_id) {
    ANTIN_TRY(asked, asked_of(services, line_id));
    auto approval = open_authority(services)->approval_of(asked.order_id);
    if (!approval) return fail(approval.error());
    return ca::IssueRequest{
        std::move(*approval), std::move(asked.request),
        [&services, actor, line_id](sql::Transaction& tx, const ca::CertificateRecord& record) {
            return record_issued(tx, services, actor, line_id, record);
        }};
}

}  // namespace

std::vector<Issued> issue_lines(Services& services, const Actor& actor,
                                const std::vector<std::int64_t>& line_ids) {
    std::vector<Issued> answers(line_ids.size(),
                                Issued{fail(ErrorKind::Unavailable, "ca.not_open")});
    if (actor.account_id != 0) {  // 0: what an officer began goes on
        if (const auto may = bench_officer_of_lines(services, actor, line_ids); !may) {
            for (auto& answer : answers) answer = Issued{fail(may.error())};
            return answers;
        }
    }
    if (open_authority(services) == nullptr) {
        for (const auto id : line_ids) note_problem(services, id, "ca.not_open");
        return answers;
    }
    std::vector<ca::IssueRequest> requests;
    std::vector<std::size_t> places;
    for (std::size_t i = 0; i < line_ids.size(); ++i) {
        auto request = issue_request(services, actor, line_ids[i]);
        if (request) {
            requests.push_back(std::move(*request));
            places.push_back(i);
        } else {
            answers[i] = Issued{fail(request.error())};
        }
    }
    auto issued = open_authority(services)->issue(std::move(requests));
    for (std::size_t k = 0; k < issued.size(); ++k) answers[places[k]] = std::move(issued[k]);
    for (std::size_t i = 0; i < answers.size(); ++i) {
        if (!answers[i]) note_problem(services, line_ids[i], answers[i].error().code);
    }
    return answers;
}

Issued issue_line(Services& services, const Actor& actor, std::int64_t line_id) {
    return issue_lines(services, actor, {line_id}).front();
}

std::int64_t issue_waiting_lines(Services& services) {
    if (open_authority(services) == nullptr) return 0;
    const auto waiting = services.db.read([](sql::Reader& db) -> Result<std::vector<std::int64_t>> {
        return store::lines_to_issue(db, 64);
    });
    if (!waiting || waiting->empty()) return 0;
    std::int64_t done = 0;
    for (const auto& answer : issue_lines(services, Actor::system("Ấn Tín"), *waiting)) {
        done += answer ? 1 : 0;
    }
    return done;
}

}  // namespace antin::app
