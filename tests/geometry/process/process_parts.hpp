// SPDX-License-Identifier: GPL-3.0-or-later
// process_parts.hpp - parts with known answers for printing and milling, made by the tests.

#pragma once

#include "geometry/mesh.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <functional>
#include <vector>

namespace nearfab::geometry::sample {

[[nodiscard]] Mesh mesh_of(const Triangles& triangles);  // Welded.

// The solid made of the cells of a grid of planes that `solid` says yes to, asked at their middle.
[[nodiscard]] Mesh blocks(const std::vector<double>& x,
                          const std::vector<double>& y,
                          const std::vector<double>& z,
                          const std::function<bool(const Vec3&)>& solid);

// A loop of points, counter-clockwise: a rectangle whose corners are arcs of `steps` chords.
[[nodiscard]] std::vector<Vec2> rounded_rectangle(double width,
                                                  double depth,
                                                  double radius,
                                                  int steps);
[[nodiscard]] std::vector<Vec2> circle(double radius, int steps);

// A block from z = 0 to `height` around the origin with one pocket from above, `deep` deep. With
// deep == height the pocket goes through. REQUIRES: both loops are convex around the origin.
[[nodiscard]] Mesh pocketed_block(const std::vector<Vec2>& outside,
                                  const std::vector<Vec2>& pocket,
                                  double height,
                                  double deep);

// An upright prism. REQUIRES: the loop is convex.
[[nodiscard]] Mesh prism(const std::vector<Vec2>& outside, double height);

// Turned about x, then about z; degrees.
[[nodiscard]] Mesh turned_part(Mesh mesh, double about_x, double about_z);

}  // namespace nearfab::geometry::sample
