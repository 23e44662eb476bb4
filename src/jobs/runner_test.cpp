#include "jobs/runner.hpp"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <future>

#include "app/notify.hpp"
#include "jobs/mail_jobs.hpp"
#include "kit/fake_clock.hpp"
#include "kit/smtp_server.hpp"
#include "kit/test_database.hpp"
#include "mail/smtp.hpp"
#include "store/notices.hpp"
#include "store/outbox.hpp"

using namespace antin;

namespace {

class Jobs : public testing::TestWithParam<sql::Engine> {
  protected:
    void put(const std::string& kind, const std::string& key = "") {
        ASSERT_TRUE(database_->transact([&](sql::Transaction& tx) -> Status {
            store::put_outbox(tx, kind, R"({"n":1})", key, clock_.now());
            return {};
        }));
    }
    store::OutboxCounts counts() {
        return *database_->read(
            [](sql::Reader& db) -> Result<store::OutboxCounts> { return store::count_outbox(db); });
    }
    std::int64_t queue_mail() {
        return *database_->transact([&](sql::Transaction& tx) -> Result<std::int64_t> {
            return app::send_mail(tx, services_, "van-thu@coquan.invalid", "Tiêu đề", "Nội dung",
                                  false);
        });
    }
    store::Mail mail(std::int64_t id) {
        return *database_->read([&](sql::Reader& db) -> Result<store::Mail> {
            return store::find_mail(db, id).value();
        });
    }

    kit::TestDatabase database_{GetParam()};
    kit::FakeClock clock_;
    app::Configuration configuration_;
    app::Services services_{*database_, clock_, configuration_};
    jobs::Runner runner_{services_};
};
ANTIN_ON_BOTH_ENGINES(Jobs);

std::string message_id_in(const std::string& seen) {
    const auto at = seen.find("Message-ID: ");
    return at == std::string::npos ? "" : seen.substr(at, seen.find('>', at) - at);
}

}  // namespace

TEST_P(Jobs, WhatIsDueIsDoneOnce) {
    int done = 0;
    runner_.on("thing", [&](const std::string& payload) -> Status {
        EXPECT_EQ(payload, R"({"n":1})");
        ++done;
        return {};
    });
    put("thing", "a");
    put("thing", "a");
    put("thing", "b");
    EXPECT_EQ(runner_.drain(), 2);
    EXPECT_EQ(runner_.drain(), 0);
    EXPECT_EQ(done, 2);
}

TEST_P(Jobs, KindsThatNobodyHandlesStay) {
    put("mail");
    runner_.on("other", [](const std::string&) -> Status { return {}; });
    EXPECT_EQ(runner_.drain(), 0);
    EXPECT_EQ(counts().waiting, 1);
}

TEST_P(Jobs, AFailureIsTriedAgainLaterAndLater) {
    int tries = 0;
    runner_.on("thing", [&](const std::string&) -> Status {
        ++tries;
        return fail(ErrorKind::Unavailable, "test.gone");
    });
    put("thing");
    EXPECT_EQ(runner_.drain(), 1);
    EXPECT_EQ(runner_.drain(), 0) << "not before its time";
    clock_.advance(std::chrono::seconds{11});
    EXPECT_EQ(runner_.drain(), 1);
    clock_.advance(std::chrono::seconds{11});
    EXPECT_EQ(runner_.drain(), 0) << "the second wait is longer";
    clock_.advance(std::chrono::seconds{10});
    EXPECT_EQ(runner_.drain(), 1);
    EXPECT_EQ(tries, 3);
    EXPECT_EQ(counts().waiting, 1);
}

TEST_P(Jobs, WhatCannotEverWorkIsGivenUpAtOnceAndStandsInTheTrail) {
    runner_.on("thing",
               [](const std::string&) -> Status { return fail(ErrorKind::Refused, "test.never"); });
    put("thing");
    EXPECT_EQ(runner_.drain(), 1);
    EXPECT_EQ(counts().given_up, 1);
    constexpr sql::Statement trail{"trail",
                                   "SELECT act FROM audit_entry ORDER BY seq DESC LIMIT 1"};
    ASSERT_TRUE(database_->read([&](sql::Reader& db) -> Status {
        EXPECT_EQ(db.query(trail)[0].text("act"), "job.given_up");
        return {};
    }));
}

TEST_P(Jobs, WhatFailsForTooLongIsGivenUp) {
    jobs::Retry retry;
    retry.give_up_after = std::chrono::minutes{1};
    runner_.on(
        "thing",
        [](const std::string&) -> Status { return fail(ErrorKind::Unavailable, "test.gone"); },
        retry);
    put("thing");
    runner_.drain();
    clock_.advance(std::chrono::minutes{2});
    runner_.drain();
    EXPECT_EQ(counts().given_up, 1);
}

TEST_P(Jobs, AHandlerThatThrowsEndsNothing) {
    runner_.on("thing", [](const std::string&) -> Status { throw std::runtime_error{"ours"}; });
    put("thing");
    EXPECT_EQ(runner_.drain(), 1);
    EXPECT_EQ(counts().waiting, 1);
}

TEST_P(Jobs, TheThreadsTakeWorkByThemselvesAndStopAtOnce) {
    std::promise<void> done;
    runner_.on("thing", [&](const std::string&) -> Status {
        done.set_value();
        return {};
    });
    std::promise<void> ran;
    runner_.every("clock", std::chrono::hours{1}, [&]() -> Status {
        ran.set_value();
        return {};
    });
    runner_.start();
    put("thing");
    runner_.wake();
    done.get_future().get();
    ran.get_future().get();
    runner_.stop();
    EXPECT_EQ(counts().waiting, 0);
}

