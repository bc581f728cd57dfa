// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/doubles.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

struct Part {
    double from = 0;
    double to = 0;
};

double part_of(const Piece& piece, const Vec2& p) {
    if (!piece.arc()) {
        const Vec2 along = piece.to - piece.from;
        return dot(p - piece.from, along) / dot(along, along);
    }
    const Vec2 begin = piece.from - piece.centre;
    const Vec2 spoke = p - piece.centre;
    const double angle = std::atan2(cross(begin, spoke), dot(begin, spoke));
    return (piece.left ? angle : -angle) * piece.radius / piece.length();
}

// Whether a point lies beside the piece, and not beyond one of its ends. Two pieces shorter than
// the tolerance that follow each other are near each other, but not beside each other.
bool beside(const Piece& piece, const Vec2& p, double near) {
    static constexpr double rounding = 1e-6;
    const double at = part_of(piece, p);
    if (!(at >= -rounding && at <= 1 + rounding)) return false;
    return closest_point(piece, p).distance <= near;
}

// Whether the line or circle that the piece is a part of comes that near to a point. Without this
// cheap look, thousands of lines across each other would take seconds.
bool in_line_with(const Piece& piece, const Vec2& p, double near) {
    constexpr double rounding = 1e-9;
    near += rounding;
    if (piece.arc()) return std::abs(distance(piece.centre, p) - piece.radius) <= near;
    const Vec2 along = piece.to - piece.from;
    const double off = cross(along, p - piece.from);
    return off * off <= near * near * dot(along, along);
}

// Where one lies on the other, two of their four ends do.
bool may_lie_on(const Piece& p, const Piece& q, double near) {
    int ends = 0;
    for (const bool end : {in_line_with(p, q.from, near),
                           in_line_with(p, q.to, near),
                           in_line_with(q, p.from, near),
                           in_line_with(q, p.to, near)})
        ends += end ? 1 : 0;
    return ends >= 2;
}

// The part of q that lies on p, where it lies on it all the way.
std::optional<Part> part_on(const Piece& p, const Piece& q, double near) {
    if (!may_lie_on(p, q, near)) return std::nullopt;
    // The ends of either that have the other beside them bound the part.
    Part part{2, -1};
    const auto bound = [&](double at) {
        at = std::clamp(at, 0.0, 1.0);
        part = {std::min(part.from, at), std::max(part.to, at)};
    };
    if (beside(p, q.from, near)) bound(0);
    if (beside(p, q.to, near)) bound(1);
    for (const Vec2& end : {p.from, p.to}) {
        if (beside(q, end, near)) bound(part_of(q, end));
    }
    if (part.from >= part.to) return std::nullopt;
    // Arcs of like ends may differ between them, and so may an arc and its chord.
    for (const double inner : {0.25, 0.5, 0.75}) {
        const Vec2 between = q.point(part.from + inner * (part.to - part.from));
        if (closest_point(p, between).distance > near) return std::nullopt;
    }
    return part;
}

// Long enough to be no accident of two ends that meet.
bool worth_telling(const Part& part, const Piece& p, const Piece& q, bool neighbours, double near) {
    const double along = (part.to - part.from) * q.length();
    const double telling = 5 * near;
    if (neighbours) return along > telling;
    return along > std::min(telling, 0.5 * std::min(p.length(), q.length()));
}

// A curve drawn in chords far shorter than the tolerance has many of them near each other, which
// need no closer look as long as they go the same way.
bool crumbs_in_a_row(const std::vector<Piece>& pieces,
                     std::uint32_t i,
                     std::uint32_t j,
                     double near) {
    static constexpr std::uint32_t row = 256;
    const Piece& p = pieces[i];
    const Piece& q = pieces[j];
    if (j - i > row || p.path != q.path || p.arc() || q.arc()) return false;
    const Vec2 a = p.to - p.from;
    const Vec2 b = q.to - q.from;
    return dot(a, a) < near * near && dot(b, b) < near * near && dot(a, b) > 0 &&
           dot(q.from - p.to, a) >= 0;
}

std::vector<DoubledPart> united(std::vector<DoubledPart> parts) {
    std::sort(parts.begin(), parts.end(), [](const DoubledPart& a, const DoubledPart& b) {
        return a.piece != b.piece ? a.piece < b.piece : a.from < b.from;
    });
    std::vector<DoubledPart> out;
    for (const DoubledPart& part : parts) {
        if (!out.empty() && out.back().piece == part.piece && part.from <= out.back().to) {
            out.back().to = std::max(out.back().to, part.to);
            out.back().own = out.back().own || part.own;
        } else {
            out.push_back(part);
        }
    }
    return out;
}

}  // namespace

std::vector<DoubledPart> doubled_parts(const std::vector<Piece>& pieces,
                                       const BoxTree& tree,
                                       double same_line_mm,
                                       Work& work) {
    std::vector<DoubledPart> parts;
    for (std::uint32_t j = 0; j < pieces.size(); ++j) {
        const Piece& q = pieces[j];
        // Of many copies one is enough to know that this is a copy.
        bool whole = false;
        tree.each_meeting(grown(q.box, same_line_mm), [&](std::uint32_t i) {
            if (!work.spend()) return false;
            if (i >= j || crumbs_in_a_row(pieces, i, j, same_line_mm)) return true;
            const Piece& p = pieces[i];
            const auto part = part_on(p, q, same_line_mm);
            const bool neighbours = p.path == q.path && (p.to == q.from || p.from == q.to);
            if (!part || !worth_telling(*part, p, q, neighbours, same_line_mm)) return true;
            const double share = part->to - part->from;
            whole = share >= 0.5 && (1 - share) * q.length() <= same_line_mm;
            parts.push_back({j, part->from, part->to, whole && p.path == q.path});
            return !whole;
        });
    }
    return united(std::move(parts));
}

}  // namespace nearfab::geometry::flat
