// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/flat_facts.hpp"

#include "geometry/flat/chains.hpp"
#include "geometry/flat/crossings.hpp"
#include "geometry/flat/doubles.hpp"
#include "geometry/flat/extents.hpp"
#include "geometry/flat/inner_corners.hpp"
#include "geometry/flat/joined_cuts.hpp"
#include "geometry/flat/necks.hpp"
#include "geometry/flat/nesting.hpp"
#include "geometry/flat/open_cuts.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <utility>

namespace nearfab::geometry {
namespace flat {
namespace {

using namespace plane;

FlatBounds bounds_of(std::span<const Piece> pieces) {
    FlatBounds all{pieces.front().box.min, pieces.front().box.max};
    for (const Piece& piece : pieces) {
        all.min = {std::min(all.min.x, piece.box.min.x), std::min(all.min.y, piece.box.min.y)};
        all.max = {std::max(all.max.x, piece.box.max.x), std::max(all.max.y, piece.box.max.y)};
    }
    return all;
}

class Survey {
public:
    Survey(const Drawing& drawing, const FlatOptions& options)
        : drawing_(drawing), options_(options), work_{options.tests} {}

    Result<FlatFacts> run() {
        auto joined = joined_cuts(drawing_, options_, work_);
        if (!joined) return fail(joined.error());
        if (Status status = tell_lengths(*joined); !status) return fail(status.error());
        tell_doubles(*joined);
        chains_ = std::move(joined->chains);
        const BoxTree tree{boxes_of(chains_.pieces)};
        const auto crossings =
            crossings_of(chains_, tree, options_.joint_mm, options_.crossings, work_);
        if (crossings.size() > options_.crossings) return fail(too_many_crossings(options_));
        groups_ = groups_of(chains_, tree, crossings, work_);
        const auto depths = depths_of(chains_, tree, groups_, work_);
        const auto open = open_cuts_of(chains_, tree, depths, crossings, work_);
        tell_chains(depths);
        tell_area();
        if (work_.left == 0) return fail(too_tangled(options_));
        tell_slits(open);
        tell_joints(open);
        tell_crossings(crossings, open);
        tell_necks();
        tell_inner_corners(chains_, sides_, facts_);
        return std::move(facts_);
    }

private:
    Status tell_lengths(const JoinedCuts& joined) {
        facts_.roles.assign(drawing_.paths.size(), PathRole::not_cut);
        for (const Path& path : drawing_.paths) {
            if (path.operation == Operation::score) facts_.score_length_mm += length_of(path);
            if (path.operation == Operation::engrave) facts_.engrave_length_mm += length_of(path);
        }
        const std::vector<Piece>& told = joined.pieces.empty() ? joined.others : joined.pieces;
        if (told.empty()) {
            return fail(ErrorCode::invalid_argument,
                        "the drawing has no line that is to be cut, scored or engraved",
                        "Give a map of layers or colours to operations");
        }
        facts_.bounds = bounds_of(told);
        const Extent extent = extent_of(told);
        facts_.smallest_rectangle = extent.rectangle;
        facts_.hull_area_mm2 = extent.hull_area_mm2;
        return {};
    }

    void tell_doubles(const JoinedCuts& joined) {
        // Parts that go on in the next piece are one place.
        Vec2 last_end{};
        for (const DoubledPart& part : joined.doubled) {
            const Piece& piece = joined.pieces[part.piece];
            const double mm = (part.to - part.from) * piece.length();
            facts_.doubled_length_mm += mm;
            const Vec2 begin = piece.point(part.from);
            const bool goes_on =
                facts_.doubled_places > 0 && distance(begin, last_end) <= options_.same_line_mm;
            last_end = piece.point(part.to);
            if (goes_on) {
                if (facts_.doubled.size() == facts_.doubled_places) facts_.doubled.back().mm += mm;
                continue;
            }
            ++facts_.doubled_places;
            list(facts_.doubled, middle(begin, last_end), mm);
        }
        for (std::size_t i = 0; i < joined.lost.size(); ++i) {
            if (joined.lost[i]) facts_.roles[i] = PathRole::doubled;
        }
    }

