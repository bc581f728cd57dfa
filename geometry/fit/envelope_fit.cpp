// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/fit/envelope_fit.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>

// The maths.
//
// Let u(t) = (cos t, sin t), and let w(t) be the width of a convex polygon in direction u(t): the
// largest minus the smallest of p.u(t) over its points. w has the period pi.
//
// A part turned counter-clockwise by t occupies along the machine's x the values
// x cos t - y sin t and along y the values x sin t + y cos t. With the mirrored points
// q = (x, -y) these are q.u(t) and, but for the sign, q.u(t + pi/2). So with w of the mirrored
// outline
//
//     size in x = w(t),   size in y = w(t + pi/2).
//
// Which two points a, b give the width changes only where u(t) is normal to an edge: the critical
// directions. In a piece between two neighbouring ones
//
//     w(t) = (b - a).u(t) = D cos(t - s)   with D = |b - a|, s = direction of b - a.
//
// Cutting [0, pi] at the critical directions of w(t) and of w(t + pi/2) leaves at most 2 n pieces
// in which both sizes are such arcs, each concave, because it is positive.
//
// Fit. In a piece, D cos(t - s) <= X fails exactly where |t - s| < acos(X / D), an interval round
// the peak (nothing fails if D <= X). What is left of the piece after taking away the open
// intervals of both sizes are the turns that fit. The one nearest to 0 is an end of such a rest.
//
// Misfit. The overshoot max(w(t) - X, w(t + pi/2) - Y) is the larger of two concave arcs. Where
// one of them leads, it is smallest at an end of the stretch; so the smallest overshoot is at an
// end of a piece or where the arcs cross: D1 cos(t - s1) - D2 cos(t - s2) = X - Y. The left side
// is again an arc, R cos(t - s), so the crossings are s +- acos((X - Y) / R).

namespace nearfab::geometry {
namespace {

constexpr double pi = std::numbers::pi;

struct Size2 {
    double x_mm = 0;
    double y_mm = 0;
};

// A value over the turn t: amplitude * cos(t - peak).
struct Arc {
    double amplitude = 0;
    double peak = 0;

