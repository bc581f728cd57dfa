// SPDX-License-Identifier: GPL-3.0-or-later
// A router's configuration: what is left out has a default, what is wrong has a line.

#include "router/shell/config.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace nearfab::router {
namespace {

struct InFolder {
    std::filesystem::path folder;
    InFolder() {
        std::string pattern = (std::filesystem::temp_directory_path() / "nearfab-XXXXXX").string();
        folder = ::mkdtemp(pattern.data());
    }
    ~InFolder() { std::filesystem::remove_all(folder); }

    Result<Config> load(const std::string& text) const {
        std::ofstream{folder / "router.toml"} << text;
        return load_config(folder / "router.toml");
    }
};

const std::string enough = R"([router]
name = "lyon-network"
key_file = "router.key"
allowed_keys = "allowed_keys"
state_directory = "state"
)";

TEST_CASE_METHOD(InFolder, "the smallest configuration is enough", "[config]") {
    const auto config = load(enough);
    REQUIRE(config.has_value());
    CHECK(config->endpoint == "tcp://*:7440");
    CHECK(config->key_file == folder / "router.key");
    CHECK(config->core.offer_ttl == std::chrono::seconds{20});
    CHECK(config->core.matching.neighbourhood_km == 1.0);
}

TEST_CASE_METHOD(InFolder, "limits, shares and patience can be chosen", "[config]") {
    const auto config = load(enough + R"([matching]
waiting_per_job_and_fab_max = 2
[timing]
reservation_idle_s = 3600
remaining_max_s = 86400
[limits]
submits_burst = 10
submits_per_hour = 20
quotes_burst = 30
upload_mb_per_hour = 40
operator_commands_burst = 7
operator_looks_per_hour = 8
analyses_max = 50
analyses_per_submitter_max = 5
)");
    REQUIRE(config.has_value());
    CHECK(config->core.matching.waiting_per_job_and_fab_max == 2);
    CHECK(config->core.reservation_idle == std::chrono::hours{1});
    CHECK(config->core.remaining_max == std::chrono::hours{24});
    CHECK(config->core.submits.burst == 10);
    CHECK(config->core.submits.per_hour == 20);
    CHECK(config->core.quotes.burst == 30);
    CHECK(config->core.quotes.per_hour == 3600);
    CHECK(config->core.upload_mib.per_hour == 40);
    CHECK(config->core.operator_commands.burst == 7);
    CHECK(config->core.operator_looks.per_hour == 8);
    CHECK(config->core.analyses_max == 50);
    CHECK(config->core.analyses_per_submitter_max == 5);
    CHECK_FALSE(load(enough + "[limits]\nsubmits_burst = 0\n").has_value());
}

TEST_CASE_METHOD(InFolder, "every fault names its line and what to do", "[config]") {
    struct Case {
        std::string text;
        std::string message;
        std::string next;
    };
    const std::vector<Case> cases{
        {"", "the table [router] is missing", "examples/three_fabs/router.toml"},
        {"[router]\nnames = 1\n", "router.toml:2: the setting \"names\" is not known", "name"},
        {enough + "endpoint = \"ipc:///tmp/x\"\n", "router.toml:6", "tcp://"},
        {enough + "[timing]\noffer_s = -1\n", "router.toml:7: \"offer_s\" is -1", "correct"},
        {enough + "[timing]\noffer_s = \"soon\"\n", "router.toml:7", "correct"},
        {enough + "[matchng]\n",
         "router.toml:6: the setting \"matchng\"",
         "did you mean \"matching\""},
        {enough + "[matching\n", "router.toml:6:", "TOML"},
    };
    for (const Case& c : cases) {
        const auto config = load(c.text);
        REQUIRE_FALSE(config.has_value());
        INFO(config.error().message << " / " << config.error().next);
        CHECK(config.error().code == ErrorCode::config);
        CHECK(config.error().message.find(c.message) != std::string::npos);
        CHECK(config.error().next.find(c.next) != std::string::npos);
    }
}

TEST_CASE_METHOD(InFolder, "a file that is not there is said so", "[config]") {
    const auto config = load_config(folder / "nothing.toml");
    REQUIRE_FALSE(config.has_value());
    CHECK(config.error().code == ErrorCode::not_found);
}

}  // namespace
}  // namespace nearfab::router
