// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/mesh.hpp"

#include "base/check.hpp"

#include <algorithm>

namespace nearfab::geometry {

Bounds bounds_of(const Mesh& mesh) {
    NEARFAB_CHECK(!mesh.vertices.empty(), "bounds need a vertex");
    Bounds bounds{mesh.vertices.front(), mesh.vertices.front()};
    for (const Vec3& p : mesh.vertices) {
        bounds.min = {
            std::min(bounds.min.x, p.x), std::min(bounds.min.y, p.y), std::min(bounds.min.z, p.z)};
        bounds.max = {
            std::max(bounds.max.x, p.x), std::max(bounds.max.y, p.y), std::max(bounds.max.z, p.z)};
    }
    return bounds;
}

}  // namespace nearfab::geometry
