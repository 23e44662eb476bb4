// An installation on PostgreSQL from its first day to a restored copy, by the commands that
// docs/operate/postgresql.md and backup.md name.
#include "ca/authority.hpp"
#include "command_fixture.hpp"
#include "kit/postgres_server.hpp"
#include "office.hpp"

namespace antin::stories {
namespace {

using program::Process;
namespace fs = std::filesystem;

class OnPostgresql : public program::Command {
  protected:
    void SetUp() override {
        server.create_database("antin");
        folder = own / "data";
        const auto made =
            run({"init", "--yes", "--port", "0", "--http-port", "0", "--database", "postgresql",
                 "--postgresql", server.connection("antin"), "--data", folder.string()});
        ASSERT_EQ(made.exit_code, 0) << made.complaint;
    }
    std::unique_ptr<Process> serve(const fs::path& data) {
        auto started = std::make_unique<Process>(
            own.path(), std::vector<std::string>{"serve", "--data", data.string()});
        const auto text = started->announced();
        port = port_after(text, "https:");
        status_port = port_after(text, "http:");
        EXPECT_NE(port, 0) << text;
        return started;
    }

    kit::PostgresServer server;
    fs::path folder;
    std::uint16_t port = 0, status_port = 0;
};

TEST_F(OnPostgresql, the_main_job_a_backup_while_serving_and_a_restore) {
    auto running = serve(folder);
    const auto out = own / "demo";
    kit::TempFolder side;
    const auto played = run_in(
        side.path(), {"demo", "issuance", "--data", folder.string(), "--out", out.string(),
                      "--port", std::to_string(port), "--http-port", std::to_string(status_port)});
    ASSERT_EQ(played.exit_code, 0) << played.complaint;
    const auto told = program::json::parse(program::content(out / "dossier.json"));
    EXPECT_EQ(told["status"], 10);
    EXPECT_EQ(told["rows"][0]["state"], "in_force");

    const auto copy = own / "copy", back = own / "back";
    const auto made =
        run_in(side.path(), {"backup", "--data", folder.string(), "--to", copy.string()});
    ASSERT_EQ(made.exit_code, 0) << made.complaint;
    running->signal(SIGTERM);
    EXPECT_EQ(running->wait().exit_code, 0);

    // Over a database that is in use nothing is restored, and nothing half done can be served.
    EXPECT_EQ(run({"restore", "--from", copy.string(), "--data", (own / "over").string(),
                   "--postgresql", server.connection("antin")})
                  .exit_code,
              3);
    EXPECT_FALSE(fs::exists(own / "over/antin.toml"));

    server.create_database("again");
    const auto restored = run({"restore", "--from", copy.string(), "--data", back.string(),
                               "--postgresql", server.connection("again")});
    ASSERT_EQ(restored.exit_code, 0) << restored.complaint;
    EXPECT_EQ(run({"audit", "verify", "--data", back.string()}).exit_code, 0);
    const auto check = run({"check", "--data", back.string()});
    EXPECT_EQ(check.exit_code, 1);
    EXPECT_NE(check.output.find("nothing may be issued"), std::string::npos) << check.output;
    running = serve(back);
    EXPECT_EQ(status_of(port, true,
                        "/tra-cuu?ma=" + told["code"].get<std::string>() +
                            "&kt=" + told["check"].get<std::string>()),
              200);
}

TEST_F(OnPostgresql, a_dead_server_refuses_acts_and_is_found_again_when_it_is_back) {
    Office office{folder};
    auto running = serve(folder);
    auto officer = Office::browser(port, office.intake);
    const auto filed = office.file(2);
    ASSERT_EQ(Office::accept(officer, filed[0]).status, 303);
    server.stop();
    EXPECT_EQ(status_of(port, true, "/livez"), 200);
    EXPECT_EQ(status_of(port, true, "/readyz"), 503);
    const auto refused = Office::accept(officer, filed[1]);
    EXPECT_EQ(refused.status, 503);
    EXPECT_NE(http::page_words(refused.body).find("tạm thời không làm việc"), std::string::npos)
        << http::page_words(refused.body);
    server.start();
    EXPECT_EQ(status_of(port, true, "/readyz"), 200);
    const auto accepted = Office::accept(officer, filed[1]);
    EXPECT_EQ(accepted.status, 303) << http::page_words(accepted.body);
    EXPECT_EQ(office.dossier(filed[0]).state, domain::DossierState::Accepted);
    EXPECT_EQ(office.dossier(filed[1]).state, domain::DossierState::Accepted);
    EXPECT_TRUE(office.trail().findings.empty());
    running->signal(SIGTERM);
    EXPECT_EQ(running->wait().exit_code, 0);
}

TEST_F(OnPostgresql, without_its_database_serve_says_so_and_check_says_what_to_mend) {
    server.stop();
    const auto answer = run({"serve", "--data", folder.string()});
    EXPECT_EQ(answer.exit_code, 3);
    EXPECT_NE(answer.complaint.find("database does not work"), std::string::npos)
        << answer.complaint;
    const auto check = run({"check", "--data", folder.string()});
    EXPECT_EQ(check.exit_code, 1);
    EXPECT_NE(check.output.find("MEND  database"), std::string::npos) << check.output;
}

}  // namespace
}  // namespace antin::stories
