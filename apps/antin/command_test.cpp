// The binary itself, as an administrator runs it.
#include <sys/stat.h>

#include <algorithm>
#include <set>

#include "command_fixture.hpp"
#include "kit/paths.hpp"

namespace antin::program {
namespace {

TEST_F(Command, init_makes_114_bodies_and_an_account_for_each_role) {
    ASSERT_EQ(installed().answer.exit_code, 0) << installed().answer.complaint;
    const auto answer = json::parse(installed().answer.output);
    EXPECT_EQ(answer["bodies"], 114);
    EXPECT_EQ(answer["accounts"].size(), 9u);
    EXPECT_GE(answer["root_pin"].get<std::string>().size(), 20u);
    std::set<std::string> passwords;
    for (const auto& account : answer["accounts"]) {
        passwords.insert(account["password"].get<std::string>());
    }
    EXPECT_EQ(passwords.size(), 9u);
}

TEST_F(Command, init_keeps_the_first_accounts_for_its_owner_only) {
    struct stat about {};
    ASSERT_EQ(::stat((data() / "first-accounts.txt").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0600u);
    ASSERT_EQ(::stat((data() / "secrets").c_str(), &about), 0);
    EXPECT_EQ(about.st_mode & 0777, 0700u);
}

TEST_F(Command, init_keeps_the_pin_of_the_root_nowhere) {
    const auto pin = json::parse(installed().answer.output)["root_pin"].get<std::string>();
    for (const auto& entry : fs::recursive_directory_iterator(data())) {
        if (!entry.is_regular_file()) continue;
        EXPECT_EQ(content(entry.path()).find(pin), std::string::npos) << entry.path();
    }
}

TEST_F(Command, init_never_overwrites_an_installation) {
    const auto before = content(data() / "antin.toml");
    const auto answer = on_data({"init", "--yes"});
    EXPECT_EQ(answer.exit_code, 1);
    EXPECT_NE(answer.complaint.find("holds an installation already"), std::string::npos);
    EXPECT_EQ(content(data() / "antin.toml"), before);
}

TEST_F(Command, what_init_makes_is_left_out_of_the_binary_and_of_git) {
    const auto ignored = content(fs::path{ANTIN_SOURCE_DIR} / ".gitignore");
    for (const auto& entry : fs::directory_iterator(data())) {
        auto name = entry.path().filename().string();
        if (name.starts_with("portal.db")) name = name == "portal.db" ? "*.db" : "*.db-*";
        const bool listed = ignored.find("\n/data/" + name + "\n") != std::string::npos ||
                            ignored.find("\n/data/" + name + "/\n") != std::string::npos;
        EXPECT_TRUE(listed) << name;
    }
}

TEST_F(Command, wrong_use_is_exit_2_with_one_line) {
    for (const std::vector<std::string>& wrong : {std::vector<std::string>{},
                                                  {"nonsense"},
                                                  {"serve", "--port", "99999"},
                                                  {"user"},
                                                  {"backup"}}) {
        const auto answer = run(wrong);
        EXPECT_EQ(answer.exit_code, 2);
        EXPECT_EQ(std::count(answer.complaint.begin(), answer.complaint.end(), '\n'), 1)
            << answer.complaint;
    }
}

TEST_F(Command, a_folder_without_an_installation_is_named) {
    const auto answer = run({"serve", "--data", (own.path() / "nothing").string()});
    EXPECT_NE(answer.exit_code, 0);
    EXPECT_NE(answer.complaint.find("antin init"), std::string::npos) << answer.complaint;
}

TEST_F(Command, an_unknown_setting_is_refused_by_name) {
    fs::create_directory(own.path() / "d");
    std::ofstream(own.path() / "d/antin.toml") << "[server]\nprot = 1\n";
    const auto answer = run({"serve", "--data", (own.path() / "d").string()});
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_NE(answer.complaint.find("server.prot"), std::string::npos) << answer.complaint;
}

TEST_F(Command, serve_answers_on_both_ports_and_ends_within_5_seconds) {
    Process serve{own.path(), {"serve", "--data", data().string()}};
    const auto text = serve.announced();
    const auto portal = port_after(text, "https:"), status = port_after(text, "http:");
    EXPECT_EQ(status_of(portal, true, "/livez"), 200) << text;
    EXPECT_EQ(status_of(portal, true, "/readyz"), 200);
    EXPECT_EQ(status_of(portal, true, "/"), 200);
    EXPECT_EQ(status_of(status, false, "/livez"), 200);
    EXPECT_EQ(status_of(status, false, "/readyz"), 200);
    EXPECT_EQ(status_of(status, false, "/metrics"), 200);
    EXPECT_EQ(status_of(portal, true, "/metrics"), 404);
    EXPECT_NE(text.find("quantri@antin.invalid"), std::string::npos);
    const auto begun = std::chrono::steady_clock::now();
    serve.signal(SIGTERM);
    EXPECT_EQ(serve.wait().exit_code, 0);
    EXPECT_LT(std::chrono::steady_clock::now() - begun, std::chrono::seconds(5));
}

TEST_F(Command, two_cannot_serve_one_folder) {
    Process serve{own.path(), {"serve", "--data", data().string()}};
    serve.announced();
    kit::TempFolder other;
    const auto answer = run_in(other.path(), {"serve", "--data", data().string()});
    EXPECT_EQ(answer.exit_code, 3);
    EXPECT_NE(answer.complaint.find("another antin process"), std::string::npos);
    serve.signal(SIGINT);
    EXPECT_EQ(serve.wait().exit_code, 0);
}

TEST_F(Command, a_copied_folder_serves_elsewhere) {
    fs::copy(data(), own.path() / "moved", fs::copy_options::recursive);
    Process serve{own.path(), {"serve", "--data", (own.path() / "moved").string()}};
    const auto text = serve.announced();
    EXPECT_EQ(status_of(port_after(text, "https:"), true, "/readyz"), 200) << text;
    serve.signal(SIGTERM);
    EXPECT_EQ(serve.wait().exit_code, 0);
}

TEST_F(Command, people_are_added_listed_and_suspended) {
    const auto added = on_data({"user", "add", "--json", "--email", "them@antin.invalid", "--name",
                                "Người Thêm", "--role", "intake_officer"});
    ASSERT_EQ(added.exit_code, 0) << added.complaint;
    EXPECT_EQ(json::parse(added.output)["password"].get<std::string>().size(), 19u);
    EXPECT_EQ(
        on_data({"user", "grant", "--email", "them@antin.invalid", "--role", "assessor"}).exit_code,
        0);
    EXPECT_EQ(on_data({"user", "suspend", "--email", "them@antin.invalid"}).exit_code, 0);
    const auto listed = on_data({"user", "list", "--json"});
    bool found = false;
    for (const auto& person : json::parse(listed.output)) {
        if (person["email"] != "them@antin.invalid") continue;
        found = true;
        EXPECT_EQ(person["state"], "suspended");
        EXPECT_EQ(person["roles"].size(), 2u);
    }
    EXPECT_TRUE(found);
    EXPECT_EQ(on_data({"user", "resume", "--email", "nobody@antin.invalid"}).exit_code, 1);
    EXPECT_EQ(
        on_data({"user", "add", "--email", "b@antin.invalid", "--name", "B", "--role", "king"})
            .exit_code,
        2);
}

TEST_F(Command, the_root_signs_its_list_with_the_pin_of_a_file_and_with_no_other) {
    const auto folder = own_data();
    const auto pin = json::parse(installed().answer.output)["root_pin"].get<std::string>();
    const auto sign = [&](const std::string& typed) {
        std::ofstream{own.path() / "pin"} << typed << '\n';
        return run({"ca", "root-crl", "--json", "--pin-file", (own.path() / "pin").string(),
                    "--data", folder.string()});
    };
    EXPECT_NE(sign("1234567890").exit_code, 0);
    const auto before = content(folder / "public/crl/root.crl");
    const auto done = sign(pin);
    ASSERT_EQ(done.exit_code, 0) << done.complaint;
    EXPECT_NE(content(folder / "public/crl/root.crl"), before);
}

TEST_F(Command, a_password_in_the_connection_string_is_refused) {
    const auto answer =
        run({"init", "--yes", "--data", (own.path() / "d").string(), "--database", "postgresql",
             "--postgresql", "host=127.0.0.1 dbname=antin password=x"});
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_NE(answer.complaint.find("postgresql_password_file"), std::string::npos)
        << answer.complaint;
}

TEST_F(Command, check_finds_a_fresh_installation_well) {
    const auto answer = on_data({"check", "--json"});
    ASSERT_FALSE(answer.output.empty()) << answer.complaint;
    const auto report = json::parse(answer.output);
    EXPECT_TRUE(report["ok"]) << answer.output;
    EXPECT_EQ(answer.exit_code, 0);
}

TEST_F(Command, check_says_what_to_mend) {
    fs::copy(data(), own.path() / "d", fs::copy_options::recursive);
    fs::permissions(own.path() / "d/secrets", fs::perms::others_read, fs::perm_options::add);
    fs::remove(own.path() / "d/secrets/token.pin");
    const auto answer = run({"check", "--data", (own.path() / "d").string()});
    EXPECT_EQ(answer.exit_code, 1);
    EXPECT_NE(answer.output.find("MEND  secrets"), std::string::npos) << answer.output;
    EXPECT_NE(answer.output.find("token.pin"), std::string::npos) << answer.output;
}

TEST_F(Command, a_backup_made_while_serving_is_restored) {
    Process serve{own.path(), {"serve", "--data", data().string()}};
    serve.announced();
    kit::TempFolder side;
    const auto copy = (own.path() / "copy").string(), back = (own.path() / "back").string();
    const auto made = run_in(side.path(), {"backup", "--data", data().string(), "--to", copy});
    ASSERT_EQ(made.exit_code, 0) << made.complaint;
    serve.signal(SIGTERM);
    serve.wait();
    const auto restored = run({"restore", "--from", copy, "--data", back});
    ASSERT_EQ(restored.exit_code, 0) << restored.complaint;
    Process again{own.path(), {"serve", "--data", back}};
    const auto text = again.announced();
    EXPECT_EQ(status_of(port_after(text, "https:"), true, "/readyz"), 200) << text;
    EXPECT_NE(text.find("quantri@antin.invalid"), std::string::npos);
}

TEST_F(Command, a_damaged_backup_is_refused_by_the_name_of_the_file) {
    const auto copy = own.path() / "copy";
    ASSERT_EQ(on_data({"backup", "--to", copy.string()}).exit_code, 0);
    std::ofstream(copy / "secrets/vault.key", std::ios::app) << "x";
    const auto answer =
        run({"restore", "--from", copy.string(), "--data", (own.path() / "back").string()});
    EXPECT_EQ(answer.exit_code, 2);
    EXPECT_NE(answer.complaint.find("secrets/vault.key"), std::string::npos) << answer.complaint;
    EXPECT_FALSE(fs::exists(own.path() / "back/antin.toml"));
}

TEST_F(Command, backup_and_restore_never_write_over_something) {
    std::ofstream(own.path() / "mine") << "keep";
    EXPECT_EQ(on_data({"backup", "--to", own.path().string()}).exit_code, 1);
    const auto copy = own.path() / "copy";
    ASSERT_EQ(on_data({"backup", "--to", copy.string()}).exit_code, 0);
    EXPECT_EQ(run({"restore", "--from", copy.string(), "--data", data().string()}).exit_code, 1);
    EXPECT_EQ(content(own.path() / "mine"), "keep");
}

}  // namespace
}  // namespace antin::program
