// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/loop_groups.hpp"

#include "geometry/flat/nesting.hpp"
#include "geometry/flat/webs.hpp"

#include <algorithm>
#include <numeric>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// What is nearer than this to an outline lies on it.
constexpr double on_line_mm = 1e-4;
constexpr double slack_mm = 1e-6;
// Putting a piece in its place in a row costs as much as so many comparisons of boxes.
constexpr std::size_t sorting = 16;

class Grouper {
public:
    Grouper(const Chains& chains, const BoxTree& tree, Work& work)
        : chains_{chains}, tree_{tree}, work_{work}, webs_{chains.chains.size()} {}

    LoopGroups group(const std::vector<Crossing>& crossings) {
        std::vector<bool> crossed(chains_.chains.size(), false);
        for (const Crossing& crossing : crossings) {
            if (!crossing.through || !closed(crossing)) continue;
            crossed[crossing.a] = true;
            webs_.unite(crossing.a, crossing.b);
        }
        for (const Crossing& crossing : crossings) {
            if (crossing.through || crossing.self() || !closed(crossing)) continue;
            if (webs_.of(crossing.a) == webs_.of(crossing.b) || work_.left == 0) continue;
            if (!runs_into(crossing.a, crossing.b) && !runs_into(crossing.b, crossing.a)) continue;
            crossed[crossing.a] = true;
            webs_.unite(crossing.a, crossing.b);
        }
        LoopGroups groups = no_groups(chains_);
        for (std::uint32_t c = 0; c < crossed.size(); ++c) {
            groups.of[c] = webs_.of(c);
            if (crossed[c]) groups.crossed[groups.of[c]] = true;
        }
        return groups;
    }

private:
    bool closed(const Crossing& crossing) const {
        return chains_.chains[crossing.a].closed && chains_.chains[crossing.b].closed;
    }

    // Whether loop a has a part inside loop b and another outside.
    bool runs_into(std::uint32_t a, std::uint32_t b) {
        bool inside = false;
        bool outside = false;
        std::vector<double> cuts;
        for (std::uint32_t i = chains_.chains[a].first; i < chains_.chains[a].last; ++i) {
            divide(i, b, cuts);
            for (std::size_t k = 0; k + 1 < cuts.size(); ++k) {
                const Vec2 at = chains_.pieces[i].point(0.5 * (cuts[k] + cuts[k + 1]));
                if (on_loop(b, at)) continue;
                (winding_round(chains_, tree_, b, at, work_) != 0 ? inside : outside) = true;
                if (inside && outside) return true;
            }
            if (work_.left == 0) return false;
        }
        return false;
    }

    // Where piece i meets loop b, as shares of its length, with its ends.
    void divide(std::uint32_t i, std::uint32_t b, std::vector<double>& cuts) {
        const Piece& piece = chains_.pieces[i];
        cuts = {0, 1};
        const auto add = [&](const Vec2& at) {
            if (closest_point(piece, at).distance > slack_mm) return;
            const double chord = distance(piece.from, at);
            const double way =
                piece.arc()
                    ? 2 * piece.radius * std::asin(std::min(chord / (2 * piece.radius), 1.0))
                    : chord;
            cuts.push_back(std::clamp(way / piece.length(), 0.0, 1.0));
        };
        tree_.each_meeting(grown(piece.box, slack_mm), [&](std::uint32_t j) {
            if (!work_.spend()) return false;
            if (chains_.chain_of[j] != b) return true;
            const Piece& other = chains_.pieces[j];
            const Meeting meeting = meeting_points(piece, other, slack_mm);
            for (int k = 0; k < meeting.count; ++k)
                add(meeting.at[static_cast<std::size_t>(k)]);
            add(other.from);
            add(other.to);
            return true;
        });
        std::sort(cuts.begin(), cuts.end());
    }

    bool on_loop(std::uint32_t b, const Vec2& at) {
        bool found = false;
        tree_.each_meeting(grown({at, at}, on_line_mm), [&](std::uint32_t j) {
            if (!work_.spend()) return false;
            found = chains_.chain_of[j] == b &&
                    closest_point(chains_.pieces[j], at).distance <= on_line_mm;
            return !found;
        });
        return found;
    }

    const Chains& chains_;
    const BoxTree& tree_;
    Work& work_;
    Webs webs_;
};

// The heights at which pieces begin, end or meet cut the plane into slabs, in which pieces stand
// beside each other without meeting.
class Slabs {
public:
    Slabs(const Chains& chains, const std::vector<std::uint32_t>& loops, Work& work)
        : work_{work}, winding_(loops.size(), 0) {
        for (std::uint32_t loop = 0; loop < loops.size(); ++loop) {
            const Chain& chain = chains.chains[loops[loop]];
            for (std::uint32_t i = chain.first; i < chain.last; ++i) {
                pieces_.push_back(chains.pieces[i]);
                loop_of_.push_back(loop);
            }
        }
    }

