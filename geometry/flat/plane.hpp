// SPDX-License-Identifier: GPL-3.0-or-later
// plane.hpp - arithmetic with points of the plane, and affine maps of it.

#pragma once

#include "geometry/vector.hpp"

#include <cmath>
#include <numbers>

namespace nearfab::geometry::plane {

inline constexpr double pi = std::numbers::pi;

inline Vec2 operator+(const Vec2& a, const Vec2& b) {
    return {a.x + b.x, a.y + b.y};
}
inline Vec2 operator-(const Vec2& a, const Vec2& b) {
    return {a.x - b.x, a.y - b.y};
}
inline Vec2 operator*(double s, const Vec2& a) {
    return {s * a.x, s * a.y};
}
inline double dot(const Vec2& a, const Vec2& b) {
    return a.x * b.x + a.y * b.y;
}
inline double cross(const Vec2& a, const Vec2& b) {
    return a.x * b.y - a.y * b.x;
}
inline double length(const Vec2& a) {
    return std::sqrt(dot(a, a));  // Coordinates are too small to overflow here.
}
inline double distance(const Vec2& a, const Vec2& b) {
    return length(b - a);
}
inline Vec2 left_of(const Vec2& a) {  // Turned by 90 degrees counter-clockwise.
    return {-a.y, a.x};
}
inline Vec2 middle(const Vec2& a, const Vec2& b) {
    return {0.5 * (a.x + b.x), 0.5 * (a.y + b.y)};
}
inline bool finite(const Vec2& a) {
    return std::isfinite(a.x) && std::isfinite(a.y);
}

// (x, y) -> (a x + c y + e, b x + d y + f), the order in which SVG writes the six numbers.
struct Affine {
    double a = 1;
    double b = 0;
    double c = 0;
    double d = 1;
    double e = 0;
    double f = 0;

    [[nodiscard]] Vec2 operator()(const Vec2& p) const {
        return {a * p.x + c * p.y + e, b * p.x + d * p.y + f};
    }
    [[nodiscard]] Vec2 direction(const Vec2& v) const {
        return {a * v.x + c * v.y, b * v.x + d * v.y};
    }
    // The map that applies inner first and this one then.
    [[nodiscard]] Affine after(const Affine& inner) const {
        const Vec2 x = direction({inner.a, inner.b});
        const Vec2 y = direction({inner.c, inner.d});
        const Vec2 o = (*this)({inner.e, inner.f});
        return {x.x, x.y, y.x, y.y, o.x, o.y};
    }
};

inline Affine shift(double x, double y) {
    return {1, 0, 0, 1, x, y};
}
inline Affine scale(double x, double y) {
    return {x, 0, 0, y, 0, 0};
}
inline Affine turn(double radians) {
    return {std::cos(radians), std::sin(radians), -std::sin(radians), std::cos(radians), 0, 0};
}

// An arc from one point to another, as its bulge gives it. REQUIRES: bulge != 0, from != to.
struct ArcShape {
    Vec2 centre;
    double radius = 0;
    double sweep = 0;  // Radians, positive counter-clockwise.
};
// With chord c and bulge b: radius = c (1 + b^2) / (4 |b|), and the centre lies c (1 - b^2) / (4 b)
// to the left of the chord's middle.
inline ArcShape arc_shape(const Vec2& from, const Vec2& to, double bulge) {
    const Vec2 chord = to - from;
    const Vec2 centre = middle(from, to) + ((1 - bulge * bulge) / (4 * bulge)) * left_of(chord);
    return {
        centre, length(chord) * (1 + bulge * bulge) / (4 * std::abs(bulge)), 4 * std::atan(bulge)};
}

}  // namespace nearfab::geometry::plane
