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

// Finds the loops round a loop, by what a ray from it crosses an odd number of times.
class Surroundings {
public:
    Surroundings(const Chains& chains, const BoxTree& tree, Work& work)
        : chains_{chains}, tree_{tree}, work_{work}, all_{box_of(chains.pieces)} {}

    // Ascending; valid until the next call.
    const std::vector<std::uint32_t>& of(std::uint32_t c) {
        crossed_.clear();
        cross(c);
        std::sort(crossed_.begin(), crossed_.end());
        std::size_t kept = 0;
        for (std::size_t i = 0; i < crossed_.size();) {
            std::size_t end = i;
            while (end < crossed_.size() && crossed_[end] == crossed_[i])
                ++end;
            if ((end - i) % 2 == 1) crossed_[kept++] = crossed_[i];
            i = end;
        }
        crossed_.resize(kept);
        return crossed_;
    }

private:
    void cross(std::uint32_t c) {
        const Piece& first = chains_.pieces[chains_.chains[c].first];
        // Within a piece: its ends are where others are most likely to touch it.
        const Vec2 from = first.point(0.4142);
        const bool rightwards = all_.max.x - from.x < from.x - all_.min.x;
        const Box2 ray{{rightwards ? from.x : all_.min.x, from.y},
                       {rightwards ? all_.max.x : from.x, from.y}};
        tree_.each_meeting(ray, [&](std::uint32_t i) {
            if (!work_.spend()) return false;
            const Piece& piece = chains_.pieces[i];
            const std::uint32_t other = chains_.chain_of[i];
            if (other == c || !chains_.chains[other].closed) return true;
            if ((piece.from.y > from.y) == (piece.to.y > from.y)) return true;
            const double x = crossing_x(piece, from.y);
            if (rightwards ? x > from.x : x < from.x) crossed_.push_back(other);
            return true;
        });
    }

    const Chains& chains_;
    const BoxTree& tree_;
    Work& work_;
    Box2 all_;
    std::vector<std::uint32_t> crossed_;
};

}  // namespace

std::vector<std::uint32_t> depths_of(const Chains& chains, const BoxTree& tree, Work& work) {
    std::vector<std::uint32_t> depths(chains.chains.size(), 0);
    if (chains.pieces.empty()) return depths;
    Surroundings surroundings{chains, tree, work};
    for (std::uint32_t c = 0; c < chains.chains.size(); ++c) {
        if (!chains.chains[c].closed) continue;
        depths[c] = static_cast<std::uint32_t>(surroundings.of(c).size());
    }
    return depths;
}

std::vector<std::optional<std::uint32_t>> parents_of(const Chains& chains,
                                                     const BoxTree& tree,
                                                     const std::vector<std::uint32_t>& depths,
                                                     Work& work) {
    std::vector<std::optional<std::uint32_t>> parents(chains.chains.size());
    if (chains.pieces.empty()) return parents;
    Surroundings surroundings{chains, tree, work};
    for (std::uint32_t c = 0; c < chains.chains.size(); ++c) {
        for (const std::uint32_t other : surroundings.of(c)) {
            if (!parents[c] || depths[other] > depths[*parents[c]]) parents[c] = other;
        }
    }
    return parents;
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
