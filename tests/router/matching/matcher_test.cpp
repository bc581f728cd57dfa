// SPDX-License-Identifier: GPL-3.0-or-later
// What the matcher answers: who can, in which order, and why the others cannot.

#include "router/matching/matcher.hpp"

#include "router/matching/requirements.hpp"
#include "tests/router/matching/listed_world.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <set>

namespace nearfab::router {
namespace {

using namespace testing;

using World = ListedWorld;

struct OneOfEach : World {
    OneOfEach() {
        add("lyon", fab(lyon, {printer("p1", 180, 180, 180, {{"pla", 500}})}));
        add("paris", fab(paris, {printer("p1", 300, 300, 400, {{"pla", 800}, {"petg", 800}})}));
    }
};

TEST_CASE_METHOD(OneOfEach, "the nearest fab that can make it comes first", "[matching]") {
    const MatchReport report = match(ask(box(20, 20, 20)), fabs, rules);
    CHECK(order_of(report) == std::vector<std::string>{"lyon", "paris"});
    CHECK(report.candidates[0].reason == "nearest: 0.0 km");
    CHECK(report.candidates[1].distance_km == Approx(391.5).margin(0.5));
    CHECK(report.rejections.empty());
    CHECK(report.machines_seen == 2);
}

TEST_CASE_METHOD(OneOfEach, "nearness never outweighs a missing material", "[matching]") {
    const MatchReport report = match(ask(box(20, 20, 20), "petg"), fabs, rules);
    CHECK(order_of(report) == std::vector<std::string>{"paris"});
    REQUIRE(report.rejections.size() == 1);
    CHECK(report.rejections[0].requirement == Requirement::material);
    CHECK(report.rejections[0].needed == "petg");
    CHECK(report.rejections[0].offered == "pla");
}

TEST_CASE_METHOD(OneOfEach, "a part too large for the near fab names both lengths", "[matching]") {
    const MatchReport report = match(ask(box(262, 90, 20)), fabs, rules);
    CHECK(order_of(report) == std::vector<std::string>{"paris"});
    REQUIRE(report.rejections.size() == 1);
    CHECK(report.rejections[0].requirement == Requirement::envelope);
    CHECK(report.rejections[0].offered == "180.0 mm");
    CHECK(report.rejections[0].text.find("> machine 180.0 mm") != std::string::npos);
}

TEST_CASE_METHOD(OneOfEach, "a long part that fits turned is given its turn", "[matching]") {
    const MatchReport report = match(ask(box(230, 10, 10)), fabs, rules);
    REQUIRE(order_of(report).front() == "lyon");
    CHECK(report.candidates[0].placement.turn_deg > 40);
    CHECK(report.candidates[0].placement.turn_deg < 50);
}

TEST_CASE_METHOD(OneOfEach, "each hard requirement alone rejects, with both sides", "[matching]") {
    Question question = ask(box(20, 20, 20));
    Advertisement& near = advertisements[0];
    Requirement expected = Requirement::unknown;

    SECTION("process") {
        near.machines[0].process = ProcessId{"laser_cut"};
        expected = Requirement::process;
    }
    SECTION("not connected") {
        fabs[0].connected = false;
        expected = Requirement::available;
    }
    SECTION("drained") {
        near.machines[0].state = MachineState::drained;
        expected = Requirement::available;
    }
    SECTION("a state from a newer program") {
        near.machines[0].state = MachineState::unknown;
        expected = Requirement::available;
    }
    SECTION("queue full") {
        fabs[0].machines[0].queued = 8;
        expected = Requirement::available;
    }
    SECTION("not enough material") {
        near.machines[0].materials[0].available_g = question.mass_g - 0.01;
        expected = Requirement::material_amount;
    }
    SECTION("material promised to others") {
        fabs[0].machines[0].promised = {{MaterialId{"pla"}, 495}};
        expected = Requirement::material_amount;
    }
    SECTION("feature") {
        question.part.min_feature_mm = 0.39;
        advertisements[1].machines[0].min_feature_mm = 0.25;
        expected = Requirement::feature;
    }
    SECTION("tolerance") {
        question.part.tolerance_mm = 0.19;
        advertisements[1].machines[0].tolerance_mm = 0.1;
        expected = Requirement::tolerance;
    }
    SECTION("licence") {
        question.licence = *LicenceExpression::parse("CC-BY-NC-4.0");
        advertisements[1].terms.licences = {"CC-*"};
        expected = Requirement::licence;
    }
    SECTION("submitter") {
        near.terms.submitters = {"bob"};
        expected = Requirement::submitter;
    }
    SECTION("deadline") {
        fabs[0].machines[0].promised_s = 7200;
        question.deadline_s = 7200;
        expected = Requirement::deadline;
    }
    SECTION("said no before") {
        question.history.refusals[fabs[0].fab] = "the fab said no: busy";
        expected = Requirement::not_declined;
    }
    SECTION("unsafe for this work") {
        question.history.unsafe[{fabs[0].fab, MachineId{"p1"}}] = "it burnt";
        expected = Requirement::not_declined;
    }
    SECTION("failed too often") {
        fabs[0].distrust = "failed 3 times in a row";
        expected = Requirement::trusted;
    }
    const MatchReport report = match(question, fabs, rules);
    CHECK(order_of(report) == std::vector<std::string>{"paris"});
    REQUIRE(report.rejections.size() == 1);
    CHECK(report.rejections[0].requirement == expected);
    CHECK_FALSE(report.rejections[0].needed.empty());
    CHECK_FALSE(report.rejections[0].offered.empty());
    CHECK_FALSE(report.rejections[0].text.empty());
}

TEST_CASE_METHOD(OneOfEach,
                 "the finest thing measured decides, and says where it is",
                 "[matching]") {
    const MatchReport report = match(ask(walled_box(20, 20, 20, 0.35)), fabs, rules);
    REQUIRE(report.candidates.empty());
    const Rejection& miss = report.rejections.front();
    CHECK(miss.requirement == Requirement::feature);
    CHECK(miss.needed == "0.35 mm, the thinnest wall (at 1.0, 2.0, 3.0)");
    CHECK(miss.offered == "0.40 mm");
    CHECK(miss.text ==
          "feature: the thinnest wall of the part is 0.35 mm (at 1.0, 2.0, 3.0), the machine makes "
          "nothing finer than 0.40 mm");
    // Measured within two per cent: 0.395 is not told from 0.4.
    CHECK(match(ask(walled_box(20, 20, 20, 0.395)), fabs, rules).candidates.size() == 2);
    CHECK(match(ask(walled_box(20, 20, 20, 0.39)), fabs, rules).candidates.empty());
}

TEST_CASE_METHOD(OneOfEach, "a designer who says what matters is believed", "[matching]") {
    PartSpec spec = part("thing");
    spec.min_feature_mm = 0.5;
    Question question = make_question(spec, walled_box(20, 20, 20, 0.35));
    question.place_of_use = lyon;
    CHECK_FALSE(question.finest);
    CHECK(match(question, fabs, rules).candidates.size() == 2);
    question.part.min_feature_mm = 0.3;  // And also who wants more than was measured.
    CHECK(match(question, fabs, rules).candidates.empty());
}

TEST_CASE("a drawing fits a bed turned by any angle, and only lying flat", "[matching]") {
    PartSpec spec = part("panel", "acrylic");
    spec.process = ProcessId{"laser_cut"};
    spec.sheet_thickness_mm = 3;
    Capability laser = printer("laser", 600, 400, 50, {{"acrylic", 5000}});
    laser.process = ProcessId{"laser_cut"};
    World world;
    world.add("paris", fab(paris, {laser}));
    const auto fits = [&](const PartFacts& facts) {
        return match(make_question(spec, facts), world.fabs, world.rules);
    };
    CHECK(fits(drawing(599, 399)).candidates.size() == 1);
    CHECK(fits(drawing(399, 599)).candidates.size() == 1);
    CHECK(fits(drawing(599, 399, 33)).candidates.size() == 1);
    CHECK(fits(drawing(690, 20)).candidates.size() == 1);  // Along the diagonal.
    const MatchReport on_edge = fits(drawing(730, 30));
    REQUIRE(on_edge.rejections.size() == 1);
    CHECK(on_edge.rejections[0].requirement == Requirement::envelope);
    // 599 x 399 x 3 mm of acrylic.
    CHECK(fits(drawing(599, 399)).candidates[0].mass_g == Approx(599 * 399 * 3 * 1.19e-3));
    CHECK(fits(drawing(599, 399)).candidates[0].making_s == 420);
}

TEST_CASE("a plate is laid flat for the laser, whatever its height would be on edge",
          "[matching]") {
    PartSpec spec = part("plate", "acrylic");
    spec.process = ProcessId{"laser_cut"};
    PartFacts facts = plate(300, 200, 4);
    facts.sheet->up_axis = 1;
    const Question question = make_question(spec, facts);
    for (const geometry::Stance& stance : question.room.stances()) {
        CHECK(stance.height_mm == 4);
        CHECK(stance.up == geometry::UpAxis::x);
    }
    spec.process = ProcessId{"cnc_mill"};  // A mill takes the solid as it is.
    CHECK(make_question(spec, facts).room.stances()[1].height_mm == 300);
}

TEST_CASE("an estimate from the geometry follows a printer's own rate", "[matching]") {
    PartFacts facts = walled_box(20, 20, 20, 2);
    facts.processes[0].typical_time_s = 3600;
    const Question question = make_question(part("thing"), facts);
    Capability machine = printer("p1", 180, 180, 180, {});
    machine.build_rate_cm3_per_h = typical_fdm_rate_cm3_per_h;
    CHECK(making_seconds(question, machine.build_rate_cm3_per_h) == setup_s + 3600);
    machine.build_rate_cm3_per_h = 2 * typical_fdm_rate_cm3_per_h;
    CHECK(making_seconds(question, machine.build_rate_cm3_per_h) == setup_s + 1800);
}

TEST_CASE_METHOD(OneOfEach, "limits count as met when they are just met", "[matching]") {
    Question question = ask(box(20, 20, 20));
    question.part.min_feature_mm = 0.4;
    question.part.tolerance_mm = 0.2;
    question.deadline_s = finish_seconds(question, fabs[0].machines[0]);
    advertisements[0].machines[0].materials[0].available_g = question.mass_g;
    CHECK(order_of(match(question, fabs, rules)).front() == "lyon");
}

TEST_CASE("the unready of one fab does not hide its other machine", "[matching]") {
    World world;
    world.add("lyon",
              fab(lyon,
                  {printer("big", 300, 300, 300, {{"petg", 500}}),
                   printer("small", 180, 180, 180, {{"pla", 500}})}));
    const MatchReport report = match(world.ask(box(20, 20, 20)), world.fabs, world.rules);
    REQUIRE(report.candidates.size() == 1);
    CHECK(report.candidates[0].machine == MachineId{"small"});
    CHECK(report.rejections.size() == 1);
}

TEST_CASE("within the neighbourhood the fab with the least recent work goes first", "[matching]") {
    World world;
    const Place near{45.7640, 4.8357};
    const Place next_street{45.7700, 4.8400};  // 0.74 km
    const Place next_town{45.7850, 4.8357};    // 2.3 km
    const auto one = printer("p1", 180, 180, 180, {{"pla", 500}});
    world.add("a", fab(near, {one})).recent_work_s = 3600;
    world.add("b", fab(next_street, {one})).recent_work_s = 60;
    world.add("c", fab(next_town, {one})).recent_work_s = 0;

    SECTION("one kilometre apart counts as equally near") {
        const MatchReport report = match(world.ask(box(20, 20, 20)), world.fabs, world.rules);
        CHECK(order_of(report) == std::vector<std::string>{"b", "a", "c"});
        CHECK(report.candidates[0].neighbour);
        CHECK_FALSE(report.candidates[2].neighbour);
    }
    SECTION("work counts for each machine: a larger fab may carry more") {
        world.fabs[0].machines.push_back(world.fabs[0].machines[0]);
        world.fabs[0].recent_work_s = 100;
        world.advertisements[0].machines.push_back(one);
        world.fabs[0].machines[0].capability = &world.advertisements[0].machines[0];
        world.fabs[0].machines[1].capability = &world.advertisements[0].machines[1];
        const MatchReport report = match(world.ask(box(20, 20, 20)), world.fabs, world.rules);
        CHECK(order_of(report).front() == "a");
    }
    SECTION("with no neighbourhood the nearest wins whatever it has had") {
        world.rules.neighbourhood_km = 0;
        world.rules.neighbourhood_fraction = 0;
        const MatchReport report = match(world.ask(box(20, 20, 20)), world.fabs, world.rules);
        CHECK(order_of(report) == std::vector<std::string>{"a", "b", "c"});
    }
    SECTION("the soonest takes the idle fab however far it is") {
        world.fabs[0].machines[0].promised_s = 1000;
        world.fabs[1].machines[0].promised_s = 500;
        Question question = world.ask(box(20, 20, 20));
        question.objective = Objective::soonest;
        CHECK(order_of(match(question, world.fabs, world.rules)) ==
              std::vector<std::string>{"c", "b", "a"});
    }
}

TEST_CASE("equal fabs are ordered by finish, then by lot", "[matching]") {
    World world;
    const auto one = printer("p1", 180, 180, 180, {{"pla", 500}});
    world.add("b", fab(lyon, {one}));
    world.add("a", fab(lyon, {one}));
    world.add("c", fab(lyon, {one}));
    CHECK(order_of(match(world.ask(box(20, 20, 20)), world.fabs, world.rules)) ==
          std::vector<std::string>{"b", "a", "c"});
    world.fabs[1].machines[0].promised_s = 60;
    CHECK(order_of(match(world.ask(box(20, 20, 20)), world.fabs, world.rules)) ==
          std::vector<std::string>{"b", "c", "a"});
}

TEST_CASE("nobody can: the summary counts the reasons and names the nearest miss", "[matching]") {
    World world;
    CHECK(summary_of_misses(match(world.ask(box(1, 1, 1)), world.fabs, world.rules)) ==
          "no fab is known to this router yet");
    world.add("paris", fab(paris, {printer("p1", 300, 300, 400, {{"petg", 800}})}));
    world.add("lyon", fab(lyon, {printer("p1", 180, 180, 180, {{"pla", 500}})}));
    const MatchReport report = match(world.ask(box(200, 200, 20)), world.fabs, world.rules);
    CHECK(report.candidates.empty());
    const std::string text = summary_of_misses(report);
    CHECK(text.find("2 machines seen: 1 x material, 1 x envelope") != std::string::npos);
    CHECK(text.find("nearest miss lyon / p1 at 0.0 km: envelope: part 200.0 mm") !=
          std::string::npos);
}

TEST_CASE("a machine that is asked for is found among more than an answer has rows", "[matching]") {
    World world;
    Advertisement large = fab(lyon, {});
    for (int i = 0; i < 30; ++i)
        large.machines.push_back(printer("p" + std::to_string(i), 180, 180, 180, {{"pla", 500}}));
    large.machines[28].materials.clear();
    const FabView& view = world.add("large", large);
    const Question question = world.ask(box(20, 20, 20));
    std::set<MachineId> candidates;
    for (const Candidate& c : match(question, world.fabs, world.rules).candidates)
        candidates.insert(c.machine);
    int beyond = 0;
    for (const Capability& machine : large.machines) {
        const auto found = candidate_at(question, view, machine.machine, world.rules);
        const auto miss = rejection_at(question, view, machine.machine, world.rules);
        CHECK(found.has_value() != miss.has_value());
        if (found) CHECK(found->machine == machine.machine);
        beyond += candidates.contains(machine.machine) ? 0 : 1;
    }
    CHECK(beyond == 14);
    CHECK(rejection_at(question, view, MachineId{"p28"}, world.rules)->text ==
          "material: the part needs pla, the machine has nothing");
    CHECK_FALSE(candidate_at(question, view, MachineId{"gone"}, world.rules));
    CHECK_FALSE(rejection_at(question, view, MachineId{"gone"}, world.rules));
}

TEST_CASE("an answer is bounded however many fabs there are", "[matching]") {
    World world;
    for (int i = 0; i < 100; ++i) {
        world.add("fab" + std::to_string(i),
                  fab({40.0 + i * 0.1, 4.0}, {printer("p1", 180, 180, 180, {{"pla", 500}})}));
    }
    const MatchReport report = match(world.ask(box(20, 20, 20)), world.fabs, world.rules);
    CHECK(report.candidates.size() == 16);
    CHECK(report.machines_seen == 100);
}

}  // namespace
}  // namespace nearfab::router
