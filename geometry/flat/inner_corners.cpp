// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/inner_corners.hpp"

#include <cmath>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

constexpr double sharp_turn = 20 * pi / 180;
constexpr double no_turn = 0.1 * pi / 180;
// Bridges of joined gaps and the crumbs of exports have no shape.
constexpr double crumb_mm = 0.05;

void keep_smaller(std::optional<FlatPlace>& place, const Vec2& at, double mm) {
    if (!place || mm < place->mm) place = FlatPlace{at, mm};
}

// Positive to the left.
double turn_between(const Piece& in, const Piece& out) {
    const Vec2 a = in.direction_at(in.to);
    const Vec2 b = out.direction_at(out.from);
    return std::atan2(cross(a, b), dot(a, b));
}

}  // namespace

void tell_inner_corners(const Chains& chains,
                        const std::vector<MaterialSide>& sides,
                        FlatFacts& facts) {
    for (std::size_t c = 0; c < chains.chains.size(); ++c) {
        const Chain& chain = chains.chains[c];
        if (!chain.closed) continue;
        const bool material_left = sides[c] == MaterialSide::left;
        for (std::uint32_t i = chain.first; i < chain.last; ++i) {
            const Piece& in = chains.pieces[i];
            const Piece& out = chains.pieces[i + 1 < chain.last ? i + 1 : chain.first];
            if (in.arc() && in.left != material_left && in.length() > crumb_mm / 10)
                keep_smaller(facts.smallest_inner_radius, in.point(0.5), in.radius);
            const double turn = turn_between(in, out) * (material_left ? -1 : 1);
            if (turn < no_turn) continue;
            if (turn > sharp_turn) {
                if (in.length() < crumb_mm || out.length() < crumb_mm) continue;
                if (++facts.sharp_inner_corners == 1)
                    facts.sharp_inner_corner = FlatPlace{in.to, turn * 180 / pi};
            } else if (!in.arc() && !out.arc()) {
                const double chord = 0.5 * (in.length() + out.length());
                keep_smaller(facts.smallest_inner_radius, in.to, chord / (2 * std::tan(turn / 2)));
            }
        }
    }
}

}  // namespace nearfab::geometry::flat
