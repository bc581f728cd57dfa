// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/pieces.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

Box2 box_round(const Vec2& a, const Vec2& b) {
    return {{std::min(a.x, b.x), std::min(a.y, b.y)}, {std::max(a.x, b.x), std::max(a.y, b.y)}};
}

// The quarters of an arc; the ends in between are the circle's extreme points.
void add_quarters(
    const Vec2& from, const Vec2& to, double bulge, std::uint32_t path, std::vector<Piece>& out) {
    const ArcShape arc = arc_shape(from, to, bulge);
    const double begin = std::atan2(from.y - arc.centre.y, from.x - arc.centre.x);
    const double end = begin + arc.sweep;
    const bool left = arc.sweep > 0;
    static constexpr double quarter = pi / 2;
    // Extreme points nearer to an end than this are that end.
    static constexpr double near_end = 1e-9;
    Vec2 last = from;
    const auto add = [&](const Vec2& next) {
        if (next == last) return;
        out.push_back({last, next, arc.radius, arc.centre, left, path, box_round(last, next)});
        last = next;
    };
    double k = left ? std::floor(begin / quarter) + 1 : std::ceil(begin / quarter) - 1;
    for (; left ? k * quarter < end - near_end : k * quarter > end + near_end; k += left ? 1 : -1) {
        if (std::abs(k * quarter - begin) < near_end) continue;
        const int side = ((static_cast<int>(k) % 4) + 4) % 4;
        static constexpr std::array<Vec2, 4> axes{{{1, 0}, {0, 1}, {-1, 0}, {0, -1}}};
        add(arc.centre + arc.radius * axes[static_cast<std::size_t>(side)]);
    }
    add(to);
}

}  // namespace

double Piece::length() const {
    const double chord = plane::distance(from, to);
    if (!arc()) return chord;
    return 2 * radius * std::asin(std::min(chord / (2 * radius), 1.0));
}

Vec2 Piece::point(double part) const {
    if (!arc()) return from + part * (to - from);
    const Vec2 u = from - centre;
    const double angle = part * length() / radius * (left ? 1 : -1);
    return centre + std::cos(angle) * u + std::sin(angle) * left_of(u);
}

Vec2 Piece::direction_at(const Vec2& p) const {
    const Vec2 along = arc() ? (left ? 1.0 : -1.0) * left_of(p - centre) : to - from;
    return (1 / plane::length(along)) * along;
}

bool Piece::in_sector(const Vec2& direction) const {
    const Vec2 begin = left ? from - centre : to - centre;
    const Vec2 end = left ? to - centre : from - centre;
    return cross(begin, direction) >= 0 && cross(direction, end) >= 0;  // At most a quarter.
}

std::vector<Piece> pieces_of(const Path& path, std::uint32_t index) {
    std::vector<Piece> out;
    const std::size_t count = path.points.size();
    out.reserve(count);
    for (std::size_t i = 0; i + (path.closed ? 0 : 1) < count; ++i) {
        const Vec2& from = path.points[i].at;
        const Vec2& to = path.points[(i + 1) % count].at;
        if (from == to) continue;
        const double bulge = path.points[i].bulge;
        // An arc this flat is a line for any machine, and its centre is too far away to be exact.
        static constexpr double flat_mm = 1e-6;
        if (std::abs(bulge) * distance(from, to) / 2 < flat_mm) {
            out.push_back(line_piece(from, to, index));
        } else {
            add_quarters(from, to, bulge, index, out);
        }
    }
    return out;
}

Piece line_piece(const Vec2& from, const Vec2& to, std::uint32_t path) {
    return {from, to, 0, {}, false, path, box_round(from, to)};
}

Closest closest_point(const Piece& piece, const Vec2& p) {
    Vec2 best = distance(piece.from, p) <= distance(piece.to, p) ? piece.from : piece.to;
    if (piece.arc()) {
        const Vec2 spoke = p - piece.centre;
        const double far = length(spoke);
        if (far > 0 && piece.in_sector(spoke)) best = piece.centre + (piece.radius / far) * spoke;
    } else {
        const Vec2 along = piece.to - piece.from;
        const double part = dot(p - piece.from, along) / dot(along, along);
        if (part > 0 && part < 1) best = piece.from + part * along;
    }
    return {best, p, distance(best, p)};
}

