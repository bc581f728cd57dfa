// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/part_check.hpp"

#include "geometry/findings.hpp"
#include "geometry/flat/drawing_file.hpp"
#include "tests/geometry/process/process_parts.hpp"
#include "tests/geometry/readers/package_writer.hpp"
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

bool has_reason(const Verdict& verdict, std::string_view rule) {
    return std::any_of(verdict.reasons.begin(), verdict.reasons.end(), [&](const auto& reason) {
        return reason.rule == rule;
    });
}

TEST_CASE("a hollow that is shut in is found however small it is") {
    const auto check =
        check_part(binary(box({0, 0, 0}, {30, 30, 30}) + flipped(box({10, 10, 10}, {12, 12, 12}))));
    REQUIRE(check);
    CHECK(check->solid->closed_voids == 1);
    CHECK(check->solid->closed_voids_mm3 == Approx(8));
    CHECK(has(check->solid->report, Severity::note, "closed_void"));
    CHECK(verdict(*check, "cnc_mill").feasibility == Feasibility::not_feasible);
    CHECK(has_reason(verdict(*check, "cnc_mill"), "closed_void"));
    CHECK(has_reason(verdict(*check, "sls"), "closed_void"));
    // Something loose inside of it is solid again.
    const auto rattle =
        check_part(binary(box({0, 0, 0}, {30, 30, 30}) + flipped(box({5, 5, 5}, {25, 25, 25})) +
                          box({10, 10, 10}, {20, 20, 20})));
    REQUIRE(rattle);
    CHECK(rattle->solid->closed_voids == 1);
    CHECK(rattle->solid->closed_voids_mm3 == Approx(8000));
}

// A plate with a boss on it, each a body of its own.
Triangles plate_and_boss(double boss_from) {
    return box({0, 0, 0}, {40, 40, 5}) + box({10, 10, boss_from}, {30, 30, 10});
}

