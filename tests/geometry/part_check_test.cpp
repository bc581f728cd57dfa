// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/part_check.hpp"

#include "geometry/findings.hpp"
#include "geometry/flat/drawing_file.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;

constexpr std::string_view plate_svg =
    R"(<svg xmlns="http://www.w3.org/2000/svg" width="60mm" height="40mm" viewBox="0 0 60 40">)"
    R"(<g fill="none" stroke="#000"><rect x="5" y="5" width="50" height="30"/>)"
    R"(<circle cx="20" cy="20" r="4"/></g></svg>)";

PartCheck check_of(const Bytes& file, const PartCheckOptions& options = {}) {
    auto check = check_part(file, options);
    INFO((check ? "" : check.error().message));
    REQUIRE(check);
    CHECK(check->solid.has_value() != check->flat.has_value());
    CHECK(check->verdicts.size() == options.limits.size());
    return std::move(*check);
}

const Finding* finding(const PartCheck& check, std::string_view rule) {
    const auto& all = check.solid->report.findings;
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Finding& f) { return f.rule == rule; });
    return found == all.end() ? nullptr : &*found;
}

const Verdict& verdict(const PartCheck& check, std::string_view process) {
    const auto found = std::find_if(check.verdicts.begin(),
                                    check.verdicts.end(),
                                    [&](const Verdict& v) { return v.process == process; });
    REQUIRE(found != check.verdicts.end());
    return *found;
}

TEST_CASE("a solid that is fine is measured in every way") {
    const PartCheck check = check_of(binary(box({0, 0, 0}, {60, 40, 5})));
    REQUIRE(check.solid);
    const SolidCheck& solid = *check.solid;
    CHECK(solid.report.makeable());
    CHECK(solid.intersections.pairs == 0);
    CHECK(solid.report.findings.empty());
    REQUIRE(solid.thickness);
    CHECK(solid.thickness->walls.min_mm == Approx(5));
    CHECK(solid.thickness->holes.empty());
    CHECK_FALSE(solid.orientations.empty());
    CHECK(solid.printing);
    CHECK(solid.milling);
    REQUIRE(solid.plate);
    CHECK(solid.plate->thickness_mm == Approx(5));
    REQUIRE(solid.plate_facts);
    CHECK(solid.plate_facts->outer_loops == 1);
    CHECK(verdict(check, "fdm").feasibility == Feasibility::feasible);
    CHECK(verdict(check, "laser_cut").feasibility != Feasibility::not_feasible);
    CHECK_FALSE(check.estimates.empty());
}

TEST_CASE("a mesh that bounds nothing is told its defects and not measured") {
    Triangles part = cube(20);
    part.pop_back();
    const PartCheck check = check_of(binary(part));
    REQUIRE(check.solid);
    CHECK(finding(check, "open_mesh") != nullptr);
    CHECK_FALSE(check.solid->thickness);
    CHECK(check.solid->orientations.empty());
    CHECK_FALSE(check.solid->milling);
    for (const Verdict& one : check.verdicts)
        CHECK(one.feasibility == Feasibility::not_feasible);
    CHECK(check.estimates.empty());
}

TEST_CASE("a surface that cuts itself is a warning with the count and the first place") {
    const PartCheck check = check_of(binary(cube(20) + box({10, 10, 10}, {30, 30, 30})));
    const Finding* const found = finding(check, "self_intersecting");
    REQUIRE(found != nullptr);
    CHECK(found->severity == Severity::warning);
    CHECK_THAT(found->message,
               Contains(std::to_string(check.solid->intersections.pairs) + " pairs") &&
                   Contains("the first at"));
    CHECK_FALSE(found->next.empty());
    CHECK(check.solid->report.makeable());
    CHECK(
        std::is_sorted(check.solid->report.findings.begin(),
                       check.solid->report.findings.end(),
                       [](const Finding& a, const Finding& b) { return a.severity > b.severity; }));
}

TEST_CASE("a search for self-intersections that was cut short says so") {
    std::vector<Finding> findings;
    SelfIntersections found;
    found.complete = false;
    add_intersections(found, findings);
    REQUIRE(findings.size() == 1);
    CHECK(findings.front().rule == "self_intersections_not_sought");
    CHECK(findings.front().severity == Severity::note);
    found.pairs = 1;
    found.places.push_back({0, 1, {1, 2, 3}});
    add_intersections(found, findings);
    REQUIRE(findings.size() == 2);
    CHECK(findings.front().rule == "self_intersecting");
    CHECK_THAT(findings.front().message,
               Contains("at least 1 pair of triangles meets, the first at 1, 2, 3 mm"));
    findings.clear();
    add_intersections({}, findings);
    CHECK(findings.empty());
}

