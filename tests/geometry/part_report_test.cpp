// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/part_report.hpp"

#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;

std::string message_of(const PartReport& report, std::string_view rule) {
    for (const Finding& finding : report.findings) {
        if (finding.rule == rule) return finding.message;
    }
    return "";
}

TEST_CASE("a cube is makeable and its numbers are exact") {
    const PartReport report = report_on(binary(cube(20)));
    CHECK(report.makeable());
    CHECK(report.findings.empty());
    CHECK(report.mesh.bounds_a_volume);
    CHECK(report.mesh.shells == 1);
    CHECK(report.volume_mm3 == 8000);
    CHECK(report.area_mm2 == 2400);
    CHECK(report.bounds == Bounds{{0, 0, 0}, {20, 20, 20}});
    CHECK(report.stances[1].up == UpAxis::x);
    CHECK(report.stances[0].outline_mm.size() == 4);
}

TEST_CASE("a part far from the origin keeps its volume") {
    const Triangles part = box({9000, -9000, 9000}, {9000.25, -8999.75, 9000.25});
    const PartReport report = report_on(binary(part));
    CHECK(report.volume_mm3 == 0.25 * 0.25 * 0.25);
    CHECK(report.area_mm2 == 6 * 0.25 * 0.25);
}

TEST_CASE("a sphere has the volume of its facets and is not noted for anything") {
    const PartReport report = report_on(binary(sphere(30, 100)));
    CHECK(report.makeable());
    CHECK(report.mesh.bounds_a_volume);
    CHECK(report.volume_mm3 == Approx(4.0 / 3 * std::numbers::pi * 27000).epsilon(0.002));
    for (const Stance& stance : report.stances)
        CHECK(stance.outline_mm.size() <= 64);
}

TEST_CASE("an open box is not makeable, and the number of open edges is said") {
    Triangles part = cube(20);
    part.erase(part.begin(), part.begin() + 2);
    const PartReport report = report_on(binary(part));
    CHECK_FALSE(report.makeable());
    CHECK_FALSE(report.mesh.closed);
    CHECK(report.mesh.oriented);
    CHECK(report.mesh.open_edges == 4);
    CHECK(report.volume_mm3 == 0);
    CHECK(has(report, Severity::error, "open_mesh"));
    CHECK_THAT(message_of(report, "open_mesh"), Contains("4 edges"));
}

TEST_CASE("an inside-out cube is an error that says to flip the normals") {
    const PartReport report = report_on(binary(flipped(cube(20))));
    CHECK_FALSE(report.makeable());
    CHECK(report.mesh.inside_out);
    CHECK_FALSE(report.mesh.bounds_a_volume);
    CHECK(report.volume_mm3 == 8000);
    REQUIRE(has(report, Severity::error, "inside_out"));
    CHECK_THAT(report.findings.front().next, Contains("Flip the normals"));
}

TEST_CASE("one flipped face is a misoriented mesh") {
    Triangles part = cube(20);
    std::swap(part[0][1], part[0][2]);
    const PartReport report = report_on(binary(part));
    CHECK(report.mesh.misoriented_edges == 3);
    CHECK(report.volume_mm3 == 0);
    CHECK(has(report, Severity::error, "misoriented"));
}

TEST_CASE("a Moebius strip is open, and no orientation of it is right") {
    const PartReport report = report_on(binary(moebius_strip(24)));
    CHECK(report.mesh.open_edges == 48);
    CHECK(report.mesh.misoriented_edges == 1);
    CHECK_FALSE(report.makeable());
}

TEST_CASE("a cavity is subtracted and is no fault") {
    const PartReport report = report_on(binary(cube(20) + flipped(box({5, 5, 5}, {15, 15, 15}))));
    CHECK(report.makeable());
    CHECK(report.mesh.bounds_a_volume);
    CHECK(report.volume_mm3 == 7000);
    CHECK(has(report, Severity::note, "several_shells"));
    CHECK(report.findings.size() == 2);
}