TEST_CASE("bodies that run into each other are measured as one") {
    for (const double from : {4.7, 5.0}) {
        INFO("boss from " << from);
        const PartCheck check = check_of(binary(plate_and_boss(from)));
        const SolidCheck& solid = *check.solid;
        CHECK(finding(check, "bodies_united") != nullptr);
        CHECK_FALSE(solid.buried_faces);
        CHECK(solid.united_volume_mm3 == Approx(10'000).epsilon(1e-6));
        CHECK(check.facts.volume_mm3 == Approx(10'000).epsilon(1e-6));
        REQUIRE(solid.thickness);
        CHECK(solid.thickness->walls.min_mm == Approx(5).epsilon(1e-3));
        REQUIRE(solid.printing);
        CHECK(solid.printing->starts.in_air == 0);
        CHECK(solid.printing->overhang_area_mm2 == Approx(0).margin(1e-6));
        CHECK(verdict(check, "fdm").feasibility == Feasibility::feasible);
        const Verdict& mill = verdict(check, "cnc_mill");
        CHECK(mill.feasibility != Feasibility::not_feasible);
        CHECK_FALSE(has_reason(mill, "undercut"));
        CHECK_FALSE(has_reason(mill, "undercut_small"));
    }
}

TEST_CASE("a body inside another one changes nothing, and hollows stay") {
    const PartCheck inside = check_of(binary(cube(20) + box({5, 5, 5}, {5.2, 15, 15})));
    CHECK(inside.solid->united_volume_mm3 == Approx(8000));
    CHECK(inside.solid->thickness->walls.min_mm == Approx(20));
    const PartCheck hollow =
        check_of(binary(plate_and_boss(4.7) + flipped(box({32, 32, 2}, {36, 36, 3}))));
    CHECK(hollow.solid->united_volume_mm3 == Approx(10'000 - 16));
    CHECK(has_reason(verdict(hollow, "cnc_mill"), "closed_void"));
}

TEST_CASE("what cannot be united is not measured, and not refused for what is buried") {
    // A rod that reaches into a hollow.
    const PartCheck check =
        check_of(binary(box({0, 0, 0}, {30, 30, 30}) + flipped(box({10, 10, 10}, {20, 20, 20})) +
                        box({14, 14, 19.8}, {16, 16, 40})));
    CHECK(check.solid->buried_faces);
    CHECK(finding(check, "buried_faces") != nullptr);
    CHECK_FALSE(check.solid->thickness);
    CHECK(verdict(check, "fdm").feasibility == Feasibility::with_remarks);
    CHECK(has_reason(verdict(check, "fdm"), "buried_faces"));
    CHECK_FALSE(has_reason(verdict(check, "laser_cut"), "not_flat"));
}

TEST_CASE("bodies of a 3MF that share a whole face are told so, and are one part") {
    const std::string pair =
        "<object id=\"2\"><components><component objectid=\"1\"/>"
        "<component objectid=\"1\" transform=\"1 0 0 0 1 0 0 0 1 0 0 10\"/>"
        "</components></object>";
    const PartCheck check =
        check_of(package_of(model_of(cube_object(1, 10) + pair, "<item objectid=\"2\"/>")));
    const PartReport& report = check.solid->report;
    CHECK(report.makeable());
    CHECK(report.mesh.closed);
    CHECK(report.mesh.oriented);
    CHECK(report.mesh.shells == 2);
    CHECK(report.volume_mm3 == Approx(2000));
    CHECK(has(report, Severity::note, "bodies_touch"));
    CHECK(check.solid->united_volume_mm3 == Approx(2000));
    CHECK(check.solid->thickness->walls.min_mm == Approx(10).epsilon(1e-3));
    CHECK(verdict(check, "fdm").feasibility == Feasibility::feasible);
    // In an STL nothing says that they are two bodies.
    CHECK_FALSE(report_on(binary(box({0, 0, 0}, {10, 10, 10}) + box({0, 0, 10}, {10, 10, 20})))
                    .mesh.closed);
}

TEST_CASE("a pin of a part is told from its walls") {
    PartCheckOptions options;
    options.limits = {*find_limits(builtin_limits(), "fdm")};
    const Mesh pin = blocks({0, 9, 10.5, 20}, {0, 9, 10.5, 20}, {0, 5, 15}, [](const Vec3& p) {
        return p.z < 5 || (p.x > 9 && p.x < 10.5 && p.y > 9 && p.y < 10.5);
    });
    Triangles triangles;
    for (const auto& [a, b, c] : pin.triangles)
        triangles.push_back({pin.vertices[a], pin.vertices[b], pin.vertices[c]});
    const PartCheck pinned = check_of(binary(triangles), options);
    REQUIRE(pinned.facts.smallest_feature);
    CHECK(pinned.facts.smallest_feature->mm == Approx(1.5).epsilon(0.01));
    CHECK(has_reason(pinned.verdicts.front(), "feature_small"));
    const PartCheck plate = check_of(binary(box({0, 0, 0}, {40, 40, 1.5})), options);
    CHECK_FALSE(has_reason(plate.verdicts.front(), "feature_small"));
}

TEST_CASE("a plate at the limit of a process is not refused for rounding") {
    PartCheckOptions options;
    options.limits = {*find_limits(builtin_limits(), "sls")};
    const auto check = check_part(binary(box({0, 0, 0}, {40, 40, 0.7})), options);
    REQUIRE(check);
    CHECK(check->verdicts.front().feasibility == Feasibility::with_remarks);
    CHECK(has_reason(check->verdicts.front(), "wall_thin"));
}

TEST_CASE("a part drawn askew is offered every way up that was found") {
    const Mesh askew = turned_part(mesh_of(box({0, 0, 0}, {100, 20, 10})), 29, 17);
    Triangles triangles;
    for (const auto& [a, b, c] : askew.triangles)
        triangles.push_back({askew.vertices[a], askew.vertices[b], askew.vertices[c]});
    PartCheckOptions options;
    options.envelope = WorkEnvelope{101, 21, 11};
    const auto check = check_part(binary(triangles), options);
    REQUIRE(check);
    CHECK_FALSE(fit_into(check->solid->report.stances, *options.envelope).fits);
    const auto best = best_turned(check->facts.turned, *options.envelope);
    REQUIRE(best);
    CHECK(best->fit.fits);
    // What stands in every machine is not turned over.
    const auto small = check_part(binary(cube(20)));
    REQUIRE(small);
    CHECK(small->facts.turned.empty());
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
