// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/match_view.hpp"

#include <catch2/catch.hpp>

#include <sstream>

namespace nearfab::cli {

TEST_CASE("a quote is a table of candidates and a table of near misses") {
    MatchReport report;
    report.machines_seen = 7;
    Candidate candidate;
    candidate.fab = FabId{"lyon"};
    candidate.machine = MachineId{"xl"};
    candidate.distance_km = 3.2;
    candidate.finish_s = 5400;
    candidate.mass_g = 75.3;
    candidate.placement = {0, 41};
    candidate.reason = "nearest: 3.2 km";
    report.candidates.push_back(candidate);
    Rejection rejection;
    rejection.fab = FabId{"croix"};
    rejection.machine = MachineId{"mini"};
    rejection.distance_km = 0.85;
    rejection.requirement = Requirement::envelope;
    rejection.needed = "262.0 mm in X";
    rejection.offered = "180.0 mm";
    report.rejections.push_back(rejection);
    std::ostringstream out;
    const Screen screen{.out = out, .err = out};
    CHECK(match_text(report, screen) ==
          "Can make it (7 machines looked at)\n"
          "RANK  FAB   MACHINE  DISTANCE   FINISH IN  MASS  PLACED           WHY\n"
          "   1  lyon  xl         3.2 km  1 h 30 min  75 g  turned 41.0 deg  nearest: 3.2 km\n"
          "\n"
          "Cannot, nearest first\n"
          "FAB    MACHINE  DISTANCE  REQUIREMENT  NEEDED         OFFERED\n"
          "croix  mini        850 m  envelope     262.0 mm in X  180.0 mm\n");
}

TEST_CASE("nobody is said in words") {
    std::ostringstream out;
    CHECK(match_text({}, Screen{.out = out, .err = out}) ==
          "Nobody can make it now (0 machines looked at).\n");
}

TEST_CASE("a placement is said in words") {
    CHECK(placement_text({0, 0}) == "as drawn");
    CHECK(placement_text({1, 0}) == "x up");
    CHECK(placement_text({2, 90}) == "y up, turned 90.0 deg");
}

TEST_CASE("prices and footprints have columns where somebody tells them") {
    MatchReport report;
    report.machines_seen = 2;
    report.candidates.resize(2);
    report.candidates[0].fab = FabId{"lyon"};
    report.candidates[0].price = Money{"EUR", 415};
    report.candidates[0].footprint =
        Footprint{CarbonRange{1, 265'000, 1}, CarbonRange{1, 28'000, 1}, CarbonRange{1, 17'000, 1}};
    report.candidates[1].fab = FabId{"geneva"};
    report.candidates[1].footprint =
        Footprint{CarbonRange{1, 265'000, 1}, {}, CarbonRange{1, 17'000, 1}};
    std::ostringstream out;
    const std::string text = match_text(report, Screen{.out = out, .err = out});
    INFO(text);
    CHECK(text.find("FINISH IN     PRICE     CO2E   MASS") != std::string::npos);
    CHECK(text.find("4.15 EUR    310 g") != std::string::npos);
    CHECK(text.find("-  > 282 g") != std::string::npos);
}

TEST_CASE("what alone would have to be different is told when nobody can") {
    MatchReport report;
    report.alternatives.emplace_back();
    report.alternatives[0].text = "in petg instead of pa12: 3 fabs, nearest 4.0 km";
    std::ostringstream out;
    CHECK(match_text(report, Screen{.out = out, .err = out}) ==
          "Nobody can make it now (0 machines looked at).\n\nIt could be made\n"
          "  in petg instead of pa12: 3 fabs, nearest 4.0 km\n");
}

}  // namespace nearfab::cli
