// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/thickness/solids.hpp"

#include "geometry/search/vector_maths.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::geometry::sample {
namespace {

using namespace maths;

constexpr double turn = 2 * std::numbers::pi;

bool same(const Vec3& a, const Vec3& b) {
    return static_cast<float>(a.x) == static_cast<float>(b.x) &&
           static_cast<float>(a.y) == static_cast<float>(b.y) &&
           static_cast<float>(a.z) == static_cast<float>(b.z);
}

void add(Triangles& out, const Vec3& a, const Vec3& b, const Vec3& c) {
    if (!same(a, b) && !same(b, c) && !same(c, a)) out.push_back({a, b, c});
}

// The gyroid as a zero of a function, for a period of 2 pi.
double gyroid(const Vec3& p) {
    return std::sin(p.x) * std::cos(p.y) + std::sin(p.y) * std::cos(p.z) +
           std::sin(p.z) * std::cos(p.x);
}
Vec3 gyroid_slope(const Vec3& p) {
    return {std::cos(p.x) * std::cos(p.y) - std::sin(p.z) * std::sin(p.x),
            std::cos(p.y) * std::cos(p.z) - std::sin(p.x) * std::sin(p.y),
            std::cos(p.z) * std::cos(p.x) - std::sin(p.y) * std::sin(p.z)};
}
// The point of the gyroid near by.
Vec3 drawn_to_gyroid(Vec3 p) {
    for (int i = 0; i < 20; ++i) {
        const Vec3 slope = gyroid_slope(p);
        p = along(p, -gyroid(p) / dot(slope, slope), slope);
    }
    return p;
}

// The zero surface within a tetrahedron whose corners have these values, looking to where the
// function grows.
void cut_tetrahedron(const std::array<Vec3, 4>& p, Triangles& out) {
    std::vector<std::size_t> below;
    std::vector<std::size_t> above;
    for (std::size_t i = 0; i < 4; ++i)
        (gyroid(p[i]) < 0 ? below : above).push_back(i);
    if (below.empty() || above.empty()) return;
    const auto crossing = [&](std::size_t a, std::size_t b) {
        if (b < a) std::swap(a, b);
        const double at = gyroid(p[a]) / (gyroid(p[a]) - gyroid(p[b]));
        return along(p[a], at, minus(p[b], p[a]));
    };
    std::vector<Vec3> ring;
    if (below.size() == 2) {
        ring = {crossing(below[0], above[0]),
                crossing(below[0], above[1]),
                crossing(below[1], above[1]),
                crossing(below[1], above[0])};
    } else {
        const bool lone_below = below.size() == 1;
        for (const std::size_t i : lone_below ? above : below)
            ring.push_back(crossing(lone_below ? below[0] : above[0], i));
    }
    for (std::size_t i = 1; i + 1 < ring.size(); ++i) {
        const Vec3 normal = cross(minus(ring[i], ring[0]), minus(ring[i + 1], ring[0]));
        const Vec3 middle = times(1.0 / 3, plus(plus(ring[0], ring[i]), ring[i + 1]));
        if (dot(normal, gyroid_slope(middle)) > 0) {
            out.push_back({ring[0], ring[i], ring[i + 1]});
        } else {
            out.push_back({ring[0], ring[i + 1], ring[i]});
        }
    }
}

}  // namespace

Triangles patch(const Bend& bend, int n, int m) {
    Triangles out;
    const auto at = [&](int i, int j) {
        return bend(static_cast<double>(i) / n, static_cast<double>(j) / m);
    };
    for (int i = 0; i < n; ++i) {
        for (int j = 0; j < m; ++j) {
            add(out, at(i, j), at(i + 1, j), at(i + 1, j + 1));
            add(out, at(i, j), at(i + 1, j + 1), at(i, j + 1));
        }
    }
    return out;
}

Triangles fine_box(const Vec3& min, const Vec3& max, int n) {
    const auto x = [&](double t) { return std::lerp(min.x, max.x, t); };
    const auto y = [&](double t) { return std::lerp(min.y, max.y, t); };
    const auto z = [&](double t) { return std::lerp(min.z, max.z, t); };
    return patch(
               [&](double u, double v) {
                   return Vec3{x(v), y(u), min.z};
               },
               n,
               n) +
           patch(
               [&](double u, double v) {
                   return Vec3{x(u), y(v), max.z};
               },
               n,
               n) +
           patch(
               [&](double u, double v) {
                   return Vec3{x(u), min.y, z(v)};
               },
               n,
               n) +
           patch(
               [&](double u, double v) {
                   return Vec3{x(v), max.y, z(u)};
               },
               n,
               n) +
           patch(
               [&](double u, double v) {
                   return Vec3{min.x, y(v), z(u)};
               },
               n,
               n) +
           patch(
               [&](double u, double v) {
                   return Vec3{max.x, y(u), z(v)};
               },
               n,
               n);
}

