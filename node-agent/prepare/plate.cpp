// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/plate.hpp"

#include "geometry/fit/outline.hpp"
#include "geometry/part_report.hpp"
#include "toolpath/nest.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <utility>

namespace nearfab::agent {
namespace {

// A plate of a few pieces needs no more; it is the same on every machine.
constexpr std::uint64_t steps = 4'000'000;

toolpath::Polygon seen_from_above(const geometry::Mesh& part) {
    std::vector<geometry::Vec2> points;
    points.reserve(part.vertices.size());
    for (const geometry::Vec3& vertex : part.vertices)
        points.push_back({vertex.x, vertex.y});
    return geometry::outline_of(points).points;
}

// Quarter turns are exact.
geometry::Vec3 turned(const geometry::Vec3& p, int quarters) {
    switch (quarters & 3) {
        case 1:
            return {-p.y, p.x, p.z};
        case 2:
            return {-p.x, -p.y, p.z};
        case 3:
            return {p.y, -p.x, p.z};
        default:
            return p;
    }
}

}  // namespace

Result<geometry::Mesh> side_by_side(std::vector<geometry::Mesh> laid,
                                    const geometry::WorkEnvelope& bed) {
    if (laid.size() == 1) return std::move(laid.front());
    std::vector<toolpath::NestPart> parts;
    for (const geometry::Mesh& part : laid)
        parts.push_back({{seen_from_above(part)}, 1, true});
    toolpath::NestOptions options;
    options.sheet_mm = {bed.x_mm, bed.y_mm};
    options.margin_mm = 0;
    options.gap_mm = plate_gap_mm;
    options.steps = steps;
    const auto nesting = toolpath::nest(parts, options);
    if (!nesting) return fail(nesting.error());
    if (nesting->sheets > 1) {
        return fail(ErrorCode::invalid_argument,
                    std::to_string(laid.size()) + " pieces do not fit beside each other");
    }
    geometry::Mesh plate;
    for (const toolpath::PlacedPart& placed : nesting->placed) {
        const geometry::Mesh& part = laid[placed.part];
        const int quarters = static_cast<int>(std::lround(placed.angle / (std::numbers::pi / 2)));
        const auto base = static_cast<std::uint32_t>(plate.vertices.size());
        for (const geometry::Vec3& vertex : part.vertices) {
            const geometry::Vec3 at = turned(vertex, quarters);
            plate.vertices.push_back({at.x + placed.by.x, at.y + placed.by.y, at.z});
        }
        for (const auto& triangle : part.triangles) {
            plate.triangles.push_back({triangle[0] + base, triangle[1] + base, triangle[2] + base});
        }
    }
    const auto bounds = geometry::bounds_of(plate);
    const double x = (bounds.min.x + bounds.max.x) / 2;
    const double y = (bounds.min.y + bounds.max.y) / 2;
    for (geometry::Vec3& vertex : plate.vertices) {
        vertex.x -= x;
        vertex.y -= y;
    }
    return plate;
}

}  // namespace nearfab::agent