    double at(double turn) const { return amplitude * std::cos(turn - peak); }
};

Arc arc_of(double cos_part, double sin_part) {
    return {std::hypot(cos_part, sin_part), std::atan2(sin_part, cos_part)};
}

// A stretch of turns over which the same points give both sizes.
struct Piece {
    double begin = 0;
    double end = 0;
    Arc x;
    Arc y;
};

// Nearer to 0 either way round; of a turn and its mirror image the smaller, whatever rounding says.
bool nearer_to_zero(double a, double b) {
    constexpr double same = 1e-9;
    const double difference = std::min(a, pi - a) - std::min(b, pi - b);
    return std::abs(difference) > same ? difference < 0 : a < b;
}

// Calls use(t) for each t in [begin, end] with arc(t) = value.
// REQUIRES: [begin, end] is within [0, pi].
template <typename Use>
void each_crossing(const Arc& arc, double value, double begin, double end, Use use) {
    if (!(std::abs(value) <= arc.amplitude) || arc.amplitude == 0) return;
    const double half = std::acos(value / arc.amplitude);
    for (const double at : {arc.peak - half, arc.peak + half}) {
        for (int period = -1; period <= 1; ++period) {
            const double t = at + period * 2 * pi;
            if (t >= begin && t <= end) use(t);
        }
    }
}

// Walks round a convex polygon with the point that is farthest in a slowly turning direction.
class Extreme {
public:
    Extreme(const std::vector<Vec2>& points, const Vec2& direction) : points_(points) {
        for (std::size_t i = 1; i < points_.size(); ++i) {
            if (reach(i, direction) > reach(at_, direction)) at_ = i;
        }
    }
    // REQUIRES: direction is that of the last call, or less than half a turn ahead of it.
    const Vec2& advance(const Vec2& direction) {
        for (std::size_t steps = 0; steps < points_.size(); ++steps) {
            const std::size_t next = (at_ + 1) % points_.size();
            if (!(reach(next, direction) > reach(at_, direction))) break;
            at_ = next;
        }
        return points_[at_];
    }

private:
    double reach(std::size_t i, const Vec2& direction) const {
        return points_[i].x * direction.x + points_[i].y * direction.y;
    }
    const std::vector<Vec2>& points_;
    std::size_t at_ = 0;
};

// The outline mirrored at the x axis, which swaps the sense of rotation back by reversing.
std::vector<Vec2> mirrored(const std::vector<Vec2>& outline) {
    std::vector<Vec2> points;
    points.reserve(outline.size());
    for (auto p = outline.rbegin(); p != outline.rend(); ++p)
        points.push_back({p->x, -p->y});
    return points;
}

std::vector<double> critical_turns(const std::vector<Vec2>& points) {
    std::vector<double> turns{0, pi / 2, pi};
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Vec2& a = points[i];
        const Vec2& b = points[(i + 1) % points.size()];
        if (a == b) continue;
        // The normal, and a quarter turn from it the edge itself, both folded into [0, pi).
        double along = std::atan2(b.y - a.y, b.x - a.x);
        if (along < 0) along += pi;
        if (along >= pi) along -= pi;
        turns.push_back(along);
        turns.push_back(along < pi / 2 ? along + pi / 2 : along - pi / 2);
    }
    std::sort(turns.begin(), turns.end());
    turns.erase(std::unique(turns.begin(), turns.end()), turns.end());
    return turns;
}

std::vector<Piece> pieces_of(const std::vector<Vec2>& points) {
    const std::vector<double> turns = critical_turns(points);
    // In the middle of a piece no two points tie.
    const auto middle_of = [&](std::size_t i) {
        const double middle = (turns[i] + turns[i + 1]) / 2;
        return Vec2{std::cos(middle), std::sin(middle)};
    };
    const Vec2 u = middle_of(0);
    Extreme right(points, u);
    Extreme left(points, {-u.x, -u.y});
    Extreme front(points, {-u.y, u.x});
    Extreme back(points, {u.y, -u.x});
    std::vector<Piece> pieces;
    pieces.reserve(turns.size());
    for (std::size_t i = 0; i + 1 < turns.size(); ++i) {
        const Vec2 v = middle_of(i);
        const Vec2& r = right.advance(v);
        const Vec2& l = left.advance({-v.x, -v.y});
        const Vec2& f = front.advance({-v.y, v.x});
        const Vec2& b = back.advance({v.y, -v.x});
        // (f - b).u(t + pi/2) = (f - b).(-sin t, cos t).
        pieces.push_back(
            {turns[i], turns[i + 1], arc_of(r.x - l.x, r.y - l.y), arc_of(f.y - b.y, b.x - f.x)});
    }
    return pieces;
}

// All that one stance needs for its answer.
class Turntable {
public:
    explicit Turntable(const std::vector<Vec2>& outline) : points_(mirrored(outline)) {}

    Size2 size_at(double turn) const {
        const auto width = [&](double c, double s) {
            double low = std::numeric_limits<double>::infinity();
            double high = -low;
            for (const Vec2& p : points_) {
                const double reach = p.x * c + p.y * s;
                low = std::min(low, reach);
                high = std::max(high, reach);
            }
            return high - low;
        };
        // Exact for the two turns that people use most.
        if (turn == 0) return {width(1, 0), width(0, 1)};
        if (turn == pi / 2) return {width(0, 1), width(1, 0)};
        return {width(std::cos(turn), std::sin(turn)), width(-std::sin(turn), std::cos(turn))};
    }

    double overshoot_at(double turn, const Size2& room) const {
        const Size2 size = size_at(turn);
        return std::max(size.x_mm - room.x_mm, size.y_mm - room.y_mm);
    }

    // The turn nearest to 0 at which the outline is within the room: 0, else 90 degrees, else the
    // nearest either way round.
    std::optional<double> nearest_fit(const Size2& room) {
        for (const double turn : {0.0, pi / 2}) {
            if (overshoot_at(turn, room) <= 0) return turn;
        }
        std::optional<double> best;
        for (const Piece& piece : pieces()) {
            for_each_rest(piece, room, [&](double turn) {
                if (!best || nearer_to_zero(turn, *best)) best = turn;
            });
        }
        return best;
    }

