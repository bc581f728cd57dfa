// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/fit/fit_test.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace nearfab::geometry {
namespace {

// What is closer to the limit than this is asked of fit_into(), so that the two always agree.
constexpr double margin_mm = 100 * fit_tolerance_mm;

double square(double value) {
    return value * value;
}

double cross(const Vec2& o, const Vec2& a, const Vec2& b) {
    return (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
}

// Of a convex outline: the least distance between parallel lines that enclose it. One of them lies
// along an edge.
double least_width(const std::vector<Vec2>& outline) {
    if (outline.size() < 3) return 0;
    double least = std::numeric_limits<double>::infinity();
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Vec2& a = outline[i];
        const Vec2& b = outline[(i + 1) % outline.size()];
        const double length = std::hypot(b.x - a.x, b.y - a.y);
        if (length == 0) continue;
        double farthest = 0;
        for (const Vec2& p : outline)
            farthest = std::max(farthest, cross(a, b, p) / length);
        least = std::min(least, farthest);
    }
    return least;
}

// Does a rectangle p x q (p >= q, p > a) fit turned into a x b (a >= b)? The least b that takes it
// (Carver, W. B.: The conditions for the existence of an inscribed rectangle, 1957).
double least_room_turned(double p, double q, double a) {
    const double diagonal2 = p * p + q * q;
    return (2 * p * q * a + (p * p - q * q) * std::sqrt(std::max(0.0, diagonal2 - a * a))) /
           diagonal2;
}

}  // namespace

FitTest::FitTest(Stances stances) : stances_{std::move(stances)} {
    for (std::size_t i = 0; i < stances_.size(); ++i)
        sizes_[i] = sizes_of(stances_[i]);
}

FitTest::Sizes FitTest::sizes_of(const Stance& stance) {
    Sizes sizes;
    sizes.height = stance.height_mm;
    const auto& outline = stance.outline_mm;
    if (outline.empty()) return sizes;
    Vec2 low = outline.front();
    Vec2 high = outline.front();
    for (std::size_t i = 0; i < outline.size(); ++i) {
        const Vec2& p = outline[i];
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
        for (const Vec2& other : outline)
            sizes.diameter2 =
                std::max(sizes.diameter2, square(p.x - other.x) + square(p.y - other.y));
        sizes.area += cross(outline.front(), p, outline[(i + 1) % outline.size()]) / 2;
    }
    sizes.x = high.x - low.x;
    sizes.y = high.y - low.y;
    sizes.width_least = least_width(outline);
    sizes.rectangle =
        outline.size() == 4 && std::all_of(outline.begin(), outline.end(), [&](const Vec2& p) {
            return (p.x == low.x || p.x == high.x) && (p.y == low.y || p.y == high.y);
        });
    return sizes;
}

FitTest::Answer FitTest::quick(const Sizes& sizes, const WorkEnvelope& room) {
    if (sizes.height > room.z_mm + margin_mm) return Answer::no;
    const double longer = std::max(room.x_mm, room.y_mm);
    const double shorter = std::min(room.x_mm, room.y_mm);
    if (sizes.width_least > shorter + margin_mm ||
        sizes.diameter2 > longer * longer + shorter * shorter + margin_mm * 2 * longer ||
        sizes.area > longer * shorter + margin_mm * 2 * longer) {
        return Answer::no;
    }
    const double p = std::max(sizes.x, sizes.y);
    const double q = std::min(sizes.x, sizes.y);
    if (sizes.height <= room.z_mm && p <= longer && q <= shorter) return Answer::yes;
    if (!sizes.rectangle || p <= longer + margin_mm) return Answer::look_closer;
    return least_room_turned(p, q, longer) > shorter + margin_mm ? Answer::no : Answer::look_closer;
}

bool FitTest::fits(const WorkEnvelope& envelope) const {
    bool look_closer = false;
    for (const Sizes& sizes : sizes_) {
        const Answer answer = quick(sizes, envelope);
        if (answer == Answer::yes) return true;
        look_closer = look_closer || answer == Answer::look_closer;
    }
    // The longer side first, so that envelopes that differ by a quarter turn always agree.
    return look_closer && fit_into(stances_,
                                   {std::max(envelope.x_mm, envelope.y_mm),
                                    std::min(envelope.x_mm, envelope.y_mm),
                                    envelope.z_mm})
                              .fits;
}

}  // namespace nearfab::geometry
