// ./bench in its smallest size: what it prints is relied on by scripts, so its shape is a contract.
#include <gtest/gtest.h>
#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "kit/paths.hpp"
#include "kit/temp_folder.hpp"

namespace antin::program {
namespace {

using nlohmann::json;
namespace fs = std::filesystem;

int bench(const fs::path& folder, const std::string& arguments) {
    const std::string command = "/usr/bin/python3 " ANTIN_SOURCE_DIR
                                "/tools/bench.py --tiny --build " ANTIN_BINARY_DIR " " +
                                arguments + " >" + (folder / "said").string() + " 2>&1";
    const int status = std::system(command.c_str());
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

std::string said(const fs::path& folder) {
    std::ifstream in{folder / "said"};
    return {std::istreambuf_iterator<char>{in}, {}};
}

TEST(Bench, EveryNameStandsOnceInTheTableAndInTheJson) {
    const kit::TempFolder folder;
    const auto file = folder.path() / "measured.json";
    ASSERT_EQ(bench(folder.path(), "--json " + file.string()), 0) << said(folder.path());
    std::ifstream in{file};
    const auto measures = json::parse(in);
    const std::set<std::string> expected{"page.queue.p99",
                                         "page.dossier300.p99",
                                         "page.lookup.p99",
                                         "page.queue.p99.10k",
                                         "page.dossier300.p99.10k",
                                         "page.lookup.p99.10k",
                                         "rows.check300.p99",
                                         "issuance.p256",
                                         "issuance.rsa3072",
                                         "ocsp.presigned",
                                         "ocsp.static",
                                         "start.ready",
                                         "idle.rss"};
    std::set<std::string> names;
    const auto table = said(folder.path());
    for (const auto& one : measures) {
        std::set<std::string> keys;
        for (const auto& [key, value] : one.items()) keys.insert(key);
        EXPECT_EQ(keys, (std::set<std::string>{"name", "value", "unit", "peer", "peer_value",
                                               "ratio", "goal"}));
        const auto name = one["name"].get<std::string>();
        EXPECT_TRUE(names.insert(name).second) << name << " stands twice";
        EXPECT_NE(table.find(name), std::string::npos);
        for (const char* key : {"value", "peer_value", "ratio", "goal"}) {
            ASSERT_TRUE(one[key].is_number()) << name << ' ' << key;
            EXPECT_GT(one[key].get<double>(), 0) << name << ' ' << key;
        }
        EXPECT_NEAR(one["ratio"].get<double>(),
                    one["value"].get<double>() / one["peer_value"].get<double>(),
                    0.02 * one["ratio"].get<double>() + 0.01)
            << name;
    }
    EXPECT_EQ(names, expected);
}

TEST(Bench, AnUnknownNameIsWrongUse) {
    const kit::TempFolder folder;
    EXPECT_EQ(bench(folder.path(), "page.nonsense"), 2);
    EXPECT_NE(said(folder.path()).find("page.queue.p99"), std::string::npos);
}

}  // namespace
}  // namespace antin::program
