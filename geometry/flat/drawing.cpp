// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/drawing.hpp"

#include "base/check.hpp"
#include "geometry/flat/pieces.hpp"
#include "geometry/flat/plane.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::geometry {

std::string_view to_string(FlatFormat format) {
    switch (format) {
        case FlatFormat::dxf:
            return "dxf";
        case FlatFormat::svg:
            return "svg";
        case FlatFormat::mesh:
            return "mesh";
    }
    NEARFAB_CHECK(false, "every format has a name");
}

std::string_view to_string(Operation operation) {
    switch (operation) {
        case Operation::cut:
            return "cut";
        case Operation::score:
            return "score";
        case Operation::engrave:
            return "engrave";
        case Operation::ignore:
            return "ignore";
    }
    NEARFAB_CHECK(false, "every operation has a name");
}

std::string to_string(const Colour& colour) {
    static constexpr std::string_view digits = "0123456789abcdef";
    std::string text = "#";
    for (const unsigned part : {colour.red, colour.green, colour.blue}) {
        text += digits[part / 16];
        text += digits[part % 16];
    }
    return text;
}

std::optional<FlatBounds> bounds_of(const Drawing& drawing) {
    std::optional<FlatBounds> bounds;
    for (const Path& path : drawing.paths) {
        if (path.operation == Operation::ignore) continue;
        for (const flat::Piece& piece : flat::pieces_of(path)) {
            if (!bounds) bounds = FlatBounds{piece.box.min, piece.box.max};
            bounds->min = {std::min(bounds->min.x, piece.box.min.x),
                           std::min(bounds->min.y, piece.box.min.y)};
            bounds->max = {std::max(bounds->max.x, piece.box.max.x),
                           std::max(bounds->max.y, piece.box.max.y)};
        }
    }
    return bounds;
}

namespace {

// Calls visit(from, to, bulge) for each line and arc of the path.
template <typename Visit>
void each_step(const Path& path, const Visit& visit) {
    const std::size_t count = path.points.size();
    for (std::size_t i = 0; i + (path.closed ? 0 : 1) < count; ++i)
        visit(path.points[i].at, path.points[(i + 1) % count].at, path.points[i].bulge);
}

}  // namespace

double length_of(const Path& path) {
    double sum = 0;
    each_step(path, [&](const Vec2& from, const Vec2& to, double bulge) {
        const double chord = plane::distance(from, to);
        if (bulge == 0 || chord == 0) {
            sum += chord;
        } else {
            const plane::ArcShape arc = plane::arc_shape(from, to, bulge);
            sum += arc.radius * std::abs(arc.sweep);
        }
    });
    return sum;
}

double signed_area_of(const Path& path) {
    NEARFAB_CHECK(path.closed && !path.points.empty(), "only a closed path has an area");
    const Vec2 origin = path.points.front().at;  // Keeps the products small.
    double twice = 0;
    each_step(path, [&](const Vec2& from, const Vec2& to, double bulge) {
        twice += plane::cross(plane::operator-(from, origin), plane::operator-(to, origin));
        if (bulge == 0 || from == to) return;
        const plane::ArcShape arc = plane::arc_shape(from, to, bulge);
        twice += arc.radius * arc.radius * (arc.sweep - std::sin(arc.sweep));
    });
    return twice / 2;
}

}  // namespace nearfab::geometry
