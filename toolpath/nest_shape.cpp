// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/nest_shape.hpp"

#include "geometry/flat/plane.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::toolpath {

using namespace geometry::plane;

namespace {

constexpr double tolerance_mm = 0.05;
constexpr double same_mm = 1e-3;

// Corners of an outline that may be left out when it only has to stay inside what it is replaced
// by: Douglas and Peucker, on a polygon that was grown by the tolerance before.
void thin(
    const Polygon& from, std::size_t first, std::size_t last, double mm, std::vector<bool>& kept) {
    std::vector<std::pair<std::size_t, std::size_t>> waiting{{first, last}};
    while (!waiting.empty()) {
        const auto [a, b] = waiting.back();
        waiting.pop_back();
        const Vec2 chord = from[b % from.size()] - from[a];
        const double far = length(chord);
        double worst = mm;
        std::size_t at = 0;
        for (std::size_t i = a + 1; i < b; ++i) {
            const Vec2 off = from[i] - from[a];
            const double mm_off = far > 0 ? std::abs(cross(chord, off)) / far : length(off);
            if (mm_off <= worst) continue;
            worst = mm_off;
            at = i;
        }
        if (at == 0) continue;
        kept[at] = true;
        waiting.emplace_back(a, at);
        waiting.emplace_back(at, b);
    }
}

Polygon thinned(const Polygon& from, double mm) {
    if (from.size() < 5) return from;
    std::size_t far = 0;
    for (std::size_t i = 1; i < from.size(); ++i) {
        if (distance(from[0], from[i]) > distance(from[0], from[far])) far = i;
    }
    std::vector<bool> kept(from.size(), false);
    kept[0] = kept[far] = true;
    thin(from, 0, far, mm, kept);
    thin(from, far, from.size(), mm, kept);
    Polygon out;
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (kept[i]) out.push_back(from[i]);
    }
    return out.size() >= 3 ? out : from;
}

Polygon turned(const Polygon& polygon, double angle) {
    const Affine map = turn(angle);
    Polygon out;
    for (const Vec2& p : polygon)
        out.push_back(map(p));
    return out;
}

NestShape shape_at(const std::vector<Contour>& contours, double angle) {
    NestShape shape;
    shape.angle = angle;
    bool first = true;
    for (const Contour& contour : contours) {
        Polygon polygon = turned(contour.polygon, angle);
        if (contour.hole) {
            shape.rooms.push_back(std::move(polygon));
            continue;
        }
        for (const Vec2& p : polygon) {
            shape.low = first ? p : Vec2{std::min(shape.low.x, p.x), std::min(shape.low.y, p.y)};
            shape.high = first ? p : Vec2{std::max(shape.high.x, p.x), std::max(shape.high.y, p.y)};
            first = false;
        }
        shape.solids.push_back(std::move(polygon));
    }
    return shape;
}

// The same area but for a shift: compared by what is inside one and not the other.
bool same(const NestShape& a, const NestShape& b) {
    const Vec2 size_a = a.high - a.low;
    const Vec2 size_b = b.high - b.low;
    if (distance(size_a, size_b) > same_mm || a.solids.size() != b.solids.size()) return false;
    const auto moved = [](const std::vector<Polygon>& polygons, const Vec2& by) {
        Region out;
        for (const Polygon& polygon : polygons) {
            out.emplace_back();
            for (const Vec2& p : polygon)
                out.back().push_back(p - by);
        }
        return out;
    };
    const Region ra = moved(a.solids, a.low);
    const Region rb = moved(b.solids, b.low);
    const double off = area_of(without(ra, rb)) + area_of(without(rb, ra));
    return off < 1e-3 * std::abs(area_of(ra));
}

Polygon negated(const Polygon& polygon) {
    Polygon out;
    for (const Vec2& p : polygon)
        out.push_back({-p.x, -p.y});
    return out;
}

}  // namespace

NestPiece nest_piece(const NestPart& part, const NestOptions& options) {
    const Region kept = even_odd(part.loops);
    NestPiece piece;
    piece.area_mm2 = area_of(kept);
    // Grown by what the simplifying may take away, so that nothing ever comes too near.
    const double slack = std::min(options.simplify_mm, 0.02 * std::sqrt(piece.area_mm2));
    std::vector<Contour> contours;
    for (Contour& contour :
         contours_of(grown(kept, options.gap_mm / 2 + slack / 2, tolerance_mm))) {
        contour.polygon = thinned(contour.polygon, slack / 2);
        // Rooms that nothing useful fits into only cost time.
        if (contour.hole && signed_area(contour.polygon) < 0.02 * piece.area_mm2) continue;
        contours.push_back(std::move(contour));
    }
    const std::uint32_t turns = part.may_turn ? std::max(options.rotations, 1U) : 1U;
    for (std::uint32_t i = 0; i < turns; ++i) {
        NestShape shape = shape_at(contours, 2 * pi * i / turns);
        const bool known = std::any_of(
            piece.turns.begin(), piece.turns.end(), [&](const auto& t) { return same(t, shape); });
        if (!known) piece.turns.push_back(std::move(shape));
    }
    return piece;
}

const Region& NoFit::of(const Key& key, std::uint64_t& steps) {
    if (const auto found = kept_.find(key); found != kept_.end()) return found->second;
    const NestShape& fixed = pieces_[key.fixed].turns[key.fixed_turn];
    const NestShape& moving = pieces_[key.moving].turns[key.moving_turn];
    Region all;
    for (const Polygon& f : fixed.solids) {
        for (const Polygon& m : moving.solids) {
            steps += f.size() * m.size();
            all = united(all, minkowski_sum(f, negated(m)));
        }
    }
    // In a room of the fixed part the moving one may lie wherever all of it is inside: the room
    // without its edge thickened by the moving part.
    for (const Polygon& room : fixed.rooms) {
        if (moving.solids.size() != 1 || fixed.solids.size() != 1) break;
        const Polygon& m = moving.solids.front();
        const Vec2 reach = moving.high - moving.low;
        Vec2 low = room.front();
        Vec2 high = low;
        for (const Vec2& p : room) {
            low = {std::min(low.x, p.x), std::min(low.y, p.y)};
            high = {std::max(high.x, p.x), std::max(high.y, p.y)};
        }
        if (reach.x >= high.x - low.x || reach.y >= high.y - low.y) continue;
        // Round the room, a frame as wide as the part: what lies in neither is inside the room.
        Polygon frame{{low.x - reach.x - 1, low.y - reach.y - 1},
                      {high.x + reach.x + 1, low.y - reach.y - 1},
                      {high.x + reach.x + 1, high.y + reach.y + 1},
                      {low.x - reach.x - 1, high.y + reach.y + 1}};
        Polygon ring = frame;
        ring.push_back(frame.front());
        for (std::size_t i = 0; i <= room.size(); ++i)
            ring.push_back(room[(room.size() - i) % room.size()]);
        steps += ring.size() * m.size();
        const Region inside = without({frame}, minkowski_sum(ring, negated(m)));
        all = without(all, inside);
    }
    return kept_.emplace(key, std::move(all)).first->second;
}

}  // namespace nearfab::toolpath
