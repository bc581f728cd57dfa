// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/crossings.hpp"

#include <algorithm>
#include <cmath>
#include <optional>
#include <tuple>
#include <unordered_map>
#include <utility>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// Meetings are looked for this far beyond the ends, so that touching is not missed by rounding.
constexpr double slack_mm = 1e-6;

// Directions nearer to each other than this (radians) are the same.
constexpr double same_direction = 1e-3;
// Pieces this short have no direction that the digits of a file could not turn.
constexpr double at_end_mm = 1e-5;

// A cell of the plane, and the two chains that meet in it.
struct Spot {
    std::uint32_t a = 0;
    std::uint32_t b = 0;
    double x = 0;
    double y = 0;
    friend bool operator==(const Spot&, const Spot&) = default;
};

struct SpotHash {
    std::size_t operator()(const Spot& spot) const {
        std::size_t hash = spot.a * std::size_t{0x9E3779B97F4A7C15U} + spot.b;
        for (const double part : {spot.x, spot.y})
            hash = (hash ^ (hash >> 29U)) * 0xBF58476D1CE4E5B9U + std::hash<double>{}(part);
        return hash;
    }
};

class Finder {
public:
    Finder(
        const Chains& chains, const BoxTree& tree, double joint_mm, std::uint64_t most, Work& work)
        : chains_(chains),
          tree_(tree),
          branches_(boxes_of(chains.branches)),
          joint_mm_(joint_mm),
          most_(most),
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
                if (!work_.spend() || found_.size() > most_) return false;
                if (i < j) compare(i, j);
                return true;
            });
        }
        std::sort(found_.begin(), found_.end(), [](const Crossing& p, const Crossing& q) {
            return std::tie(p.at.x, p.at.y, p.a, p.b) < std::tie(q.at.x, q.at.y, q.a, q.b);
        });
        return std::move(found_);
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
            note({at, std::min(a, b), std::max(a, b), go_through(i, j, at)});
        }
    }

    // The two ways that lead away from a point on a piece, along its chain; empty at an open end.
    struct Ways {
        Vec2 back;
        Vec2 on;
    };
    std::optional<Ways> ways(std::uint32_t i, const Vec2& at) const {
        const Piece& piece = chains_.pieces[i];
        const Chain& chain = chains_.chains[chains_.chain_of[i]];
        std::uint32_t in = i;
        std::uint32_t out = i;
        if (distance(at, piece.from) <= at_end_mm) {
            if (i == chain.first && !chain.closed) return std::nullopt;
            in = i == chain.first ? chain.last - 1 : i - 1;
        } else if (distance(at, piece.to) <= at_end_mm) {
            if (i + 1 == chain.last && !chain.closed) return std::nullopt;
            out = i + 1 == chain.last ? chain.first : i + 1;
        }
        const Piece& before = chains_.pieces[in];
        const Piece& after = chains_.pieces[out];
        return Ways{-1 * before.direction_at(in == i ? at : before.to),
                    after.direction_at(out == i ? at : after.from)};
    }

    // Whether the ways of one chain leave to different sides of the other. Ways that run along
    // each other, and arcs that only kiss, say nothing.
    bool go_through(std::uint32_t i, std::uint32_t j, const Vec2& at) const {
        const auto p = ways(i, at);
        const auto q = ways(j, at);
        if (!p || !q) return false;
        for (const Vec2& along : {p->back, p->on}) {
            for (const Vec2& other : {q->back, q->on}) {
                if (std::abs(plane::cross(along, other)) <= same_direction && dot(along, other) > 0)
                    return false;
            }
        }
        const double opening = angle(p->back, p->on);
        return (angle(p->back, q->back) < opening) != (angle(p->back, q->on) < opening);
    }

    // Counter-clockwise from one direction to another, 0 to 2 pi.
    static double angle(const Vec2& from, const Vec2& to) {
        const double turn = std::atan2(plane::cross(from, to), dot(from, to));
        return turn < 0 ? turn + 2 * pi : turn;
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
    void note(const Crossing& met) {
        const Spot cell{
            met.a, met.b, std::floor(met.at.x / joint_mm_), std::floor(met.at.y / joint_mm_)};
        for (const double dx : {0.0, -1.0, 1.0}) {
            for (const double dy : {0.0, -1.0, 1.0}) {
                const auto known = places_.find({met.a, met.b, cell.x + dx, cell.y + dy});
                if (known == places_.end()) continue;
                Crossing& place = found_[known->second];
                place.through = place.through || met.through;
                return;
            }
        }
        places_.emplace(cell, found_.size());
        found_.push_back(met);
    }

    const Chains& chains_;
    const BoxTree& tree_;
    BoxTree branches_;
    std::vector<double> along_;  // Lengths of all pieces before each piece.
    double joint_mm_;
    std::uint64_t most_;
    Work& work_;
    std::unordered_map<Spot, std::size_t, SpotHash> places_;  // Indices into found_.
    std::vector<Crossing> found_;
};

}  // namespace

std::vector<Crossing> crossings_of(
    const Chains& chains, const BoxTree& tree, double joint_mm, std::uint64_t most, Work& work) {
    return Finder{chains, tree, joint_mm, most, work}.find();
}

}  // namespace nearfab::geometry::flat
