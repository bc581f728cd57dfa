// SPDX-License-Identifier: GPL-3.0-or-later
// Who goes first among those who are about equally near, and what is said of it.

#include "router/matching/preference.hpp"

#include "proto/model/limits.hpp"
#include "router/matching/plan_walk.hpp"
#include "router/matching/ranking.hpp"
#include "router/matching/scan.hpp"
#include "tests/router/matching/listed_world.hpp"
#include "tests/router/matching/random_world.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <tuple>
#include <vector>

namespace nearfab::router {
namespace {

using namespace testing;

constexpr std::int64_t hour = 3600;

Place north_of_lyon(double km) {
    return {lyon.latitude_deg + km / 111.195, lyon.longitude_deg};
}

struct Street : ListedWorld {
    void add(const std::string& name, double km, std::int64_t recent_work_s) {
        ListedWorld::add(name,
                         fab(north_of_lyon(km), {printer("p1", 180, 180, 180, {{"pla", 500}})}))
            .recent_work_s = recent_work_s;
    }
    MatchReport asked() const { return match(ask(box(20, 20, 20)), fabs, rules); }
};

TEST_CASE_METHOD(Street,
                 "a spared fab never vanishes, nor is a farther one called nearest",
                 "[matching]") {
    add("a", 0, 55 * hour);
    add("b", 0.9, 1000);
    for (int i = 0; i < 15; ++i)
        add("c" + std::to_string(i), 1.3 + 0.02 * i, 0);
    const MatchReport report = asked();
    REQUIRE(report.candidates.size() == limits::match_rows_max);
    CHECK(report.candidates.front().fab.text() == "b");
    CHECK(report.candidates.front().reason ==
          "as near as one other: 0.9 km, 16 min of recent work per machine");
    CHECK(report.candidates[1].reason == "farther: 1.3 km");
    CHECK(report.candidates.back().fab.text() == "a");
    CHECK(report.candidates.back().reason ==
          "spared: 0.0 km, but it has had 99 % of the region's recent work");
}

TEST_CASE_METHOD(Street, "the share is of the whole region, not of the list", "[matching]") {
    add("a", 0, 60 * hour);
    for (int i = 0; i < 15; ++i)
        add("c" + std::to_string(i), 0.1 + 0.01 * i, hour);
    for (int i = 0; i < 20; ++i)
        add("d" + std::to_string(i), 1.5 + 0.01 * i, 100 * hour);
    const MatchReport report = asked();
    // 60 of 2,075 hours: it is the last of its neighbourhood, and not spared.
    CHECK(report.candidates.back().fab.text() == "a");
    CHECK(report.candidates.back().reason ==
          "as near as 15 others: 0.0 km, 3600 min of recent work per machine");
}

TEST_CASE_METHOD(Street, "the nearest is named even where many others are as near", "[matching]") {
    add("a", 0, 10 * hour);
    for (int i = 0; i < 40; ++i)
        add("c" + std::to_string(i), 0.1 + 0.01 * i, hour);
    const MatchReport report = asked();
    REQUIRE(report.candidates.size() == limits::match_rows_max);
    CHECK(report.candidates.back().fab.text() == "a");
    CHECK(report.candidates.back().reason ==
          "passed over: 0.0 km, but others as near have had less recent work than its 600 min per "
          "machine, or are done earlier");
}

TEST_CASE_METHOD(Street,
                 "the machines of one large fab do not hide those hardly farther",
                 "[matching]") {
    Advertisement large = fab(north_of_lyon(0), {});
    for (int i = 0; i < 30; ++i)
        large.machines.push_back(printer("p" + std::to_string(i), 180, 180, 180, {{"pla", 500}}));
    ListedWorld::add("large", large).recent_work_s = 100 * hour;
    add("small", 1.9, hour);
    const MatchReport report = asked();
    CHECK(report.candidates.front().fab.text() == "small");
    CHECK(report.candidates.front().reason == "farther: 1.9 km");
    CHECK(report.candidates[1].reason ==
          "spared: 0.0 km, but it has had 99 % of the region's recent work");
}

// The order as preference.hpp states it, from a look at everybody.
struct Row {
    Found found;
    bool neighbour = false;
    bool in_reach = false;
    bool large = false;
    [[nodiscard]] std::string name() const {
        return found.fab->fab.text() + "/" + found.machine->capability->machine.text();
    }
};

std::set<FabId> large_fabs(const std::vector<Row>& rows, const MatchingRules& rules) {
    std::map<FabId, std::int64_t> work;
    for (const Row& row : rows) {
        if (row.in_reach) work[row.found.fab->fab] = row.found.fab->recent_work_s;
    }
    std::int64_t total = 0;
    for (const auto& [fab, seconds] : work)
        total += seconds;
    std::set<FabId> large;
    for (const auto& [fab, seconds] : work) {
        if (total >= rules.share_counts_from_s &&
            static_cast<double>(seconds) > rules.share_max * static_cast<double>(total)) {
            large.insert(fab);
        }
    }
    return large;
}

void sort_rows(std::vector<Row>& rows,
               const Question& question,
               const MatchingRules& rules,
               bool sparing) {
    const auto key = [&](const Row& row) {
        int rank = row.neighbour ? 0 : row.in_reach ? 1 : 4;
        if (sparing && row.large) rank = row.neighbour ? 2 : 3;
        const MachineChoice choice{question, *row.found.fab, *row.found.machine, rules};
        const auto finish = static_cast<double>(finish_seconds(question, *row.found.machine));
        const TreeCost cost =
            row.neighbour ? cost_by_share(choice) : TreeCost{row.found.chord2, finish, 0};
        return std::tuple{rank,
                          cost,
                          lot_of(row.found.fab->fab, row.found.machine->capability->machine),
                          row.found.fab->fab,
                          row.found.machine->capability->machine};
    };
    std::sort(
        rows.begin(), rows.end(), [&](const Row& a, const Row& b) { return key(a) < key(b); });
}

std::vector<Row> by_definition(const Question& question,
                               const std::vector<FabView>& views,
                               const MatchingRules& rules) {
    std::vector<Row> rows;
    for (const Found& f : Scan{question, views, rules}.nearest(100'000))
        rows.push_back({f});
    if (rows.empty()) return rows;
    const double nearest_km = ground_km(rows.front().found.chord2);
    for (Row& row : rows) {
        row.neighbour = row.found.chord2 <= chord2_reaching(neighbourhood_km(nearest_km, rules));
        row.in_reach = row.found.chord2 <= chord2_reaching(share_reach_km(nearest_km, rules));
    }
    const std::set<FabId> large = large_fabs(rows, rules);
    for (Row& row : rows)
        row.large = row.in_reach && large.contains(row.found.fab->fab);
    sort_rows(rows, question, rules, false);
    const auto listed = rows.begin() + std::min<std::ptrdiff_t>(std::ssize(rows), 16);
    const auto is_large = [](const Row& row) { return row.large; };
    const bool changes = std::any_of(rows.begin(), listed, is_large) &&
                         std::any_of(rows.begin(), rows.end(), [](const Row& row) {
                             return row.in_reach && !row.large;
                         });
    if (!changes) {
        for (Row& row : rows)
            row.large = false;
    }
    sort_rows(rows, question, rules, changes);
    return rows;
}

// How often the interesting things happened.
struct Seen {
    int spared = 0;
    int passed_over = 0;
};

void check_order(const Question& question,
                 const std::vector<FabView>& views,
                 const MatchingRules& rules,
                 Seen& seen) {
    const std::vector<Row> rows = by_definition(question, views, rules);
    const MatchReport report = match(question, views, rules);
    REQUIRE(report.candidates.size() == std::min<std::size_t>(rows.size(), 16));
    std::set<std::string> must;
    double nearest = std::numeric_limits<double>::infinity();
    for (const Row& row : rows) {
        nearest = std::min(nearest, row.found.chord2);
        if (row.large) must.insert(row.found.fab->fab.text());
    }
    bool out_of_line = false;
    for (std::size_t i = 0; i < report.candidates.size(); ++i) {
        const Candidate& c = report.candidates[i];
        INFO(c.fab.text() << "/" << c.machine.text() << " " << c.reason);
        const auto row = std::find_if(rows.begin(), rows.end(), [&c](const Row& r) {
            return r.name() == c.fab.text() + "/" + c.machine.text();
        });
        REQUIRE(row != rows.end());
        must.erase(c.fab.text());
        const bool spared = c.reason.find("spared: ") == 0;
        const bool passed_over = c.reason.find("passed over: ") == 0;
        CHECK(spared == row->large);
        if (c.reason.find("nearest: ") == 0) CHECK(row->found.chord2 == nearest);
        if (passed_over) CHECK(row->found.chord2 == nearest);
        // Once one is out of the order for being spared or nearest, only such ones follow.
        out_of_line = out_of_line || row != rows.begin() + static_cast<std::ptrdiff_t>(i);
        if (out_of_line) CHECK((spared || passed_over));
        seen.spared += spared ? 1 : 0;
        seen.passed_over += passed_over ? 1 : 0;
    }
    CHECK(must.empty());
    CHECK((rows.empty() ||
           std::any_of(report.candidates.begin(), report.candidates.end(), [&](const auto& c) {
               return c.distance_km == ground_km(nearest);
           })));
}

void check_plan_order(const Question& question,
                      const std::vector<FabView>& views,
                      const MatchingRules& rules) {
    const Scan finder{question, views, rules};
    PlanWalk walk{question, finder, rules, {}};
    std::set<FabId> seen;
    for (const Candidate& c : match(question, finder, rules).candidates) {
        // What is behind these would come later in the order, without the others between.
        if (c.reason.find("spared: ") == 0 || c.reason.find("passed over: ") == 0) break;
        const std::size_t number = seen.size();
        if (!seen.insert(c.fab).second) continue;
        const PlanStop* stop = walk.stop(number);
        REQUIRE(stop != nullptr);
        CHECK(stop->machines.front().fab->fab == c.fab);
    }
}

TEST_CASE("in any world the order is the one that is written down", "[matching]") {
    Seen seen;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        INFO("seed " << seed);
        WorldShape shape;
        shape.fabs = 5 + seed * 3 % 120;
        shape.one_place = seed % 4 == 0;
        if (shape.one_place) shape.fabs = 150;
        RandomWorld world{1'000'000 + seed, shape};
        for (int change = 0; change < 40; ++change)
            world.change();
        const std::vector<FabView> views = world.views();
        for (int ask = 0; ask < 6; ++ask) {
            Question question = world.question();
            question.objective = Objective::nearest;
            check_order(question, views, world.rules(), seen);
            check_plan_order(question, views, world.rules());
        }
    }
    CHECK(seen.spared > 20);
    CHECK(seen.passed_over > 5);
}

TEST_CASE("a plan and an answer agree where a street has thousands of machines", "[matching]") {
    // The fabs with the least work are farther than the first 4,096 machines.
    ListedWorld world;
    for (int i = 0; i < 4300; ++i) {
        const auto one = printer("p1", 180, 180, 180, {{"pla", 500}});
        world.add("fab" + std::to_string(i), fab(north_of_lyon(0.0002 * i), {one})).recent_work_s =
            i < 4290 ? 60 : 0;
    }
    check_plan_order(world.ask(box(20, 20, 20)), world.fabs, world.rules);
}

}  // namespace
}  // namespace nearfab::router
