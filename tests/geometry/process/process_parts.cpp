// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/process/process_parts.hpp"

#include "geometry/facts/weld.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <tuple>

namespace nearfab::geometry::sample {
namespace {

using Loop = std::vector<Vec2>;

double turn_of(const Vec2& p) {
    return std::atan2(p.y, p.x);
}

Vec3 at(const Vec2& p, double z) {
    return {p.x, p.y, z};
}

Loop from_smallest_turn(Loop loop) {
    const auto first = std::min_element(loop.begin(), loop.end(), [](const Vec2& a, const Vec2& b) {
        return turn_of(a) < turn_of(b);
    });
    std::rotate(loop.begin(), first, loop.end());
    return loop;
}

// The ring between two loops around the origin, facing up: walks both by their turn.
void add_ring(const Loop& outside, const Loop& inside, double z, bool up, Triangles& out) {
    const Loop a = from_smallest_turn(outside);
    const Loop b = from_smallest_turn(inside);
    const auto turn_after = [](const Loop& loop, std::size_t i) {
        const double whole = 2 * std::numbers::pi * static_cast<double>(i / loop.size());
        return turn_of(loop[i % loop.size()]) + whole;
    };
    std::size_t i = 0;
    std::size_t j = 0;
    while (i < a.size() || j < b.size()) {
        const bool step_a =
            j == b.size() || (i < a.size() && turn_after(a, i + 1) < turn_after(b, j + 1));
        const Vec3 p = at(a[i % a.size()], z);
        const Vec3 q = at(b[j % b.size()], z);
        const Vec3 r = step_a ? at(a[(i + 1) % a.size()], z) : at(b[(j + 1) % b.size()], z);
        out.push_back(up ? std::array{p, r, q} : std::array{p, q, r});
        (step_a ? i : j) += 1;
    }
}

void add_fan(const Loop& loop, double z, bool up, Triangles& out) {
    for (std::size_t i = 1; i + 1 < loop.size(); ++i) {
        const Vec3 p = at(loop[0], z);
        const Vec3 q = at(loop[i], z);
        const Vec3 r = at(loop[i + 1], z);
        out.push_back(up ? std::array{p, q, r} : std::array{p, r, q});
    }
}

void add_wall(const Loop& loop, double low, double high, bool outwards, Triangles& out) {
    for (std::size_t i = 0; i < loop.size(); ++i) {
        const Vec2& p = loop[i];
        const Vec2& q = loop[(i + 1) % loop.size()];
        std::array<Vec3, 3> first{at(p, low), at(q, low), at(q, high)};
        std::array<Vec3, 3> second{at(p, low), at(q, high), at(p, high)};
        if (!outwards) {
            std::swap(first[1], first[2]);
            std::swap(second[1], second[2]);
        }
        out.push_back(first);
        out.push_back(second);
    }
}

}  // namespace

Mesh mesh_of(const Triangles& triangles) {
    const Result<TriangleSoup> soup = read_stl(binary(triangles));
    REQUIRE(soup);
    return weld(*soup).mesh;
}

Mesh blocks(const std::vector<double>& x,
            const std::vector<double>& y,
            const std::vector<double>& z,
            const std::function<bool(const Vec3&)>& solid) {
    const auto inside = [&](std::size_t i, std::size_t j, std::size_t k) {
        // Index 0 is the cell before the first plane.
        if (i == 0 || j == 0 || k == 0 || i == x.size() || j == y.size() || k == z.size())
            return false;
        return solid({(x[i - 1] + x[i]) / 2, (y[j - 1] + y[j]) / 2, (z[k - 1] + z[k]) / 2});
    };
    Triangles out;
    const auto face = [&](const Vec3& a, const Vec3& b, const Vec3& c, const Vec3& d, bool turn) {
        out.push_back(turn ? std::array{a, c, b} : std::array{a, b, c});
        out.push_back(turn ? std::array{a, d, c} : std::array{a, c, d});
    };
    for (std::size_t i = 0; i < x.size(); ++i) {
        for (std::size_t j = 0; j < y.size(); ++j) {
            for (std::size_t k = 0; k < z.size(); ++k) {
                const Vec3 o{x[i], y[j], z[k]};
                const double px = i == 0 ? o.x : x[i - 1];
                const double py = j == 0 ? o.y : y[j - 1];
                const double pz = k == 0 ? o.z : z[k - 1];
                // The three faces of the planes through o, towards the cell before it.
                const bool here = inside(i, j, k);
                if (j > 0 && k > 0 && here != inside(i + 1, j, k))
                    face({o.x, py, pz}, {o.x, o.y, pz}, o, {o.x, py, o.z}, !here);
                if (i > 0 && k > 0 && here != inside(i, j + 1, k))
                    face({px, o.y, pz}, {px, o.y, o.z}, o, {o.x, o.y, pz}, !here);
                if (i > 0 && j > 0 && here != inside(i, j, k + 1))
                    face({px, py, o.z}, {o.x, py, o.z}, o, {px, o.y, o.z}, !here);
            }
        }
    }
    return mesh_of(out);
}

Loop rounded_rectangle(double width, double depth, double radius, int steps) {
    Loop loop;
    for (int corner = 0; corner < 4; ++corner) {
        const double sx = corner == 0 || corner == 3 ? 1 : -1;
        const double sy = corner < 2 ? 1 : -1;
        const Vec2 middle{sx * (width / 2 - radius), sy * (depth / 2 - radius)};
        for (int s = 0; s <= steps; ++s) {
            const double turn =
                std::numbers::pi / 2 * (corner + static_cast<double>(s) / std::max(steps, 1));
            loop.push_back(
                {middle.x + radius * std::cos(turn), middle.y + radius * std::sin(turn)});
            if (radius == 0) break;
        }
    }
    return loop;
}

Loop circle(double radius, int steps) {
    Loop loop;
    for (int s = 0; s < steps; ++s) {
        const double turn = 2 * std::numbers::pi * s / steps;
        loop.push_back({radius * std::cos(turn), radius * std::sin(turn)});
    }
    return loop;
}

Mesh pocketed_block(const Loop& outside, const Loop& pocket, double height, double deep) {
    Triangles out;
    const bool through = deep >= height;
    const double floor = through ? 0 : height - deep;
    add_ring(outside, pocket, height, true, out);
    add_wall(outside, 0, height, true, out);
    add_wall(pocket, floor, height, false, out);
    if (through) {
        add_ring(outside, pocket, 0, false, out);
    } else {
        add_fan(outside, 0, false, out);
        add_fan(pocket, floor, true, out);
    }
    return mesh_of(out);
}

Mesh prism(const Loop& outside, double height) {
    Triangles out;
    add_fan(outside, 0, false, out);
    add_fan(outside, height, true, out);
    add_wall(outside, 0, height, true, out);
    return mesh_of(out);
}

Mesh turned_part(Mesh mesh, double about_x, double about_z) {
    const double a = about_x * std::numbers::pi / 180;
    const double b = about_z * std::numbers::pi / 180;
    for (Vec3& p : mesh.vertices) {
        const Vec3 q{
            p.x, std::cos(a) * p.y - std::sin(a) * p.z, std::sin(a) * p.y + std::cos(a) * p.z};
        p = {std::cos(b) * q.x - std::sin(b) * q.y, std::sin(b) * q.x + std::cos(b) * q.y, q.z};
    }
    return mesh;
}

}  // namespace nearfab::geometry::sample
