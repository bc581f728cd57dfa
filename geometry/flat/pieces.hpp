// SPDX-License-Identifier: GPL-3.0-or-later
// pieces.hpp - lines and quarter arcs: what the questions about a drawing are answered with.
//
// Arcs are divided where they turn back in x or y, so that every piece grows or falls in both.
// Its box is then the box of its ends, and a line along an axis meets it at most once.

#pragma once

#include "geometry/flat/drawing.hpp"
#include "geometry/flat/plane.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::geometry::flat {

struct Box2 {
    Vec2 min;
    Vec2 max;
};

struct Piece {
    Vec2 from;
    Vec2 to;
    double radius = 0;  // 0 for a line.
    Vec2 centre;        // Of an arc.
    bool left = false;  // The arc runs counter-clockwise.
    std::uint32_t path = 0;
    Box2 box;

    [[nodiscard]] bool arc() const { return radius > 0; }
    [[nodiscard]] double length() const;
    [[nodiscard]] Vec2 point(double part) const;                // From 0 (from) to 1 (to).
    [[nodiscard]] Vec2 direction_at(const Vec2& p) const;       // Unit tangent; p on the piece.
    [[nodiscard]] bool in_sector(const Vec2& direction) const;  // Seen from the arc's centre.
};

// Without steps of no length. path is stored in each piece.
[[nodiscard]] std::vector<Piece> pieces_of(const Path& path, std::uint32_t index = 0);

// A single line. REQUIRES: from != to.
[[nodiscard]] Piece line_piece(const Vec2& from, const Vec2& to, std::uint32_t path);

struct Closest {
    Vec2 a;
    Vec2 b;
    double distance = 0;
};
[[nodiscard]] Closest closest_point(const Piece& piece, const Vec2& p);  // a on the piece, b = p.
// Exact up to rounding; 0 for pieces that meet.
[[nodiscard]] Closest closest_points(const Piece& p, const Piece& q);

// Where two pieces meet: none, one or two points. Pieces along each other (parallel lines, arcs of
// one circle) give none; their ends are for the caller. A point may lie beyond an end by slack.
struct Meeting {
    int count = 0;
    std::array<Vec2, 2> at{};
};
[[nodiscard]] Meeting meeting_points(const Piece& p, const Piece& q, double slack);

}  // namespace nearfab::geometry::flat
