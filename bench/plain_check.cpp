// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/plain_check.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdio>
#include <cstring>
#include <numeric>
#include <span>
#include <vector>

namespace nearfab::bench {
namespace {

using Point = std::array<float, 3>;
using Triangle = std::array<std::uint32_t, 3>;
constexpr std::uint32_t none = 0xFFFF'FFFF;

struct Welded {
    std::vector<Point> points;
    std::vector<Triangle> triangles;
};

std::uint64_t hash_of(const Point& p) {
    const auto bits = std::bit_cast<std::array<std::uint32_t, 3>>(p);
    std::uint64_t hash = bits[0] * 0x9E3779B97F4A7C15ULL ^ bits[1] * 0xC2B2AE3D27D4EB4FULL ^
                         bits[2] * 0x165667B19E3779F9ULL;
    hash = (hash ^ hash >> 29U) * 0xBF58476D1CE4E5B9ULL;
    return hash ^ hash >> 32U;
}

Welded weld(std::span<const std::uint8_t> file) {
    const std::size_t count = (file.size() - 84) / 50;
    const std::size_t mask = std::bit_ceil(2 * count) - 1;
    std::vector<std::uint32_t> table(mask + 1, none);
    Welded out;
    out.points.reserve(count / 2 + 8);
    out.triangles.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        std::array<Point, 3> corners;
        std::memcpy(corners.data(), file.data() + 84 + 50 * i + 12, sizeof corners);
        for (std::size_t k = 0; k < 3; ++k) {
            std::size_t at = hash_of(corners[k]) & mask;
            while (table[at] != none && out.points[table[at]] != corners[k])
                at = (at + 1) & mask;
            if (table[at] == none) {
                table[at] = static_cast<std::uint32_t>(out.points.size());
                out.points.push_back(corners[k]);
            }
            out.triangles[i][k] = table[at];
        }
    }
    return out;
}

void check_edges(const Welded& mesh, PlainFacts& facts) {
    std::vector<std::uint32_t> first(mesh.points.size() + 1, 0);
    const auto each_side = [&](auto&& use) {
        for (const Triangle& t : mesh.triangles) {
            for (std::size_t k = 0; k < 3; ++k)
                use(t[k], t[(k + 1) % 3]);
        }
    };
    each_side([&](std::uint32_t a, std::uint32_t b) { ++first[std::min(a, b) + 1]; });
    std::partial_sum(first.begin(), first.end(), first.begin());
    std::vector<std::uint32_t> next(first.begin(), first.end() - 1);
    std::vector<std::uint64_t> sides(3 * mesh.triangles.size());
    each_side([&](std::uint32_t a, std::uint32_t b) {
        sides[next[std::min(a, b)]++] = std::uint64_t{std::max(a, b)} << 1U | (a < b ? 1U : 0U);
    });
    for (std::size_t v = 0; v + 1 < first.size(); ++v) {
        const auto begin = sides.begin() + first[v];
        const auto end = sides.begin() + first[v + 1];
        std::sort(begin, end);
        for (auto edge = begin; edge != end;) {
            auto last = edge;
            while (last != end && *last >> 1U == *edge >> 1U)
                ++last;
            if (last - edge == 1) ++facts.open_edges;
            if (last - edge > 2 || (last - edge == 2 && edge[0] == edge[1])) ++facts.bad_edges;
            edge = last;
        }
    }
}

void count_components(const Welded& mesh, PlainFacts& facts) {
    std::vector<std::uint32_t> leader(mesh.points.size());
    std::iota(leader.begin(), leader.end(), 0U);
    const auto find = [&](std::uint32_t v) {
        while (leader[v] != v)
            v = leader[v] = leader[leader[v]];
        return v;
    };
    for (const auto& [a, b, c] : mesh.triangles) {
        leader[find(b)] = find(a);
        leader[find(c)] = find(a);
    }
    for (std::uint32_t v = 0; v < leader.size(); ++v)
        facts.components += find(v) == v ? 1U : 0U;
}

}  // namespace

PlainFacts plain_facts(std::span<const std::uint8_t> file) {
    PlainFacts facts;
    const Welded mesh = weld(file);
    facts.vertices = mesh.points.size();
    check_edges(mesh, facts);
    count_components(mesh, facts);
    for (const auto& [i, j, k] : mesh.triangles) {
        const auto at = [&](std::uint32_t v, std::size_t axis) {
            return static_cast<double>(mesh.points[v][axis]);
        };
        facts.volume_mm3 += (at(i, 0) * (at(j, 1) * at(k, 2) - at(j, 2) * at(k, 1)) +
                             at(i, 1) * (at(j, 2) * at(k, 0) - at(j, 0) * at(k, 2)) +
                             at(i, 2) * (at(j, 0) * at(k, 1) - at(j, 1) * at(k, 0))) /
                            6;
    }
    return facts;
}

void plain_check(std::span<const std::uint8_t> file) {
    const PlainFacts facts = plain_facts(file);
    std::printf("%zu vertices, %zu open and %zu bad edges, %zu components, volume %.3f mm3\n",
                facts.vertices,
                facts.open_edges,
                facts.bad_edges,
                facts.components,
                facts.volume_mm3);
}

}  // namespace nearfab::bench