namespace {

void keep_nearer(Closest& best, const Closest& next) {
    if (next.distance < best.distance) best = next;
}

// The points where both curves are square to the line between them, inside both.
void square_to_both(const Piece& p, const Piece& q, Closest& best) {
    if (!p.arc() && !q.arc()) return;  // Lines are nearest at an end, or meet.
    if (p.arc() && q.arc()) {
        const Vec2 axis = q.centre - p.centre;
        const double far = length(axis);
        if (far == 0) return;
        for (const double side_p : {1.0, -1.0}) {
            for (const double side_q : {1.0, -1.0}) {
                const Vec2 spoke_p = (side_p * p.radius / far) * axis;
                const Vec2 spoke_q = (side_q * q.radius / far) * axis;
                if (!p.in_sector(spoke_p) || !q.in_sector(spoke_q)) continue;
                const Vec2 a = p.centre + spoke_p;
                const Vec2 b = q.centre + spoke_q;
                keep_nearer(best, {a, b, distance(a, b)});
            }
        }
        return;
    }
    const Piece& line = p.arc() ? q : p;
    const Piece& arc = p.arc() ? p : q;
    const Vec2 foot = closest_point(line, arc.centre).a;
    if (foot == line.from || foot == line.to) return;
    const double far = distance(foot, arc.centre);
    if (far == 0) return;
    for (const double side : {1.0, -1.0}) {
        const Vec2 spoke = (side * arc.radius / far) * (foot - arc.centre);
        if (!arc.in_sector(spoke)) continue;
        const Vec2 on_arc = arc.centre + spoke;
        const double apart = distance(foot, on_arc);
        keep_nearer(best, p.arc() ? Closest{on_arc, foot, apart} : Closest{foot, on_arc, apart});
    }
}

bool on_piece(const Piece& piece, const Vec2& p, double slack) {
    if (distance(p, piece.from) <= slack || distance(p, piece.to) <= slack) return true;
    if (piece.arc()) return piece.in_sector(p - piece.centre);
    return dot(p - piece.from, piece.to - piece.from) >= 0 &&
           dot(p - piece.to, piece.from - piece.to) >= 0;
}

void add_if_on_both(
    Meeting& meeting, const Piece& p, const Piece& q, const Vec2& at, double slack) {
    if (meeting.count < 2 && on_piece(p, at, slack) && on_piece(q, at, slack))
        meeting.at[static_cast<std::size_t>(meeting.count++)] = at;
}

void meet_lines(Meeting& meeting, const Piece& p, const Piece& q, double slack) {
    const Vec2 a = p.to - p.from;
    const Vec2 b = q.to - q.from;
    const double turned = cross(a, b);
    if (std::abs(turned) <= 1e-12 * length(a) * length(b)) return;
    add_if_on_both(meeting, p, q, p.from + (cross(q.from - p.from, b) / turned) * a, slack);
}

void meet_line_arc(Meeting& meeting, const Piece& line, const Piece& arc, double slack) {
    const Vec2 along = line.to - line.from;
    const Vec2 unit = (1 / length(along)) * along;
    const Vec2 foot = line.from + dot(arc.centre - line.from, unit) * unit;
    const double off = distance(foot, arc.centre);
    // A line that only just misses the circle touches it.
    if (off > arc.radius + slack) return;
    const double half = std::sqrt(std::max(arc.radius * arc.radius - off * off, 0.0));
    add_if_on_both(meeting, line, arc, foot - half * unit, slack);
    if (half > slack) add_if_on_both(meeting, line, arc, foot + half * unit, slack);
}

void meet_arcs(Meeting& meeting, const Piece& p, const Piece& q, double slack) {
    const Vec2 axis = q.centre - p.centre;
    const double far = length(axis);
    if (far <= slack || far > p.radius + q.radius + slack ||
        far < std::abs(p.radius - q.radius) - slack) {
        return;
    }
    const double along = (far * far + p.radius * p.radius - q.radius * q.radius) / (2 * far);
    const double half = std::sqrt(std::max(p.radius * p.radius - along * along, 0.0));
    const Vec2 unit = (1 / far) * axis;
    const Vec2 foot = p.centre + along * unit;
    add_if_on_both(meeting, p, q, foot + half * left_of(unit), slack);
    if (half > slack) add_if_on_both(meeting, p, q, foot - half * left_of(unit), slack);
}

}  // namespace

Meeting meeting_points(const Piece& p, const Piece& q, double slack) {
    Meeting meeting;
    if (p.arc() && q.arc()) {
        meet_arcs(meeting, p, q, slack);
    } else if (p.arc()) {
        meet_line_arc(meeting, q, p, slack);
    } else if (q.arc()) {
        meet_line_arc(meeting, p, q, slack);
    } else {
        meet_lines(meeting, p, q, slack);
    }
    return meeting;
}

Closest closest_points(const Piece& p, const Piece& q) {
    const Meeting meeting = meeting_points(p, q, 0);
    if (meeting.count > 0) return {meeting.at[0], meeting.at[0], 0};
    Closest best = closest_point(q, p.from);
    best = {p.from, best.a, best.distance};
    const Closest to = closest_point(q, p.to);
    keep_nearer(best, {p.to, to.a, to.distance});
    keep_nearer(best, closest_point(p, q.from));
    keep_nearer(best, closest_point(p, q.to));
    square_to_both(p, q, best);
    return best;
}

}  // namespace nearfab::geometry::flat
