// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/outlines.hpp"

#include "geometry/flat/crossings.hpp"
#include "geometry/flat/joined_cuts.hpp"
#include "geometry/flat/open_cuts.hpp"
#include "geometry/flat/plane.hpp"
#include "toolpath/place_text.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <span>
#include <string>
#include <utility>

namespace nearfab::toolpath {

using namespace geometry::plane;
namespace flat = geometry::flat;
using geometry::Operation;

namespace {

Track track_of_pieces(std::span<const flat::Piece> pieces) {
    Track track;
    for (const flat::Piece& piece : pieces) {
        const double sweep = piece.arc() ? piece.length() / piece.radius : 0;
        track.push_back({piece.from, piece.to, (piece.left ? 1 : -1) * std::tan(sweep / 4)});
        if (!piece.arc()) track.back().bulge = 0;
    }
    return track;
}

class Reader {
public:
    Reader(const geometry::Drawing& drawing, const OutlineOptions& options)
        : drawing_{drawing}, options_{options}, work_{options.joining.tests} {}

    Result<Outlines> run() {
        auto joined = flat::joined_cuts(drawing_, options_.joining, work_);
        if (!joined) return fail(joined.error());
        chains_ = std::move(joined->chains);
        const flat::BoxTree tree{flat::boxes_of(chains_.pieces)};
        const auto crossings = flat::crossings_of(
            chains_, tree, options_.joining.joint_mm, options_.joining.crossings, work_);
        if (work_.left == 0) return fail(flat::too_tangled(options_.joining));
        if (crossings.size() > options_.joining.crossings)
            return fail(flat::too_many_crossings(options_.joining));
        if (Status status = check_crossings(crossings); !status) return fail(status.error());
        if (Status status = take_open(tree, crossings); !status) return fail(status.error());
        if (work_.left == 0) return fail(flat::too_tangled(options_.joining));
        take_loops();
        take_lines();
        if (out_.loops.empty() && out_.scores.empty() && out_.engravings.empty() &&
            out_.engraved.empty()) {
            return fail(ErrorCode::invalid_file,
                        "the drawing has nothing to cut, score or engrave",
                        "Draw what is to be cut as strokes without fill");
        }
        return std::move(out_);
    }

private:
    std::span<const flat::Piece> pieces_of(const flat::Chain& chain) const {
        return {chains_.pieces.data() + chain.first, chain.last - chain.first};
    }

    // What meets outlines: other outlines, and where there are no slits everything.
    bool unclear(const flat::Crossing& crossing) const {
        return !options_.slits ||
               (chains_.chains[crossing.a].closed && chains_.chains[crossing.b].closed);
    }

    Status check_crossings(const std::vector<flat::Crossing>& crossings) const {
        const auto first = std::find_if(
            crossings.begin(), crossings.end(), [&](const auto& one) { return unclear(one); });
        if (first == crossings.end()) return {};
        const auto places = std::count_if(
            crossings.begin(), crossings.end(), [&](const auto& one) { return unclear(one); });
        return fail(ErrorCode::invalid_file,
                    "cut lines cross or touch at " + std::to_string(places) +
                        (places == 1 ? " place" : " places") + ", the first at " +
                        place_text(first->at) +
                        ": what is material there and what is waste is not clear",
                    "Unite or separate the outlines there; parts side by side need a gap of the "
                    "width of the cut");
    }

    // The gap between the ends of a chain, and so what it may have been meant to be.
    Error open_error(std::size_t count, const flat::Chain& chain) const {
        const auto pieces = pieces_of(chain);
        const Vec2 begin = pieces.front().from;
        const Vec2 end = pieces.back().to;
        const double gap = distance(begin, end);
        const std::string many = count == 1 ? "a cut line does not close"
                                            : std::to_string(count) + " cut lines do not close";
        return {ErrorCode::invalid_file,
                many + "; the first runs from " + place_text(begin) + " to " + place_text(end) +
                    ", a gap of " + mm_text(gap) + " (up to " + mm_text(options_.joining.joint_mm) +
                    " is joined)",
                "Close the outlines in the drawing, or draw lines that are not to be cut through "
                "on a layer named score or engrave"};
    }

