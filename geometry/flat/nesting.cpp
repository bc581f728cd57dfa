// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/nesting.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// What is nearer than this to a line lies on it.
constexpr double on_line_mm = 1e-4;

Box2 box_of(const std::vector<Piece>& pieces) {
    Box2 all = pieces.front().box;
    for (const Piece& piece : pieces) {
        all.min = {std::min(all.min.x, piece.box.min.x), std::min(all.min.y, piece.box.min.y)};
        all.max = {std::max(all.max.x, piece.box.max.x), std::max(all.max.y, piece.box.max.y)};
    }
    return all;
}

// Finds the loops round a loop, that wind round the point where a ray from it begins.
class Surroundings {
public:
    Surroundings(const Chains& chains, const BoxTree& tree, Work& work)
        : chains_{chains}, tree_{tree}, work_{work}, all_{box_of(chains.pieces)} {}

    // Ascending; valid until the next call.
    const std::vector<std::uint32_t>& of(std::uint32_t c) {
        crossed_.clear();
        cross(c);
        std::sort(crossed_.begin(), crossed_.end());
        round_.clear();
        for (std::size_t i = 0; i < crossed_.size();) {
            const std::uint32_t loop = crossed_[i].first;
            int winding = 0;
            for (; i < crossed_.size() && crossed_[i].first == loop; ++i)
                winding += crossed_[i].second;
            if (winding != 0) round_.push_back(loop);
        }
        return round_;
    }

private:
    // A point of the chain that is on no other, if one of a few is. Within a piece: its ends are
    // where others are most likely to touch it.
    Vec2 point_alone(std::uint32_t c) {
        static constexpr std::uint32_t tries = 16;
        const Chain& chain = chains_.chains[c];
        const std::uint32_t step = (chain.last - chain.first + tries - 1) / tries;
        for (std::uint32_t i = chain.first; i < chain.last; i += step) {
            const Vec2 at = chains_.pieces[i].point(0.4142);
            if (alone(c, at)) return at;
        }
        return chains_.pieces[chain.first].point(0.4142);
    }

    bool alone(std::uint32_t c, const Vec2& at) {
        bool found = false;
        tree_.each_meeting(grown({at, at}, on_line_mm), [&](std::uint32_t i) {
            if (!work_.spend()) return false;
            found = chains_.chain_of[i] != c &&
                    closest_point(chains_.pieces[i], at).distance <= on_line_mm;
            return !found;
        });
        return !found;
    }

    void cross(std::uint32_t c) {
        const Vec2 from = point_alone(c);
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
            if (rightwards ? x > from.x : x < from.x)
                crossed_.emplace_back(other, piece.to.y > piece.from.y ? 1 : -1);
            return true;
        });
    }

    const Chains& chains_;
    const BoxTree& tree_;
    Work& work_;
    Box2 all_;
    std::vector<std::pair<std::uint32_t, int>> crossed_;  // Loops, and upwards or downwards.
    std::vector<std::uint32_t> round_;
};

}  // namespace

double crossing_x(const Piece& piece, double y) {
    if (!piece.arc()) {
        const double part = (y - piece.from.y) / (piece.to.y - piece.from.y);
        return piece.from.x + part * (piece.to.x - piece.from.x);
    }
    const double up = y - piece.centre.y;
    const double half = std::sqrt(std::max(piece.radius * piece.radius - up * up, 0.0));
    // The ends bound it where the height is that of the circle's top.
    return std::clamp(right_half(piece) ? piece.centre.x + half : piece.centre.x - half,
                      piece.box.min.x,
                      piece.box.max.x);
}

bool right_half(const Piece& arc) {
    return 0.5 * (arc.box.min.x + arc.box.max.x) > arc.centre.x;
}

std::vector<std::uint32_t> depths_of(const Chains& chains,
                                     const BoxTree& tree,
                                     const LoopGroups& groups,
                                     Work& work) {
    std::vector<std::uint32_t> depths(chains.chains.size(), 0);
    if (chains.pieces.empty()) return depths;
    Surroundings surroundings{chains, tree, work};
    std::vector<std::uint32_t> round;
    for (std::uint32_t c = 0; c < chains.chains.size(); ++c) {
        if (!chains.chains[c].closed) continue;
        round.clear();
        for (const std::uint32_t other : surroundings.of(c)) {
            if (groups.of[other] != groups.of[c]) round.push_back(groups.of[other]);
        }
        std::sort(round.begin(), round.end());
        depths[c] =
            static_cast<std::uint32_t>(std::unique(round.begin(), round.end()) - round.begin());
    }
    return depths;
}

int winding_round(
    const Chains& chains, const BoxTree& tree, std::uint32_t loop, const Vec2& point, Work& work) {
    const Box2 ray{point, {std::numeric_limits<double>::max(), point.y}};
    int winding = 0;
    tree.each_meeting(ray, [&](std::uint32_t i) {
        if (!work.spend()) return false;
        const Piece& piece = chains.pieces[i];
        if (chains.chain_of[i] != loop) return true;
        if ((piece.from.y > point.y) == (piece.to.y > point.y)) return true;
        if (crossing_x(piece, point.y) > point.x) winding += piece.to.y > piece.from.y ? 1 : -1;
        return true;
    });
    return winding;
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