    void list(std::vector<FlatPlace>& places, const Vec2& at, double mm) const {
        if (places.size() < options_.places) places.push_back({at, mm});
    }

    void tell_chains(const std::vector<std::uint32_t>& depths) {
        for (std::uint32_t c = 0; c < chains_.chains.size(); ++c) {
            const Chain& chain = chains_.chains[c];
            const std::span<const Piece> pieces{chains_.pieces.data() + chain.first,
                                                chain.last - chain.first};
            double length = 0;
            for (const Piece& piece : pieces)
                length += piece.length();
            facts_.cut_length_mm += length;
            if (!chain.closed) {
                name(pieces, PathRole::open);
                ++facts_.open_chains;
                sides_.push_back(MaterialSide::both);
                continue;
            }
            const double area = signed_area_of(chains_, chain);
            FlatLoop loop;
            loop.depth = depths[c];
            loop.outer = loop.depth % 2 == 0;
            name(pieces, loop.outer ? PathRole::outer : PathRole::inner);
            loop.area_mm2 = std::abs(area);
            loop.length_mm = length;
            loop.bounds = bounds_of(pieces);
            loop.first_path = pieces.front().path;
            measure_width(pieces, loop);
            tell_loop(loop);
            sides_.push_back((area > 0) == loop.outer ? MaterialSide::left : MaterialSide::right);
        }
        facts_.pierces = static_cast<std::uint32_t>(chains_.chains.size());
    }

    // What several loops bound together counts once.
    void tell_area() {
        std::vector<std::vector<std::uint32_t>> members(chains_.chains.size());
        for (std::uint32_t c = 0; c < chains_.chains.size(); ++c) {
            if (chains_.chains[c].closed) members[groups_.of[c]].push_back(c);
        }
        for (std::uint32_t c = 0; c < members.size(); ++c) {
            if (members[c].empty()) continue;
            const FlatLoop& loop = facts_.loops[c];  // Loops are the first chains.
            const double area =
                groups_.crossed[c] ? united_area(chains_, members[c], work_) : loop.area_mm2;
            facts_.net_area_mm2 += loop.outer ? area : -area;
        }
        facts_.net_area_mm2 = std::max(facts_.net_area_mm2, 0.0);
        // Of a part that fills its hull the two differ by rounding.
        facts_.hull_area_mm2 = std::max(facts_.hull_area_mm2, facts_.net_area_mm2);
    }

    void tell_slits(const OpenCuts& open) {
        facts_.slits = static_cast<std::uint32_t>(open.slits.size());
        if (open.slits.empty()) return;
        const Chain& chain = chains_.chains[open.slits.front()];
        double length = 0;
        for (std::uint32_t i = chain.first; i < chain.last; ++i)
            length += chains_.pieces[i].length();
        facts_.slit = FlatPlace{
            chains_.pieces[chain.first + (chain.last - chain.first) / 2].point(0.5), length};
    }

    void name(std::span<const Piece> pieces, PathRole role) {
        for (const Piece& piece : pieces)
            facts_.roles[piece.path] = role;
    }

    static void measure_width(std::span<const Piece> pieces, FlatLoop& loop) {
        const Piece& first = pieces.front();
        loop.circle = std::all_of(pieces.begin(), pieces.end(), [&](const Piece& piece) {
            return piece.arc() && piece.left == first.left &&
                   distance(piece.centre, first.centre) <= 1e-6 * first.radius &&
                   std::abs(piece.radius - first.radius) <= 1e-6 * first.radius;
        });
        loop.width_mm = loop.circle ? 2 * first.radius : extent_of(pieces).width_mm;
    }

    void tell_loop(const FlatLoop& loop) {
        ++(loop.outer ? facts_.outer_loops : facts_.inner_loops);
        if (!loop.outer && loop.width_mm >= options_.joint_mm &&
            (!facts_.smallest_hole || loop.width_mm < facts_.smallest_hole->mm))
            facts_.smallest_hole =
                FlatPlace{middle(loop.bounds.min, loop.bounds.max), loop.width_mm};
        facts_.loops.push_back(loop);
    }

