// SPDX-License-Identifier: GPL-3.0-or-later

#include "intake/part_facts.hpp"

#include <catch2/catch.hpp>

namespace nearfab::intake {
namespace {

geometry::PartReport report_of_a_slab() {
    geometry::PartReport report;
    report.mesh.triangles = 12;
    report.bounds = {{-1, 0, 2}, {9, 20, 5}};
    report.volume_mm3 = 600;
    report.area_mm2 = 580;
    report.stances[0] = {geometry::UpAxis::z, 3, {{0, 0}, {10, 0}, {10, 20}, {0, 20}}};
    report.stances[1] = {geometry::UpAxis::x, 10, {{0, 0}, {20, 0}, {20, 3}, {0, 3}}};
    report.stances[2] = {geometry::UpAxis::y, 20, {{0, 0}, {3, 0}, {3, 10}, {0, 10}}};
    return report;
}

}  // namespace

TEST_CASE("the facts of a part are the numbers of its report") {
    const PartFacts facts = facts_of(report_of_a_slab());
    CHECK(facts.size_x_mm == 10);
    CHECK(facts.size_y_mm == 20);
    CHECK(facts.size_z_mm == 3);
    CHECK(facts.volume_mm3 == 600);
    CHECK(facts.area_mm2 == 580);
    CHECK(facts.triangles == 12);
}

TEST_CASE("the three stances keep their order and their outlines") {
    const PartFacts facts = facts_of(report_of_a_slab());
    CHECK(facts.stances[0].height_mm == 3);
    CHECK(facts.stances[1].height_mm == 10);
    CHECK(facts.stances[2].height_mm == 20);
    REQUIRE(facts.stances[1].outline.size() == 4);
    CHECK(facts.stances[1].outline[2] == OutlinePoint{20, 3});
}

}  // namespace nearfab::intake
