// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/direction_sums.hpp"

#include "geometry/process/frame.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>

namespace nearfab::geometry {

using namespace vec;

namespace {

constexpr int cells = 64;  // Of the octahedron's square, each way: about three degrees.

// The square that an octahedron unfolds to (Cigolle et al., "A Survey of Efficient Representations
// for Independent Unit Vectors", JCGT 2014), cut into cells.
std::size_t cone_of(const Vec3& n) {
    const double sum = std::abs(n.x) + std::abs(n.y) + std::abs(n.z);
    double u = n.x / sum;
    double v = n.y / sum;
    if (n.z < 0) {
        const double fold_u = (1 - std::abs(v)) * (u < 0 ? -1 : 1);
        v = (1 - std::abs(u)) * (v < 0 ? -1 : 1);
        u = fold_u;
    }
    const auto cell = [](double t) {
        // Shifted by half a cell, so that the axes lie inside cells and not between them.
        return std::clamp(static_cast<int>((t + 1) / 2 * (cells - 1) + 0.5), 0, cells - 1);
    };
    return static_cast<std::size_t>(cell(v) * cells + cell(u));
}

bool near_any(const std::vector<Vec3>& others, const Vec3& d) {
    const double close = std::cos(0.5 * std::numbers::pi / 180);
    return std::any_of(
        others.begin(), others.end(), [&](const Vec3& o) { return dot(o, d) > close; });
}

}  // namespace

DirectionSums::DirectionSums(const Mesh& mesh) : cones_(cells * cells) {
    for (const auto& [a, b, c] : mesh.triangles) {
        const Vec3& pa = mesh.vertices[a];
        const Vec3& pb = mesh.vertices[b];
        const Vec3& pc = mesh.vertices[c];
        const Vec3 n = area_vector(pa, pb, pc);
        const double twice = length(n);
        if (!(twice > 0)) continue;
        Cone& cone = cones_[cone_of(n)];
        cone.normal = cone.normal + 0.5 * n;
        cone.moment = cone.moment + (twice / 6) * (pa + pb + pc);
        cone.area += twice / 2;
    }
    std::erase_if(cones_, [](const Cone& c) { return !(c.area > 0); });
}

std::vector<Vec3> DirectionSums::large_faces(std::size_t count) const {
    std::vector<Cone> flat;
    for (const Cone& c : cones_) {
        // A cone whose normals agree holds flat faces, not a piece of something round.
        if (length(c.normal) > 0.9999 * c.area) flat.push_back(c);
    }
    std::stable_sort(
        flat.begin(), flat.end(), [](const Cone& l, const Cone& r) { return l.area > r.area; });
    if (flat.size() > count) flat.resize(count);
    std::vector<Vec3> out;
    for (const Cone& c : flat)
        out.push_back((1 / length(c.normal)) * c.normal);
    return out;
}

DirectionScore DirectionSums::score(const Vec3& up,
                                    const Mesh& hull,
                                    double limit_deg,
                                    double layer_mm) const {
    DirectionScore out;
    out.up = up;
    double low = std::numeric_limits<double>::max();
    double high = std::numeric_limits<double>::lowest();
    for (const Vec3& p : hull.vertices) {
        const double h = dot(up, p);
        low = std::min(low, h);
        high = std::max(high, h);
    }
    out.height_mm = high - low;
    for (const auto& [a, b, c] : hull.triangles) {
        const Vec3& pa = hull.vertices[a];
        const Vec3& pb = hull.vertices[b];
        const Vec3& pc = hull.vertices[c];
        const double top = std::max({dot(up, pa), dot(up, pb), dot(up, pc)});
        if (top - low > layer_mm) continue;
        out.contact_area_mm2 += std::max(0.0, -dot(up, area_vector(pa, pb, pc)) / 2);
    }
    const double limit = std::sin(limit_deg * std::numbers::pi / 180);
    for (const Cone& c : cones_) {
        const double down = -dot(up, c.normal);
        if (down <= limit * c.area) continue;
        const double height = dot(up, c.moment) / c.area - low;
        if (height <= layer_mm) continue;
        out.overhang_area_mm2 += c.area;
        out.air_mm3 += down * height;
    }
    return out;
}

std::vector<Vec3> candidate_directions(const DirectionSums& sums,
                                       const Mesh& hull,
                                       std::size_t count) {
    std::vector<Vec3> out{{0, 0, 1}, {0, 0, -1}, {1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}};
    const auto add = [&](const Vec3& normal) {
        const Vec3 up = -1 * normal;
        if (out.size() < count && !near_any(out, up)) out.push_back(up);
    };
    for (const Vec3& normal : sums.large_faces(count / 4))
        add(normal);
    for (const HullSide& side : sides_of(hull))
        add(side.normal);
    return out;
}

}  // namespace nearfab::geometry
