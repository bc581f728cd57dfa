// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/toolpath/sample_sheets.hpp"

#include "toolpath/motion_time.hpp"

#include <cmath>
#include <numbers>

namespace nearfab::toolpath::sample {

Polygon box(double x, double y, double wide, double tall) {
    return {{x, y}, {x + wide, y}, {x + wide, y + tall}, {x, y + tall}};
}

Polygon square(double x, double y, double side) {
    return box(x, y, side, side);
}

Polygon disc(double x, double y, double radius) {
    const double step = 2 * std::acos(1 - 0.003 / radius);
    const double count = std::ceil(2 * std::numbers::pi / step);
    Polygon out;
    for (double i = 0; i < count; ++i) {
        const double angle = 2 * std::numbers::pi * i / count;
        out.push_back({x + radius * std::cos(angle), y + radius * std::sin(angle)});
    }
    return out;
}

Outlines cuts(std::vector<Polygon> loops) {
    Outlines outlines;
    outlines.loops = std::move(loops);
    return outlines;
}

Polygon star(std::uint64_t seed, Vec2 centre, double low, double high, int points) {
    std::uint64_t state = seed * 2654435761U + 12345;
    Polygon out;
    for (int i = 0; i < points; ++i) {
        state = state * 6364136223846793005ULL + 1442695040888963407ULL;
        const double share = static_cast<double>(state >> 40U) / static_cast<double>(1U << 24U);
        const double radius = low + share * (high - low);
        const double angle = 2 * std::numbers::pi * i / points;
        out.push_back({centre.x + radius * std::cos(angle), centre.y + radius * std::sin(angle)});
    }
    return out;
}

LaserSettings laser() {
    LaserSettings s;
    s.sheet_mm = {300, 200};
    s.kerf_mm = 0.2;
    s.cut = {0.8, 600, 1};
    s.score = {0.2, 1200, 1};
    s.engrave = {0.3, 3000, 1};
    s.motion = {{6000, 6000, 500}, {500, 500, 50}, 0.01};
    return s;
}

MillSettings mill() {
    MillSettings s;
    s.sheet_mm = {300, 200};
    s.tool_mm = 3;
    s.thickness_mm = 6;
    s.spindle_rpm = 12'000;
    s.feed_mm_min = 800;
    s.plunge_mm_min = 200;
    s.step_down_mm = 1.5;
    s.motion = {{3000, 3000, 600}, {200, 200, 50}, 0.01};
    return s;
}

double way_of(const Toolpath& path, MoveKind kind) {
    double mm = 0;
    geometry::Vec3 at = path.start;
    for (const Move& move : path.moves) {
        if (move.kind == kind) mm += length_mm(at, move);
        at = move.to;
    }
    return mm;
}

}  // namespace nearfab::toolpath::sample
