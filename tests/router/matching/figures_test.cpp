// SPDX-License-Identifier: GPL-3.0-or-later
// What a piece costs and emits, and how machines are ranked by it.

#include "router/matching/figures.hpp"

#include "proto/model/limits.hpp"
#include "router/matching/matcher.hpp"
#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <deque>

namespace nearfab::router {
namespace {

using namespace testing;

// 1000 cm3 at 25 cm3/h: 40 h and 5 min of setup; 1364 g of PLA.
Question ask() {
    Question question = make_question(part("thing"), box(100, 100, 100));
    question.place_of_use = lyon;
    question.currency = "EUR";
    return question;
}

Capability machine_asking(std::optional<Rates> rates, std::optional<Energy> energy) {
    Capability machine = printer("p1", 300, 300, 300, {{"pla", 5000}});
    machine.rates = std::move(rates);
    machine.energy = std::move(energy);
    return machine;
}

struct Market {
    std::deque<Advertisement> advertisements;
    std::vector<FabView> fabs;

    void add(const std::string& id, Place place, const Capability& machine) {
        advertisements.push_back(fab(place, {machine}));
        FabView view;
        view.fab = FabId{id};
        view.advertisement = &advertisements.back();
        view.connected = true;
        view.machines = {{&view.advertisement->machines[0], 0, {}, 0}};
        fabs.push_back(view);
    }
    [[nodiscard]] std::vector<std::string> told(const Question& question) const {
        std::vector<std::string> lines;
        for (const Candidate& c : match(question, fabs, MatchingRules{}).candidates)
            lines.push_back(c.fab.text() + ": " + c.reason);
        return lines;
    }
};

const Rates cheap{"EUR", 100, 100, 1000};  // 100 + 4008.3 + 1364 cents.
const Rates dear{"EUR", 200, 200, 1000};
const Rates swiss{"CHF", 100, 100, 1000};
const Energy clean{100, 50};  // 100 W x 40.08 h x 50 g/kWh: 200 g.
const Energy dirty{100, 500};

TEST_CASE("a price is set-up, machine time and material, rounded up", "[figures]") {
    const Question question = ask();
    CHECK(question.mass_g == Approx(1364));
    CHECK(asked_price(question, machine_asking(cheap, {})) == Money{"EUR", 5473});
    CHECK(price_of(question, machine_asking(cheap, {})) == 5473);
    CHECK(asked_price(question, machine_asking(swiss, {})) == Money{"CHF", 5473});
    CHECK_FALSE(price_of(question, machine_asking(swiss, {})));
    CHECK_FALSE(asked_price(question, machine_asking({}, {})));
    Rates own = cheap;
    own.materials = {{MaterialId{"petg"}, 9000}, {MaterialId{"pla"}, 2000}};
    CHECK(asked_price(question, machine_asking(own, {})) == Money{"EUR", 6837});
    CHECK(figure_rates(machine_asking(own, {})).price_per_kg == 1000);
}

TEST_CASE("the largest rates give the largest price, not another one", "[figures]") {
    const std::int64_t most = limits::rate_max;
    Capability machine = machine_asking(Rates{"EUR", most, most, most}, Energy{1e6, 1e4});
    machine.build_rate_cm3_per_h = 0;
    PartFacts facts = box(10'000, 10'000, 10'000);
    Question question = make_question(part("thing"), facts);
    question.currency = "EUR";
    CHECK(asked_price(question, machine) == Money{"EUR", limits::money_max});
    const Footprint footprint = footprint_of(question, machine, limits::distance_km_max);
    CHECK(footprint.energy->high_mg <= limits::carbon_mg_max);
    CHECK(footprint.energy->low_mg <= footprint.energy->typical_mg);
}

TEST_CASE("a footprint has what is known, each with its range", "[figures]") {
    const Question question = ask();
    const Footprint known = footprint_of(question, machine_asking({}, clean), 100);
    CHECK(known.material->typical_mg == Approx(1364 * 2.45 * 1000));
    CHECK(known.energy->typical_mg == Approx(200'417).margin(10));
    CHECK(known.energy->low_mg == Approx(200'417 / 2.0).margin(10));  // The time is a guess.
    CHECK(known.transport->typical_mg == Approx(1.364 * 100 * 1.3 * 0.75543 * 1000).margin(1));
    const Footprint unknown = footprint_of(question, machine_asking({}, {}), 100);
    CHECK_FALSE(unknown.energy);
    CHECK(unknown.material);
    Energy ranged = clean;
    ranged.power_low_w = 50;
    ranged.power_high_w = 200;
    const Footprint wide = footprint_of(question, machine_asking({}, ranged), 100);
    CHECK(wide.energy->high_mg == Approx(4 * 200'417).margin(10));
}

TEST_CASE("cheapest compares within one currency and says why others come last", "[figures]") {
    Market market;
    market.add("silent", lyon, machine_asking({}, {}));
    market.add("swiss", lyon, machine_asking(swiss, {}));
    market.add("dear", lyon, machine_asking(dear, {}));
    market.add("cheap", paris, machine_asking(cheap, {}));
    Question question = ask();
    question.objective = Objective::cheapest;
    const auto told = market.told(question);
    REQUIRE(told.size() == 4);
    CHECK(told[0].starts_with("cheap: costs 54.73 EUR, 39"));
    CHECK(told[1] == "dear: costs 95.81 EUR, 0.0 km");
    // Neither is known to be dearer: they stand by distance, finish and lot.
    CHECK((told[2].starts_with("swiss: asks 54.73 CHF, not comparable with EUR") ||
           told[3].starts_with("swiss: asks 54.73 CHF, not comparable with EUR")));
    CHECK((told[2] == "silent: states no rates, 0.0 km" ||
           told[3] == "silent: states no rates, 0.0 km"));
    question.currency = "USD";
    for (const std::string& line : market.told(question))
        CHECK(line.find(": costs") == std::string::npos);
}

TEST_CASE("a price for CO2e is added, and may turn the order", "[figures]") {
    Market market;
    market.add("dirty", lyon, machine_asking(Rates{"EUR", 100, 100, 1000}, dirty));
    market.add("clean", lyon, machine_asking(Rates{"EUR", 110, 100, 1000}, clean));
    market.add("silent", lyon, machine_asking(Rates{"EUR", 0, 0, 0}, {}));
    Question question = ask();
    question.objective = Objective::cheapest;
    CHECK(market.told(question)[0].starts_with("silent: costs 0.00 EUR"));
    CHECK(market.told(question)[1].starts_with("dirty: costs 54.73 EUR"));
    question.carbon_price_per_t = 19'000;  // 190 EUR: 1.8 kg more cost 34 cents.
    const auto told = market.told(question);
    CHECK(told[0] == "clean: costs 54.83 EUR and 0.67 EUR for 3542 g CO2e, 0.0 km");
    CHECK(told[1] == "dirty: costs 54.73 EUR and 1.02 EUR for 5346 g CO2e, 0.0 km");
    CHECK(told[2] ==
          "silent: costs 0.00 EUR, but states no power and electricity to price its CO2e, 0.0 km");
}

TEST_CASE("greenest counts energy and way, and says who does not say", "[figures]") {
    Market market;
    market.add("silent", lyon, machine_asking({}, {}));
    market.add("dirty", lyon, machine_asking({}, dirty));
    market.add("clean", grenoble, machine_asking({}, clean));
    Question question = ask();
    question.objective = Objective::greenest;
    const auto told = market.told(question);
    CHECK(told[0].starts_with("clean: emits "));
    CHECK(told[1] == "dirty: emits 2004 g CO2e for making and way, 0.0 km");
    CHECK(told[2] == "silent: states no power and electricity, 0.0 km");
}

TEST_CASE("the bases of footprints name the fabs that say something", "[figures]") {
    const Capability says = machine_asking({}, Energy{100, 50, 0, 0, "stated by the fab", "FRA"});
    const Capability silent = machine_asking({}, {});
    const std::vector<FootprintOwner> owners{{FabId{"a"}, &says}, {FabId{"b"}, &silent}};
    const auto bases = footprint_bases(ask(), owners);
    REQUIRE(bases.size() == 3);
    CHECK(bases[0].share == "material");
    CHECK(bases[1].share == "transport");
    CHECK(bases[2].share == "energy");
    CHECK(bases[2].fab == FabId{"a"});
    CHECK(bases[2].source == "power: stated by the fab; electricity: FRA");
}

TEST_CASE("an alternative names both sides", "[figures]") {
    Market market;
    Capability other = printer("p1", 300, 300, 300, {{"petg", 5000}});
    market.add("near", lyon, other);
    market.add("far", paris, other);
    const MatchReport report = match(ask(), market.fabs, MatchingRules{});
    REQUIRE(report.alternatives.size() == 1);
    const Alternative& alternative = report.alternatives[0];
    CHECK(alternative.requirement == Requirement::material);
    CHECK(alternative.needed == "pla");
    CHECK(alternative.offered == "petg");
    CHECK(alternative.fabs == 2);
    CHECK_FALSE(alternative.at_least);
    CHECK(alternative.fab == FabId{"near"});
    CHECK(alternative.text == "in petg instead of pla: 2 fabs, nearest 0.0 km");
}

}  // namespace
}  // namespace nearfab::router