TEST_CASE("an island in a cavity is solid again") {
    const PartReport report = report_on(
        binary(cube(20) + flipped(box({2, 2, 2}, {18, 18, 18})) + box({5, 5, 5}, {15, 15, 15})));
    CHECK(report.mesh.bounds_a_volume);
    CHECK(report.volume_mm3 == 8000 - 4096 + 1000);
}

TEST_CASE("a shell nested the same way round is warned about, not counted twice in silence") {
    const PartReport report = report_on(binary(cube(20) + box({5, 5, 5}, {15, 15, 15})));
    CHECK(report.volume_mm3 == 9000);
    CHECK_FALSE(report.mesh.bounds_a_volume);
    CHECK(has(report, Severity::warning, "overlapping_shells"));
    CHECK_THAT(message_of(report, "overlapping_shells"), Contains("counted twice"));
}

TEST_CASE("shells that cut each other are warned about") {
    const PartReport report = report_on(binary(cube(20) + box({10, 10, 10}, {30, 30, 30})));
    CHECK(has(report, Severity::warning, "overlapping_shells"));
    CHECK_FALSE(report.mesh.bounds_a_volume);
    // A cross of two bars: no vertex of one is inside the other.
    const PartReport cross =
        report_on(binary(box({0, 40, 40}, {100, 60, 60}) + box({40, 0, 45}, {60, 100, 55})));
    CHECK(has(cross, Severity::warning, "overlapping_shells"));
}

TEST_CASE("separate shells are only noted, even with boxes that overlap") {
    // The L of the first holds the second without touching it.
    const Triangles corner = box({0, 0, 0}, {50, 5, 5});
    const PartReport report = report_on(binary(corner + box({0, 10, 0}, {50, 15, 5})));
    CHECK(report.makeable());
    CHECK(report.mesh.bounds_a_volume);
    CHECK(report.volume_mm3 == 2500);
    CHECK(report.findings.size() == 1);
}

TEST_CASE("an inside-out shell beside a good one is an error though the sum is positive") {
    const PartReport report = report_on(binary(cube(20) + flipped(box({30, 0, 0}, {35, 5, 5}))));
    CHECK_FALSE(report.makeable());
    CHECK_FALSE(report.mesh.inside_out);
    CHECK(has(report, Severity::error, "inside_out"));
    CHECK_THAT(message_of(report, "inside_out"), Contains("1 shell of 2"));
}

TEST_CASE("an inside-out shell is told so where it takes away as much as the good one holds") {
    const PartReport report =
        report_on(binary(box({0, 0, 0}, {20, 20, 20}) + flipped(box({30, 0, 0}, {50, 20, 20}))));
    CHECK_FALSE(report.makeable());
    CHECK(has(report, Severity::error, "inside_out"));
    CHECK_FALSE(has(report, Severity::error, "no_volume"));
    CHECK(report.volume_mm3 == 0);
}

TEST_CASE("thousands of separate shells are compared") {
    Triangles part;
    for (int i = 0; i < 2001; ++i) {
        const Triangles one = box({i * 2.0, 0, 0}, {i * 2.0 + 1, 1, 1});
        part.insert(part.end(), one.begin(), one.end());
    }
    const PartReport report = report_on(binary(part));
    CHECK(report.mesh.shells == 2001);
    CHECK_FALSE(has(report, Severity::warning, "shells_not_compared"));
    CHECK(report.mesh.bounds_a_volume);
    CHECK(report.makeable());
}

TEST_CASE("more shells running into each other than can be compared are said to be so") {
    Triangles part;
    for (int i = 0; i < 200; ++i) {
        const double low = i * 0.001;
        part = part + box({low, low, low}, {low + 5, low + 5, low + 5});
    }
    const PartReport report = report_on(binary(part));
    CHECK(report.mesh.shells == 200);
    CHECK(has(report, Severity::warning, "shells_not_compared"));
    CHECK(has(report, Severity::warning, "overlapping_shells"));
    CHECK_FALSE(report.mesh.bounds_a_volume);
    CHECK(report.makeable());
}

