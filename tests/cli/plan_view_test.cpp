// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/plan_view.hpp"

#include "cli/json_view.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace nearfab::cli {
namespace {

JobPlan one_fab() {
    JobPlan plan;
    plan.rows = {{0, FabId{"lyon"}, MachineId{"mk3"}, 3, 0, 3600, 3600, 10'800, 3.2, 11}};
    plan.rows[0].footprint =
        Footprint{CarbonRange{150'000, 200'000, 250'000}, CarbonRange{}, CarbonRange{0, 50'000, 0}};
    plan.parts = {{0, 3, 0, 0, 10'800, "", {}}};
    plan.finish_s = 10'800;
    plan.farthest_km = 3.2;
    plan.fabs = 1;
    plan.machines = 1;
    return plan;
}

}  // namespace

TEST_CASE("a plan is a sentence and a table") {
    std::ostringstream out;
    const Screen screen{.out = out, .err = out};
    CHECK(plan_text(one_fab(), screen) ==
          "Plan: 3 pieces at 1 fab, at most 3.2 km away, done in 3.0 h.\n"
          "PART  FAB   MACHINE  PIECES  LATE  DISTANCE    FIRST IN     LAST IN   CO2E\n"
          "   1  lyon  mk3           3     -    3.2 km  1 h 00 min  3 h 00 min  250 g\n");
}

TEST_CASE("a plan says what is left out, late and nowhere") {
    std::ostringstream out;
    const Screen screen{.out = out, .err = out};
    JobPlan plan = one_fab();
    plan.parts[0] = {0, 30, 2, 7, 10'800, "the machines have pla free for 23 of 30 pieces", {}};
    plan.deadline_s = 7'200;
    plan.rows_left_out = 2;
    plan.pieces_left_out = 20;
    const std::string text = plan_text(plan, screen);
    INFO(text);
    CHECK(text.find("23 pieces at 1 fab, at most 3.2 km away, done in 3.0 h; 2 of them late, the "
                    "last by 1.0 h; 7 more cannot be placed now.") != std::string::npos);
    CHECK(text.find("... and 20 pieces on 2 other machines\n") != std::string::npos);
    CHECK(text.find("Part 1: 7 pieces nowhere: the machines have pla free") != std::string::npos);
    message::AskQuote question;
    question.spec.parts.emplace_back();
    const std::string json = json_of_quote(question, {{}, plan});
    CHECK(json.find("\"late_by_s\": 3600") != std::string::npos);
}

TEST_CASE("a plan is asked about when it has several fabs or cannot keep what was asked") {
    CHECK_FALSE(needs_consent(one_fab()));
    JobPlan split = one_fab();
    split.fabs = 2;
    CHECK(needs_consent(split));
    JobPlan late = one_fab();
    late.parts[0].late = 1;
    CHECK(needs_consent(late));
    JobPlan nowhere = one_fab();
    nowhere.parts[0].unplaced = 1;
    CHECK(needs_consent(nowhere));
}

TEST_CASE("only yes is a yes") {
    const auto answer = [](const std::string& typed) {
        std::istringstream in{typed};
        std::ostringstream err;
        return ask_consent(in, err);
    };
    CHECK(answer("y\n"));
    CHECK(answer("yes\n"));
    CHECK_FALSE(answer("n\n"));
    CHECK_FALSE(answer("\n"));
    CHECK_FALSE(answer(""));
}

}  // namespace nearfab::cli