    // The turn with the smallest overshoot; of equal ones that nearest to 0.
    double least_overshoot_turn(const Size2& room) {
        double best = 0;
        double least = overshoot_at(best, room);
        const auto consider = [&](double turn, double overshoot) {
            // Turns whose overshoot differs by rounding only are equal.
            const bool equal = std::abs(overshoot - least) <= 1e-9;
            if (equal ? !nearer_to_zero(turn, best) : overshoot > least) return;
            best = turn;
            least = std::min(least, overshoot);
        };
        consider(pi / 2, overshoot_at(pi / 2, room));
        for (const Piece& piece : pieces()) {
            const auto consider_in_piece = [&](double turn) {
                consider(turn,
                         std::max(piece.x.at(turn) - room.x_mm, piece.y.at(turn) - room.y_mm));
            };
            consider_in_piece(piece.begin);
            const Arc difference = arc_of(piece.x.amplitude * std::cos(piece.x.peak) -
                                              piece.y.amplitude * std::cos(piece.y.peak),
                                          piece.x.amplitude * std::sin(piece.x.peak) -
                                              piece.y.amplitude * std::sin(piece.y.peak));
            each_crossing(
                difference, room.x_mm - room.y_mm, piece.begin, piece.end, consider_in_piece);
        }
        return best;
    }

private:
    // Calls use(t) for the ends of what is left of a piece when the turns that are too wide in x
    // or in y are taken away.
    template <typename Use>
    static void for_each_rest(const Piece& piece, const Size2& room, Use use) {
        const auto within = [&](double t) {
            const double rounding = 1e-13 * (piece.x.amplitude + piece.y.amplitude);
            return piece.x.at(t) <= room.x_mm + rounding && piece.y.at(t) <= room.y_mm + rounding;
        };
        const auto consider = [&](double t) {
            if (within(t)) use(t);
        };
        consider(piece.begin);
        consider(piece.end);
        each_crossing(piece.x, room.x_mm, piece.begin, piece.end, consider);
        each_crossing(piece.y, room.y_mm, piece.begin, piece.end, consider);
    }

    const std::vector<Piece>& pieces() {
        if (pieces_.empty()) pieces_ = pieces_of(points_);
        return pieces_;
    }

    std::vector<Vec2> points_;  // Mirrored.
    std::vector<Piece> pieces_;
};

// Degrees in [0, 180), free of noise below a billionth.
double tidy_degrees(double turn) {
    const double degrees = std::round(turn * 180 / pi * 1e9) / 1e9;
    return degrees >= 180 ? 0 : degrees;
}

double radians(double degrees) {
    return degrees == 90 ? pi / 2 : degrees * pi / 180;
}

StanceFit fit_stance(const Stance& stance, const WorkEnvelope& envelope) {
    NEARFAB_CHECK(!stance.outline_mm.empty(), "an outline has a point");
    Turntable table(stance.outline_mm);
    const Size2 room{envelope.x_mm, envelope.y_mm};
    const auto more_room = [&](double by) { return Size2{room.x_mm + by, room.y_mm + by}; };
    const double too_high = stance.height_mm - envelope.z_mm;
    const bool height_fits = too_high <= fit_tolerance_mm;

    StanceFit fit{.up = stance.up, .z_mm = stance.height_mm};
    std::optional<double> turn = table.nearest_fit(room);
    if (!turn) turn = table.nearest_fit(more_room(fit_tolerance_mm));
    fit.fits = turn.has_value() && height_fits;
    if (!fit.fits) {
        // Where the height overshoots most, any turn that overshoots less is as good: the nearest.
        if (!height_fits) turn = table.nearest_fit(more_room(too_high));
        if (!turn) turn = table.least_overshoot_turn(room);
    }
    fit.turn_deg = tidy_degrees(*turn);
    const Size2 size = table.size_at(radians(fit.turn_deg));
    fit.x_mm = size.x_mm;
    fit.y_mm = size.y_mm;
    if (!fit.fits) {
        fit.excess_mm = std::max({size.x_mm - room.x_mm, size.y_mm - room.y_mm, too_high});
    }
    return fit;
}

}  // namespace

EnvelopeFit fit_into(const Stances& stances, const WorkEnvelope& envelope) {
    for (const double size : {envelope.x_mm, envelope.y_mm, envelope.z_mm}) {
        NEARFAB_CHECK(std::isfinite(size) && size >= 0, "envelope sizes are finite and >= 0");
    }
    EnvelopeFit out;
    for (std::size_t i = 0; i < stances.size(); ++i) {
        out.stances[i] = fit_stance(stances[i], envelope);
    }
    out.best = out.stances[0];
    for (const StanceFit& stance : out.stances) {
        const bool closer = !out.best.fits && stance.excess_mm < out.best.excess_mm;
        if (stance.fits ? !out.best.fits : closer) out.best = stance;
    }
    out.fits = out.best.fits;
    return out;
}

}  // namespace nearfab::geometry
