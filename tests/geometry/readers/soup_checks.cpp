// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/geometry/readers/soup_checks.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <tuple>
#include <utility>

namespace nearfab::geometry::sample {
namespace {

using Point = std::array<float, 3>;

std::array<Point, 3> corners_of(const std::array<float, 9>& t) {
    return {Point{t[0], t[1], t[2]}, Point{t[3], t[4], t[5]}, Point{t[6], t[7], t[8]}};
}

Vec3 vec(const Point& p) {
    return {static_cast<double>(p[0]), static_cast<double>(p[1]), static_cast<double>(p[2])};
}

Vec3 cross(const Vec3& a, const Vec3& b) {
    return {a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x};
}

std::vector<std::uint8_t> bytes(std::string_view text) {
    return {text.begin(), text.end()};
}

}  // namespace

TriangleSoup soup_of(const std::vector<std::uint8_t>& file, const ReadLimits& limits) {
    Result<TriangleSoup> soup = read_soup(file, limits);
    INFO((soup ? "" : soup.error().message));
    REQUIRE(soup);
    return *std::move(soup);
}

TriangleSoup soup_of(std::string_view text, const ReadLimits& limits) {
    return soup_of(bytes(text), limits);
}

Error refusal_of(const std::vector<std::uint8_t>& file, const ReadLimits& limits) {
    const Result<TriangleSoup> soup = read_soup(file, limits);
    REQUIRE_FALSE(soup);
    CHECK_FALSE(soup.error().message.empty());
    CHECK_FALSE(soup.error().next.empty());
    return soup.error();
}

Error refusal_of(std::string_view text, const ReadLimits& limits) {
    return refusal_of(bytes(text), limits);
}

double signed_volume_mm3(const TriangleSoup& soup) {
    double sum = 0;
    for (const auto& t : soup.triangles) {
        const auto [p, q, r] = corners_of(t);
        const Vec3 n = cross(vec(q), vec(r));
        const Vec3 a = vec(p);
        sum += (a.x * n.x + a.y * n.y + a.z * n.z) / 6;
    }
    return sum;
}

double area_mm2(const TriangleSoup& soup) {
    double sum = 0;
    for (const auto& t : soup.triangles) {
        const auto [p, q, r] = corners_of(t);
        const Vec3 a = vec(p);
        const Vec3 b = vec(q);
        const Vec3 c = vec(r);
        const Vec3 n = cross({b.x - a.x, b.y - a.y, b.z - a.z}, {c.x - a.x, c.y - a.y, c.z - a.z});
        sum += std::hypot(n.x, n.y, n.z) / 2;
    }
    return sum;
}

Bounds bounds_of(const TriangleSoup& soup) {
    Mesh mesh;
    for (const auto& t : soup.triangles) {
        for (const Point& p : corners_of(t))
            mesh.vertices.push_back(vec(p));
    }
    return geometry::bounds_of(mesh);
}

bool is_closed(const TriangleSoup& soup) {
    struct Edge {
        Point low, high;
        int sense = 0;
    };
    std::vector<Edge> edges;
    for (const auto& t : soup.triangles) {
        const auto corners = corners_of(t);
        for (std::size_t i = 0; i < 3; ++i) {
            const Point& from = corners[i];
            const Point& to = corners[(i + 1) % 3];
            if (from < to) edges.push_back({from, to, 1});
            if (to < from) edges.push_back({to, from, -1});
        }
    }
    const auto before = [](const Edge& a, const Edge& b) {
        return std::tie(a.low, a.high) < std::tie(b.low, b.high);
    };
    std::sort(edges.begin(), edges.end(), before);
    int sum = 0;
    for (std::size_t i = 0; i < edges.size(); ++i) {
        if (i > 0 && before(edges[i - 1], edges[i]) && sum != 0) return false;
        sum += edges[i].sense;
    }
    return sum == 0;
}

bool has_remark(const TriangleSoup& soup, std::string_view rule) {
    return std::any_of(soup.remarks.begin(), soup.remarks.end(), [&](const ReadRemark& remark) {
        return remark.rule == rule && !remark.message.empty();
    });
}

}  // namespace nearfab::geometry::sample
