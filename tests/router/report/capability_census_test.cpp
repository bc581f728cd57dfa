// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/capability_census.hpp"

#include "tests/router/matching/samples.hpp"

#include <catch2/catch.hpp>

#include <random>

namespace nearfab::router {
namespace {

using namespace testing;

const WorkKind fdm_pla{ProcessId{"fdm"}, MaterialId{"pla"}};
const WorkKind fdm_asa{ProcessId{"fdm"}, MaterialId{"asa"}};

Advertisement owned(Advertisement said, const std::string& owner) {
    said.owner = owner;
    return said;
}

Advertisement cube(double side_mm, const std::string& owner = {}) {
    return owned(fab(lyon, {printer("p", side_mm, side_mm, side_mm, {{"pla", 500}})}), owner);
}

void add(CapabilityCensus& census, const std::string& name, const Advertisement& said) {
    census.advertise(FabId{name}, said);
    census.set_there(FabId{name}, true);
}

TEST_CASE("a capability hangs on the only fab that is there with it", "[report]") {
    CapabilityCensus census;
    CHECK_FALSE(census.hanging(fdm_pla));
    add(census, "lyon", cube(200));
    auto row = census.hanging(fdm_pla);
    REQUIRE(row);
    CHECK(row->hangs_on == HangsOn::fab);
    CHECK(row->fab == FabId{"lyon"});
    CHECK(row->envelope == ReportSize{200, 200, 200});
    CHECK_FALSE(row->elsewhere);
    CHECK(row->fabs_there == 1);
    // Another of about the same size: nothing hangs on anybody.
    add(census, "paris", cube(190));
    CHECK_FALSE(census.hanging(fdm_pla));
    CHECK(census.largest_without(fdm_pla, FabId{"lyon"}) == ReportSize{190, 190, 190});
    // It leaves, and is known to have it.
    census.set_there(FabId{"paris"}, false);
    row = census.hanging(fdm_pla);
    REQUIRE(row);
    CHECK(row->fabs_away == 1);
    CHECK(census.fabs_known() == 2);
    CHECK(census.fabs_there() == 1);
    census.set_there(FabId{"lyon"}, false);
    CHECK_FALSE(census.hanging(fdm_pla));
}

TEST_CASE("several fabs of one owner are one owner", "[report]") {
    CapabilityCensus census;
    add(census, "lyon", cube(200, "Makers Ltd"));
    add(census, "paris", cube(200, "Makers Ltd"));
    auto row = census.hanging(fdm_pla);
    REQUIRE(row);
    CHECK(row->hangs_on == HangsOn::owner);
    CHECK(row->owner == "Makers Ltd");
    CHECK(row->fab.empty());
    CHECK(census.owners_there() == 1);
    // Fabs that say nothing are not one.
    add(census, "nice", cube(200));
    CHECK_FALSE(census.hanging(fdm_pla));
    CHECK(census.owners_there() == 2);
    // Nor is a fab called like an owner that owner.
    add(census, "Makers", cube(200));
    CHECK(census.owners_there() == 3);
}

TEST_CASE("one that is much larger than all others is told with the next", "[report]") {
    CapabilityCensus census;
    add(census, "small", cube(200));
    add(census, "large", cube(400));
    auto row = census.hanging(fdm_pla);
    REQUIRE(row);
    CHECK(row->hangs_on == HangsOn::size);
    CHECK(row->fab == FabId{"large"});
    CHECK(row->envelope == ReportSize{400, 400, 400});
    CHECK(row->elsewhere == ReportSize{200, 200, 200});
    // A tenth more is the same size; a side that nobody else has is not.
    add(census, "nearly", cube(370));
    CHECK_FALSE(census.hanging(fdm_pla));
    add(census, "long", fab(lyon, {printer("p", 1000, 300, 300, {{"pla", 500}})}));
    row = census.hanging(fdm_pla);
    REQUIRE(row);
    CHECK(row->fab == FabId{"long"});
}

TEST_CASE("what cannot be had now is no capability", "[report]") {
    CapabilityCensus census;
    Advertisement said = cube(200);
    said.machines[0].materials = {{MaterialId{"pla"}, 0}, {MaterialId{"unobtainium"}, 50}};
    add(census, "lyon", said);
    CHECK(census.capabilities().empty());
    said.machines[0].materials = {{MaterialId{"pla"}, 10}};
    said.machines[0].state = MachineState::fault;
    add(census, "lyon", said);
    CHECK(census.machines_there() == 0);
    said.machines[0].state = MachineState::busy_locally;
    add(census, "lyon", said);
    CHECK(census.machines_there() == 1);
    CHECK(census.hanging(fdm_pla));
    // A process that nobody knows takes no place in the report.
    said.machines[0].process = ProcessId{"wishing"};
    add(census, "lyon", said);
    CHECK_FALSE(census.hanging(fdm_pla));
    CHECK(census.processes().at(ProcessId{"fdm"}).fabs == 0);
    CHECK_FALSE(census.processes().contains(ProcessId{"wishing"}));
}

TEST_CASE("the largest of a fab's own machines counts, and which fab has most", "[report]") {
    CapabilityCensus census;
    add(census,
        "lyon",
        fab(lyon,
            {printer("a", 100, 100, 100, {{"pla", 500}}),
             printer("b", 300, 300, 300, {{"pla", 500}, {"asa", 200}})}));
    add(census, "paris", cube(100));
    CHECK(census.hanging(fdm_pla)->envelope == ReportSize{300, 300, 300});
    CHECK(census.hanging(fdm_asa)->hangs_on == HangsOn::fab);
    CHECK(census.with_most_machines() == FabId{"lyon"});
    CHECK(census.machines_there() == 3);
    CHECK(census.processes().at(ProcessId{"fdm"}).machines == 3);
    census.set_there(FabId{"lyon"}, false);
    CHECK(census.with_most_machines() == FabId{"paris"});
}

// However fabs come, change and go, the census is the one of those that are there at the end.
TEST_CASE("a census that followed changes is the one made afresh", "[report]") {
    std::mt19937 random{5};
    const auto pick = [&](unsigned below) { return static_cast<unsigned>(random() % below); };
    CapabilityCensus followed;
    std::map<std::string, std::pair<Advertisement, bool>> now;
    for (int i = 0; i < 2000; ++i) {
        const std::string name = "fab" + std::to_string(pick(12));
        if (pick(3) == 0 && now.contains(name)) {
            now[name].second = pick(2) == 0;
        } else {
            Advertisement said = cube(100 + 50 * pick(6), pick(2) == 0 ? "Makers" : "");
            if (pick(3) == 0) said.machines[0].materials.push_back({MaterialId{"asa"}, 10});
            if (pick(5) == 0) said.machines[0].state = MachineState::offline;
            now[name].first = said;
            followed.advertise(FabId{name}, said);
        }
        followed.set_there(FabId{name}, now[name].second);
    }
    CapabilityCensus afresh;
    for (const auto& [name, fab] : now) {
        afresh.advertise(FabId{name}, fab.first);
        afresh.set_there(FabId{name}, fab.second);
    }
    for (const WorkKind& kind : {fdm_pla, fdm_asa}) {
        CHECK(followed.hanging(kind) == afresh.hanging(kind));
        const auto& a = followed.capabilities().at(kind);
        const auto& b = afresh.capabilities().at(kind);
        CHECK(a.there == b.there);
        CHECK(a.owners == b.owners);
        CHECK(a.away == b.away);
    }
    CHECK(followed.machines_there() == afresh.machines_there());
    CHECK(followed.owners_there() == afresh.owners_there());
    CHECK(followed.fabs_there() == afresh.fabs_there());
    CHECK(followed.with_most_machines() == afresh.with_most_machines());
}

}  // namespace
}  // namespace nearfab::router