TEST_P(Jobs, AMailGoesOutOnceAndTheLogKeepsTheServersWords) {
    kit::SmtpServer server;
    jobs::deliver_mails(runner_, services_, [&](const mail::Message& message) {
        return mail::send({.url = server.url(), .user = "", .password = "", .ca_file = ""},
                          message);
    });
    const auto id = queue_mail();
    EXPECT_EQ(runner_.drain(), 1);
    EXPECT_EQ(mail(id).state, "sent");
    EXPECT_NE(mail(id).last_answer.find("4711"), std::string::npos);
    EXPECT_NE(server.next_mail().find(mail(id).message_id.substr(1, 10)), std::string::npos);
    EXPECT_EQ(runner_.drain(), 0);
}

TEST_P(Jobs, WithoutAServerMailsWaitAndGoOutWhenThereIsOne) {
    const auto id = queue_mail();
    EXPECT_EQ(runner_.drain(), 0);
    EXPECT_EQ(mail(id).state, "waiting");
    bool sent = false;
    jobs::deliver_mails(runner_, services_, [&](const mail::Message&) -> Result<std::string> {
        sent = true;
        return "250 ok";
    });
    EXPECT_EQ(runner_.drain(), 1);
    EXPECT_TRUE(sent);
}

TEST_P(Jobs, ARefusedMailIsFailedForGoodAndAnUnreachableServerIsTriedAgain) {
    Error answer{ErrorKind::Unavailable, "mail.unreachable", "nobody there"};
    jobs::deliver_mails(runner_, services_,
                        [&](const mail::Message&) -> Result<std::string> { return fail(answer); });
    const auto id = queue_mail();
    runner_.drain();
    EXPECT_EQ(mail(id).state, "waiting");
    EXPECT_EQ(mail(id).last_answer, "nobody there");
    answer = {ErrorKind::Refused, "mail.refused", "550 no such mailbox"};
    clock_.advance(std::chrono::minutes{1});
    runner_.drain();
    EXPECT_EQ(mail(id).state, "failed");
    EXPECT_EQ(mail(id).attempts, 2);
    EXPECT_EQ(counts().given_up, 1);
}

TEST_P(Jobs, AMailWhoseTriesRanOutIsFailedWithTheTimeAndTheReason) {
    const auto id = queue_mail();
    jobs::deliver_mails(runner_, services_, [](const mail::Message&) -> Result<std::string> {
        return fail(ErrorKind::Unavailable, "mail.unreachable", "connection refused");
    });
    EXPECT_EQ(runner_.drain(), 1);
    EXPECT_EQ(mail(id).state, "waiting");
    EXPECT_FALSE(mail(id).given_up_at);
    clock_.advance(std::chrono::hours{49});
    EXPECT_EQ(runner_.drain(), 1);
    const auto given_up = mail(id);
    EXPECT_EQ(given_up.state, "failed");
    EXPECT_EQ(given_up.given_up_at, clock_.now());
    EXPECT_EQ(given_up.last_answer, "connection refused");
    EXPECT_EQ(given_up.given_up_why, "mail.unreachable: connection refused");
    EXPECT_EQ(given_up.attempts, 2);
}

// The only place where a second copy can arise: the server has taken the mail, and the process dies
// before the record. A kill before that leaves exactly one.
class KilledWhileSending : public testing::TestWithParam<bool> {};
INSTANTIATE_TEST_SUITE_P(Jobs, KilledWhileSending, testing::Bool());

TEST_P(KilledWhileSending, TheMailIsNotLostAndASecondCopyHasTheSameId) {
    const bool after_answer = GetParam();
    kit::TestDatabase database;
    kit::FakeClock clock;
    const app::Configuration configuration;
    kit::SmtpServer server;
    const mail::Server address{.url = server.url(), .user = "", .password = "", .ca_file = ""};
    {
        app::Services services{*database, clock, configuration};
        ASSERT_TRUE(database->transact([&](sql::Transaction& tx) -> Status {
            app::send_mail(tx, services, "van-thu@coquan.invalid", "Tiêu đề", "Nội dung", false);
            return {};
        }));
    }
    const auto settings = database.settings();
    const pid_t child = ::fork();
    if (child == 0) {
        auto db = sql::Database::open(settings).value();
        app::Services services{*db, clock, configuration};
        jobs::Runner runner{services};
        jobs::deliver_mails(runner, services, [&](const mail::Message& message) {
            auto answer = after_answer ? mail::send(address, message) : Result<std::string>{""};
            ::kill(::getpid(), SIGKILL);
            return answer;
        });
        runner.drain();
        ::_exit(0);
    }
    int status = 0;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    ASSERT_TRUE(WIFSIGNALED(status));

    database.reopen();
    app::Services services{*database, clock, configuration};
    jobs::Runner runner{services};
    jobs::deliver_mails(runner, services,
                        [&](const mail::Message& message) { return mail::send(address, message); });
    EXPECT_EQ(runner.drain(), 0) << "still claimed";
    clock.advance(std::chrono::minutes{3});
    EXPECT_EQ(runner.drain(), 1);
    EXPECT_EQ(runner.drain(), 0);
    const auto first = message_id_in(server.next_mail());
    EXPECT_FALSE(first.empty());
    if (after_answer) {
        EXPECT_EQ(message_id_in(server.next_mail()), first);
    }
}