TEST_CASE("widths that were measured at fewer places than usual say so") {
    std::vector<Finding> findings;
    WallThickness measured;
    add_thinned(measured, findings);
    CHECK(findings.empty());
    measured.walls.complete = false;
    measured.walls.samples = 1024;
    measured.walls.spacing_mm = 2.5;
    add_thinned(measured, findings);
    REQUIRE(findings.size() == 1);
    CHECK(findings.front().rule == "widths_thinned");
    CHECK(findings.front().severity == Severity::note);
    CHECK_THAT(findings.front().message,
               Contains("walls were measured at 1024 places") && Contains("2.5 mm"));
}

TEST_CASE("triangles without an area are told so before their edges") {
    Triangles needles;
    for (int i = 0; i < 4; ++i)
        needles.push_back({Vec3{0, 0, 0}, Vec3{1.0 + i, 0, 0}, Vec3{3.0 + i, 0, 0}});
    const PartCheck check = check_of(binary(needles));
    REQUIRE_FALSE(check.solid->report.findings.empty());
    CHECK(check.solid->report.findings.front().rule == "no_volume");
    const PartCheck point = check_of(binary({{Vec3{1, 1, 1}, Vec3{1, 1, 1}, Vec3{1, 1, 1}}}));
    CHECK(point.solid->mesh.triangles.empty());
    CHECK(point.solid->report.findings.front().rule == "no_volume");
}

TEST_CASE("a drawing is judged as sheet work and has no solid") {
    const PartCheck check = check_of(bytes_of(plate_svg));
    REQUIRE(check.flat);
    CHECK(check.flat->facts.outer_loops == 1);
    CHECK(check.flat->facts.inner_loops == 1);
    CHECK(check.flat->facts.roles == std::vector<PathRole>{PathRole::outer, PathRole::inner});
    CHECK(verdict(check, "laser_cut").feasibility == Feasibility::feasible);
    CHECK(verdict(check, "fdm").reasons.front().rule == "nothing_to_judge");
}

TEST_CASE("only the limits that are given are judged, and progress goes forward") {
    PartCheckOptions options;
    const ProcessLimits* const fdm = find_limits(builtin_limits(), "fdm");
    REQUIRE(fdm != nullptr);
    options.limits = {*fdm};
    double last = -1;
    int steps = 0;
    options.progress = [&](std::string_view step, double share) {
        CHECK_FALSE(step.empty());
        CHECK(share >= last);
        CHECK(share <= 1);
        last = share;
        ++steps;
    };
    const PartCheck check = check_of(binary(cube(20)), options);
    CHECK(check.verdicts.size() == 1);
    CHECK(steps >= 3);
}

TEST_CASE("the bytes of a file may go once it is read") {
    const Triangles part = box({0, 0, 0}, {60, 40, 5});
    for (const Bytes& file : {binary(part), bytes_of(text(part)), bytes_of(plate_svg)}) {
        const PartCheck usual = check_of(file);
        Bytes going = file;
        int calls = 0;
        PartCheckOptions options;
        options.file_read = [&] {
            ++calls;
            std::fill(going.begin(), going.end(), std::uint8_t{0xEE});
            going = Bytes{};
        };
        const PartCheck check = check_of(going, options);
        CHECK(calls == 1);
        CHECK(check.facts.volume_mm3 == usual.facts.volume_mm3);
        REQUIRE(check.verdicts.size() == usual.verdicts.size());
        for (std::size_t i = 0; i < check.verdicts.size(); ++i)
            CHECK(check.verdicts[i].reasons.size() == usual.verdicts[i].reasons.size());
    }
}

TEST_CASE("the content of a file decides whether it is a drawing") {
    CHECK(is_drawing(bytes_of(plate_svg)));
    CHECK(is_drawing(bytes_of("  0\nSECTION\n  2\nENTITIES\n  0\nENDSEC\n  0\nEOF\n")));
    CHECK_FALSE(is_drawing(binary(cube(1))));
    CHECK_FALSE(is_drawing({}));
    const auto drawing = read_drawing(bytes_of(plate_svg));
    REQUIRE(drawing);
    CHECK(drawing->format == FlatFormat::svg);
    const auto mesh = read_drawing(binary(cube(1)));
    REQUIRE_FALSE(mesh);
    CHECK(mesh.error().code == ErrorCode::invalid_file);
    CHECK_THAT(mesh.error().next, Contains("DXF or SVG"));
}

}  // namespace
}  // namespace nearfab::geometry
