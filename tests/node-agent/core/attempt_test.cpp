// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/attempt.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <queue>
#include <set>
#include <vector>

namespace nearfab::agent {
namespace {

std::vector<Stage> all_stages() {
    std::vector<Stage> stages;
    for (std::size_t i = 0; i < stage_count; ++i)
        stages.push_back(static_cast<Stage>(i));
    return stages;
}

std::vector<Turn> all_turns() {
    std::vector<Turn> turns;
    for (std::size_t i = 0; i < turn_count; ++i)
        turns.push_back(static_cast<Turn>(i));
    return turns;
}

std::set<Stage> reachable(Stage from) {
    std::set<Stage> seen{from};
    std::queue<Stage> open{{from}};
    while (!open.empty()) {
        const Stage stage = open.front();
        open.pop();
        for (const Turn turn : all_turns()) {
            const auto to = next(stage, turn);
            if (to && seen.insert(*to).second) open.push(*to);
        }
    }
    return seen;
}

TEST_CASE("an attempt has 29 allowed turns, and every other pair is forbidden",
          "[agent][attempt]") {
    int allowed = 0;
    for (const Stage stage : all_stages()) {
        for (const Turn turn : all_turns())
            allowed += next(stage, turn).has_value() ? 1 : 0;
    }
    CHECK(allowed == 29);
}

TEST_CASE("every stage can be reached and every stage can end", "[agent][attempt]") {
    CHECK(reachable(Stage::seen).size() == stage_count);
    for (const Stage stage : all_stages()) {
        INFO(to_string(stage));
        const std::set<Stage> ends = reachable(stage);
        CHECK(std::any_of(ends.begin(), ends.end(), is_final));
        if (is_final(stage)) CHECK(ends.size() == 1);
    }
}

TEST_CASE("nothing leads from a machine that may have started back to a waiting reservation",
          "[agent][attempt]") {
    for (const Stage stage : {Stage::authorised,
                              Stage::starting,
                              Stage::running,
                              Stage::in_doubt,
                              Stage::never_started,
                              Stage::failed,
                              Stage::released}) {
        INFO(to_string(stage));
        CHECK_FALSE(reachable(stage).contains(Stage::reserved));
        CHECK_FALSE(reachable(stage).contains(Stage::asked));
    }
}

TEST_CASE("only a right that was asked for leads to a start", "[agent][attempt]") {
    for (const Stage stage : all_stages()) {
        CHECK(next(stage, Turn::authorise).has_value() == (stage == Stage::asked));
        CHECK(next(stage, Turn::begin).has_value() == (stage == Stage::authorised));
    }
}

TEST_CASE("every stage and turn has a name of its own", "[agent][attempt]") {
    std::set<std::string_view> names;
    for (const Stage stage : all_stages())
        CHECK(names.insert(to_string(stage)).second);
    names.clear();
    for (const Turn turn : all_turns())
        CHECK(names.insert(to_string(turn)).second);
}

}  // namespace
}  // namespace nearfab::agent