Triangles tube(double inner, double outer, double height, int around, int along) {
    const auto point = [&](double radius, double u, double z) {
        const double angle = turn * std::fmod(std::round(u * around), around) / around;
        return Vec3{radius * std::cos(angle), radius * std::sin(angle), z};
    };
    const auto across = [&](double v) { return std::lerp(inner, outer, v); };
    Triangles out =
        patch([&](double u, double v) { return point(outer, u, height * v); }, around, along) +
        patch([&](double u, double v) { return point(across(v), 1 - u, height); }, around, 1) +
        patch([&](double u, double v) { return point(across(v), u, 0); }, around, 1);
    if (inner == 0) return out;
    return out + patch([&](double u, double v) { return point(inner, 1 - u, height * v); },
                       around,
                       along);
}

Triangles prism(const std::vector<Vec2>& polygon, double height, int n) {
    Triangles out;
    for (std::size_t i = 0; i < polygon.size(); ++i) {
        const Vec2 a = polygon[i];
        const Vec2 b = polygon[(i + 1) % polygon.size()];
        out = out + patch(
                        [&](double u, double v) {
                            return Vec3{std::lerp(a.x, b.x, u), std::lerp(a.y, b.y, u), height * v};
                        },
                        n,
                        n);
    }
    const auto top = [&](std::size_t i) { return Vec3{polygon[i].x, polygon[i].y, height}; };
    const auto bottom = [&](std::size_t i) { return Vec3{polygon[i].x, polygon[i].y, 0}; };
    for (std::size_t i = 1; i + 1 < polygon.size(); ++i) {
        add(out, top(0), top(i), top(i + 1));
        add(out, bottom(0), bottom(i + 1), bottom(i));
    }
    return out;
}

Triangles gyroid_sheet(double period, double thickness, double size, int cells) {
    const double scale = turn / period;
    const double step = size * scale / cells;
    // The six tetrahedra of a cube along its diagonal.
    constexpr std::array<std::array<unsigned, 4>, 6> tetrahedra{
        {{0, 1, 3, 7}, {0, 3, 2, 7}, {0, 2, 6, 7}, {0, 6, 4, 7}, {0, 4, 5, 7}, {0, 5, 1, 7}}};
    Triangles middle;
    for (int i = 0; i < cells * cells * cells; ++i) {
        const Vec3 low{(i % cells) * step, (i / cells % cells) * step, (i / cells / cells) * step};
        for (const auto& tetrahedron : tetrahedra) {
            std::array<Vec3, 4> p;
            for (std::size_t k = 0; k < 4; ++k) {
                const unsigned corner = tetrahedron[k];
                p[k] = plus(low,
                            {(corner & 1U) != 0 ? step : 0,
                             (corner & 2U) != 0 ? step : 0,
                             (corner & 4U) != 0 ? step : 0});
            }
            cut_tetrahedron(p, middle);
        }
    }
    Triangles out;
    for (auto t : middle) {
        std::array<Vec3, 3> front;
        std::array<Vec3, 3> back;
        for (std::size_t k = 0; k < 3; ++k) {
            const Vec3 on = drawn_to_gyroid(t[k]);
            const Vec3 slope = gyroid_slope(on);
            const Vec3 normal = times(1 / length(slope), slope);
            front[k] = along(times(1 / scale, on), thickness / 2, normal);
            back[k] = along(times(1 / scale, on), -thickness / 2, normal);
        }
        add(out, front[0], front[1], front[2]);
        add(out, back[0], back[2], back[1]);
    }
    return out;
}

Mesh mesh_of(const Triangles& triangles) {
    const Result<Mesh> mesh = read_mesh(binary(triangles));
    INFO((mesh ? "" : mesh.error().message));
    REQUIRE(mesh);
    return *mesh;
}

}  // namespace nearfab::geometry::sample
