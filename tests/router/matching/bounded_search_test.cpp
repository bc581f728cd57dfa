// SPDX-License-Identifier: GPL-3.0-or-later
// Questions that would make a search look at every machine if its bounds were too weak. What they
// cost is compared with a question that is known to be cheap, in the same run.

#include "router/matching/index/machine_index.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <ctime>
#include <functional>
#include <memory>
#include <string>

namespace nearfab::router {
namespace {

using namespace testing;

constexpr std::size_t fabs = 20'000;
// A look at every machine costs hundreds of times as much as a search.
constexpr double hardly_more = 25;

Capability small_printer() {
    Capability machine = printer("m", 200, 200, 200, {{"pla", 500}});
    machine.build_rate_cm3_per_h = 25;
    return machine;
}

// Fabs a few metres apart, each with one printer.
class Town {
public:
    explicit Town(const std::function<void(std::size_t, Advertisement&)>& change) {
        for (std::size_t i = 0; i < fabs; ++i) {
            Advertisement said = fab(
                {45 + static_cast<double>(i % 150) * 1e-4, 5 + static_cast<double>(i / 150) * 1e-4},
                {small_printer()});
            change(i, said);
            add("fab" + std::to_string(i), std::move(said));
        }
    }
    void add(const std::string& name, Advertisement said) {
        index_.advertise(FabId{name}, std::make_shared<const Advertisement>(std::move(said)));
        index_.set_presence(FabId{name}, true, false);
    }
    [[nodiscard]] const MachineIndex& index() const { return index_; }

private:
    MatchingRules rules_;
    MachineIndex index_{rules_};
};

Question question() {
    Question asked = make_question(part("thing", "pla"), box(20, 20, 20));
    asked.place_of_use = {45.001, 5.001};
    return asked;
}

// Of this thread's time; the least of several tries.
double seconds_of(const std::function<void()>& work) {
    double least = 1e9;
    for (int i = 0; i < 7; ++i) {
        const auto now = [] {
            timespec time{};
            ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_nsec) * 1e-9;
        };
        const double before = now();
        for (int repeat = 0; repeat < 5; ++repeat)
            work();
        least = std::min(least, now() - before);
    }
    return least;
}

double nearest_s(const MachineIndex& index, const Question& asked) {
    return seconds_of([&] { REQUIRE(IndexFinder{index, asked}.nearest(16).size() == 16); });
}

double best_s(const MachineIndex& index, Question asked, Objective objective) {
    asked.objective = objective;
    return seconds_of([&] { REQUIRE(IndexFinder{index, asked}.best(16).size() == 16); });
}

}  // namespace

TEST_CASE("who has no price or no footprint goes by distance, and costs no more", "[matching]") {
    const Town town{[](std::size_t i, Advertisement& said) {
        if (i % 2 == 0) said.machines[0].rates = Rates{"EUR", 100, 500, 2000, {}};
    }};
    Question asked = question();
    const double nearest = nearest_s(town.index(), asked);
    asked.currency = "CHF";  // Nobody's.
    CHECK(best_s(town.index(), asked, Objective::cheapest) < hardly_more * nearest);
    CHECK(best_s(town.index(), asked, Objective::greenest) < hardly_more * nearest);
}

TEST_CASE("a currency of few fabs costs no look at the others", "[matching]") {
    const Town town{[](std::size_t i, Advertisement& said) {
        said.machines[0].rates = Rates{i % 4000 == 7 ? "CHF" : "EUR", 100, 500, 2000, {}};
    }};
    Question asked = question();
    const double nearest = nearest_s(town.index(), asked);
    asked.currency = "CHF";
    CHECK(best_s(town.index(), asked, Objective::cheapest) < hardly_more * nearest);
    asked.objective = Objective::cheapest;
    const auto found = IndexFinder{town.index(), asked}.best(16);
    CHECK(std::count_if(found.begin(), found.end(), [](const Found& one) {
              return one.machine->capability->rates->currency == "CHF";
          }) == 5);
}

TEST_CASE("one fast machine far away does not make equals worth a look", "[matching]") {
    Town town{[](std::size_t, Advertisement&) {}};
    const Question asked = question();
    const auto share_s = [&] {
        return seconds_of([&] {
            REQUIRE(IndexFinder{town.index(), asked}.least_shared(1e18, 16, {}).size() == 16);
        });
    };
    const double before = share_s();
    Capability tiny = printer("tiny", 10, 10, 10, {{"pla", 500}});
    tiny.build_rate_cm3_per_h = 60;
    Capability fast = small_printer();
    fast.build_rate_cm3_per_h = 70;
    fast.min_feature_mm = 0.3;
    town.add("tiny", fab({-45, -175}, {tiny}));
    CHECK(share_s() < hardly_more * before);
    town.add("fast", fab({-45, -175}, {fast}));
    CHECK(share_s() < hardly_more * before);
}

TEST_CASE("more terms than there are classes hide no fab and open no world", "[matching]") {
    const Town town{[](std::size_t i, Advertisement& said) {
        if (i < 60) said.terms.submitters = {"club" + std::to_string(i)};
        if (i % 500 == 3) said.terms.licences = {"LicenseRef-" + std::to_string(i)};
    }};
    Question asked = question();
    asked.submitter = IdentityId{"ada"};
    asked.licence = *LicenceExpression::parse("CC-BY-4.0");
    const double nearest = nearest_s(town.index(), asked);
    asked.licence = *LicenceExpression::parse("LicenseRef-nobodys");
    const IndexFinder finder{town.index(), asked};
    CHECK(finder.nearest(16).empty());
    CHECK(seconds_of([&] { (void)finder.nearest(16); }) < hardly_more * nearest);
    for (const std::size_t one : {503U, 5003U, 19'003U}) {
        asked.licence = *LicenceExpression::parse("LicenseRef-" + std::to_string(one));
        const auto found = IndexFinder{town.index(), asked}.nearest(16);
        REQUIRE(found.size() == 1);
        CHECK(found[0].fab->fab.text() == "fab" + std::to_string(one));
    }
    asked.licence.reset();
    asked.submitter = IdentityId{"club59"};
    CHECK(IndexFinder{town.index(), asked}.nearest(16).size() == 16);
}

}  // namespace nearfab::router
