// SPDX-License-Identifier: GPL-3.0-or-later
// orientation.hpp - on which side of a plane or a line a point lies, without rounding.
//
// The sign of a determinant is taken from double precision where an error bound allows it, else
// from 128-bit integers where the coordinates fit a common grid of 2^40 steps, else from sums of
// doubles without rounding (J. R. Shewchuk, "Adaptive Precision Floating-Point Arithmetic and Fast
// Robust Geometric Predicates", 1997: the first bound and the arithmetic on expansions). Right for
// all coordinates that are 0 or between 1e-60 and 1e60 in size; compiled without fused products.

#pragma once

#include "geometry/vector.hpp"

#include <cmath>

namespace nearfab::geometry {

// The same without the shortcut, which fails when the sign is lost in rounding.
[[nodiscard]] int exact_orientation(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d);

// 1 when d lies on the side of the plane from which a, b, c run clockwise (below the triangle, seen
// as one that looks up), -1 on the other, 0 in the plane. Swapping two points changes the sign.
[[nodiscard]] inline int orientation(const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d) {
    constexpr double bound = 7.771561172376103e-16;  // (7 + 56 e) e, e = 2^-53.
    const double ax = a.x - d.x;
    const double ay = a.y - d.y;
    const double az = a.z - d.z;
    const double bx = b.x - d.x;
    const double by = b.y - d.y;
    const double bz = b.z - d.z;
    const double cx = c.x - d.x;
    const double cy = c.y - d.y;
    const double cz = c.z - d.z;
    const double value =
        ax * (by * cz - bz * cy) + ay * (bz * cx - bx * cz) + az * (bx * cy - by * cx);
    const double size = std::abs(ax) * (std::abs(by * cz) + std::abs(bz * cy)) +
                        std::abs(ay) * (std::abs(bz * cx) + std::abs(bx * cz)) +
                        std::abs(az) * (std::abs(bx * cy) + std::abs(by * cx));
    if (std::abs(value) > bound * size) return value > 0 ? 1 : -1;
    if (size == 0) return 0;  // Nothing to lose.
    return exact_orientation(a, b, c, d);
}

// 1 when a, b, c run counter-clockwise, -1 when clockwise, 0 on one line.
[[nodiscard]] int orientation(const Vec2& a, const Vec2& b, const Vec2& c);

// Whether three points lie on one line.
[[nodiscard]] bool collinear(const Vec3& a, const Vec3& b, const Vec3& c);

}  // namespace nearfab::geometry
