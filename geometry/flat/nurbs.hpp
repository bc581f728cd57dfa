// SPDX-License-Identifier: GPL-3.0-or-later
// nurbs.hpp - spline curves in the plane: rational B-splines, and cubics through given points.
//
// Points of a B-spline come from de Boor's algorithm in homogeneous coordinates (Piegl and Tiller,
// "The NURBS Book", A4.1). Each knot span is halved until its quarter points lie within the
// tolerance of the chord. The cubic through fit points is twice continuously differentiable, with
// chord lengths as its parameter; without end tangents its ends are not bent ("natural").

#pragma once

#include "geometry/flat/path_pen.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nearfab::geometry::flat {

struct Nurbs {
    int degree = 3;
    std::vector<double> knots;
    std::vector<double> weights;  // Empty: all 1.
    std::vector<Vec2> points;
};

// What is wrong with it as a sentence, or nothing. The numbers must be finite.
[[nodiscard]] std::optional<std::string> fault_of(const Nurbs& curve);

// REQUIRES: fault_of(curve) is nothing; tolerance > 0, in the units of the curve.
void draw(const Nurbs& curve, double tolerance, PathPen& pen);

// REQUIRES: two points at least. Points that repeat the one before are passed over.
void draw_through(const std::vector<Vec2>& points,
                  const std::optional<Vec2>& start_tangent,
                  const std::optional<Vec2>& end_tangent,
                  PathPen& pen);

}  // namespace nearfab::geometry::flat
