// SPDX-License-Identifier: GPL-3.0-or-later
// A running machine is held and goes on: the real programs and a simulated printer.

#include "tests/e2e/network.hpp"

#include <catch2/catch.hpp>

namespace nearfab::e2e {
namespace {

bool says(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

std::string phase(const Network& network, const std::string& id) {
    const auto job = network.job(id);
    if (job.empty() || job.at("work_orders").empty()) return "";
    return job.at("work_orders").at(0).value("phase", "");
}

double progress(const Network& network) {
    const Outcome board = network.operate("lyon", {"status", "--json"});
    return nlohmann::json::parse(board.out).at("work").at(0).at("progress");
}

TEST_CASE("an operator pauses a print and continues it, and nothing is lost", "[e2e]") {
    if (!can_slice()) return;
    Network network{{FabPlan{.name = "lyon", .speed = 100, .operators = R"(["olga"])"}}};
    const Outcome idle = network.operate("lyon", {"pause", "p1"});
    CHECK(idle.exit_code == 1);
    CHECK(says(idle.err, "machine p1 makes nothing for us"));
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until_work_is(id, "producing"));
    const Outcome pause = network.operate("lyon", {"pause", "p1"});
    INFO(pause.err);
    REQUIRE(pause.exit_code == 0);
    CHECK(says(pause.out, "machine p1 is paused in work order " + id + "-1"));
    REQUIRE(network.until([&] { return phase(network, id) == "paused"; }));
    CHECK(says(network.operate("lyon", {"pause", "p1"}).out, "was paused already"));
    const double held_at = progress(network);

    SECTION("it goes on where it was") {
        CHECK(network.operate("lyon", {"continue", "p1"}).exit_code == 0);
    }
    SECTION("also when the agent was killed meanwhile") {
        network.fabs.at("lyon").kill();
        network.start_fab("lyon");
        REQUIRE(
            network.until([&] { return says(network.operate("lyon", {"status"}).out, "paused"); }));
        CHECK(progress(network) == Approx(held_at).margin(1e-6));
        REQUIRE(network.until([&] {
            return network.operate("lyon", {"continue", "p1"}).exit_code == 0;
        }));
    }
    SECTION("also by way of the router") {
        const Outcome resumed =
            network.nearfab_as("olga", {"fab", "continue", "p1", "--fab", "lyon"});
        INFO(resumed.err);
        CHECK(resumed.exit_code == 0);
        CHECK(says(resumed.out, "machine p1 goes on with work order " + id + "-1"));
    }
    REQUIRE(network.until_work_is(id, "produced"));
    CHECK(network.operate("lyon", {"continue", "p1"}).exit_code == 1);
    network.finish_at("lyon", id);
    const std::string story = network.history(id);
    INFO(story);
    CHECK_FALSE(says(story, "doubt"));
    CHECK_FALSE(says(story, "failed"));
}

TEST_CASE("a paused print can be cancelled", "[e2e]") {
    if (!can_slice()) return;
    Network network{{FabPlan{.name = "lyon", .speed = 100}}};
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until_work_is(id, "producing"));
    REQUIRE(network.operate("lyon", {"pause", "p1"}).exit_code == 0);
    CHECK(network.nearfab({"cancel", id}).exit_code == 0);
    REQUIRE(network.until([&] { return network.job(id).at("state") == "cancelled"; }));
}

}  // namespace
}  // namespace nearfab::e2e
