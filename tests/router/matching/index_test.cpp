// SPDX-License-Identifier: GPL-3.0-or-later
// The index answers every question exactly as a look at every machine does.

#include "router/matching/index/machine_index.hpp"
#include "router/matching/index/terms_table.hpp"
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

// How often the worlds came up with what is easily forgotten.
struct Seen {
    Generated generated;
    int crowded_terms = 0;  // More terms than the index has classes.
    int plans = 0;
    int parts = 0;     // Plans of several.
    int hundreds = 0;  // Parts of a plan with a hundred pieces and more.
    int placed = 0;

    void add(const Generated& more) {
        generated.typical_times += more.typical_times;
        generated.times_by_rate += more.times_by_rate;
        generated.finest += more.finest;
        generated.impossible += more.impossible;
        generated.hulls += more.hulls;
        generated.sheets += more.sheets;
        generated.unsafe += more.unsafe;
        generated.ahead += more.ahead;
    }
    void check() const {
        CHECK(generated.typical_times > 0);
        CHECK(generated.times_by_rate > 0);
        CHECK(generated.typical_times > generated.times_by_rate);
        CHECK(generated.finest > 0);
        CHECK(generated.impossible > 0);
        CHECK(generated.hulls > 0);
        CHECK(generated.sheets > 0);
        CHECK(generated.unsafe > 0);
        CHECK(generated.ahead > 0);
        CHECK(crowded_terms > 0);
        CHECK(parts > 0);
        CHECK(hundreds > 0);
        CHECK(placed > 0);
    }
};

// A plan by the same rules on top of either.
void same_plan(RandomWorld& world,
               const std::vector<FabView>& views,
               const std::vector<PlanWish>& wishes,
               Seen& seen) {
    const auto nothing_ahead = [&world](const FabId& fab, const MachineId& machine) {
        return world.ahead_of(fab, machine);
    };
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
    const JobPlan plan = make_plan(wishes, found, world.rules());
    CHECK(plan == make_plan(wishes, scanned, world.rules()));
    seen.parts += wishes.size() > 1 ? 1 : 0;
    for (const PlanWish& wish : wishes)
        seen.hundreds += wish.pieces >= 100 ? 1 : 0;
    for (const PlanRow& row : plan.rows)
        seen.placed += static_cast<int>(row.pieces);
}

// One part of a few pieces, or several of up to some hundred.
std::vector<PlanWish> wishes_in(RandomWorld& world, const Question& asked, std::uint64_t draw) {
    std::vector<PlanWish> wishes{{0, draw % 3 == 0 ? 250U : 7U, asked}};
    for (std::uint32_t part = 1; part <= draw % 4; ++part) {
        Question question = world.question();
        question.place_of_use = asked.place_of_use;
        question.deadline_s = asked.deadline_s;
        question.objective = asked.objective;
        wishes.push_back({part, part == 2 ? 400U : 1 + part, std::move(question)});
    }
    return wishes;
}

// Also with fewer machines looked at than an answer would, so that the border is met.
void same_misses(const IndexFinder& finder, const Scan& scan) {
    for (const std::size_t looked_at : {1U, 3U, 20U}) {
        const auto found = finder.failing(4, looked_at);
        const auto scanned = scan.failing(4, looked_at);
        REQUIRE(found.size() == scanned.size());
        for (std::size_t i = 0; i < found.size(); ++i) {
            CHECK(found[i].fab->fab == scanned[i].fab->fab);
            CHECK(found[i].machine->capability->machine == scanned[i].machine->capability->machine);
        }
    }
}

void same_answers(RandomWorld& world, Seen& seen) {
    const std::vector<FabView> views = world.views();
    for (int ask = 0; ask < 8; ++ask) {
        const Question question = world.question();
        const MatchReport scanned = match(question, views, world.rules());
        const IndexFinder finder{world.index(), question};
        const MatchReport found = match(question, finder, world.rules());
        if (found != scanned) {
            FAIL("scan:\n" << in_words(scanned) << "index:\n" << in_words(found));
        }
        same_misses(finder, Scan{question, views, world.rules()});
        if (ask == 0) {
            const std::uint64_t draw = static_cast<std::uint64_t>(++seen.plans);
            same_plan(world, views, wishes_in(world, question, draw), seen);
        }
    }
    seen.crowded_terms += world.different_terms() > TermsTable::classes_max ? 1 : 0;
}

TEST_CASE("in any world the index answers as a look at every machine does", "[matching]") {
    Seen seen;
    const std::uint64_t first = first_world();
    for (std::uint64_t seed = first; seed < first + worlds(); ++seed) {
        INFO("seed " << seed);
        WorldShape shape;
        shape.fabs = seed % 5 == 0 ? 150 : 5 + seed % 40;
        shape.few_values = seed % 3 != 0;
        shape.one_place = seed % 7 == 0;
        shape.machines_per_fab_max = seed % 11 == 0 ? 30 : 4;
        shape.own_terms = seed % 13 == 0;
        if (shape.own_terms) shape.fabs = 60;
        RandomWorld world{seed, shape};
        same_answers(world, seen);
        for (int round = 0; round < 4; ++round) {
            for (int change = 0; change < 25; ++change)
                world.change();
            REQUIRE(world.index().is_sound());
            same_answers(world, seen);
        }
        seen.add(world.generated());
    }
    if (worlds() >= 30) seen.check();
}

TEST_CASE("who cannot make it is named also behind thousands who can", "[matching]") {
    const MatchingRules rules;
    MachineIndex index{rules};
    const auto add = [&index](const std::string& name, double km, const Capability& machine) {
        const FabId id{name};
        index.advertise(id,
                        std::make_shared<const Advertisement>(fab(
                            {lyon.latitude_deg + km / 111.195, lyon.longitude_deg}, {machine})));
        index.set_presence(id, true, false);
    };
    const Capability fine = printer("m", 200, 200, 200, {{"pla", 1000}});
    for (int i = 0; i < 5000; ++i)
        add("fab" + std::to_string(i), 0.01 * i, fine);
    add("mill", 60, fine);
    Capability other = fine;
    other.process = ProcessId{"cnc_mill"};
    add("other_process", 61, other);
    other = fine;
    other.envelope_z_mm = 5;
    add("small", 62, other);
    other = fine;
    other.state = MachineState::drained;
    add("drained", 63, other);
    add("no_pla", 10.001, printer("m", 200, 200, 200, {{"petg", 1000}}));
    Question question = make_question(part("thing"), box(20, 20, 20));
    question.place_of_use = lyon;
    const IndexFinder finder{index, question};
    const MatchReport report = match(question, finder, rules);
    std::vector<std::string> misses;
    for (const Rejection& miss : report.rejections)
        misses.push_back(miss.fab.text());
    CHECK(misses == std::vector<std::string>{"no_pla", "other_process", "small", "drained"});
    std::vector<FabView> views;
    index.each_fab([&views](const FabView& view) { views.push_back(view); });
    CHECK(report == match(question, views, rules));
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
