// SPDX-License-Identifier: GPL-3.0-or-later
// What alone would have to be different: every sentence is put to the proof.

#include "router/matching/alternatives.hpp"

#include "proto/model/limits.hpp"
#include "proto/model/material.hpp"
#include "router/matching/requirements.hpp"
#include "tests/router/matching/listed_world.hpp"
#include "tests/router/matching/random_world.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace nearfab::router {
namespace {

using namespace testing;

std::vector<std::string> texts(const MatchReport& report) {
    CHECK(report.candidates.empty());
    std::vector<std::string> texts;
    for (const Alternative& a : report.alternatives)
        texts.push_back(a.text);
    return texts;
}

using Texts = std::vector<std::string>;

struct Fabs : ListedWorld {
    FabView& add(const std::string& name, const Capability& machine) {
        const double east = 0.2 * static_cast<double>(fabs.size());
        return ListedWorld::add(name,
                                fab({lyon.latitude_deg, lyon.longitude_deg + east}, {machine}));
    }
    Texts asked(const Question& question) const { return texts(match(question, fabs, rules)); }
};

TEST_CASE_METHOD(Fabs, "only those are counted that can do with the figure named", "[matching]") {
    Capability machine = printer("p1", 180, 180, 180, {{"pla", 500}});
    SECTION("a tolerance") {
        for (const double mm : {0.304, 0.9, 5.0, 0.31}) {
            machine.tolerance_mm = mm;
            add("fab" + std::to_string(fabs.size()), machine);
        }
        Question question = ask(box(20, 20, 20));
        question.part.tolerance_mm = 0.1;
        CHECK(asked(question) ==
              Texts{"with a tolerance of 0.31 mm instead of 0.10 mm: 2 fabs, nearest 0.0 km"});
    }
    SECTION("a feature") {
        for (const double mm : {0.5, 0.9, 0.4}) {
            machine.min_feature_mm = mm;
            add("fab" + std::to_string(fabs.size()), machine);
        }
        Question question = ask(box(20, 20, 20));
        question.part.min_feature_mm = 0.1;
        CHECK(asked(question) ==
              Texts{"with features of 0.50 mm instead of 0.10 mm: 2 fabs, nearest 0.0 km"});
    }
    SECTION("a deadline") {
        for (const std::int64_t hours : {3, 300, 2}) {
            machine.backlog_s = hours * 3600;
            add("fab" + std::to_string(fabs.size()), machine);
        }
        Question question = ask(box(20, 20, 20));
        question.deadline_s = 3600;
        CHECK(asked(question) == Texts{"in 3.5 h instead of within 1.0 h: 2 fabs, nearest 0.0 km"});
    }
    SECTION("an envelope") {
        for (const double mm : {150.0, 120.0, 190.0}) {
            machine.envelope_x_mm = mm;
            add("fab" + std::to_string(fabs.size()), machine);
        }
        const Texts found = asked(ask(box(400, 10, 10)));
        REQUIRE(found.size() == 1);
        CHECK(found[0].find("within 150.0 x 180.0 x 180.0 mm instead of ") == 0);
        CHECK(found[0].find(": 2 fabs, nearest 0.0 km") != std::string::npos);
    }
    SECTION("a licence") {
        add("one", machine);
        add("two", machine);
        add("three", machine);
        advertisements[0].terms.licences = {"MIT"};
        advertisements[1].terms.licences = {"CC0-1.0"};
        advertisements[2].terms.licences = {"open"};
        Question question = ask(box(20, 20, 20));
        question.licence = *LicenceExpression::parse("CC-BY-NC-4.0");
        CHECK(asked(question) ==
              Texts{"under MIT instead of CC-BY-NC-4.0: 2 fabs, nearest 0.0 km"});
    }
    SECTION("a submitter") {
        add("one", machine);
        add("two", machine);
        advertisements[0].terms.submitters = {"bob", "eve"};
        advertisements[1].terms.submitters = {"eve"};
        CHECK(asked(ask(box(20, 20, 20))) ==
              Texts{"for bob, whom the fab works for, instead of ada: 1 fab, nearest 0.0 km"});
    }
    SECTION("an amount") {
        machine.materials[0].available_g = 2;
        add("one", machine);
        machine.materials[0].available_g = 5;
        add("two", machine);
        CHECK(asked(ask(box(20, 20, 20))) ==
              Texts{"with 11 g of pla free instead of 2 g: 2 fabs, nearest 0.0 km"});
    }
}

TEST_CASE_METHOD(Fabs, "another material is asked for with its own mass", "[matching]") {
    Capability mill = printer("m", 250, 250, 250, {{"mild_steel", 1500}});
    mill.process = ProcessId{"cnc_mill"};
    add("one", mill);
    PartSpec spec = part("block", "alu_6061");
    spec.process = ProcessId{"cnc_mill"};
    Question question = make_question(spec, box(100, 100, 40));
    question.place_of_use = lyon;
    REQUIRE(question.mass_g < 1500);
    CHECK(asked(question).empty());  // 400 cm3 of steel are 3,454 g.
    mill.materials[0].available_g = 3500;
    add("two", mill);
    CHECK(asked(question) == Texts{"in mild_steel instead of alu_6061: 1 fab, nearest 15.5 km"});
}

TEST_CASE_METHOD(Fabs, "every material that would do is named", "[matching]") {
    add("one", printer("p1", 180, 180, 180, {{"pla", 1000}, {"petg", 900}}));
    add("two", printer("p1", 180, 180, 180, {{"petg", 900}}));
    Texts found = asked(ask(box(20, 20, 20), "asa"));
    std::sort(found.begin(), found.end());
    CHECK(found == Texts{"in petg instead of asa: 2 fabs, nearest 0.0 km",
                         "in pla instead of asa: 1 fab, nearest 0.0 km"});
}

TEST_CASE_METHOD(Fabs,
                 "another process is asked for with its own finest thing and time",
                 "[matching]") {
    Capability sla = printer("s", 180, 180, 180, {{"pla", 500}});
    sla.process = ProcessId{"sla"};
    add("one", sla);
    PartFacts facts = walled_box(20, 20, 20, 2);
    ProcessFacts resin{ProcessId{"sla"}, Feasibility::feasible, {}, {}, {}, 0};
    resin.finest = NeededFeature{"the smallest hole", {0.3, {}}};
    facts.processes.push_back(resin);
    CHECK(asked(ask(facts)).empty());  // The printer makes nothing finer than 0.4 mm.
    facts.processes.back().finest->length.mm = 0.5;
    CHECK(asked(ask(facts)) == Texts{"by sla instead of fdm: 1 fab, nearest 0.0 km"});
    // What is too fine for fdm need not be for the other.
    facts.processes.front().finest->length.mm = 0.01;
    CHECK(asked(ask(facts)) == Texts{"by sla instead of fdm: 1 fab, nearest 0.0 km"});
}

TEST_CASE_METHOD(Fabs,
                 "the nearest of each requirement is told before many materials",
                 "[matching]") {
    Capability rich = printer("p1", 180, 180, 180, {});
    for (const MaterialInfo& material : known_materials()) {
        if (material.id != "pla") {
            rich.materials.push_back({MaterialId{std::string{material.id}}, 100'000});
        }
    }
    REQUIRE(rich.materials.size() > limits::match_rows_max);
    add("rich", rich);
    Capability coarse = printer("p1", 180, 180, 180, {{"pla", 500}});
    coarse.tolerance_mm = 0.5;
    add("coarse", coarse);
    Question question = ask(box(20, 20, 20));
    question.part.tolerance_mm = 0.3;
    const Texts found = asked(question);
    CHECK(found.size() == limits::match_rows_max);
    CHECK(found.back() == "with a tolerance of 0.50 mm instead of 0.30 mm: 1 fab, nearest 15.5 km");
}

// The question with the figure that the sentence names, as a designer would ask it.
Question asked_again(const Question& question, const Alternative& a) {
    Question again = question;
    PartSpec spec = question.part;
    const auto anew = [&] {
        Question other = make_question(spec, *question.facts);
        other.licence = question.licence;
        other.place_of_use = question.place_of_use;
        other.submitter = question.submitter;
        other.deadline_s = question.deadline_s;
        other.history = question.history;
        return other;
    };
    switch (a.requirement) {
        case Requirement::process:
            spec.process = ProcessId{a.offered};
            return anew();
        case Requirement::material:
            spec.material = MaterialId{a.offered};
            again = anew();
            again.finest = question.finest;
            again.typical_time_s = question.typical_time_s;
            again.time_follows_rate = question.time_follows_rate;
            return again;
        case Requirement::feature:
            again.part.min_feature_mm = std::stod(a.offered);
            return again;
        case Requirement::tolerance:
            again.part.tolerance_mm = std::stod(a.offered);
            return again;
        case Requirement::licence:
            again.licence = *LicenceExpression::parse(a.offered);
            return again;
        case Requirement::submitter:
            again.submitter = IdentityId{a.offered};
            return again;
        case Requirement::deadline:
            again.deadline_s = std::llround(std::stod(a.offered) * 3600);
            return again;
        case Requirement::envelope: {
            double x = 0;
            double y = 0;
            double z = 0;
            REQUIRE(std::sscanf(a.offered.c_str(), "%lf x %lf x %lf mm", &x, &y, &z) == 3);
            // One that must not be laid on another side.
            geometry::Stance block{{}, z, {{0, 0}, {x, 0}, {x, y}, {0, y}}};
            again.room = geometry::FitTest{{block, block, block}};
            return again;
        }
        case Requirement::material_amount:
            again.mass_g = 0;
            return again;
        case Requirement::available:
        case Requirement::not_declined:
        case Requirement::trusted:
        case Requirement::unknown:
            break;
    }
    FAIL("no designer can change " << to_string(a.requirement));
    return again;
}

TEST_CASE("in any world an alternative is as true as it is exact", "[matching]") {
    std::map<Requirement, int> seen;
    for (std::uint64_t seed = 0; seed < 60; ++seed) {
        INFO("seed " << seed);
        WorldShape shape;
        shape.fabs = 5 + seed * 7 % 60;
        shape.few_values = seed % 2 == 0;
        RandomWorld world{2'000'000 + seed, shape};
        const std::vector<FabView> views = world.views();
        for (int ask = 0; ask < 30; ++ask) {
            const Question question = world.question();
            for (const Alternative& a : match(question, views, world.rules()).alternatives) {
                INFO(a.text);
                ++seen[a.requirement];
                const Question again = asked_again(question, a);
                std::set<FabId> able;
                double nearest_km = 1e9;
                for (const FabView& view : views) {
                    for (const MachineView& machine : view.machines) {
                        if (first_unmet({again, view, machine, world.rules()}) != nullptr) continue;
                        able.insert(view.fab);
                        nearest_km =
                            std::min(nearest_km,
                                     ground_km(chord2(globe_point(question.place_of_use),
                                                      globe_point(view.advertisement->place))));
                    }
                }
                CHECK(a.fabs == able.size());
                CHECK_FALSE(a.at_least);
                CHECK(a.distance_km == nearest_km);
                CHECK(able.contains(a.fab));
            }
        }
    }
    for (const Requirement requirement : {Requirement::process,
                                          Requirement::material,
                                          Requirement::envelope,
                                          Requirement::material_amount,
                                          Requirement::feature,
                                          Requirement::tolerance,
                                          Requirement::licence,
                                          Requirement::submitter,
                                          Requirement::deadline}) {
        INFO(to_string(requirement));
        CHECK(seen[requirement] > 0);
    }
}

}  // namespace
}  // namespace nearfab::router
