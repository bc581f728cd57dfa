// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/open_cuts.hpp"

#include <algorithm>
#include <numeric>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// Ends this near are the same point, as geometry/flat/chains.cpp has it, and some rounding.
constexpr double same_point_mm = 2e-4;

class Webs {
public:
    Webs(const Chains& chains, const BoxTree& tree, double joint_mm, Work& work)
        : chains_{chains},
          tree_{tree},
          joint_mm_{joint_mm},
          work_{work},
          root_(chains.chains.size() + chains.branches.size()) {
        std::iota(root_.begin(), root_.end(), 0U);
    }

    std::vector<Vec2> dividing(const std::vector<Crossing>& crossings) {
        std::vector<Vec2> out;
        // Outlines that touch are one web whatever the slits do.
        for (const Crossing& crossing : crossings) {
            if (closed(crossing.a) && closed(crossing.b)) unite(crossing.a, crossing.b);
        }
        for (std::uint32_t b = 0; b < chains_.branches.size(); ++b)
            join_branch(b, out);
        for (const Crossing& crossing : crossings) {
            if (closed(crossing.a) && closed(crossing.b)) continue;
            const bool outline = closed(crossing.a) || closed(crossing.b);
            const bool across = outline && crossing.through && !near_an_end(crossing);
            if (across || !unite(crossing.a, crossing.b)) out.push_back(crossing.at);
        }
        return out;
    }

private:
    bool closed(std::uint32_t c) const { return chains_.chains[c].closed; }

    // A slit that ends on an outline may go a little beyond it.
    bool near_an_end(const Crossing& crossing) const {
        const Chain& open = chains_.chains[closed(crossing.a) ? crossing.b : crossing.a];
        return distance(chains_.pieces[open.first].from, crossing.at) <= joint_mm_ ||
               distance(chains_.pieces[open.last - 1].to, crossing.at) <= joint_mm_;
    }

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
            if (!unite(c, node) && !closed(c)) out.push_back(at);
        }
    }

    std::uint32_t find(std::uint32_t c) {
        while (root_[c] != c)
            c = root_[c] = root_[root_[c]];
        return c;
    }
    // False when they are one web already.
    bool unite(std::uint32_t a, std::uint32_t b) {
        const std::uint32_t p = find(a);
        const std::uint32_t q = find(b);
        root_[std::max(p, q)] = std::min(p, q);
        return p != q;
    }

    const Chains& chains_;
    const BoxTree& tree_;
    double joint_mm_;
    Work& work_;
    std::vector<std::uint32_t> root_;  // Chains, then branches.
};

}  // namespace

OpenCuts open_cuts_of(const Chains& chains,
                      const BoxTree& tree,
                      const std::vector<std::uint32_t>& depths,
                      const std::vector<Crossing>& crossings,
                      double joint_mm,
                      Work& work) {
    OpenCuts out;
    if (chains.chains.empty() || chains.chains.back().closed) return out;  // Loops come first.
    const auto parents = parents_of(chains, tree, depths, work);
    for (std::uint32_t c = 0; c < chains.chains.size(); ++c) {
        if (chains.chains[c].closed) continue;
        const bool in_material = parents[c] && depths[*parents[c]] % 2 == 0;
        (in_material ? out.slits : out.loose).push_back(c);
    }
    out.dividing = Webs{chains, tree, joint_mm, work}.dividing(crossings);
    return out;
}

}  // namespace nearfab::geometry::flat
