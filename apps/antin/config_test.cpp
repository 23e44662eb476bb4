#include "config.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <map>
#include <set>

#include "kit/paths.hpp"

namespace antin::program {
namespace {

class ConfigFile : public ::testing::Test {
  protected:
    void SetUp() override {
        std::string pattern = (std::filesystem::temp_directory_path() / "antin-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    void TearDown() override { std::filesystem::remove_all(folder); }
    void write(std::string_view text) { std::ofstream(folder / "antin.toml") << text; }
    Result<Config> load(std::map<std::string, std::string, std::less<>> environment = {}) {
        return load_config(folder, [environment](std::string_view name) {
            const auto found = environment.find(name);
            return found == environment.end() ? std::nullopt : std::optional{found->second};
        });
    }
    std::filesystem::path folder;
};

TEST_F(ConfigFile, an_empty_file_means_the_defaults) {
    write("");
    const auto config = load();
    ASSERT_TRUE(config) << config.error().code;
    EXPECT_EQ(config->listen, "127.0.0.1");
    EXPECT_EQ(config->port, 8443);
    EXPECT_EQ(config->effective_public_url(), "https://127.0.0.1:8443");
    EXPECT_EQ(config->effective_status_url(), "http://127.0.0.1:8081");
}

TEST_F(ConfigFile, what_is_written_is_read_again) {
    Config config;
    config.port = 9443;
    config.mail_server = "smtp://127.0.0.1:2525";
    config.mail_user = "a \"quoted\" name\\";
    write(to_toml(config));
    const auto again = load();
    ASSERT_TRUE(again) << again.error().code;
    EXPECT_EQ(again->port, 9443);
    EXPECT_EQ(again->mail_server, config.mail_server);
    EXPECT_EQ(again->mail_user, config.mail_user);
}

TEST_F(ConfigFile, an_unknown_key_is_refused_by_name) {
    write("[server]\nprot = 8443\n");
    const auto config = load();
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, "config.unknown_key");
    EXPECT_EQ(config.error().args[0].second, "server.prot");
}

TEST_F(ConfigFile, an_unknown_section_is_refused_by_name) {
    write("[sevrer]\nport = 8443\n");
    EXPECT_EQ(load().error().args[0].second, "sevrer.port");
}

TEST_F(ConfigFile, a_key_outside_a_section_is_refused) {
    write("port = 8443\n");
    EXPECT_EQ(load().error().code, "config.unknown_key");
}

TEST_F(ConfigFile, a_value_of_the_wrong_kind_is_refused_by_name) {
    write("[server]\nport = \"8443\"\n");
    const auto config = load();
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, "config.wrong_value");
    EXPECT_EQ(config.error().args[0].second, "server.port");
}

TEST_F(ConfigFile, a_file_that_is_not_toml_names_the_line) {
    write("[server]\nport 8443\n");
    const auto config = load();
    ASSERT_FALSE(config);
    EXPECT_EQ(config.error().code, "config.not_toml");
    EXPECT_EQ(config.error().args[0].second, "2");
}

TEST_F(ConfigFile, a_folder_without_settings_says_that_init_comes_first) {
    EXPECT_EQ(load().error().code, "config.no_folder");
}

TEST_F(ConfigFile, every_setting_can_be_overridden_by_its_twin) {
    for (const Setting& setting : settings()) {
        const std::string value = setting.number != nullptr                    ? "7"
                                  : setting.key == "engine"                    ? "postgresql"
                                  : setting.key == "public_url"                ? "https://a.example"
                                  : setting.key == "status_url"                ? "http://a.example"
                                  : setting.environment == "ANTIN_MAIL_SERVER" ? "smtp://a:25"
                                                                               : "other";
        write(to_toml(Config{}));
        const auto config = load({{std::string{setting.environment}, value}});
        ASSERT_TRUE(config) << setting.environment << config.error().code;
        if (setting.number != nullptr)
            EXPECT_EQ((*config).*setting.number, 7);
        else
            EXPECT_EQ((*config).*setting.string, value) << setting.environment;
    }
}

TEST_F(ConfigFile, a_number_in_the_environment_must_be_one) {
    write("");
    EXPECT_EQ(load({{"ANTIN_PORT", "84x"}}).error().code, "config.wrong_value");
}

TEST_F(ConfigFile, ports_that_cannot_work_are_refused) {
    write("[server]\nport = 70000\n");
    EXPECT_EQ(load().error().code, "config.wrong_value");
    write("[server]\nport = 9000\nhttp_port = 9000\n");
    EXPECT_EQ(load().error().code, "config.wrong_value");
}

TEST_F(ConfigFile, addresses_of_the_wrong_kind_are_refused) {
    write("[server]\npublic_url = \"http://portal.example\"\n");
    EXPECT_EQ(load().error().args[0].second, "server.public_url");
    write("[server]\nstatus_url = \"https://status.example\"\n");
    EXPECT_EQ(load().error().args[0].second, "server.status_url");
    write("[mail]\nserver = \"mail.example\"\n");
    EXPECT_EQ(load().error().args[0].second, "mail.server");
}

TEST_F(ConfigFile, names_of_settings_and_of_their_twins_are_unique) {
    std::set<std::string> names;
    for (const Setting& setting : settings()) {
        EXPECT_TRUE(names.insert(std::string{setting.environment}).second);
        EXPECT_TRUE(
            names.insert(std::string{setting.section} + "." + std::string{setting.key}).second);
        EXPECT_TRUE(setting.environment.starts_with("ANTIN_"));
    }
}

TEST_F(ConfigFile, the_password_of_the_database_comes_from_a_file) {
    write("[database]\nengine = \"postgresql\"\npostgresql_password_file = \"secrets/pg\"\n");
    std::filesystem::create_directory(folder / "secrets");
    std::ofstream(folder / "secrets/pg") << "it's \\ secret\n";
    const auto config = load();
    ASSERT_TRUE(config);
    const auto database = config->for_database();
    ASSERT_TRUE(database);
    EXPECT_TRUE(database->postgresql_connection.ends_with("password='it\\'s \\\\ secret'"))
        << database->postgresql_connection;
}

TEST_F(ConfigFile, a_missing_secret_file_is_named) {
    write("[database]\nengine = \"postgresql\"\npostgresql_password_file = \"secrets/pg\"\n");
    const auto database = load()->for_database();
    ASSERT_FALSE(database);
    EXPECT_EQ(database.error().code, "config.secret_file");
}

std::string settings_page() {
    std::string page =
        "# Settings\n\n"
        "One file, `antin.toml` in the data folder. Paths are relative to that folder. Each "
        "setting\n"
        "can be overridden by its twin in the environment; an unknown key is refused by its name.\n"
        "This page is written from the program by `./test --update settings_page`.\n";
    std::string_view section;
    for (const Setting& setting : settings()) {
        if (setting.section != section) {
            section = setting.section;
            page += "\n## [" + std::string{section} +
                    "]\n\n| Setting | Twin | Default | |\n|---|---|---|---|\n";
        }
        const Config config;
        const auto value = setting.string != nullptr ? "\"" + config.*setting.string + "\""
                                                     : std::to_string(config.*setting.number);
        page += "| `" + std::string{setting.key} + "` | `" + std::string{setting.environment} +
                "` | `" + value + "` | " + std::string{setting.text} + " |\n";
    }
    return page;
}

TEST(SettingsPage, settings_page_of_the_documentation_is_the_programs) {
    const auto path = std::filesystem::path{ANTIN_SOURCE_DIR} / "docs/operate/settings.md";
    if (std::getenv("ANTIN_UPDATE") != nullptr) std::ofstream(path) << settings_page();
    std::ifstream in(path);
    EXPECT_EQ((std::string{std::istreambuf_iterator<char>{in}, {}}), settings_page())
        << "run ./test --update settings_page";
}

}  // namespace
}  // namespace antin::program
