// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/fit/drawing_outline.hpp"

#include "geometry/flat/pieces.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace nearfab::geometry {

using namespace plane;

namespace {

constexpr double step_radians = pi / 60;

// Where the tangents at the ends of short arcs meet: their hull has the arc inside, and is larger
// by no more than a thousandth of a millimetre for each three of the radius. A quarter arc lies in
// the box of its ends, so what sticks out of it is cut off.
void add_arc(const flat::Piece& arc, std::vector<Vec2>& points) {
    const double sweep = arc.length() / arc.radius;
    const double count = std::max(1.0, std::ceil(sweep / step_radians));
    const double out = 1 / std::cos(sweep / count / 2);
    for (double i = 0; i < count; i += 1) {
        const Vec2 on_arc = arc.point((i + 0.5) / count);
        const Vec2 tip = arc.centre + out * (on_arc - arc.centre);
        points.push_back({std::clamp(tip.x, arc.box.min.x, arc.box.max.x),
                          std::clamp(tip.y, arc.box.min.y, arc.box.max.y)});
    }
}

}  // namespace

Outline outline_of(const Drawing& drawing) {
    std::vector<Vec2> points;
    for (const Path& path : drawing.paths) {
        if (path.operation == Operation::ignore) continue;
        for (const flat::Piece& piece : flat::pieces_of(path)) {
            points.push_back(piece.from);
            points.push_back(piece.to);
            if (piece.arc()) add_arc(piece, points);
        }
    }
    return points.empty() ? Outline{} : outline_of(points);
}

}  // namespace nearfab::geometry
