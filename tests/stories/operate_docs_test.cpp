// The pages for administrators: each command in a ```sh block is run, each ```toml block is loaded.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

#include "config.hpp"
#include "kit/paths.hpp"
#include "kit/temp_folder.hpp"

namespace antin {
namespace {

namespace fs = std::filesystem;

struct Block {
    std::string page, language, text;
};

std::string content(const fs::path& path) {
    std::ifstream in(path);
    return {std::istreambuf_iterator<char>{in}, {}};
}

std::vector<Block> blocks(std::string_view language) {
    std::vector<Block> found;
    std::vector<fs::path> pages;
    for (const auto& entry : fs::directory_iterator(fs::path{ANTIN_SOURCE_DIR} / "docs/operate")) {
        if (entry.path().extension() == ".md") pages.push_back(entry.path());
    }
    std::sort(pages.begin(), pages.end());
    const auto opening = "```" + std::string{language} + "\n";
    for (const auto& page : pages) {
        const auto text = content(page);
        for (auto at = text.find(opening); at != std::string::npos; at = text.find(opening, at)) {
            at += opening.size();
            found.push_back({page.filename().string(), std::string{language},
                             text.substr(at, text.find("```", at) - at)});
        }
    }
    return found;
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at)) {
        text.replace(at, what.size(), with);
        at += with.size();
    }
    return text;
}

TEST(OperateDocs, every_command_works_in_the_order_of_the_pages) {
    const kit::TempFolder folder;
    // install.md makes the installation on which the other pages work.
    auto script = std::string{"set -eu\nantin() { \"$ANTIN\" \"$@\" </dev/null; }\n"};
    std::vector<Block> all = blocks("sh");
    std::stable_partition(all.begin(), all.end(),
                          [](const Block& block) { return block.page == "install.md"; });
    ASSERT_GE(all.size(), 4u);
    for (const Block& block : all) {
        script += "echo '== " + block.page + "'\n" + block.text;
        // check answers "no" on the fenced copy, which is what its page says.
        if (block.page == "backup.md" && block.text.find("check") != std::string::npos) {
            script = replaced(script, "antin check --data /srv/antin-again",
                              "! antin check --data /srv/antin-again");
        }
    }
    script = replaced(script, "/srv/", (folder.path() / "srv").string() + "/");
    fs::create_directories(folder.path() / "srv/copies");
    std::ofstream(folder.path() / "script.sh") << script;
    const auto command = "ANTIN='" ANTIN_BINARY "' bash '" +
                         (folder.path() / "script.sh").string() + "' > '" +
                         (folder.path() / "output.txt").string() + "' 2>&1";
    const int status = std::system(command.c_str());
    EXPECT_EQ(WEXITSTATUS(status), 0) << content(folder.path() / "output.txt");
}

TEST(OperateDocs, every_piece_of_settings_is_accepted) {
    const auto pieces = blocks("toml");
    ASSERT_GE(pieces.size(), 2u);
    for (const Block& block : pieces) {
        const kit::TempFolder folder;
        std::ofstream(folder.path() / "antin.toml") << block.text;
        const auto config = program::load_config(
            folder.path(), [](std::string_view) { return std::optional<std::string>{}; });
        EXPECT_TRUE(config) << block.page << ": " << config.error().code;
    }
}

}  // namespace
}  // namespace antin
