// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/orientation.hpp"

#include "geometry/part_report.hpp"
#include "geometry/readers/stl.hpp"

#include <catch2/catch.hpp>

namespace nearfab::agent {
namespace {

// A corner of a box 10 x 20 x 30 with one leg along each axis: not equal to its mirror image.
geometry::Mesh corner() {
    geometry::Mesh mesh;
    mesh.vertices = {{5, 5, 5}, {15, 5, 5}, {5, 25, 5}, {5, 5, 35}};
    mesh.triangles = {{0, 2, 1}, {0, 1, 3}, {0, 3, 2}, {1, 2, 3}};
    return mesh;
}

double signed_volume(const geometry::Mesh& mesh) {
    double six_volumes = 0;
    for (const auto& t : mesh.triangles) {
        const auto& a = mesh.vertices[t[0]];
        const auto& b = mesh.vertices[t[1]];
        const auto& c = mesh.vertices[t[2]];
        six_volumes += a.x * (b.y * c.z - b.z * c.y) + a.y * (b.z * c.x - b.x * c.z) +
                       a.z * (b.x * c.y - b.y * c.x);
    }
    return six_volumes / 6;
}

TEST_CASE("the matched axis points up, and the part stands centred on the bed") {
    const auto [up, x, y, z] = GENERATE(table<geometry::UpAxis, double, double, double>({
        {geometry::UpAxis::z, 10.0, 20.0, 30.0},
        {geometry::UpAxis::x, 20.0, 30.0, 10.0},
        {geometry::UpAxis::y, 30.0, 10.0, 20.0},
    }));
    const geometry::Bounds box = geometry::bounds_of(laid_on_bed(corner(), {up, 0}));
    CHECK(box.size() == geometry::Vec3{x, y, z});
    CHECK(box.min == geometry::Vec3{-x / 2, -y / 2, 0});
}

TEST_CASE("a part is turned, never mirrored") {
    for (const auto up : {geometry::UpAxis::z, geometry::UpAxis::x, geometry::UpAxis::y}) {
        for (const double turn : {0.0, 33.0, 90.0, 179.0}) {
            CHECK(signed_volume(laid_on_bed(corner(), {up, turn})) ==
                  Approx(signed_volume(corner())));
        }
    }
}

TEST_CASE("the turn is counter-clockwise, and quarter turns are exact") {
    geometry::Mesh mesh;
    mesh.vertices = {{-10, -10, 0}, {10, 10, 0}, {10, 0, 1}};
    mesh.triangles = {{0, 1, 2}};
    const geometry::Mesh turned = laid_on_bed(mesh, {geometry::UpAxis::z, 90});
    CHECK(turned.vertices[2] == geometry::Vec3{0, 10, 1});
    CHECK(laid_on_bed(mesh, {geometry::UpAxis::z, -270}) == turned);
    CHECK(laid_on_bed(mesh, {geometry::UpAxis::z, 450}) == turned);
    CHECK(laid_on_bed(mesh, {geometry::UpAxis::z, 180}).vertices[2] == geometry::Vec3{-10, 0, 1});
}

TEST_CASE("a part that was matched turned fits when it is laid down") {
    // 200 x 20 needs the diagonal of a 160 bed.
    geometry::Mesh bar;
    bar.vertices = {{0, 0, 0}, {200, 0, 0}, {200, 20, 0}, {0, 20, 0}, {100, 10, 5}};
    bar.triangles = {{0, 2, 1}, {0, 3, 2}, {0, 1, 4}, {1, 2, 4}, {2, 3, 4}, {3, 0, 4}};
    const auto report = geometry::analyse_part(geometry::write_stl(bar));
    REQUIRE(report);
    const auto fit = geometry::fit_into(report->stances, {160, 160, 100});
    REQUIRE(fit.fits);
    const auto size =
        geometry::bounds_of(laid_on_bed(bar, {fit.best.up, fit.best.turn_deg})).size();
    CHECK(size.x <= 160 + geometry::fit_tolerance_mm);
    CHECK(size.y <= 160 + geometry::fit_tolerance_mm);
    CHECK(size.x == Approx(fit.best.x_mm));
    CHECK(size.y == Approx(fit.best.y_mm));
}

}  // namespace
}  // namespace nearfab::agent
