// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/crossings.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <tuple>
#include <utility>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// Meetings are looked for this far beyond the ends, so that touching is not missed by rounding.
constexpr double slack_mm = 1e-6;

struct Met {
    Vec2 at;
    std::uint32_t a = 0;  // Chains, a <= b.
    std::uint32_t b = 0;
};

class Finder {
public:
    Finder(const Chains& chains, const BoxTree& tree, double joint_mm, Work& work)
        : chains_(chains),
          tree_(tree),
          branches_(boxes_of(chains.branches)),
          joint_mm_(joint_mm),
          work_(work) {
        along_.reserve(chains.pieces.size() + 1);
        double sum = 0;
        for (const Piece& piece : chains.pieces) {
            along_.push_back(sum);
            sum += piece.length();
        }
        along_.push_back(sum);
    }

    std::vector<Crossing> find() {
        const auto& pieces = chains_.pieces;
        for (std::uint32_t j = 0; j < pieces.size(); ++j) {
            tree_.each_meeting(grown(pieces[j].box, slack_mm), [&](std::uint32_t i) {
                if (!work_.spend()) return false;
                if (i < j) compare(i, j);
                return true;
            });
        }
        return united();
    }

private:
    void compare(std::uint32_t i, std::uint32_t j) {
        const Piece& p = chains_.pieces[i];
        const Piece& q = chains_.pieces[j];
        Meeting meeting = meeting_points(p, q, slack_mm);
        // Parallel lines and arcs of one circle meet in their ends, if at all.
        if (meeting.count == 0) touch_in_ends(p, q, meeting);
        for (int k = 0; k < meeting.count; ++k) {
            const Vec2& at = meeting.at[static_cast<std::size_t>(k)];
            if (joined_there(i, j, at) || at_branch(at)) continue;
            const std::uint32_t a = chains_.chain_of[i];
            const std::uint32_t b = chains_.chain_of[j];
            met_.push_back({at, std::min(a, b), std::max(a, b)});
        }
    }

    static void touch_in_ends(const Piece& p, const Piece& q, Meeting& meeting) {
        for (const Vec2& end : {p.from, p.to}) {
            if (meeting.count == 0 &&
                (distance(end, q.from) <= slack_mm || distance(end, q.to) <= slack_mm))
                meeting.at[static_cast<std::size_t>(meeting.count++)] = end;
        }
    }

    // Where pieces are joined they meet, and a gap that was joined may have them cross near by. A
    // loop that a chain makes within a kerf's width is not seen in the part either.
    bool joined_there(std::uint32_t i, std::uint32_t j, const Vec2& at) const {
        if (chains_.chain_of[i] != chains_.chain_of[j]) return false;
        const Chain& chain = chains_.chains[chains_.chain_of[i]];
        const double whole = along_[chain.last] - along_[chain.first];
        const double between = std::abs((along_[j] + way_to(j, at)) - (along_[i] + way_to(i, at)));
        const double nearest = chain.closed ? std::min(between, whole - between) : between;
        return nearest <= 4 * joint_mm_;
    }

    // Along the piece from its beginning to a point on it.
    double way_to(std::uint32_t i, const Vec2& at) const {
        const Piece& piece = chains_.pieces[i];
        const double chord = distance(piece.from, at);
        if (!piece.arc()) return chord;
        return 2 * piece.radius * std::asin(std::min(chord / (2 * piece.radius), 1.0));
    }

    static std::vector<Box2> boxes_of(const std::vector<Branch>& branches) {
        std::vector<Box2> boxes;
        for (const Branch& branch : branches)
            boxes.push_back({branch.at, branch.at});
        return boxes;
    }

    bool at_branch(const Vec2& at) const {
        bool found = false;
        branches_.each_meeting(grown({at, at}, joint_mm_), [&](std::uint32_t) {
            found = true;
            return false;
        });
        return found;
    }

    // Meetings of the same two chains in one cell of joint_mm, or in two that touch, are one.
    std::vector<Crossing> united() {
        const auto cell = [&](const Met& met) {
            return std::pair{std::floor(met.at.x / joint_mm_), std::floor(met.at.y / joint_mm_)};
        };
        std::vector<Crossing> out;
        std::set<std::tuple<std::uint32_t, std::uint32_t, double, double>> taken;
        for (const Met& met : met_) {
            const auto [x, y] = cell(met);
            bool again = false;
            for (const double dx : {-1.0, 0.0, 1.0}) {
                for (const double dy : {-1.0, 0.0, 1.0})
                    again = again || taken.contains({met.a, met.b, x + dx, y + dy});
            }
            if (again) continue;
            taken.insert({met.a, met.b, x, y});
            out.push_back({met.at, met.a == met.b});
        }
        std::sort(out.begin(), out.end(), [](const Crossing& p, const Crossing& q) {
            return std::tie(p.at.x, p.at.y) < std::tie(q.at.x, q.at.y);
        });
        return out;
    }

    const Chains& chains_;
    const BoxTree& tree_;
    BoxTree branches_;
    std::vector<double> along_;  // Lengths of all pieces before each piece.
    double joint_mm_;
    Work& work_;
    std::vector<Met> met_;
};

}  // namespace

std::vector<Crossing> crossings_of(const Chains& chains,
                                   const BoxTree& tree,
                                   double joint_mm,
                                   Work& work) {
    return Finder{chains, tree, joint_mm, work}.find();
}

}  // namespace nearfab::geometry::flat
