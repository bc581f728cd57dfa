// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/emissions.hpp"

#include <catch2/catch.hpp>

namespace nearfab::router {
namespace {

std::string confidence(const std::string& power, const std::string& grid) {
    Energy energy;
    energy.power_basis = power;
    energy.grid_basis = grid;
    return energy_confidence(energy);
}

TEST_CASE("a fab's words for its sources become a few known ones", "[report]") {
    CHECK(confidence("fdm_open_220 (read)", "FRA 2023 (read)") == "read");
    CHECK(confidence("fdm_open_220 (read)", "") == "read, stated");
    CHECK(confidence("", "") == "stated");
    CHECK(confidence("a meter", "FRA 2023 (read-secondary)") == "stated, read-secondary");
    // Whatever it invents counts as its own word, so nobody fills our records with words.
    CHECK(confidence("x (certified by angels)", "y (read, read)") == "stated");
}

TEST_CASE("emissions are told by share, with how many pieces they are of", "[report]") {
    WorkSums sums;
    DeliveredPiece piece;
    piece.fab = FabId{"lyon"};
    piece.process = ProcessId{"fdm"};
    piece.material = MaterialId{"pla"};
    piece.footprint = {CarbonRange{1, 2, 3}, CarbonRange{4, 5, 6}, CarbonRange{7, 8, 9}};
    piece.energy_confidence = "read";
    sums.add(piece);
    piece.energy_confidence.clear();
    piece.footprint.material.reset();
    sums.add(piece);
    piece.footprint.energy.reset();
    sums.add(piece);
    const EmissionReport report = emission_report(sums);
    CHECK(report.material.pieces == 1);
    CHECK(report.material.sum == CarbonRange{1, 2, 3});
    REQUIRE(report.material.confidence.size() == 1);
    CHECK(report.material.confidence[0].pieces == 1);
    CHECK(report.energy.pieces == 2);
    CHECK(report.energy.sum == CarbonRange{8, 10, 12});
    CHECK(report.energy.confidence == std::vector<ConfidenceCount>{{"not known", 1}, {"read", 1}});
    CHECK(report.transport.pieces == 3);
    CHECK(report.transport.sum == CarbonRange{21, 24, 27});
    CHECK(report.complete == 1);
    CHECK(report.complete_sum == CarbonRange{12, 15, 18});
    for (const EmissionShare* share : {&report.material, &report.energy, &report.transport})
        CHECK(share->method.find(" x ") != std::string::npos);
}

TEST_CASE("without any work there is no figure and no confidence", "[report]") {
    const EmissionReport report = emission_report({});
    CHECK(report.complete == 0);
    CHECK(report.material.confidence.empty());
    CHECK(report.energy.confidence.empty());
    CHECK(report.transport.confidence.empty());
}

}  // namespace
}  // namespace nearfab::router
