// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/plate.hpp"

#include "geometry/flat/arc_fit.hpp"
#include "geometry/flat/extents.hpp"
#include "geometry/flat/pieces.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <tuple>
#include <utility>

namespace nearfab::geometry {
namespace {

Vec3 minus(const Vec3& a, const Vec3& b) {
    return {a.x - b.x, a.y - b.y, a.z - b.z};
}
Vec3 cross(const Vec3& a, const Vec3& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}
double dot(const Vec3& a, const Vec3& b) {
    return a.x * b.x + a.y * b.y + a.z * b.z;
}
double length(const Vec3& a) {
    return std::sqrt(dot(a, a));
}
Vec3 scaled(const Vec3& a, double s) {
    return {a.x * s, a.y * s, a.z * s};
}

// Twice the area, along the normal.
Vec3 area_vector(const Mesh& mesh, const std::array<std::uint32_t, 3>& t) {
    return cross(minus(mesh.vertices[t[1]], mesh.vertices[t[0]]),
                 minus(mesh.vertices[t[2]], mesh.vertices[t[0]]));
}

// Upwards, or else backwards, or else to the right, so that a plate and its copy look alike.
Vec3 turned_up(const Vec3& n) {
    static constexpr double level = 1e-6;
    const bool down = n.z < -level || (n.z <= level && (n.y < -level || (n.y <= level && n.x < 0)));
    return down ? scaled(n, -1) : n;
}

// The directions that most area faces, up or down alike, largest first. The grid is about a
// degree wide; an area on the border of two cells counts in each with a part.
std::vector<Vec3> main_directions(const Mesh& mesh) {
    static constexpr double cells = 64;
    static constexpr std::size_t most = 12;
    std::map<std::tuple<int, int, int>, Vec3> sums;
    for (const auto& triangle : mesh.triangles) {
        const Vec3 area = area_vector(mesh, triangle);
        const double size = length(area);
        if (!(size > 0)) continue;
        const Vec3 up = turned_up(scaled(area, 1 / size));
        const auto cell = [](double part) { return static_cast<int>(std::lround(part * cells)); };
        Vec3& sum = sums[{cell(up.x), cell(up.y), cell(up.z)}];
        sum = {sum.x + up.x * size, sum.y + up.y * size, sum.z + up.z * size};
    }
    std::vector<Vec3> directions;
    for (const auto& [cell, sum] : sums)
        directions.push_back(sum);
    std::stable_sort(directions.begin(), directions.end(), [](const Vec3& a, const Vec3& b) {
        return length(a) > length(b);
    });
    if (directions.size() > most) directions.resize(most);
    for (Vec3& direction : directions)
        direction = scaled(direction, 1 / length(direction));
    return directions;
}

struct Slab {
    Vec3 normal;
    double bottom = 0;
    double top = 0;
    std::vector<std::uint32_t> upper;  // Triangles of the top face.
};

// Empty unless every triangle is part of the top, the bottom or a square wall.
std::optional<Slab> slab_along(const Mesh& mesh, const Vec3& normal, double flat_mm) {
    std::vector<double> heights;
    heights.reserve(mesh.vertices.size());
    for (const Vec3& vertex : mesh.vertices)
        heights.push_back(dot(vertex, normal));
    const auto [low, high] = std::minmax_element(heights.begin(), heights.end());
    Slab slab{normal, *low, *high, {}};
    const double thickness = slab.top - slab.bottom;
    if (!(thickness > 2 * flat_mm)) return std::nullopt;
    double top_area = 0;
    double bottom_area = 0;
    for (std::uint32_t i = 0; i < mesh.triangles.size(); ++i) {
        const auto& t = mesh.triangles[i];
        const auto all = [&](auto near) {
            return near(heights[t[0]]) && near(heights[t[1]]) && near(heights[t[2]]);
        };
        const Vec3 area = area_vector(mesh, t);
        const double up = dot(area, normal);
        if (all([&](double h) { return h >= slab.top - flat_mm; })) {
            slab.upper.push_back(i);
            top_area += up;
        } else if (all([&](double h) { return h <= slab.bottom + flat_mm; })) {
            bottom_area -= up;
        } else if (std::abs(up) * thickness > flat_mm * length(area) + 1e-9) {
            return std::nullopt;  // Over the thickness the wall leans by more.
        }
    }
    if (!(top_area > 0) || std::abs(top_area - bottom_area) > 1e-3 * top_area) return std::nullopt;
    return slab;
}

using Edge = std::pair<std::uint32_t, std::uint32_t>;

// Every edge runs once in each direction: the mesh is closed, and its faces look one way.
bool closed(const Mesh& mesh) {
    std::vector<Edge> edges;
    edges.reserve(mesh.triangles.size() * 3);
    for (const auto& t : mesh.triangles) {
        for (std::size_t k = 0; k < 3; ++k)
            edges.emplace_back(t[k], t[(k + 1) % 3]);
    }
    std::sort(edges.begin(), edges.end());
    if (std::adjacent_find(edges.begin(), edges.end()) != edges.end()) return false;
    return std::all_of(edges.begin(), edges.end(), [&](const Edge& edge) {
        return std::binary_search(edges.begin(), edges.end(), Edge{edge.second, edge.first});
    });
}

// More rings do not touch in one point of a part that anybody makes.
constexpr std::size_t most_rings_at_a_corner = 16;

// The edges of the top face that belong to one of its triangles, joined to rings of vertices;
// empty when they do not close.
std::vector<std::vector<std::uint32_t>> rings_of(const Mesh& mesh, const Slab& slab) {
    std::vector<Edge> edges;
    edges.reserve(slab.upper.size() * 3);
    for (const std::uint32_t i : slab.upper) {
        const auto& t = mesh.triangles[i];
        for (std::size_t k = 0; k < 3; ++k)
            edges.emplace_back(t[k], t[(k + 1) % 3]);
    }
    std::sort(edges.begin(), edges.end());
    std::vector<Edge> rim;
    for (const Edge& edge : edges) {
        if (!std::binary_search(edges.begin(), edges.end(), Edge{edge.second, edge.first}))
            rim.push_back(edge);
    }
    std::vector<bool> used(rim.size(), false);
    std::vector<std::vector<std::uint32_t>> rings;
    for (std::size_t begin = 0; begin < rim.size(); ++begin) {
        if (used[begin]) continue;
        std::vector<std::uint32_t> ring;
        std::size_t at = begin;
        while (true) {
            used[at] = true;
            ring.push_back(rim[at].first);
            if (rim[at].second == rim[begin].first) break;
            auto next = std::lower_bound(rim.begin(), rim.end(), Edge{rim[at].second, 0});
            std::size_t passed = 0;
            while (next != rim.end() && next->first == rim[at].second &&
                   used[static_cast<std::size_t>(next - rim.begin())]) {
                if (++passed > most_rings_at_a_corner) return {};
                ++next;
            }
            if (next == rim.end() || next->first != rim[at].second) return {};
            at = static_cast<std::size_t>(next - rim.begin());
        }
        if (ring.size() < 3) return {};
        rings.push_back(std::move(ring));
    }
    return rings;
}

Plate axes_of(const Slab& slab) {
    Plate plate;
    plate.thickness_mm = slab.top - slab.bottom;
    plate.bottom = slab.bottom;
    plate.normal = slab.normal;
    // The mesh's own x axis lies in the profile where that is possible, else its y axis.
    const Vec3 near = std::abs(slab.normal.x) < 0.9 ? Vec3{1, 0, 0} : Vec3{0, 1, 0};
    const Vec3 y = cross(slab.normal, near);
    plate.y_axis = scaled(y, 1 / length(y));
    plate.x_axis = cross(plate.y_axis, slab.normal);
    return plate;
}

std::optional<Plate> plate_from(const Mesh& mesh, const Slab& slab, const PlateOptions& options) {
    const auto rings = rings_of(mesh, slab);
    if (rings.empty()) return std::nullopt;
    Plate plate = axes_of(slab);
    plate.profile.format = FlatFormat::mesh;
    plate.profile.layers = {""};
    plate.profile.unit = {1, true, false, "the mesh"};
    plate.profile.chord_tolerance_mm = options.arc_mm;
    std::vector<flat::Piece> all;
    for (const auto& ring : rings) {
        std::vector<Vec2> polygon;
        polygon.reserve(ring.size());
        for (const std::uint32_t v : ring)
            polygon.push_back(
                {dot(mesh.vertices[v], plate.x_axis), dot(mesh.vertices[v], plate.y_axis)});
        Path path;
        path.points = flat::with_arcs(polygon, options.arc_mm);
        path.closed = true;
        if (path.points.size() < 2) continue;
        const bool circle = path.points.size() == 2 && std::abs(path.points[0].bulge) == 1;
        if (circle && path.points[0].bulge < 0) {
            const Vec2& a = path.points[0].at;
            const Vec2& b = path.points[1].at;
            plate.round_holes.push_back(
                {{(a.x + b.x) / 2, (a.y + b.y) / 2}, std::hypot(b.x - a.x, b.y - a.y)});
        }
        const auto pieces = flat::pieces_of(path);
        all.insert(all.end(), pieces.begin(), pieces.end());
        plate.profile.paths.push_back(std::move(path));
    }
    if (all.empty()) return std::nullopt;
    const double narrow = flat::extent_of(all).rectangle.short_mm;
    if (plate.thickness_mm > narrow + options.flat_mm) return std::nullopt;
    return plate;
}

}  // namespace

std::optional<Plate> plate_of(const Mesh& mesh, const PlateOptions& options) {
    std::optional<Plate> best;
    std::optional<bool> is_closed;  // Asked only when the rest looks like a plate.
    if (mesh.triangles.empty()) return best;
    for (const Vec3& direction : main_directions(mesh)) {
        const auto slab = slab_along(mesh, turned_up(direction), options.flat_mm);
        if (!slab) continue;
        if (!is_closed) is_closed = closed(mesh);
        if (!*is_closed) return std::nullopt;
        if (best && best->thickness_mm <= slab->top - slab->bottom) continue;
        if (auto plate = plate_from(mesh, *slab, options)) best = std::move(plate);
    }
    return best;
}

}  // namespace nearfab::geometry
