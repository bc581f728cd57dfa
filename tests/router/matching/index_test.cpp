// SPDX-License-Identifier: GPL-3.0-or-later
// The index answers every question exactly as a look at every machine does.

#include "router/matching/index/machine_index.hpp"
#include "router/matching/matcher.hpp"
#include "router/matching/plan.hpp"
#include "router/matching/scan.hpp"
#include "tests/router/matching/random_world.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

namespace nearfab::router {
namespace {

using namespace testing;

// How many random worlds; the long run is described in docs/MATCHING.md.
std::uint64_t worlds() {
    const char* stated = std::getenv("NEARFAB_WORLDS");
    return stated == nullptr ? 300 : std::strtoull(stated, nullptr, 10);
}

// A long run in several pieces.
std::uint64_t first_world() {
    const char* stated = std::getenv("NEARFAB_WORLDS_FROM");
    return stated == nullptr ? 0 : std::strtoull(stated, nullptr, 10);
}

std::string in_words(const MatchReport& report) {
    std::string text = std::to_string(report.machines_seen) + " machines\n";
    for (const Candidate& c : report.candidates)
        text += "  " + c.fab.text() + "/" + c.machine.text() + " " + c.reason + "\n";
    for (const Rejection& r : report.rejections)
        text += "  not " + r.fab.text() + "/" + r.machine.text() + " " + r.text + "\n";
    for (const Alternative& a : report.alternatives)
        text += "  else " + a.text + "\n";
    return text;
}

std::vector<Found> full_of(const FabView& view, const MatchingRules& rules) {
    std::vector<Found> full;
    for (const MachineView& machine : view.machines) {
        if (machine.queued >= rules.queue_per_machine_max) full.push_back({&view, &machine, 0});
    }
    return full;
}

// A plan by the same rules on top of either.
void same_plan(const RandomWorld& world, const std::vector<FabView>& views, const Question& asked) {
    const auto nothing_ahead = [](const FabId&, const MachineId&) { return PlannedAhead{}; };
    PlanWorld scanned{[&](const Question& question) -> std::unique_ptr<Finder> {
                          return std::make_unique<Scan>(question, views, world.rules());
                      },
                      nothing_ahead,
                      {}};
    PlanWorld found{[&](const Question& question) -> std::unique_ptr<Finder> {
                        return std::make_unique<IndexFinder>(world.index(), question);
                    },
                    nothing_ahead,
                    {}};
    for (const FabView& view : views) {
        for (const Found& full : full_of(view, world.rules()))
            scanned.full.push_back(full);
    }
    world.index().each_fab([&](const FabView& view) {
        for (const Found& full : full_of(view, world.rules()))
            found.full.push_back(full);
    });
    const std::vector<PlanWish> wishes{{0, 7, asked}};
    CHECK(make_plan(wishes, found, world.rules()) == make_plan(wishes, scanned, world.rules()));
}

void same_answers(RandomWorld& world) {
    const std::vector<FabView> views = world.views();
    for (int ask = 0; ask < 8; ++ask) {
        const Question question = world.question();
        const MatchReport scanned = match(question, views, world.rules());
        const IndexFinder finder{world.index(), question};
        const MatchReport found = match(question, finder, world.rules());
        if (found != scanned) {
            FAIL("scan:\n" << in_words(scanned) << "index:\n" << in_words(found));
        }
        if (ask == 0) same_plan(world, views, question);
    }
}

TEST_CASE("in any world the index answers as a look at every machine does", "[matching]") {
    const std::uint64_t first = first_world();
    for (std::uint64_t seed = first; seed < first + worlds(); ++seed) {
        INFO("seed " << seed);
        WorldShape shape;
        shape.fabs = seed % 5 == 0 ? 150 : 5 + seed % 40;
        shape.few_values = seed % 3 != 0;
        shape.one_place = seed % 7 == 0;
        shape.machines_per_fab_max = seed % 11 == 0 ? 30 : 4;
        RandomWorld world{seed, shape};
        same_answers(world);
        for (int round = 0; round < 4; ++round) {
            for (int change = 0; change < 25; ++change)
                world.change();
            REQUIRE(world.index().is_sound());
            same_answers(world);
        }
    }
}

TEST_CASE("ten thousand materials are told apart as fast as one", "[matching]") {
    const MatchingRules rules;
    MachineIndex index{rules};
    std::vector<FabView> views;
    std::vector<std::shared_ptr<const Advertisement>> said;
    constexpr std::size_t materials = 10'000;
    constexpr std::size_t each = 16;
    for (std::size_t f = 0; f < materials / each; ++f) {
        const FabId id{"fab" + std::to_string(f)};
        Capability machine = printer("m", 200, 200, 200, {});
        for (std::size_t m = 0; m < each; ++m) {
            machine.materials.push_back({MaterialId{"stuff" + std::to_string(f * each + m)}, 1000});
        }
        said.push_back(std::make_shared<const Advertisement>(fab(
            {static_cast<double>(f % 170) - 85, static_cast<double>(f % 350) - 170}, {machine})));
        index.advertise(id, said.back());
        index.set_presence(id, true, false);
        FabView view;
        view.fab = id;
        view.advertisement = said.back().get();
        view.machines = {{&said.back()->machines.front(), 0, {}, 0}};
        view.connected = true;
        views.push_back(std::move(view));
    }
    REQUIRE(index.is_sound());
    for (std::size_t m = 0; m <= materials; m += 1000) {
        Question question = make_question(part("thing", "pla"), box(20, 20, 20));
        question.part.material = MaterialId{"stuff" + std::to_string(m)};
        question.place_of_use = {45.764, 4.8357};
        const IndexFinder finder{index, question};
        const MatchReport found = match(question, finder, rules);
        CHECK(found == match(question, views, rules));
        CHECK(found.candidates.size() == (m < materials ? 1 : 0));
    }
    // What all these trees take goes again with their machines.
    for (const FabView& view : views)
        index.forget(view.fab);
    CHECK(index.is_sound());
    CHECK(index.machines() == 0);
    CHECK(index.processes().empty());
}

}  // namespace
}  // namespace nearfab::router
