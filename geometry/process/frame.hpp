// SPDX-License-Identifier: GPL-3.0-or-later
// frame.hpp - a part turned so that a chosen direction points up, and the arithmetic for it.
//
// Every process looks at a part along a direction: the one a printer builds up, the one a cutter
// comes down. A frame is a right-handed set of unit vectors with that direction as its third.
// Pure; millimetres in, millimetres out.

#pragma once

#include "geometry/mesh.hpp"

#include <cmath>
#include <cstdint>
#include <vector>

namespace nearfab::geometry {

namespace vec {

[[nodiscard]] inline Vec3 operator+(const Vec3& a, const Vec3& b) {
    return {a.x + b.x, a.y + b.y, a.z + b.z};
}
[[nodiscard]] inline Vec3 operator-(const Vec3& a, const Vec3& b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
[[nodiscard]] inline Vec3 operator*(double s, const Vec3& a) {
    return {s * a.x, s * a.y, s * a.z};
}
[[nodiscard]] inline double dot(const Vec3& a, const Vec3& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
[[nodiscard]] inline Vec3 cross(const Vec3& a, const Vec3& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
[[nodiscard]] inline double length(const Vec3& a) {
    return std::sqrt(dot(a, a));
}

}  // namespace vec

struct Frame {
    Vec3 right;
    Vec3 ahead;
    Vec3 up;

    // A point of the part in coordinates of the frame, and back.
    [[nodiscard]] Vec3 turned(const Vec3& p) const {
        return {vec::dot(right, p), vec::dot(ahead, p), vec::dot(up, p)};
    }
    [[nodiscard]] Vec3 back(const Vec3& p) const {
        using namespace vec;
        return p.x * right + p.y * ahead + p.z * up;
    }
};

// For an axis of the part the other two axes follow in their order (z up: right is x, ahead is y),
// so nothing is rounded. REQUIRES: up is not the zero vector; it need not be of length one.
[[nodiscard]] Frame frame_with_up(const Vec3& up);

// Every vertex in coordinates of the frame.
[[nodiscard]] LargeArray<Vec3> turned(const Mesh& mesh, const Frame& frame);

// The corner product of a triangle: along its outward normal, twice its area long.
[[nodiscard]] inline Vec3 area_vector(const Vec3& a, const Vec3& b, const Vec3& c) {
    using namespace vec;
    return cross(b - a, c - a);
}

struct MassPoint {
    double volume_mm3 = 0;  // Signed; the sum over shells.
    Vec3 centre;            // Of mass; the centre of the bounds when there is no volume.
};

// By the divergence theorem. REQUIRES: at least one vertex.
[[nodiscard]] MassPoint mass_point(const Mesh& mesh);

// The six directions along the axes: +x -x +y -y +z -z.
[[nodiscard]] std::vector<Vec3> axis_directions();

}  // namespace nearfab::geometry