    void tell_joints(const OpenCuts& open) {
        for (const JoinedGap& gap : chains_.gaps) {
            ++facts_.closed_gaps;
            facts_.largest_closed_gap_mm = std::max(facts_.largest_closed_gap_mm, gap.mm);
        }
        for (const Branch& branch : chains_.branches) {
            ++facts_.branches;
            list(facts_.branch_at, branch.at, branch.ends);
        }
        tell_open_ends(open);
    }

    void tell_open_ends(const OpenCuts& open) {
        std::vector<Vec2> ends;
        std::vector<Box2> boxes;
        for (const std::uint32_t c : open.loose) {
            const Chain& chain = chains_.chains[c];
            for (const Vec2& end :
                 {chains_.pieces[chain.first].from, chains_.pieces[chain.last - 1].to}) {
                ends.push_back(end);
                boxes.push_back({end, end});
            }
        }
        facts_.open_ends = static_cast<std::uint32_t>(ends.size());
        const BoxTree tree{boxes};
        const std::size_t listed = std::min<std::size_t>(options_.places, ends.size());
        for (std::uint32_t i = 0; i < listed; ++i) {
            double nearest = std::numeric_limits<double>::infinity();
            const double most = 2 * distance(facts_.bounds.min, facts_.bounds.max);
            // Ever larger squares round the end, until one holds a nearest end for sure.
            for (double reach = options_.joint_mm; nearest > reach && reach < 2 * most;
                 reach *= 4) {
                tree.each_meeting(grown(boxes[i], reach), [&](std::uint32_t j) {
                    if (j != i) nearest = std::min(nearest, distance(ends[i], ends[j]));
                    return true;
                });
            }
            list(facts_.open_at, ends[i], std::isfinite(nearest) ? nearest : 0);
        }
    }

    void tell_crossings(const std::vector<Crossing>& crossings, const OpenCuts& open) {
        const auto divide = [&](const Vec2& at) {
            if (facts_.dividing++ == 0) facts_.dividing_at = at;
        };
        for (const Crossing& crossing : crossings) {
            ++(crossing.self() ? facts_.self_crossings : facts_.crossings);
            list(facts_.crossing_at, crossing.at, 0);
            if (!chains_.chains[crossing.a].closed || !chains_.chains[crossing.b].closed) continue;
            const bool run_into =
                !crossing.self() && groups_.of[crossing.a] == groups_.of[crossing.b];
            if (crossing.through || run_into) {
                divide(crossing.at);
            } else if (facts_.touching++ == 0) {
                facts_.touching_at = crossing.at;
            }
        }
        for (const Vec2& at : open.dividing)
            divide(at);
    }

    void tell_necks() {
        const double least = std::max(options_.joint_mm, options_.same_line_mm);
        // No part is wider than its hull, and no hole.
        Necks known;
        for (const FlatLoop& loop : facts_.loops) {
            if (loop.width_mm < least) continue;  // A line there and back.
            auto& neck = loop.outer ? known.wall : known.gap;
            if (neck && neck->mm <= loop.width_mm) continue;
            const Vec2 centre = middle(loop.bounds.min, loop.bounds.max);
            const Vec2 half = loop.bounds.size().x <= loop.bounds.size().y
                                  ? Vec2{loop.width_mm / 2, 0}
                                  : Vec2{0, loop.width_mm / 2};
            neck = Neck{centre - half, centre + half, loop.width_mm};
        }
        Work work{options_.neck_tests};
        const Necks necks = necks_of(chains_, sides_, known, least, options_.neck_mm, work);
        facts_.narrowest_wall = necks.wall;
        facts_.narrowest_gap = necks.gap;
        facts_.necks_searched_mm = necks.searched_mm;
    }

    const Drawing& drawing_;
    const FlatOptions& options_;
    Work work_;
    Chains chains_;
    LoopGroups groups_;
    std::vector<MaterialSide> sides_;  // Per chain.
    FlatFacts facts_;
};

}  // namespace
}  // namespace flat

Result<FlatFacts> flat_facts(const Drawing& drawing, const FlatOptions& options) {
    return flat::Survey{drawing, options}.run();
}

}  // namespace nearfab::geometry
