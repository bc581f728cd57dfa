// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/nesting.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// Where a piece crosses the height y. REQUIRES: one end is above y, the other not.
double crossing_x(const Piece& piece, double y) {
    if (!piece.arc()) {
        const double part = (y - piece.from.y) / (piece.to.y - piece.from.y);
        return piece.from.x + part * (piece.to.x - piece.from.x);
    }
    const double up = y - piece.centre.y;
    const double half = std::sqrt(std::max(piece.radius * piece.radius - up * up, 0.0));
    const bool right = 0.5 * (piece.box.min.x + piece.box.max.x) > piece.centre.x;
    // The ends bound it where the height is that of the circle's top.
    return std::clamp(
        right ? piece.centre.x + half : piece.centre.x - half, piece.box.min.x, piece.box.max.x);
}

Box2 box_of(const std::vector<Piece>& pieces) {
    Box2 all = pieces.front().box;
    for (const Piece& piece : pieces) {
        all.min = {std::min(all.min.x, piece.box.min.x), std::min(all.min.y, piece.box.min.y)};
        all.max = {std::max(all.max.x, piece.box.max.x), std::max(all.max.y, piece.box.max.y)};
    }
    return all;
}

}  // namespace

std::vector<std::uint32_t> depths_of(const Chains& chains, const BoxTree& tree, Work& work) {
    std::vector<std::uint32_t> depths(chains.chains.size(), 0);
    if (chains.pieces.empty()) return depths;
    const Box2 all = box_of(chains.pieces);
    std::vector<std::uint32_t> crossed;
    for (std::uint32_t c = 0; c < chains.chains.size(); ++c) {
        if (!chains.chains[c].closed) continue;
        const Piece& first = chains.pieces[chains.chains[c].first];
        // Within a piece: its ends are where others are most likely to touch it.
        const Vec2 from = first.point(0.4142);
        const bool rightwards = all.max.x - from.x < from.x - all.min.x;
        const Box2 ray{{rightwards ? from.x : all.min.x, from.y},
                       {rightwards ? all.max.x : from.x, from.y}};
        crossed.clear();
        tree.each_meeting(ray, [&](std::uint32_t i) {
            if (!work.spend()) return false;
            const Piece& piece = chains.pieces[i];
            const std::uint32_t other = chains.chain_of[i];
            if (other == c || !chains.chains[other].closed) return true;
            if ((piece.from.y > from.y) == (piece.to.y > from.y)) return true;
            const double x = crossing_x(piece, from.y);
            if (rightwards ? x > from.x : x < from.x) crossed.push_back(other);
            return true;
        });
        std::sort(crossed.begin(), crossed.end());
        for (std::size_t i = 0; i < crossed.size();) {
            std::size_t end = i;
            while (end < crossed.size() && crossed[end] == crossed[i])
                ++end;
            depths[c] += static_cast<std::uint32_t>((end - i) % 2);
            i = end;
        }
    }
    return depths;
}

double signed_area_of(const Chains& chains, const Chain& loop) {
    NEARFAB_CHECK(loop.closed, "only a closed chain has an area");
    const Vec2 origin = chains.pieces[loop.first].from;
    double twice = 0;
    for (std::uint32_t i = loop.first; i < loop.last; ++i) {
        const Piece& piece = chains.pieces[i];
        twice += cross(piece.from - origin, piece.to - origin);
        if (!piece.arc()) continue;
        const double sweep = piece.length() / piece.radius;
        const double segment = piece.radius * piece.radius * (sweep - std::sin(sweep));
        twice += piece.left ? segment : -segment;
    }
    return twice / 2;
}

}  // namespace nearfab::geometry::flat
