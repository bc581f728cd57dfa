// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/orientation.hpp"

#include "base/check.hpp"

#include <cmath>
#include <numbers>

namespace nearfab::agent {
namespace {

// The part's axes in a new order that begins behind the one that points up: a rotation, because
// the order goes round (x y z -> y z x -> z x y).
geometry::Vec3 with_up(const geometry::Vec3& p, geometry::UpAxis up) {
    switch (up) {
        case geometry::UpAxis::z:
            return p;
        case geometry::UpAxis::x:
            return {p.y, p.z, p.x};
        case geometry::UpAxis::y:
            return {p.z, p.x, p.y};
    }
    return p;
}

struct Turn {
    double cosine = 1;
    double sine = 0;
};

// Quarter turns are exact, so a box that fits to the last micrometre still does.
Turn turn_of(double degrees) {
    const double quarters = degrees / 90;
    if (quarters == std::floor(quarters)) {
        switch (static_cast<int>(std::fmod(quarters, 4) + 4) % 4) {
            case 0:
                return {1, 0};
            case 1:
                return {0, 1};
            case 2:
                return {-1, 0};
            default:
                return {0, -1};
        }
    }
    const double radians = degrees * std::numbers::pi / 180;
    return {std::cos(radians), std::sin(radians)};
}

}  // namespace

geometry::Mesh laid_on_bed(geometry::Mesh part, const Orientation& orientation) {
    NEARFAB_CHECK(!part.vertices.empty(), "a part has at least one vertex");
    const Turn turn = turn_of(orientation.turn_deg);
    for (geometry::Vec3& vertex : part.vertices) {
        const geometry::Vec3 p = with_up(vertex, orientation.up);
        vertex = {p.x * turn.cosine - p.y * turn.sine, p.x * turn.sine + p.y * turn.cosine, p.z};
    }
    const geometry::Bounds box = geometry::bounds_of(part);
    const geometry::Vec3 shift{
        -(box.min.x + box.max.x) / 2, -(box.min.y + box.max.y) / 2, -box.min.z};
    for (geometry::Vec3& vertex : part.vertices) {
        vertex = {vertex.x + shift.x, vertex.y + shift.y, vertex.z + shift.z};
    }
    return part;
}

}  // namespace nearfab::agent
