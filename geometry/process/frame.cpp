// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/frame.hpp"

#include "base/check.hpp"

namespace nearfab::geometry {

using namespace vec;

Frame frame_with_up(const Vec3& up) {
    const double size = length(up);
    NEARFAB_CHECK(size > 0, "a frame needs a direction");
    Frame frame;
    frame.up = {up.x / size, up.y / size, up.z / size};
    const Vec3& u = frame.up;
    // The axis that follows the largest part of `up`: z is followed by x, x by y, y by z.
    Vec3 start{1, 0, 0};
    const double ax = std::abs(u.x);
    const double ay = std::abs(u.y);
    const double az = std::abs(u.z);
    if (ax > az && ax >= ay) {
        start = {0, 1, 0};
    } else if (ay > az) {
        start = {0, 0, 1};
    }
    const Vec3 level = start - dot(start, u) * u;
    frame.right = (1 / length(level)) * level;
    frame.ahead = cross(u, frame.right);
    return frame;
}

LargeArray<Vec3> turned(const Mesh& mesh, const Frame& frame) {
    LargeArray<Vec3> out;
    out.reserve(mesh.vertices.size());
    for (const Vec3& p : mesh.vertices)
        out.push_back(frame.turned(p));
    return out;
}

MassPoint mass_point(const Mesh& mesh) {
    const Bounds bounds = bounds_of(mesh);
    const Vec3 origin = 0.5 * (bounds.min + bounds.max);
    double six_volumes = 0;
    Vec3 moment;
    for (const auto& [a, b, c] : mesh.triangles) {
        const Vec3 pa = mesh.vertices[a] - origin;
        const Vec3 pb = mesh.vertices[b] - origin;
        const Vec3 pc = mesh.vertices[c] - origin;
        const double six = dot(pa, cross(pb, pc));
        six_volumes += six;
        moment = moment + six * (pa + pb + pc);
    }
    MassPoint out{six_volumes / 6, origin};
    const Vec3 size = bounds.size();
    if (std::abs(out.volume_mm3) > 1e-9 * size.x * size.y * size.z) {
        out.centre = origin + (1 / (4 * six_volumes)) * moment;
    }
    return out;
}

std::vector<Vec3> axis_directions() {
    return {{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}};
}

}  // namespace nearfab::geometry
