// SPDX-License-Identifier: GPL-3.0-or-later

#include "step/occt/step_cutter.hpp"

#include "geometry/part_report.hpp"
#include "tests/step/step_files.hpp"
#include "tests/step/written_step.hpp"

#include <catch2/catch.hpp>

#include <BRepAlgoAPI_Cut.hxx>
#include <BRepBuilderAPI_MakeEdge.hxx>
#include <BRepBuilderAPI_Transform.hxx>
#include <BRepPrimAPI_MakeBox.hxx>
#include <BRepPrimAPI_MakeCone.hxx>
#include <BRepPrimAPI_MakeCylinder.hxx>
#include <BRepPrimAPI_MakeSphere.hxx>
#include <BRepPrimAPI_MakeTorus.hxx>
#include <BRep_Builder.hxx>
#include <TopExp_Explorer.hxx>
#include <TopoDS_Compound.hxx>
#include <gp_Ax2.hxx>
#include <numbers>

namespace nearfab::step {
namespace {

using Catch::Matchers::Contains;
constexpr double pi = std::numbers::pi;
const gp_Ax2 askew{gp_Pnt(3.3, 1.7, 0.123), gp_Dir(1, 2, 3)};

Result<CutPart> cut(const std::string& text, const Deflection& deflection = {}) {
    return cut_step({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()}, deflection);
}

geometry::PartReport report_on(const TopoDS_Shape& shape, const Deflection& deflection = {}) {
    const auto part = cut(written_step(shape, "MM"), deflection);
    REQUIRE(part);
    const std::string obj = write_obj(part->mesh, part->facts);
    auto report =
        geometry::analyse_part({reinterpret_cast<const std::uint8_t*>(obj.data()), obj.size()});
    REQUIRE(report);
    return *report;
}

TEST_CASE("round solids become closed meshes of nearly their volume") {
    const auto is = [](const TopoDS_Shape& shape, double volume_mm3) {
        const geometry::PartReport report = report_on(shape);
        CHECK(report.makeable());
        CHECK(report.mesh.closed);
        CHECK(report.volume_mm3 == Approx(volume_mm3).epsilon(0.005));
    };
    is(BRepPrimAPI_MakeCylinder(askew, 5, 20).Shape(), pi * 25 * 20);
    is(BRepPrimAPI_MakeSphere(askew, 5).Shape(), pi * 125 * 4 / 3);
    is(BRepPrimAPI_MakeCone(askew, 5, 0, 7).Shape(), pi * 25 * 7 / 3);
    is(BRepPrimAPI_MakeTorus(askew, 8, 2).Shape(), 2 * pi * pi * 8 * 4);
    is(BRepAlgoAPI_Cut(
           BRepPrimAPI_MakeBox(20, 20, 10).Shape(),
           BRepPrimAPI_MakeCylinder(gp_Ax2{gp_Pnt(10, 10, -1), gp_Dir(0, 0, 1)}, 4, 12).Shape())
           .Shape(),
       4000 - pi * 16 * 10);
}

TEST_CASE("a finer deflection comes nearer to the volume, with more triangles") {
    const TopoDS_Shape cylinder = BRepPrimAPI_MakeCylinder(askew, 5, 20).Shape();
    const auto coarse = report_on(cylinder, {0.5, 45});
    const auto fine = report_on(cylinder, {0.001, 2});
    CHECK(fine.mesh.triangles > 4 * coarse.mesh.triangles);
    CHECK(coarse.volume_mm3 < fine.volume_mm3);
    CHECK(fine.volume_mm3 == Approx(pi * 500).epsilon(0.001));
    // A chord stays within 0.5 mm of the circle of 5 mm.
    CHECK(coarse.volume_mm3 > pi * 4.5 * 4.5 * 20);
}

TEST_CASE("copies of one solid in an assembly, also mirrored, all look outwards") {
    const TopoDS_Shape cone = BRepPrimAPI_MakeCone(askew, 5, 1, 7).Shape();
    gp_Trsf aside;
    aside.SetTranslation(gp_Vec(50, 0, 0));
    gp_Trsf mirror;
    mirror.SetMirror(gp_Ax2(gp_Pnt(0, 60, 0), gp_Dir(0, 1, 0)));
    TopoDS_Compound all;
    BRep_Builder builder;
    builder.MakeCompound(all);
    builder.Add(all, cone);
    builder.Add(all, cone.Moved(TopLoc_Location(aside)));
    builder.Add(all, BRepBuilderAPI_Transform(cone, mirror, Standard_True).Shape());
    const auto report = report_on(all);
    CHECK(report.makeable());
    CHECK(report.objects == 3);
    CHECK(report.volume_mm3 == Approx(3 * pi * 7 * (25 + 5 + 1) / 3).epsilon(0.005));
}

TEST_CASE("the unit of the file is known and honoured") {
    const auto part = cut(box_in_inches());
    REQUIRE(part);
    CHECK(part->facts.unit == geometry::Unit::inch);
    float largest = 0;
    for (const auto& vertex : part->mesh.vertices)
        largest = std::max(largest, vertex[2]);
    CHECK(largest == Approx(50.8));
}

TEST_CASE("faces without a solid are counted beside solids, and taken where there is none") {
    const TopoDS_Shape box = BRepPrimAPI_MakeBox(10, 20, 30).Shape();
    const TopoDS_Shape face =
        TopExp_Explorer(BRepPrimAPI_MakeBox(gp_Pnt(50, 0, 0), 1, 1, 1).Shape(), TopAbs_FACE)
            .Current();
    TopoDS_Compound both;
    BRep_Builder builder;
    builder.MakeCompound(both);
    builder.Add(both, box);
    builder.Add(both, face);
    const auto part = cut(written_step(both, "MM"));
    REQUIRE(part);
    CHECK(part->facts.solids == 1);
    CHECK(part->facts.left_out == 1);
    const auto alone = cut(written_step(face, "MM"));
    REQUIRE(alone);
    CHECK(alone->facts.solids == 0);
    CHECK(alone->mesh.bodies.at(0).size() == 2);
    const auto line =
        cut(written_step(BRepBuilderAPI_MakeEdge(gp_Pnt(0, 0, 0), gp_Pnt(1, 0, 0)).Shape(), "MM"));
    REQUIRE_FALSE(line);
    CHECK_THAT(line.error().message, Contains("only lines and points"));
}

}  // namespace
}  // namespace nearfab::step
