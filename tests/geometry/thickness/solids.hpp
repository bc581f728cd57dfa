// SPDX-License-Identifier: GPL-3.0-or-later
// solids.hpp - solids whose thickness is known, with as many triangles as the test likes.

#pragma once

#include "geometry/mesh.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <array>
#include <functional>
#include <vector>

namespace nearfab::geometry::sample {

// A rectangle of u, v in [0, 1] bent into space, in n x m pairs of triangles; it looks along
// d/du x d/dv. Pairs that collapse to less are left out.
using Bend = std::function<Vec3(double u, double v)>;
[[nodiscard]] Triangles patch(const Bend& bend, int n, int m);

// Each side in n x n pairs.
[[nodiscard]] Triangles fine_box(const Vec3& min, const Vec3& max, int n);
// Between two radii about the z axis, up to the height; a rod when the inner one is 0.
[[nodiscard]] Triangles tube(double inner, double outer, double height, int around, int along);
// Over a convex polygon that runs counter-clockwise.
[[nodiscard]] Triangles prism(const std::vector<Vec2>& polygon, double height, int n);
// A gyroid surface of the period, thickened by half of the thickness to both sides along its
// normals, over [0, size]^3; open at the rim.
[[nodiscard]] Triangles gyroid_sheet(double period, double thickness, double size, int cells);

// As read from a file: float32 and welded.
[[nodiscard]] Mesh mesh_of(const Triangles& triangles);

}  // namespace nearfab::geometry::sample
