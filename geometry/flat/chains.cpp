// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/chains.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <tuple>
#include <utility>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// Ends this near are the same point, written with the digits of a careless export.
constexpr double same_point_mm = 1e-4;
// At larger branches no pairing would mean anything.
constexpr std::size_t largest_branch = 64;
constexpr std::uint32_t none = 0xFFFFFFFFU;

// Ends are numbered: 2 k is the front and 2 k + 1 the back of open path k.
std::uint32_t other_end(std::uint32_t end) {
    return end ^ 1U;
}

class Chainer {
public:
    Chainer(std::vector<Strand> strands, double joint_mm, Work& work)
        : strands_(std::move(strands)), joint_mm_(joint_mm), work_(work) {}

    Chains chain() {
        for (std::uint32_t i = 0; i < strands_.size(); ++i) {
            NEARFAB_CHECK(!strands_[i].pieces.empty(), "a strand has pieces");
            if (strands_[i].closed) {
                begin_chain();
                append(strands_[i].pieces);
                end_chain(true);
            } else {
                add_ends(i);
            }
        }
        partner_.assign(ends_.size(), none);
        find_nodes();
        join_near_ends();
        join_nodes();
        walk();
        return std::move(out_);
    }

private:
    struct End {
        Vec2 at;
        Vec2 outward;  // Unit direction in which the path leaves the drawing here.
        std::uint32_t strand = 0;
    };

    void add_ends(std::uint32_t strand) {
        const std::vector<Piece>& pieces = strands_[strand].pieces;
        const Vec2 back = pieces.front().direction_at(pieces.front().from);
        ends_.push_back({pieces.front().from, -1 * back, strand});
        ends_.push_back({pieces.back().to, pieces.back().direction_at(pieces.back().to), strand});
    }

    bool is_dot(std::uint32_t strand) const {
        double length = 0;
        for (const Piece& piece : strands_[strand].pieces) {
            length += piece.length();
            if (length > 4 * joint_mm_) return false;
        }
        return true;
    }