    Status take_open(const flat::BoxTree& tree, const std::vector<flat::Crossing>& crossings) {
        const auto open = static_cast<std::size_t>(std::count_if(
            chains_.chains.begin(), chains_.chains.end(), [](const auto& c) { return !c.closed; }));
        if (open == 0) return {};
        if (!options_.slits) {
            const auto& chains = chains_.chains;
            return fail(
                open_error(open, *std::find_if(chains.begin(), chains.end(), [](const auto& c) {
                               return !c.closed;
                           })));
        }
        const auto groups = flat::no_groups(chains_);
        const auto depths = flat::depths_of(chains_, tree, groups, work_);
        const auto cuts = flat::open_cuts_of(chains_, tree, depths, crossings, work_);
        if (!cuts.loose.empty())
            return fail(open_error(cuts.loose.size(), chains_.chains[cuts.loose.front()]));
        if (!cuts.dividing.empty()) return fail(dividing_error(cuts.dividing));
        for (const std::uint32_t c : cuts.slits) {
            Track track =
                track_of_pieces(flat::part_in_material(chains_, tree, chains_.chains[c], work_));
            if (!track.empty()) out_.slits.push_back(std::move(track));
        }
        return {};
    }

    static Error dividing_error(const std::vector<Vec2>& places) {
        return {ErrorCode::invalid_file,
                "slits cut a piece off the part at " + std::to_string(places.size()) +
                    (places.size() == 1 ? " place" : " places") + ", the first at " +
                    place_text(places.front()),
                "End the slits before they meet, or draw two closed outlines where two parts are "
                "meant"};
    }

    void take_loops() {
        for (const flat::Chain& chain : chains_.chains) {
            if (!chain.closed) continue;
            Polygon polygon = flattened(track_of_pieces(pieces_of(chain)), options_.chord_mm, true);
            if (polygon.size() < 3) continue;
            if (signed_area(polygon) < 0) polygon = reversed(std::move(polygon));
            out_.loops.push_back(std::move(polygon));
        }
    }

    void take_lines() {
        for (const geometry::Path& path : drawing_.paths) {
            const bool engrave = path.operation == Operation::engrave;
            if (!engrave && path.operation != Operation::score) continue;
            Track track = track_of(path);
            if (track.empty()) continue;
            if (engrave && path.filled && path.points.size() > 1) {
                // A fill closes what it fills.
                Polygon area = flattened(track, options_.chord_mm, path.closed);
                if (area.size() >= 3) out_.engraved.push_back(std::move(area));
            } else {
                (engrave ? out_.engravings : out_.scores).push_back(std::move(track));
            }
        }
    }

    const geometry::Drawing& drawing_;
    const OutlineOptions& options_;
    flat::Work work_;
    flat::Chains chains_;
    Outlines out_;
};

void include(geometry::FlatBounds& box, const Vec2& p) {
    box.min = {std::min(box.min.x, p.x), std::min(box.min.y, p.y)};
    box.max = {std::max(box.max.x, p.x), std::max(box.max.y, p.y)};
}

}  // namespace

geometry::FlatBounds Outlines::bounds() const {
    constexpr double far = std::numeric_limits<double>::infinity();
    geometry::FlatBounds box{{far, far}, {-far, -far}};
    const auto take_polygons = [&](const std::vector<Polygon>& polygons) {
        for (const Polygon& polygon : polygons) {
            for (const Vec2& p : polygon)
                include(box, p);
        }
    };
    take_polygons(loops);
    take_polygons(engraved);
    for (const auto* tracks : {&slits, &scores, &engravings}) {
        for (const Track& track : *tracks) {
            for (const Vec2& p : flattened(track, 0.01, false))
                include(box, p);
        }
    }
    if (box.min.x > box.max.x) return {};
    return box;
}

Result<Outlines> outlines_of(const geometry::Drawing& drawing, const OutlineOptions& options) {
    return Reader{drawing, options}.run();
}

Outlines moved(const Outlines& outlines, double angle, const Vec2& by) {
    Outlines out = outlines;
    const Affine map = shift(by.x, by.y).after(turn(angle));
    for (auto* polygons : {&out.loops, &out.engraved}) {
        for (Polygon& polygon : *polygons) {
            for (Vec2& p : polygon)
                p = map(p);
        }
    }
    for (auto* tracks : {&out.slits, &out.scores, &out.engravings}) {
        for (Track& track : *tracks) {
            for (Span& span : track) {
                span.from = map(span.from);
                span.to = map(span.to);
            }
        }
    }
    return out;
}

void append(Outlines& all, const Outlines& more) {
    const auto add = [](auto& to, const auto& from) {
        to.insert(to.end(), from.begin(), from.end());
    };
    add(all.loops, more.loops);
    add(all.slits, more.slits);
    add(all.scores, more.scores);
    add(all.engravings, more.engravings);
    add(all.engraved, more.engraved);
}

}  // namespace nearfab::toolpath
