// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/judges.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

namespace nearfab::geometry {
namespace {

// Wider than any part that is read: an axis that nobody limits.
constexpr double unlimited_mm = 1e9;

using Sides = std::array<std::optional<double>, 3>;

WorkEnvelope room_of(const Sides& sides) {
    return {sides[0].value_or(unlimited_mm),
            sides[1].value_or(unlimited_mm),
            sides[2].value_or(unlimited_mm)};
}

// "220 x 220 x 250 mm", without the sides that are not limited.
std::string size_text(const Sides& sides) {
    std::string text;
    for (std::size_t axis = 0; axis < sides.size(); ++axis) {
        if (!sides[axis]) continue;
        text += (text.empty() ? "" : " x ") + rounded(*sides[axis]);
    }
    return text + " mm";
}

bool limits_any(const Sides& sides) {
    return std::any_of(sides.begin(), sides.end(), [](const auto& side) { return !!side; });
}

// As it stands in its file, with its height unless it is a sheet's.
std::string part_text(const Stances& stances, bool sheet) {
    const Stance& stance = stances.front();
    Vec2 low{stance.outline_mm.front()};
    Vec2 high{low};
    for (const Vec2& p : stance.outline_mm) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y)};
    }
    Sides sides{high.x - low.x, high.y - low.y, std::nullopt};
    if (!sheet) sides[2] = stance.height_mm;
    return size_text(sides);
}

std::optional<Stances> stances_for(const PartFacts& facts, bool sheet) {
    if (!sheet) return facts.stances;
    if (!facts.sheet || facts.sheet->outline.empty()) return std::nullopt;
    // The one way to lie on a sheet stands for all three.
    Stances stances;
    stances.fill({UpAxis::z, facts.sheet->thickness_mm.value_or(0), facts.sheet->outline});
    return stances;
}

}  // namespace

void judge_size(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    const bool sheet =
        !facts.is_solid_file || family_of(limits.process) == ProcessFamily::sheet_cutting;
    const std::optional<Stances> stances = stances_for(facts, sheet);
    if (!stances || stances->front().outline_mm.empty()) return;
    const Sides all{limits.envelope_x_mm, limits.envelope_y_mm, limits.envelope_z_mm};
    Sides own;
    for (std::size_t axis = 0; axis < all.size(); ++axis) {
        if (limits.own_envelope[axis]) own[axis] = all[axis];
    }
    const auto excess = [&](const Sides& sides) {
        const EnvelopeFit fit = fit_into(*stances, room_of(sides));
        return fit.fits ? 0 : fit.best.excess_mm;
    };
    const auto words = [&](const Sides& sides, std::string_view whose, double too_much_mm) {
        return "it is " + part_text(*stances, sheet) + ", and " + std::string{whose} +
               " has room for " + size_text(sides) + ": " + rounded(too_much_mm) +
               " mm too large however it is turned";
    };
    if (limits_any(own)) {
        if (const double mm = excess(own); mm > 0) {
            out.block("too_large", {}, mm, 0, "mm", words(own, "the machine", mm));
            return;
        }
    }
    if (!limits_any(all)) return;
    if (const double mm = excess(all); mm > 0) {
        const auto* const whose =
            limits_any(own) ? "the machine, with its other sides as usual," : "a typical machine";
        out.remark("larger_than_usual", {}, mm, 0, "mm", words(all, whose, mm));
    }
}

}  // namespace nearfab::geometry