TEST_CASE("flat and collapsed parts enclose no volume") {
    const Triangles sheet{{{{0, 0, 0}, {20, 0, 0}, {0, 20, 0}}}};
    const PartReport folded = report_on(binary(sheet + flipped(sheet)));
    CHECK(folded.mesh.closed);
    CHECK(folded.mesh.duplicate_triangles == 1);
    CHECK(folded.volume_mm3 == 0);
    CHECK(has(folded, Severity::error, "no_volume"));
    CHECK_FALSE(folded.makeable());

    const Triangles point{{{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}}};
    const PartReport collapsed = report_on(binary(point));
    CHECK(collapsed.mesh.degenerate_triangles == 1);
    CHECK_FALSE(collapsed.mesh.closed);
    CHECK(collapsed.stances[0].outline_mm.size() == 1);
    CHECK(has(collapsed, Severity::error, "no_volume"));

    const Triangles line{{{{0, 0, 0}, {10, 10, 10}, {5, 5, 5}}}};
    const PartReport collinear = report_on(binary(line + flipped(line)));
    CHECK(collinear.mesh.degenerate_triangles == 2);
    CHECK(collinear.stances[0].outline_mm.size() == 2);
    CHECK(has(collinear, Severity::error, "no_volume"));
}

TEST_CASE("doubled facets are non-manifold duplicates") {
    const PartReport report = report_on(binary(cube(20) + cube(20)));
    CHECK(report.mesh.duplicate_triangles == 12);
    CHECK(report.mesh.non_manifold_edges == 18);
    CHECK(has(report, Severity::error, "non_manifold"));
    CHECK(has(report, Severity::warning, "duplicate_triangles"));
}

TEST_CASE("tiny and huge parts raise the question of the unit and are never rescaled") {
    const PartReport tiny = report_on(binary(cube(1)));
    CHECK(tiny.makeable());
    CHECK(tiny.volume_mm3 == 1);
    CHECK_THAT(message_of(tiny, "tiny_part_maybe_inches"),
               Contains("1 mm") && Contains("25.4 mm") && Contains("1000 mm"));
    const PartReport huge = report_on(binary(cube(2500)));
    CHECK(has(huge, Severity::warning, "huge_part_maybe_microns"));
    CHECK(huge.bounds.max.x == 2500);
}

TEST_CASE("a given unit counts, is told, and is in doubt no more") {
    ReadLimits inches;
    inches.unit = Unit::inch;
    const auto part = analyse_part(binary(cube(0.1)), inches);
    REQUIRE(part);
    CHECK(part->unit == Unit::inch);
    CHECK(part->unit_given);
    CHECK(part->volume_mm3 == Approx(2.54 * 2.54 * 2.54));
    CHECK_THAT(message_of(*part, "unit_given"), Contains("inch") && Contains("25.4 mm"));
    CHECK_FALSE(has(*part, Severity::warning, "tiny_part_maybe_inches"));
    ReadLimits millimetres;
    millimetres.unit = Unit::millimetre;
    const auto same = analyse_part(binary(cube(1)), millimetres);
    REQUIRE(same);
    CHECK(same->unit == Unit::millimetre);
    CHECK(same->unit_given);
    CHECK_FALSE(has(*same, Severity::warning, "tiny_part_maybe_inches"));
}

TEST_CASE("findings come in the order error, warning, note") {
    Triangles part = cube(1) + cube(1);
    part.push_back({Vec3{0, 0, 0}, Vec3{0, 0, 0}, Vec3{1, 1, 1}});
    const PartReport report = report_on(binary(part));
    REQUIRE(report.findings.size() >= 3);
    CHECK(report.findings.front().severity == Severity::error);
    CHECK(report.findings.back().severity == Severity::note);
    CHECK(has(report, Severity::note, "degenerate_triangles"));
}

TEST_CASE("the same bytes give the same report") {
    const Bytes file = binary(sphere(10, 20) + flipped(sphere(5, 11)));
    const PartReport a = report_on(file);
    const PartReport b = report_on(file);
    CHECK(a.mesh == b.mesh);
    CHECK(a.findings == b.findings);
    CHECK(a.stances == b.stances);
    CHECK(a.volume_mm3 == b.volume_mm3);
}

}  // namespace
}  // namespace nearfab::geometry
