// SPDX-License-Identifier: GPL-3.0-or-later
// An operator who is not at the fab's computer: the real programs, by way of the router.

#include "tests/e2e/network.hpp"

#include <catch2/catch.hpp>

#include <signal.h>

namespace nearfab::e2e {
namespace {

bool says(const std::string& text, const std::string& words) {
    return text.find(words) != std::string::npos;
}

TEST_CASE("an operator clears a bed, inspects and hands over through the router", "[e2e]") {
    if (!can_slice()) return;
    Network network{{FabPlan{.name = "lyon", .bed_clear = false, .operators = R"(["olga"])"}}};
    const auto olga = [&](std::vector<std::string> words) {
        words.insert(words.begin(), "fab");
        words.insert(words.end(), {"--fab", "lyon"});
        const Outcome outcome = network.nearfab_as("olga", words);
        INFO(outcome.err);
        CHECK(outcome.exit_code == 0);
        return outcome.out;
    };
    const std::string id = network.submit("wall_hook", {"--material", "pla"});
    REQUIRE(network.until([&] { return says(olga({"status"}), "nobody has confirmed yet"); }));
    CHECK(says(olga({"clear-bed", "p1"}), "the bed of machine p1 is clear"));
    REQUIRE(network.until_work_is(id, "produced"));
    CHECK(says(olga({"inspect", id, "--good"}), "is inspected: good"));
    CHECK(says(olga({"clear-bed", "p1", "--json"}), "\"text\""));
    CHECK(says(olga({"hand-over", id}), "is handed over"));
    REQUIRE(network.until([&] { return network.job(id).value("state", "") == "closed"; }));
    const auto board = nlohmann::json::parse(olga({"status", "--json"}));
    CHECK(board.at("connected") == true);
    CHECK(board.at("machines").at(0).at("machine") == "p1");
    CHECK(says(network.log_of("lyon"), "operator olga through the router: clear_bed p1"));
    CHECK(says(network.log_of("lyon"), "obeyed olga through the router (inspect_good)"));
}

TEST_CASE("who is not listed by the fab, or is no operator, is refused", "[e2e]") {
    Network network{{FabPlan{.name = "lyon", .operators = R"(["olga"])"},
                     FabPlan{.name = "grenoble", .place = "45.1885,5.7245"}}};
    const std::vector<std::string> drain{"fab", "drain", "p1", "--fab", "lyon"};
    const Outcome eve = network.nearfab_as("eve", drain);
    CHECK(eve.exit_code == 4);
    CHECK(says(eve.err, "this fab does not listen to eve"));
    CHECK(says(eve.err, "through_router"));
    CHECK(network.nearfab_as("eve", {"fab", "status", "--fab", "lyon"}).exit_code == 4);
    const Outcome ada = network.nearfab(drain);
    CHECK(ada.exit_code == 4);
    CHECK(says(ada.err, "role client"));
    // Nobody is listed there, not even by the network's operators.
    CHECK(network.nearfab_as("olga", {"fab", "drain", "--fab", "grenoble"}).exit_code == 4);
    CHECK_FALSE(says(network.operate("lyon", {"status"}).out, "drained"));
    CHECK_FALSE(says(network.operate("grenoble", {"status"}).out, "drained"));
    CHECK(network.nearfab_as("olga", drain).exit_code == 0);
    CHECK(says(network.operate("lyon", {"status"}).out, "drained"));
}

TEST_CASE("presence from elsewhere is proved by the card at the machine", "[e2e]") {
    Network network{
        {FabPlan{.name = "lyon", .operators = R"(["olga"])", .presence_code = "brass otter"},
         FabPlan{.name = "grenoble", .place = "45.1885,5.7245", .operators = R"(["olga"])"}}};
    const auto present = [&](const std::string& code) {
        return network.nearfab_as("olga", {"fab", "presence", "p1", code, "--fab", "lyon"});
    };
    const Outcome wrong = present("brass beaver");
    CHECK(wrong.exit_code == 4);
    CHECK(says(wrong.err, "that is not the code of machine p1"));
    CHECK(present("brass otter").exit_code == 0);
    for (int i = 0; i < 4; ++i)
        CHECK(present("guess " + std::to_string(i)).exit_code == 4);
    const Outcome guessed = present("brass otter");
    CHECK(guessed.exit_code != 0);
    CHECK(says(guessed.err, "5 wrong codes"));
    CHECK(network.operate("lyon", {"presence", "p1", "brass otter"}).exit_code == 0);
    const Outcome none =
        network.nearfab_as("olga", {"fab", "presence", "p1", "brass otter", "--fab", "grenoble"});
    CHECK(none.exit_code == 4);
    CHECK(says(none.err, "has no presence code"));
    const std::string log = network.log_of("lyon");
    CHECK(says(log, "operator olga through the router: presence p1"));
    CHECK_FALSE(says(log, "otter"));
}

TEST_CASE("a command waits for no fab: not for one that is away, nor for one that sleeps",
          "[e2e]") {
    Network network{{FabPlan{.name = "lyon", .operators = R"(["olga"])"}}};
    const std::vector<std::string> drain{"fab", "drain", "p1", "--fab", "lyon"};
    network.fabs.at("lyon").signal(SIGSTOP);
    const Outcome asleep = network.nearfab_as("olga", drain);
    CHECK(asleep.exit_code == 6);
    CHECK(says(asleep.err, "did not answer within 5 s: nothing was done"));
    network.fabs.at("lyon").signal(SIGCONT);
    // It has read what lay there, and answers what is asked now.
    const Outcome awake = network.nearfab_as("olga", {"fab", "status", "--fab", "lyon"});
    CHECK(awake.exit_code == 0);
    CHECK_FALSE(says(awake.out, "drained"));
    network.fabs.at("lyon").kill();
    REQUIRE(network.until([&] {
        const Outcome away = network.nearfab_as("olga", drain);
        return away.exit_code == 6 && says(away.err, "is not connected");
    }));
    network.start_fab("lyon");
    REQUIRE(network.until([&] {
        return network.nearfab_as("olga", {"fab", "status", "--fab", "lyon"}).exit_code == 0;
    }));
    CHECK_FALSE(says(network.operate("lyon", {"status"}).out, "drained"));
    CHECK(network.nearfab_as("olga", {"fab", "status", "--fab", "nowhere"}).exit_code == 6);
}

}  // namespace
}  // namespace nearfab::e2e
