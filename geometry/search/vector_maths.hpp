// SPDX-License-Identifier: GPL-3.0-or-later
// vector_maths.hpp - sums and products of Vec3, for the sources that calculate with them.

#pragma once

#include "geometry/vector.hpp"

#include <cmath>

namespace nearfab::geometry::maths {

inline Vec3 plus(const Vec3& a, const Vec3& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
inline Vec3 minus(const Vec3& a, const Vec3& b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
inline Vec3 times(double factor, const Vec3& a) {
    return {factor * a.x, factor * a.y, factor * a.z};
}
inline double dot(const Vec3& a, const Vec3& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
inline Vec3 cross(const Vec3& a, const Vec3& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
inline double length(const Vec3& a) {
    return std::sqrt(dot(a, a));
}
inline double distance(const Vec3& a, const Vec3& b) {
    return length(minus(a, b));
}
// Where a line arrives after t.
inline Vec3 along(const Vec3& origin, double t, const Vec3& direction) {
    return {origin.x + t * direction.x, origin.y + t * direction.y, origin.z + t * direction.z};
}

}  // namespace nearfab::geometry::maths
