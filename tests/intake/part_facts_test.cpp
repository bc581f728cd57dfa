// SPDX-License-Identifier: GPL-3.0-or-later
// What matching is told of a part: the same words from the router's worker and from the designer's
// program.

#include "intake/part_facts.hpp"

#include "geometry/readers/stl.hpp"
#include "proto/codec/codec.hpp"
#include "proto/model/process.hpp"

#include <catch2/catch.hpp>

#include <string>

namespace nearfab::intake {
namespace {

geometry::PartCheck checked(const std::vector<std::uint8_t>& file) {
    auto check = geometry::check_part(file, matching_options());
    REQUIRE(check.has_value());
    return std::move(*check);
}

// A box from the origin; its top is shorter in x by that factor.
geometry::PartCheck box(double x, double y, double z, double taper = 1) {
    geometry::Mesh mesh;
    for (int i = 0; i < 8; ++i) {
        const double top = (i & 4) != 0 ? taper : 1;
        mesh.vertices.push_back(
            {(i & 1) != 0 ? x * top : 0, (i & 2) != 0 ? y : 0, (i & 4) != 0 ? z : 0});
    }
    mesh.triangles = {{0, 2, 1},
                      {1, 2, 3},
                      {4, 5, 6},
                      {5, 7, 6},
                      {0, 1, 4},
                      {1, 5, 4},
                      {2, 6, 3},
                      {3, 6, 7},
                      {0, 4, 2},
                      {2, 4, 6},
                      {1, 3, 5},
                      {3, 7, 5}};
    return checked(geometry::write_stl(mesh));
}

geometry::PartCheck svg(const std::string& size, const std::string& inside) {
    const std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" " + size +
                             " viewBox=\"0 0 200 100\"><g fill=\"none\" stroke=\"#ff0000\">" +
                             inside + "</g></svg>";
    return checked({text.begin(), text.end()});
}

const std::string in_mm = "width=\"200mm\" height=\"100mm\"";

const ProcessFacts& of(const PartFacts& facts, const char* process) {
    const ProcessFacts* const found = process_facts(facts, ProcessId{process});
    REQUIRE(found != nullptr);
    return *found;
}

bool has(const ProcessFacts& facts, const std::string& rule) {
    for (const ProcessReason& reason : facts.reasons) {
        if (reason.rule == rule) return true;
    }
    return false;
}

}  // namespace

TEST_CASE("a solid's facts are its sizes, its finest width and a word on every known process") {
    const auto check = box(10, 20, 3);
    REQUIRE_FALSE(fault_of(check));
    const PartFacts facts = facts_of(check);
    CHECK(facts.size_x_mm == 10);
    CHECK(facts.size_y_mm == 20);
    CHECK(facts.size_z_mm == 3);
    CHECK(facts.volume_mm3 == Approx(600));
    CHECK(facts.triangles == 12);
    CHECK(facts.stances[1].height_mm == 10);
    REQUIRE(facts.thinnest_wall);
    CHECK(facts.thinnest_wall->mm == Approx(3).epsilon(0.01));
    CHECK(facts.thinnest_wall->at);
    for (const ProcessInfo& process : known_processes())
        CHECK(process_facts(facts, ProcessId{std::string{process.id}}) != nullptr);
    REQUIRE(of(facts, "fdm").finest);
    CHECK(of(facts, "fdm").finest->what == "the thinnest wall");
    CHECK(of(facts, "fdm").typical_time_s > 60);
    CHECK(decode_part_facts(encode_part_facts(facts)).value() == facts);
}

TEST_CASE("a solid that is a plate is sheet work too, one that is not says so") {
    const PartFacts plate = facts_of(box(80, 3, 40));
    REQUIRE(plate.sheet);
    CHECK(plate.sheet->thickness_mm == Approx(3));
    CHECK(plate.sheet->up_axis == 2);
    CHECK(plate.sheet->outline == plate.stances[2].outline);
    CHECK(why_impossible(plate, ProcessId{"laser_cut"}).empty());
    CHECK(of(plate, "laser_cut").typical_time_s > 300);

    const PartFacts wedge = facts_of(box(10, 12, 30, 0.5));
    CHECK_FALSE(wedge.sheet);
    CHECK(why_impossible(wedge, ProcessId{"laser_cut"}) ==
          "laser_cut cannot make it: the part is not a flat plate of one thickness");
    CHECK_FALSE(why_impossible(wedge, ProcessId{"plasma_cut"}).empty());
    CHECK(why_impossible(wedge, ProcessId{"fdm"}).empty());
}

TEST_CASE("a thin wall is a remark here: each machine's own limit decides") {
    const PartFacts facts = facts_of(box(20, 0.5, 20));
    CHECK(of(facts, "fdm").verdict == Feasibility::not_feasible);
    CHECK(has(of(facts, "fdm"), "wall_too_thin"));
    CHECK(why_impossible(facts, ProcessId{"fdm"}).empty());
    REQUIRE_FALSE(remarks_on(facts, ProcessId{"fdm"}).empty());
    CHECK(remarks_on(facts, ProcessId{"fdm"}).front().find("each machine's own limit") !=
          std::string::npos);
    CHECK(of(facts, "fdm").finest->length.mm == Approx(0.5).epsilon(0.01));
}

TEST_CASE("a drawing lies flat, begins at the origin and is nothing for a printer") {
    const auto check = svg(in_mm,
                           "<circle cx=\"100\" cy=\"50\" r=\"40\"/>"
                           "<circle cx=\"100\" cy=\"50\" r=\"2\"/>");
    REQUIRE_FALSE(fault_of(check));
    const PartFacts facts = facts_of(check);
    CHECK(facts.drawing);
    CHECK(facts.size_x_mm == Approx(80));
    CHECK(facts.size_y_mm == Approx(80));
    CHECK(facts.size_z_mm == 0);
    REQUIRE(facts.sheet);
    CHECK_FALSE(facts.sheet->thickness_mm);
    CHECK(facts.sheet->pierces == 2);
    double widest = 0;
    for (const OutlinePoint& corner : facts.sheet->outline) {
        CHECK(corner.x_mm >= 0);
        widest = std::max(widest, corner.x_mm);
        CHECK(std::hypot(corner.x_mm - 40, corner.y_mm - 40) > 39.99);  // Never inside the circle.
    }
    CHECK(widest == Approx(80));
    CHECK(of(facts, "laser_cut").verdict == Feasibility::feasible);
    REQUIRE(of(facts, "laser_cut").finest);
    CHECK(of(facts, "laser_cut").finest->length.mm == Approx(4));
    CHECK(of(facts, "laser_cut").typical_time_s > 300);
    CHECK(why_impossible(facts, ProcessId{"fdm"}) ==
          "fdm cannot make it: a drawing has no height, so there is no solid to make");
    CHECK(why_impossible(facts, ProcessId{"cnc_mill"}).empty());
    CHECK(decode_part_facts(encode_part_facts(facts)).value() == facts);
}

TEST_CASE("a drawing without a unit is refused, and what to do is said") {
    const auto fault = fault_of(svg("", "<rect x=\"1\" y=\"1\" width=\"90\" height=\"50\"/>"));
    REQUIRE(fault);
    CHECK(fault->code == ErrorCode::invalid_file);
    CHECK(fault->message.starts_with("the drawing does not say how long its unit is"));
    for (const char* unit : {"--unit px ", "px90", "pt "})
        CHECK(fault->next.find(unit) != std::string::npos);
}

TEST_CASE("a part larger than a typical machine is remarked on and never refused") {
    const PartFacts facts = facts_of(box(1200, 20, 20));
    for (const char* process : {"fdm", "sla", "sls", "pbf_metal", "cnc_mill"}) {
        INFO(process);
        CHECK(has(of(facts, process), "larger_than_usual"));
        CHECK(of(facts, process).verdict == Feasibility::with_remarks);
        CHECK(why_impossible(facts, ProcessId{process}).empty());
    }
    CHECK(remarks_on(facts, ProcessId{"fdm"}).front().starts_with("it is 1200 x 20 x 20 mm"));
}

TEST_CASE("a silhouette is cut, and what is only engraved is no work for a laser") {
    const auto of_shapes = [](const std::string& shapes) {
        const std::string text = "<svg xmlns=\"http://www.w3.org/2000/svg\" " + in_mm +
                                 " viewBox=\"0 0 200 100\">" + shapes + "</svg>";
        return checked({text.begin(), text.end()});
    };
    const auto silhouette = of_shapes("<rect width=\"50\" height=\"50\"/>");
    CHECK_FALSE(fault_of(silhouette));
    CHECK(facts_of(silhouette).sheet->cut_length_mm == Approx(200));
    const auto engraved = of_shapes("<g id=\"engrave\"><rect width=\"50\" height=\"50\"/></g>");
    REQUIRE(fault_of(engraved));
    CHECK(
        fault_of(engraved)->message ==
        "the drawing has 1 outline, but it is not to be cut, so nothing would come off the sheet");
    CHECK(of(facts_of(engraved), "laser_cut").verdict == Feasibility::not_feasible);
    CHECK(of(facts_of(engraved), "cnc_mill").verdict == Feasibility::not_feasible);
}

TEST_CASE("an open outline is no work for a laser") {
    const PartFacts facts = facts_of(svg(in_mm, "<path d=\"M10 10 H90 V90\"/>"));
    CHECK(why_impossible(facts, ProcessId{"laser_cut"}) ==
          "laser_cut cannot make it: 2 ends of lines meet no other line (at 10.0, 90.0, 0.0)");
}

TEST_CASE("a living hinge is a remark: each fab allows slits or not") {
    const auto check = svg(in_mm, "<path d=\"M10 10 H90 V70 H10 Z M30 15 V65 M40 10 V60\"/>");
    REQUIRE_FALSE(fault_of(check));
    const PartFacts facts = facts_of(check);
    for (const char* process : {"laser_cut", "cnc_mill", "plasma_cut"}) {
        INFO(process);
        CHECK(of(facts, process).verdict == Feasibility::with_remarks);
        CHECK(has(of(facts, process), "slits"));
        CHECK(why_impossible(facts, ProcessId{process}).empty());
    }
    // From edge to edge the part is two.
    const PartFacts two = facts_of(svg(in_mm, "<path d=\"M10 10 H90 V70 H10 Z M30 10 V70\"/>"));
    CHECK(why_impossible(two, ProcessId{"laser_cut"}).find("take the part apart") !=
          std::string::npos);
}

TEST_CASE("a part longer than anything that is made is refused by its unit, not by a codec") {
    const auto huge =
        fault_of(svg("width=\"400in\" height=\"200in\"", "<rect width=\"199\" height=\"99\"/>"));
    REQUIRE(huge);
    CHECK(huge->message == "the part is 10109 mm long, the limit is 10000 mm");
}

}  // namespace nearfab::intake
