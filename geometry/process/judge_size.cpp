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

Sides all_of(const ProcessLimits& limits) {
    return {limits.envelope_x_mm, limits.envelope_y_mm, limits.envelope_z_mm};
}

struct Room {
    double excess_mm = 0;        // 0 when it fits in some way.
    double as_drawn_mm = 0;      // The same, standing on its axes.
    std::optional<Vec3> turned;  // The way up in which alone it fits.
};

Room room_for(const Stances& stances, bool sheet, const PartFacts& facts, const Sides& sides) {
    const EnvelopeFit fit = fit_into(stances, room_of(sides));
    if (fit.fits) return {};
    Room room{fit.best.excess_mm, fit.best.excess_mm, std::nullopt};
    const auto turned = sheet ? std::nullopt : best_turned(facts.turned, room_of(sides));
    if (!turned) return room;
    if (turned->fit.fits) return {0, fit.best.excess_mm, turned->up};
    room.excess_mm = std::min(room.excess_mm, turned->fit.excess_mm);
    return room;
}

std::string direction_text(const Vec3& d) {
    return rounded(d.x) + ", " + rounded(d.y) + ", " + rounded(d.z);
}

}  // namespace

void judge_size(const PartFacts& facts, const ProcessLimits& limits, VerdictReasons& out) {
    const bool sheet =
        !facts.is_solid_file || family_of(limits.process) == ProcessFamily::sheet_cutting;
    const std::optional<Stances> stances = stances_for(facts, sheet);
    if (!stances || stances->front().outline_mm.empty()) return;
    const Sides all = all_of(limits);
    Sides own;
    for (std::size_t axis = 0; axis < all.size(); ++axis) {
        if (limits.own_envelope[axis]) own[axis] = all[axis];
    }
    const auto words = [&](const Sides& sides, std::string_view whose) {
        return "it is " + part_text(*stances, sheet) + ", and " + std::string{whose} +
               " has room for " + size_text(sides) + ": ";
    };
    // A solid may also be tilted so that it stands on no side of its own; that is not tried.
    const auto too_much = [&](double mm) {
        return rounded(mm) + (sheet ? " mm too large however it is turned"
                                    : " mm too large on whichever axis or flat side it stands");
    };
    const auto remark_turned = [&](const Room& room, std::string text) {
        out.remark("fits_turned",
                   {},
                   room.as_drawn_mm,
                   0,
                   "mm",
                   std::move(text) + "it fits only with its direction " +
                       direction_text(*room.turned) +
                       " pointing up; turn it so in the CAD program, for machines are given parts "
                       "that stand on an axis");
    };
    if (limits_any(own)) {
        const Room room = room_for(*stances, sheet, facts, own);
        if (room.excess_mm > 0) {
            out.block("too_large",
                      {},
                      room.excess_mm,
                      0,
                      "mm",
                      words(own, "the machine") + too_much(room.excess_mm));
            return;
        }
        if (room.turned) return remark_turned(room, words(own, "the machine"));
    }
    if (!limits_any(all)) return;
    const Room room = room_for(*stances, sheet, facts, all);
    const auto* const whose =
        limits_any(own) ? "the machine, with its other sides as usual," : "a typical machine";
    if (room.excess_mm > 0) {
        out.remark("larger_than_usual",
                   {},
                   room.excess_mm,
                   0,
                   "mm",
                   words(all, whose) + too_much(room.excess_mm));
    } else if (room.turned) {
        remark_turned(room, words(all, whose));
    }
}

bool stands_within(const Stances& stances, const ProcessLimits& limits) {
    return stances.front().outline_mm.empty() || fit_into(stances, room_of(all_of(limits))).fits;
}

}  // namespace nearfab::geometry
