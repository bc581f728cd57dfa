// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/lead.hpp"

#include "base/check.hpp"
#include "geometry/flat/plane.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::toolpath {

using namespace geometry::plane;
namespace flat = geometry::flat;

namespace {

std::vector<flat::Piece> edges_of(const Region& region) {
    std::vector<flat::Piece> edges;
    for (const Polygon& polygon : region) {
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const Vec2& to = polygon[(i + 1) % polygon.size()];
            if (polygon[i] != to) edges.push_back(flat::line_piece(polygon[i], to, 0));
        }
    }
    return edges;
}

// The begins of the longest spans, each with its length.
struct Candidate {
    double along_mm = 0;
    double long_mm = 0;
};

std::vector<Candidate> candidates_of(const Track& track) {
    std::vector<Candidate> all;
    double at = 0;
    for (const Span& span : track) {
        const double mm = span.length();
        all.push_back({at + mm / 2, mm});
        at += mm;
    }
    // A circle or a long straight side offers more places than its middle.
    const std::size_t whole = all.size();
    for (std::size_t i = 0; i < whole && whole < most_starts; ++i) {
        const Candidate middle = all[i];
        for (const double share : {-0.25, 0.25})
            all.push_back({middle.along_mm + share * middle.long_mm, middle.long_mm / 2});
    }
    std::stable_sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) {
        return a.long_mm > b.long_mm;
    });
    return all;
}

bool within(const Vec2& p, const LeadOptions& options) {
    return p.x >= options.low.x && p.x <= options.high.x && p.y >= options.low.y &&
           p.y <= options.high.y;
}

}  // namespace

KeptMaterial::KeptMaterial(const Region& kept)
    : edges_{edges_of(kept)}, tree_{flat::boxes_of(edges_)} {
    for (const flat::Piece& edge : edges_)
        far_x_ = std::max(far_x_, edge.box.max.x + 1);
}

bool KeptMaterial::holds(const Vec2& point) const {
    bool inside = false;
    tree_.each_meeting({point, {std::max(far_x_, point.x), point.y}}, [&](std::uint32_t i) {
        const Vec2& a = edges_[i].from;
        const Vec2& b = edges_[i].to;
        if ((a.y > point.y) == (b.y > point.y)) return true;
        if (a.x + (point.y - a.y) / (b.y - a.y) * (b.x - a.x) > point.x) inside = !inside;
        return true;
    });
    return inside;
}

double KeptMaterial::distance_to(const Vec2& a, const Vec2& b, double most) const {
    double best = most;
    const flat::Box2 box{{std::min(a.x, b.x), std::min(a.y, b.y)},
                         {std::max(a.x, b.x), std::max(a.y, b.y)}};
    const bool point = a == b;
    tree_.each_meeting(flat::grown(box, most), [&](std::uint32_t i) {
        const double mm = point
                              ? flat::closest_point(edges_[i], a).distance
                              : flat::closest_points(edges_[i], flat::line_piece(a, b, 0)).distance;
        best = std::min(best, mm);
        return best > 0;
    });
    return best;
}

bool KeptMaterial::clear_of(const Vec2& a, const Vec2& b, double mm) const {
    return distance_to(a, b, mm) >= mm;
}

std::vector<CutStart> starts_of(const Track& track,
                                bool waste_left,
                                const KeptMaterial& kept,
                                const LeadOptions& options) {
    NEARFAB_CHECK(!track.empty(), "a cut has a line");
    constexpr std::size_t looked_at = 4 * most_starts;
    std::vector<CutStart> led;
    std::vector<CutStart> plain;
    const double angle = (waste_left ? 1 : -1) * 0.75 * pi;  // Back and to the side of the waste.
    std::size_t looks = 0;
    for (const Candidate& candidate : candidates_of(track)) {
        if (++looks > looked_at || led.size() == most_starts) break;
        const TrackPoint point = point_of(track, candidate.along_mm);
        CutStart start{candidate.along_mm, point.at, point.at, false};
        const Vec2 back = turn(angle).direction(point.direction);
        for (double mm = options.length_mm; mm > options.length_mm / 5 && mm > 0.05; mm *= 0.6) {
            const Vec2 from = point.at + mm * back;
            if (!within(from, options) || !kept.clear_of(from, point.at, options.clearance_mm)) {
                continue;
            }
            start.from = from;
            start.led = true;
            break;
        }
        if (start.led) {
            led.push_back(start);
        } else if (plain.size() < most_starts) {
            plain.push_back(start);
        }
    }
    return led.empty() ? plain : led;
}

}  // namespace nearfab::toolpath
