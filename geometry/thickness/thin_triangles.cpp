// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/thickness/thin_triangles.hpp"

#include "geometry/thickness/normal_ranges.hpp"
#include "geometry/thickness/smooth_normals.hpp"
#include "geometry/thickness/span.hpp"

namespace nearfab::geometry {
namespace {

Vec3 middle_of(const Mesh& mesh, std::uint32_t triangle) {
    const auto& [a, b, c] = mesh.triangles[triangle];
    const auto& v = mesh.vertices;
    return {(v[a].x + v[b].x + v[c].x) / 3,
            (v[a].y + v[b].y + v[c].y) / 3,
            (v[a].z + v[b].z + v[c].z) / 3};
}

}  // namespace

std::vector<std::uint32_t> thin_triangles(const Bvh& bvh, double below_mm) {
    const auto count = static_cast<std::uint32_t>(bvh.mesh().triangles.size());
    if (count > thin_triangles_max) return {};
    const SmoothNormals normals{bvh.mesh()};
    const NormalRanges ranges{bvh};
    SpanProbe probe{bvh, normals, ranges, SpanSide::wall, false};
    std::vector<std::uint32_t> thin;
    for (std::uint32_t i = 0; i < count; ++i) {
        const auto span = probe.at(i, middle_of(bvh.mesh(), i), quick_care);
        if (span && span->width_mm < below_mm) thin.push_back(i);
    }
    return thin;
}

}  // namespace nearfab::geometry