    double area() {
        find_heights();
        std::vector<std::uint32_t> order(pieces_.size());
        std::iota(order.begin(), order.end(), 0U);
        std::sort(order.begin(), order.end(), [&](std::uint32_t a, std::uint32_t b) {
            return pieces_[a].box.min.y < pieces_[b].box.min.y;
        });
        std::vector<std::uint32_t> active;
        std::size_t next = 0;
        double sum = 0;
        for (std::size_t k = 0; k + 1 < heights_.size(); ++k) {
            const double low = heights_[k];
            const double high = heights_[k + 1];
            while (next < order.size() && pieces_[order[next]].box.min.y <= low)
                active.push_back(order[next++]);
            active.erase(
                std::remove_if(active.begin(),
                               active.end(),
                               [&](std::uint32_t i) { return pieces_[i].box.max.y < high; }),
                active.end());
            if (!spend(sorting * active.size())) return sum;
            sum += slab(active, low, high);
        }
        return sum;
    }

private:
    struct Side {
        double x = 0;
        std::uint32_t piece = 0;
    };

    bool spend(std::size_t count) {
        if (work_.left < count) {
            work_.left = 0;
            return false;
        }
        work_.left -= count;
        return true;
    }

    void find_heights() {
        const BoxTree tree{boxes_of(pieces_)};
        for (std::uint32_t i = 0; i < pieces_.size(); ++i) {
            heights_.push_back(pieces_[i].box.min.y);
            heights_.push_back(pieces_[i].box.max.y);
            tree.each_meeting(pieces_[i].box, [&](std::uint32_t j) {
                if (!work_.spend()) return false;
                if (j <= i) return true;
                const Meeting meeting = meeting_points(pieces_[i], pieces_[j], 0);
                for (int k = 0; k < meeting.count; ++k)
                    heights_.push_back(meeting.at[static_cast<std::size_t>(k)].y);
                return true;
            });
        }
        std::sort(heights_.begin(), heights_.end());
        heights_.erase(std::unique(heights_.begin(), heights_.end()), heights_.end());
    }

    double slab(const std::vector<std::uint32_t>& active, double low, double high) {
        sides_.clear();
        for (const std::uint32_t i : active)
            sides_.push_back({crossing_x(pieces_[i], 0.5 * (low + high)), i});
        std::sort(sides_.begin(), sides_.end(), [](const Side& a, const Side& b) {
            return a.x != b.x ? a.x < b.x : a.piece < b.piece;
        });
        std::fill(winding_.begin(), winding_.end(), 0);
        std::size_t round = 0;  // Loops that wind round what comes next.
        double sum = 0;
        for (const Side& side : sides_) {
            const Piece& piece = pieces_[side.piece];
            int& winding = winding_[loop_of_[side.piece]];
            const std::size_t before = round;
            round -= winding != 0 ? 1 : 0;
            winding += piece.to.y > piece.from.y ? -1 : 1;
            round += winding != 0 ? 1 : 0;
            if (before == 0 && round > 0) sum -= left_area(piece, low, high);
            if (before > 0 && round == 0) sum += left_area(piece, low, high);
        }
        return sum;
    }

    // Between the piece and the y axis, from one height to another.
    static double left_area(const Piece& piece, double low, double high) {
        if (!piece.arc())
            return (high - low) * 0.5 * (crossing_x(piece, low) + crossing_x(piece, high));
        const double r = piece.radius;
        const auto under = [r](double up) {
            const double u = std::clamp(up / r, -1.0, 1.0);
            return 0.5 * r * r * (u * std::sqrt(1 - u * u) + std::asin(u));
        };
        const double bow = under(high - piece.centre.y) - under(low - piece.centre.y);
        return piece.centre.x * (high - low) + (right_half(piece) ? bow : -bow);
    }

    std::vector<Piece> pieces_;
    std::vector<std::uint32_t> loop_of_;
    Work& work_;
    std::vector<int> winding_;  // Per loop.
    std::vector<double> heights_;
    std::vector<Side> sides_;
};

}  // namespace

LoopGroups no_groups(const Chains& chains) {
    LoopGroups groups{std::vector<std::uint32_t>(chains.chains.size()),
                      std::vector<bool>(chains.chains.size(), false)};
    std::iota(groups.of.begin(), groups.of.end(), 0U);
    return groups;
}

LoopGroups groups_of(const Chains& chains,
                     const BoxTree& tree,
                     const std::vector<Crossing>& crossings,
                     Work& work) {
    return Grouper{chains, tree, work}.group(crossings);
}

double united_area(const Chains& chains, const std::vector<std::uint32_t>& loops, Work& work) {
    return Slabs{chains, loops, work}.area();
}

}  // namespace nearfab::geometry::flat
