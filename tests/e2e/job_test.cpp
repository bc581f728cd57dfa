// SPDX-License-Identifier: GPL-3.0-or-later
// The main job with the real programs: matched, fetched, sliced, made, handed over.

#include "tests/e2e/network.hpp"
#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <fstream>
#include <signal.h>

namespace nearfab::e2e {
namespace {

const FabPlan lyon{.name = "lyon"};
const FabPlan grenoble{.name = "grenoble",
                       .place = "45.1885,5.7245",
                       .materials = R"([{id = "pla", grams = 900}, {id = "petg", grams = 900}])",
                       .envelope = "[300, 300, 400]"};

TEST_CASE("a job is made by the nearest fab and delivered", "[e2e]") {
    if (!can_slice()) return;
    Network network{{lyon, grenoble}};
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until_work_is(id, "produced"));
    CHECK(network.job(id).at("work_orders").at(0).at("fab") == "lyon");

    SECTION("inspected, cleared and handed over it is closed") {
        network.finish_at("lyon", id);
        const std::string story = network.history(id);
        CHECK(story.find("lyon / p1 is making it") != std::string::npos);
        CHECK(story.find("job closed") != std::string::npos);
        CHECK(network.nearfab({"watch", id}).exit_code == 0);
    }
    SECTION("the next part waits for the bed") {
        const std::string next = network.submit("hose_coupling", {"--material", "pla"});
        REQUIRE(network.until_work_is(next, "reserved"));
        CHECK(network.operate("lyon", {"hand-over", id}).exit_code != 0);  // Not inspected yet.
        network.finish_at("lyon", id);
        REQUIRE(network.until_work_is(next, "produced"));
        network.finish_at("lyon", next);
    }
    SECTION("a bad part is made again") {
        REQUIRE(network.operate("lyon", {"inspect", id, "--bad", "a corner lifted"}).exit_code ==
                0);
        REQUIRE(network.operate("lyon", {"clear-bed", "p1"}).exit_code == 0);
        REQUIRE(network.until([&] {
            const auto job = network.job(id).at("work_orders").at(0);
            return job.at("attempts") == 1 && job.at("state") == "produced";
        }));
        network.finish_at("lyon", id);
    }
}

TEST_CASE("the nearest fab without the material is passed over, with the reason", "[e2e]") {
    if (!can_slice()) return;
    Network network{{lyon, grenoble}};
    const std::string id = network.submit("wall_hook", {"--material", "petg"});
    REQUIRE(network.until_work_is(id, "produced"));
    CHECK(network.job(id).at("work_orders").at(0).at("fab") == "grenoble");
    const Outcome why = network.nearfab({"why", id});
    CHECK(why.out.find("material") != std::string::npos);
    CHECK(why.out.find("lyon") != std::string::npos);
}

TEST_CASE("a part too long for the nearest printer goes to the larger one", "[e2e]") {
    if (!can_slice()) return;
    Network network{{lyon, grenoble}};
    const std::string id = network.submit("tool_rack", {"--material", "pla"});
    REQUIRE(network.until_work_is(id, "produced"));
    CHECK(network.job(id).at("work_orders").at(0).at("fab") == "grenoble");
    CHECK(network.nearfab({"why", id}).out.find("180.0 mm") != std::string::npos);
}

TEST_CASE("a fab that declines or is silent loses the work to the next", "[e2e]") {
    if (!can_slice()) return;
    FabPlan by_hand = lyon;
    by_hand.acceptance = "manual";

    SECTION("declined by its operator") {
        Network network{{by_hand, grenoble}};
        const std::string id = network.submit("wall_hook", {"--material", "pla"});
        REQUIRE(network.until_work_is(id, "offered"));
        REQUIRE(network.until([&] {
            return network.operate("lyon", {"decline", id, "--reason", "closed today"}).exit_code ==
                   0;
        }));
        REQUIRE(network.until_work_is(id, "produced"));
        CHECK(network.job(id).at("work_orders").at(0).at("fab") == "grenoble");
        CHECK(network.history(id).find("closed today") != std::string::npos);
    }
    SECTION("accepted by its operator") {
        Network network{{by_hand, grenoble}};
        const std::string id = network.submit("wall_hook", {"--material", "pla"});
        REQUIRE(network.until_work_is(id, "offered"));
        REQUIRE(network.until([&] {
            return network.operate("lyon", {"accept", id}).exit_code == 0;
        }));
        REQUIRE(network.until_work_is(id, "produced"));
        CHECK(network.job(id).at("work_orders").at(0).at("fab") == "lyon");
    }
    SECTION("silent") {
        Network network{{lyon, grenoble}};
        network.fabs.at("lyon").signal(SIGSTOP);
        const std::string id = network.submit("wall_hook", {"--material", "pla"});
        REQUIRE(network.until_work_is(id, "produced"));
        CHECK(network.job(id).at("work_orders").at(0).at("fab") == "grenoble");
        network.fabs.at("lyon").signal(SIGCONT);
    }
}

TEST_CASE("when nobody can make it the reasons are told and the job waits", "[e2e]") {
    Network network{{lyon, grenoble}};
    const std::string id = network.submit("wall_hook", {"--material", "asa"});
    const Outcome waiting = network.nearfab({"watch", id, "--no-wait-for-fabs"});
    CHECK(waiting.exit_code == 3);
    const Outcome why = network.nearfab({"why", id});
    CHECK(why.out.find("asa") != std::string::npos);
    CHECK(network.nearfab({"cancel", id}).exit_code == 0);
    CHECK(network.job(id).at("state") == "cancelled");
}

// Two parts of two materials that no single fab has.
std::string two_parts(const Network& network) {
    const std::string designs = tests::source_folder() + "/examples/designs/";
    const std::string file = (network.folder() / "job.toml").string();
    std::ofstream{file} << "title = \"Tool wall\"\nat = \"45.7500,4.8500\"\n"
                        << "[[part]]\nfile = \"" << designs << "wall_hook/wall_hook.stl\"\n"
                        << "material = \"pla\"\n"
                        << "[[part]]\nfile = \"" << designs << "tool_rack/tool_rack.stl\"\n"
                        << "material = \"petg\"\n";
    return file;
}

TEST_CASE("a job of two parts is quoted, made by two fabs and closed as one", "[e2e]") {
    if (!can_slice()) return;
    FabPlan near = lyon;
    near.figures =
        "[rates]\ncurrency = \"EUR\"\nsetup = 200\nper_hour = 150\nper_kg = 3000\n"
        "[energy]\ncountry = \"FRA\"";
    near.power = "power_w = 95";
    FabPlan swiss = grenoble;
    swiss.figures = "[rates]\ncurrency = \"CHF\"\nper_hour = 900";
    Network network{{near, swiss}};
    const std::string file = two_parts(network);

    const Outcome quote = network.nearfab({"quote", file, "--json"});
    INFO(quote.err);
    REQUIRE(quote.exit_code == 0);
    const auto told = nlohmann::json::parse(quote.out);
    REQUIRE(told.at("parts").size() == 2);
    CHECK(told.at("parts").at(0).at("candidates").at(0).at("price").at("currency") == "EUR");
    CHECK(told.at("parts").at(0).at("candidates").at(0).at("footprint").at("complete") == true);
    CHECK(told.at("parts").at(1).at("candidates").at(0).at("footprint").at("energy").is_null());
    CHECK(told.at("plan").at("fabs") == 2);
    CHECK(told.at("plan").at("prices").size() == 2);
    CHECK(told.at("footprint_basis").size() == 3);

    const Outcome submitted = network.nearfab({"submit", file, "--json", "--yes"});
    INFO(submitted.err);
    REQUIRE(submitted.exit_code == 0);
    const std::string id = nlohmann::json::parse(submitted.out).at("job");
    const auto state_of = [&](std::size_t order) -> std::string {
        const auto orders = network.job(id).value("work_orders", nlohmann::json::array());
        return orders.size() > order ? orders.at(order).at("state").get<std::string>() : "";
    };
    REQUIRE(network.until([&] { return state_of(0) == "produced" && state_of(1) == "produced"; }));
    const auto job = network.job(id);
    CHECK(job.at("work_orders").at(0).at("fab") == "lyon");
    CHECK(job.at("work_orders").at(1).at("fab") == "grenoble");
    CHECK(job.at("parts").at(1).at("material") == "petg");
    const Outcome why = network.nearfab({"why", id});
    CHECK(why.out.find("-2 (tool_rack.stl): grenoble") != std::string::npos);
    REQUIRE(network.operate("lyon", {"inspect", id + "-1", "--good"}).exit_code == 0);
    REQUIRE(network.operate("lyon", {"hand-over", id + "-1"}).exit_code == 0);
    REQUIRE(network.until([&] { return state_of(0) == "delivered"; }));
    CHECK(network.job(id).at("final") == false);  // The other part is not handed over yet.
    REQUIRE(network.operate("grenoble", {"inspect", id + "-2", "--good"}).exit_code == 0);
    REQUIRE(network.operate("grenoble", {"hand-over", id + "-2"}).exit_code == 0);
    REQUIRE(network.until([&] { return network.job(id).value("state", "") == "closed"; }));
    CHECK(network.history(id).find("planned: 2 pieces at 2 fabs") != std::string::npos);
}

TEST_CASE("prices in two currencies are never compared silently", "[e2e]") {
    FabPlan near = lyon;
    near.figures = "[rates]\ncurrency = \"CHF\"\nper_hour = 1";
    FabPlan dear = grenoble;
    dear.figures = "[rates]\ncurrency = \"EUR\"\nper_hour = 5000";
    Network network{{near, dear}};
    const std::string part = tests::source_folder() + "/examples/designs/wall_hook/wall_hook.stl";
    const std::vector<std::string> words{
        "quote", part, "--at", "45.75,4.85", "-m", "pla", "--prefer", "cheapest"};
    const Outcome without = network.nearfab(words);
    CHECK(without.exit_code == 2);
    CHECK(without.err.find("--currency EUR") != std::string::npos);
    auto in_euros = words;
    in_euros.insert(in_euros.end(), {"--currency", "EUR", "--json"});
    const Outcome quote = network.nearfab(in_euros);
    INFO(quote.err);
    REQUIRE(quote.exit_code == 0);
    const auto candidates = nlohmann::json::parse(quote.out).at("candidates");
    REQUIRE(candidates.size() == 2);
    CHECK(candidates.at(0).at("fab") == "grenoble");
    CHECK(candidates.at(1).at("why").get<std::string>().find("not comparable with EUR") !=
          std::string::npos);
}

TEST_CASE("the same submission twice is one job", "[e2e]") {
    Network network{{grenoble}};
    const std::string first = network.submit("wall_hook", {"--material", "asa", "--key", "k1"});
    const std::string second = network.submit("wall_hook", {"--material", "asa", "--key", "k1"});
    CHECK(first == second);
    const Outcome other =
        network.nearfab({"submit",
                         tests::source_folder() + "/examples/designs/wall_hook/wall_hook.stl",
                         "--at",
                         "45.75,4.85",
                         "--material",
                         "pla",
                         "--key",
                         "k1"});
    CHECK(other.exit_code == 1);
    CHECK(other.err.find("already used") != std::string::npos);
}

TEST_CASE("a cancel before the start wins, a cancel during the print stops it", "[e2e]") {
    if (!can_slice()) return;
    FabPlan slow = lyon;
    slow.speed = 20;
    SECTION("before") {
        slow.acceptance = "manual";
        Network network{{slow}};
        const std::string id = network.submit("wall_hook", {"--material", "pla"});
        REQUIRE(network.until_work_is(id, "offered"));
        CHECK(network.nearfab({"cancel", id}).exit_code == 0);
        CHECK(network.job(id).at("state") == "cancelled");
        CHECK(network.operate("lyon", {"accept", id}).exit_code != 0);
    }
    SECTION("during") {
        Network network{{slow}};
        const std::string id = network.submit("wall_hook", {"--material", "pla"});
        REQUIRE(network.until_work_is(id, "producing"));
        const Outcome cancel = network.nearfab({"cancel", id});
        CHECK(cancel.out.find("already being made") != std::string::npos);
        REQUIRE(network.until([&] { return network.job(id).at("state") == "cancelled"; }));
    }
}

}  // namespace
}  // namespace nearfab::e2e
