// SPDX-License-Identifier: GPL-3.0-or-later
// The operator's look at the agent that runs: `nearfab-agent status`.

#include "tests/e2e/network.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include <fstream>
#include <iterator>
#include <signal.h>

namespace nearfab::e2e {
namespace {

bool says(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

std::vector<std::string> status_of(const Network& network, std::vector<std::string> more = {}) {
    std::vector<std::string> words{tests::program_folder() + "/nearfab-agent",
                                   "--config",
                                   (network.folder() / "lyon.toml").string(),
                                   "status"};
    words.insert(words.end(), more.begin(), more.end());
    return words;
}

TEST_CASE("the agent's own status is the one of the operator's command", "[e2e]") {
    Network network{{FabPlan{.name = "lyon", .bed_clear = false}}};
    const Outcome status = run(status_of(network), network.environment());
    INFO(status.err);
    CHECK(status.exit_code == 0);
    CHECK(says(status.out, "p1"));
    CHECK(says(status.out, "nobody has confirmed yet that the bed is clear"));
    CHECK(status.out == network.operate("lyon", {"status"}).out);
    const Outcome as_json = run(status_of(network, {"--json"}), network.environment());
    CHECK(as_json.exit_code == 0);
    CHECK(nlohmann::json::parse(as_json.out).at("machines").at(0).at("machine") == "p1");
    CHECK(run(status_of(network, {"--json", "--watch"}), network.environment()).exit_code == 2);

    SECTION("the board follows what changes, also over a restart, and ends by Ctrl-C") {
        const auto log = network.folder() / "board.log";
        RunningProgram board{status_of(network, {"--watch"}), network.environment(), log};
        const auto shown = [&] {
            std::ifstream stream{log};
            return std::string{std::istreambuf_iterator<char>{stream}, {}};
        };
        REQUIRE(network.until([&] { return says(shown(), "awaiting_clear"); }));
        REQUIRE(network.operate("lyon", {"clear-bed", "p1"}).exit_code == 0);
        REQUIRE(network.until([&] { return says(shown(), "idle"); }));
        network.fabs.at("lyon").kill();
        REQUIRE(network.until([&] { return says(shown(), "The agent does not answer"); }));
        network.start_fab("lyon");
        REQUIRE(network.until([&] {
            const std::string all = shown();
            return says(all.substr(all.rfind("The agent does not answer")), "p1");
        }));
        board.signal(SIGINT);
        CHECK(board.wait() == 130);
    }
    SECTION("what is loaded is kept over a restart, and told in grams") {
        const auto load = [&](const std::string& material, const std::string& grams) {
            return network.operate("lyon", {"load", "p1", material, grams});
        };
        const Outcome loaded = load("PLA", "412");
        INFO(loaded.err);
        CHECK(loaded.out == "machine p1 has 412 g of pla\n");
        network.fabs.at("lyon").kill();
        network.start_fab("lyon");
        REQUIRE(network.until(
            [&] { return says(network.operate("lyon", {"status"}).out, "pla 412 g"); }));
        const Outcome unknown = load("petg", "100");
        CHECK(unknown.exit_code != 0);
        CHECK(says(unknown.err, "machine p1 is not set up for petg, only for pla"));
        CHECK(says(unknown.err, "agent.toml"));
        CHECK(load("pla", "412 g").exit_code == 2);
    }
    SECTION("an agent that does not run is told from one that cannot be asked") {
        network.fabs.at("lyon").kill();
        const Outcome away = run(status_of(network), network.environment());
        CHECK(away.exit_code == 6);
        CHECK(says(away.err, "the agent of \"lyon\" does not run"));
        CHECK(says(away.err, "next: start it"));
        std::filesystem::remove(network.folder() / "lyon.toml");
        CHECK(run(status_of(network), network.environment()).exit_code == 2);
    }
}

}  // namespace
}  // namespace nearfab::e2e