    // Ends by place: equal points first, so that a thousand of them cost no thousand squared.
    void find_nodes() {
        std::vector<std::uint32_t> order(ends_.size());
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            const Vec2& p = ends_[a].at;
            const Vec2& q = ends_[b].at;
            return std::tie(p.x, p.y, a) < std::tie(q.x, q.y, b);
        });
        node_of_.assign(ends_.size(), 0);
        std::vector<Vec2> points;
        for (const std::uint32_t end : order) {
            if (points.empty() || points.back() != ends_[end].at) points.push_back(ends_[end].at);
            node_of_[end] = static_cast<std::uint32_t>(points.size() - 1);
        }
        std::vector<std::uint32_t> root(points.size());
        std::iota(root.begin(), root.end(), 0U);
        const auto find = [&](std::uint32_t i) {
            while (root[i] != i)
                i = root[i] = root[root[i]];
            return i;
        };
        each_near_pair(points, same_point_mm, [&](std::uint32_t a, std::uint32_t b, double) {
            const std::uint32_t ra = find(a);
            const std::uint32_t rb = find(b);
            root[std::max(ra, rb)] = std::min(ra, rb);
        });
        nodes_.assign(points.size(), {});
        for (std::uint32_t end = 0; end < ends_.size(); ++end) {
            node_of_[end] = find(node_of_[end]);
            nodes_[node_of_[end]].push_back(end);
        }
    }

    template <typename Visit>
    void each_near_pair(const std::vector<Vec2>& points, double near, const Visit& visit) {
        std::vector<Box2> boxes;
        boxes.reserve(points.size());
        for (const Vec2& p : points)
            boxes.push_back({p, p});
        const BoxTree tree{boxes};
        for (std::uint32_t a = 0; a < points.size(); ++a) {
            tree.each_meeting(grown(boxes[a], near), [&](std::uint32_t b) {
                if (!work_.spend()) return false;
                const double apart = distance(points[a], points[b]);
                if (b > a && apart <= near) visit(a, b, apart);
                return true;
            });
        }
    }

    void join_near_ends() {
        std::vector<std::uint32_t> alone;
        std::vector<Vec2> points;
        for (const auto& node : nodes_) {
            if (node.size() != 1) continue;
            alone.push_back(node.front());
            points.push_back(ends_[node.front()].at);
        }
        struct Near {
            double mm;
            std::uint32_t a;
            std::uint32_t b;
        };
        std::vector<Near> near;
        each_near_pair(points, joint_mm_, [&](std::uint32_t a, std::uint32_t b, double mm) {
            const std::uint32_t p = alone[a];
            const std::uint32_t q = alone[b];
            // The two ends of a dot are not joined with each other.
            const bool dot = q == other_end(p) && is_dot(ends_[p].strand);
            if (!dot) near.push_back({mm, std::min(p, q), std::max(p, q)});
        });
        std::sort(near.begin(), near.end(), [](const Near& a, const Near& b) {
            return std::tie(a.mm, a.a, a.b) < std::tie(b.mm, b.a, b.b);
        });
        for (const Near& pair : near) {
            if (partner_[pair.a] != none || partner_[pair.b] != none) continue;
            join(pair.a, pair.b);
            out_.gaps.push_back({middle(ends_[pair.a].at, ends_[pair.b].at), pair.mm});
        }
    }

    void join(std::uint32_t a, std::uint32_t b) {
        partner_[a] = b;
        partner_[b] = a;
    }

    void join_nodes() {
        set_dead_ends_aside();
        for (const auto& node : nodes_) {
            if (node.size() == 2) join(node[0], node[1]);
            if (node.size() > 2) join_straightest(node);
        }
    }

    // At a branch, a path whose other end is alone cannot be part of a loop.
    void set_dead_ends_aside() {
        for (const auto& node : nodes_) {
            if (node.size() > 2) {
                out_.branches.push_back(
                    {ends_[node.front()].at, static_cast<std::uint32_t>(node.size())});
            }
        }
        std::vector<std::uint32_t> dead;
        for (std::uint32_t end = 0; end < ends_.size(); ++end) {
            if (nodes_[node_of_[end]].size() == 1 && partner_[end] == none) dead.push_back(end);
        }
        while (!dead.empty()) {
            const std::uint32_t far = other_end(dead.back());
            dead.pop_back();
            auto& node = nodes_[node_of_[far]];
            if (node.size() > 2) {
                node.erase(std::find(node.begin(), node.end(), far));
            } else if (node.size() == 2) {
                // The dead end goes on through the path that it is joined with.
                dead.push_back(node[0] == far ? node[1] : node[0]);
                if (!work_.spend()) return;
            }
        }
    }

    void join_straightest(const std::vector<std::uint32_t>& node) {
        if (node.size() > largest_branch) return;
        struct Way {
            double turn;  // -1: straight on.
            std::uint32_t a;
            std::uint32_t b;
        };
        std::vector<Way> ways;
        for (std::size_t i = 0; i < node.size(); ++i) {
            for (std::size_t j = i + 1; j < node.size(); ++j)
                ways.push_back(
                    {dot(ends_[node[i]].outward, ends_[node[j]].outward), node[i], node[j]});
        }
        std::sort(ways.begin(), ways.end(), [](const Way& a, const Way& b) {
            return std::tie(a.turn, a.a, a.b) < std::tie(b.turn, b.a, b.b);
        });
        for (const Way& way : ways) {
            if (partner_[way.a] == none && partner_[way.b] == none) join(way.a, way.b);
        }
    }

    void walk() {
        std::vector<bool> done(ends_.size(), false);
        std::vector<std::uint32_t> open;
        for (std::uint32_t end = 0; end < ends_.size(); ++end) {
            if (partner_[end] == none) open.push_back(end);
        }
        // What no open end leads to is a loop. Loops come first.
        std::vector<bool> in_open(ends_.size(), false);
        for (const std::uint32_t end : open) {
            for (std::uint32_t at = end; at != none && !in_open[at]; at = partner_[other_end(at)])
                in_open[at] = in_open[other_end(at)] = true;
        }
        for (std::uint32_t end = 0; end < ends_.size(); end += 2) {
            if (!in_open[end] && !done[end]) follow(end, done);
        }
        for (const std::uint32_t end : open) {
            if (!done[end]) follow(end, done);
        }
    }

    // From an end along its path and on, until an end is alone or the beginning comes again.
    void follow(std::uint32_t begin, std::vector<bool>& done) {
        begin_chain();
        std::uint32_t end = begin;
        while (true) {
            done[end] = done[other_end(end)] = true;
            std::vector<Piece> pieces = std::move(strands_[ends_[end].strand].pieces);
            if (end % 2 == 1) reverse(pieces);
            bridge(pieces.front().from);
            append(pieces);
            const std::uint32_t next = partner_[other_end(end)];
            if (next == none || next == begin) {
                if (next == begin) bridge(out_.pieces[out_.chains.back().first].from);
                break;
            }
            end = next;
        }
        end_chain(partner_[begin] != none);
    }

    static void reverse(std::vector<Piece>& pieces) {
        std::reverse(pieces.begin(), pieces.end());
        for (Piece& piece : pieces) {
            std::swap(piece.from, piece.to);
            piece.left = piece.arc() && !piece.left;
        }
    }

    void bridge(const Vec2& to) {
        const Chain& chain = out_.chains.back();
        if (chain.first == out_.pieces.size()) return;
        const Piece& last = out_.pieces.back();
        if (last.to != to) append({line_piece(last.to, to, last.path)});
    }

    void begin_chain() {
        const auto at = static_cast<std::uint32_t>(out_.pieces.size());
        out_.chains.push_back({at, at, false});
    }

    void append(const std::vector<Piece>& pieces) {
        out_.pieces.insert(out_.pieces.end(), pieces.begin(), pieces.end());
        out_.chain_of.resize(out_.pieces.size(),
                             static_cast<std::uint32_t>(out_.chains.size() - 1));
    }

    void end_chain(bool closed) {
        Chain& chain = out_.chains.back();
        chain.last = static_cast<std::uint32_t>(out_.pieces.size());
        chain.closed = closed;
        if (chain.first == chain.last) out_.chains.pop_back();  // A dot.
    }

    std::vector<Strand> strands_;
    double joint_mm_;
    Work& work_;
    std::vector<End> ends_;
    std::vector<std::uint32_t> node_of_;             // Per end.
    std::vector<std::vector<std::uint32_t>> nodes_;  // Ends by node; some are empty.
    std::vector<std::uint32_t> partner_;             // Per end.
    Chains out_;
};

}  // namespace

Chains chains_of(std::vector<Strand> strands, double joint_mm, Work& work) {
    return Chainer{std::move(strands), joint_mm, work}.chain();
}

}  // namespace nearfab::geometry::flat
