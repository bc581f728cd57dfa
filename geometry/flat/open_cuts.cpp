// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/open_cuts.hpp"

#include "geometry/flat/webs.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// Ends this near are the same point, as geometry/flat/chains.cpp has it, and some rounding.
constexpr double same_point_mm = 2e-4;

class Dividing {
public:
    Dividing(const Chains& chains, const BoxTree& tree, Work& work)
        : chains_{chains},
          tree_{tree},
          work_{work},
          webs_{chains.chains.size() + chains.branches.size()} {}

    std::vector<Vec2> find(const std::vector<Crossing>& crossings) {
        std::vector<Vec2> out;
        // Outlines that touch are one web whatever the slits do.
        for (const Crossing& crossing : crossings) {
            if (closed(crossing.a) && closed(crossing.b)) webs_.unite(crossing.a, crossing.b);
        }
        for (std::uint32_t b = 0; b < chains_.branches.size(); ++b)
            join_branch(b, out);
        for (const Crossing& crossing : crossings) {
            if (closed(crossing.a) && closed(crossing.b)) continue;
            if (!webs_.unite(crossing.a, crossing.b)) out.push_back(crossing.at);
        }
        return out;
    }

private:
    bool closed(std::uint32_t c) const { return chains_.chains[c].closed; }

    // Where paths branch their chains meet, which is no crossing.
    void join_branch(std::uint32_t b, std::vector<Vec2>& out) {
        const Vec2& at = chains_.branches[b].at;
        std::vector<std::uint32_t> met;
        tree_.each_meeting(grown({at, at}, same_point_mm), [&](std::uint32_t i) {
            if (!work_.spend()) return false;
            const Piece& piece = chains_.pieces[i];
            if (distance(piece.from, at) <= same_point_mm ||
                distance(piece.to, at) <= same_point_mm)
                met.push_back(chains_.chain_of[i]);
            return true;
        });
        std::sort(met.begin(), met.end());
        met.erase(std::unique(met.begin(), met.end()), met.end());
        const auto node = static_cast<std::uint32_t>(chains_.chains.size() + b);
        for (const std::uint32_t c : met) {  // Loops come first.
            if (!webs_.unite(c, node) && !closed(c)) out.push_back(at);
        }
    }

    const Chains& chains_;
    const BoxTree& tree_;
    Work& work_;
    Webs webs_;  // Chains, then branches.
};

// Whether an odd number of loops is round a point.
bool in_material(const Chains& chains, const BoxTree& tree, const Vec2& at, Work& work) {
    bool inside = false;
    tree.each_meeting({at, {std::numeric_limits<double>::max(), at.y}}, [&](std::uint32_t i) {
        if (!work.spend()) return false;
        const Piece& piece = chains.pieces[i];
        if (!chains.chains[chains.chain_of[i]].closed) return true;
        if ((piece.from.y > at.y) == (piece.to.y > at.y)) return true;
        if (crossing_x(piece, at.y) > at.x) inside = !inside;
        return true;
    });
    return inside;
}

// Along the piece from its beginning to a point on it, as a share of its length.
double share_at(const Piece& piece, const Vec2& at) {
    const double chord = distance(piece.from, at);
    const double way = piece.arc()
                           ? 2 * piece.radius * std::asin(std::min(chord / (2 * piece.radius), 1.0))
                           : chord;
    return std::clamp(way / piece.length(), 0.0, 1.0);
}

Piece part_of(const Piece& piece, double from, double to) {
    Piece part = piece;
    if (from > 0) part.from = piece.point(from);
    if (to < 1) part.to = piece.point(to);
    part.box = line_piece(part.from, part.to, piece.path).box;
    return part;
}

}  // namespace

std::vector<Piece> part_in_material(const Chains& chains,
                                    const BoxTree& tree,
                                    const Chain& slit,
                                    Work& work) {
    std::vector<Piece> parts;
    for (std::uint32_t i = slit.first; i < slit.last; ++i) {
        const Piece& piece = chains.pieces[i];
        std::vector<double> cuts{0, 1};
        tree.each_meeting(piece.box, [&](std::uint32_t j) {
            if (!work.spend()) return false;
            if (!chains.chains[chains.chain_of[j]].closed) return true;
            const Meeting meeting = meeting_points(piece, chains.pieces[j], 0);
            for (int k = 0; k < meeting.count; ++k)
                cuts.push_back(share_at(piece, meeting.at[static_cast<std::size_t>(k)]));
            return true;
        });
        std::sort(cuts.begin(), cuts.end());
        for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
            // What rounding leaves of a cut that ends on an outline is nothing.
            if ((cuts[k + 1] - cuts[k]) * piece.length() <= same_point_mm) continue;
            if (in_material(chains, tree, piece.point(0.5 * (cuts[k] + cuts[k + 1])), work))
                parts.push_back(part_of(piece, cuts[k], cuts[k + 1]));
        }
    }
    return parts;
}

OpenCuts open_cuts_of(const Chains& chains,
                      const BoxTree& tree,
                      const std::vector<std::uint32_t>& depths,
                      const std::vector<Crossing>& crossings,
                      Work& work) {
    OpenCuts out;
    if (chains.chains.empty() || chains.chains.back().closed) return out;  // Loops come first.
    const auto parents = parents_of(chains, tree, depths, work);
    for (std::uint32_t c = 0; c < chains.chains.size(); ++c) {
        if (chains.chains[c].closed) continue;
        const bool in_material = parents[c] && depths[*parents[c]] % 2 == 0;
        (in_material ? out.slits : out.loose).push_back(c);
    }
    out.dividing = Dividing{chains, tree, work}.find(crossings);
    return out;
}

}  // namespace nearfab::geometry::flat
