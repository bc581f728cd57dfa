// SPDX-License-Identifier: GPL-3.0-or-later
// Killed at any moment, a router and an agent go on where they were, and no part is made twice.

#include "tests/e2e/network.hpp"

#include <catch2/catch.hpp>

namespace nearfab::e2e {
namespace {

std::size_t count(const std::string& text, const std::string& word) {
    std::size_t found = 0;
    for (auto at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        ++found;
    return found;
}

TEST_CASE("a router killed at any moment finishes the job after its restart", "[e2e][crash]") {
    if (!can_slice()) return;
    const std::string moment =
        GENERATE("submitted", "offered", "reserved", "producing", "produced");
    FabPlan plan{.name = "lyon", .speed = moment == "producing" ? 300.0 : 20000.0};
    if (moment == "offered") plan.acceptance = "manual";
    Network network{{plan}};
    INFO("killed when " << moment);
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    // The reply to submit means durable: killed right after it, nothing may be lost.
    if (moment == "reserved") {
        REQUIRE(network.until([&] {
            const std::string state = network.work_state(id);
            return state == "reserved" || state == "authorised" || state == "producing";
        }));
    } else if (moment != "submitted") {
        REQUIRE(network.until_work_is(id, moment));
    }
    network.router.kill();
    network.start_router();
    if (moment == "offered") {
        REQUIRE(network.until([&] {
            return network.operate("lyon", {"accept", id}).exit_code == 0 ||
                   network.work_state(id) == "produced";
        }));
    }
    REQUIRE(network.until_work_is(id, "produced"));
    network.finish_at("lyon", id);
    const std::string story = network.history(id);
    INFO(story);
    CHECK(count(story, "is making it") == 1);
    CHECK(count(story, "made by") == 1);
}

TEST_CASE("an agent killed before the start lets the work be made", "[e2e][crash]") {
    if (!can_slice()) return;
    Network network{{FabPlan{.name = "lyon"}}};
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until([&] {
        const std::string state = network.work_state(id);
        return !state.empty() && state != "queued" && state != "offered";
    }));
    network.fabs.at("lyon").kill();
    network.start_fab("lyon");
    REQUIRE(network.until_work_is(id, "produced"));
    const std::string story = network.history(id);
    INFO(story);
    CHECK(count(story, "made by") == 1);
    network.finish_at("lyon", id);
}

TEST_CASE("a fab whose agent lost its memory starts nothing before somebody has looked",
          "[e2e][crash]") {
    if (!can_slice()) return;
    Network network{{FabPlan{.name = "lyon", .bed_clear = false}}};
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until([&] {
        const auto status = network.operate("lyon", {"status", "--json"});
        return status.out.find("nobody has confirmed yet that the bed is clear") !=
                   std::string::npos &&
               status.out.find("waiting: nobody") != std::string::npos;
    }));
    CHECK(network.work_state(id) == "reserved");
    REQUIRE(network.operate("lyon", {"clear-bed", "p1"}).exit_code == 0);
    REQUIRE(network.until_work_is(id, "produced"));
    network.finish_at("lyon", id);
    // Its journal is gone; the part of before could be anywhere.
    network.fabs.at("lyon").kill();
    std::filesystem::remove_all(network.folder() / "lyon");
    network.start_fab("lyon");
    const std::string next = network.submit("hose_coupling", {"--material", "pla"});
    REQUIRE(network.until_work_is(next, "reserved"));
    REQUIRE(network.until([&] {
        return network.operate("lyon", {"status"}).out.find("not confirmed clear after nf-") !=
               std::string::npos;
    }));
    REQUIRE(network.operate("lyon", {"clear-bed", "p1"}).exit_code == 0);
    REQUIRE(network.until_work_is(next, "produced"));
}

TEST_CASE("a piece that its fab does not know of any more is told, and given up by its designer",
          "[e2e][crash]") {
    if (!can_slice()) return;
    Network network{{FabPlan{.name = "lyon"}}};
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until_work_is(id, "produced"));
    network.fabs.at("lyon").kill();
    std::filesystem::remove_all(network.folder() / "lyon");
    network.start_fab("lyon");
    REQUIRE(network.until([&] {
        return network.nearfab({"status", id}).out.find("does not know of it any more") !=
               std::string::npos;
    }));
    CHECK(network.work_state(id) == "produced");
    const Outcome cancelled = network.nearfab({"cancel", id});
    INFO(cancelled.out << cancelled.err);
    CHECK(cancelled.exit_code == 0);
    CHECK(network.work_state(id) == "cancelled");
    CHECK(count(network.history(id), "made by") == 1);
}

TEST_CASE("a print goes on while its agent is dead, and is not started again", "[e2e][crash]") {
    if (!can_slice()) return;
    Network network{{FabPlan{.name = "lyon", .speed = 300}}};
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until_work_is(id, "producing"));
    network.fabs.at("lyon").kill();
    network.start_fab("lyon");
    REQUIRE(network.until_work_is(id, "produced"));
    network.finish_at("lyon", id);
    const std::string story = network.history(id);
    INFO(story);
    CHECK(count(story, "may start now") == 1);
    CHECK(count(story, "is making it") == 1);
}

TEST_CASE("a machine that loses its power fails the attempt, it is not resumed", "[e2e][crash]") {
    if (!can_slice()) return;
    Network network{{FabPlan{.name = "lyon", .speed = 100},
                     FabPlan{.name = "grenoble", .place = "45.1885,5.7245"}}};
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until_work_is(id, "producing"));
    network.order_machine("lyon", "power-cut");
    REQUIRE(network.until([&] {
        const auto order = network.job(id).at("work_orders").at(0);
        return order.at("state") == "produced" && order.at("fab") == "grenoble";
    }));
    CHECK(network.history(id).find("power") != std::string::npos);
}

}  // namespace
}  // namespace nearfab::e2e
