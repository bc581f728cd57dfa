// SPDX-License-Identifier: GPL-3.0-or-later
// drawing.hpp - a flat part as a plain value: lines and arcs, and what a laser does along them.
//
// Millimetres, x to the right, y up. Lines and circular arcs stand exactly as the file has them.
// Other curves (ellipses, splines, Bezier curves) became lines, or an arc where the curve is one,
// nowhere further from the curve than chord_tolerance_mm.

#pragma once

#include "geometry/colour.hpp"
#include "geometry/vector.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

enum class FlatFormat : std::uint8_t { dxf = 1, svg = 2, mesh = 3 };  // mesh: from plate_of.
enum class Operation : std::uint8_t { cut = 1, score = 2, engrave = 3, ignore = 4 };
// The stable lower-case names used in JSON ("dxf", "cut").
[[nodiscard]] std::string_view to_string(FlatFormat format);
[[nodiscard]] std::string_view to_string(Operation operation);

[[nodiscard]] std::string to_string(const Colour& colour);  // "#ff0000"

// The way from this point to the next is a line (bulge 0) or an arc: bulge = tan(sweep / 4),
// positive counter-clockwise, 1 for a half circle. |bulge| <= 1, so an arc is at most that.
struct PathPoint {
    Vec2 at;
    double bulge = 0;
    friend bool operator==(const PathPoint&, const PathPoint&) = default;
};

// At least two points. The bulge of the last point counts only when the path is closed: then the
// way goes on to the first point, which is not repeated.
struct Path {
    std::vector<PathPoint> points;
    bool closed = false;
    bool filled = false;  // Drawn by its fill alone: what is engraved there is an area.
    Operation operation = Operation::cut;
    std::uint32_t layer = 0;  // Index into Drawing::layers.
    std::optional<Colour> colour;
    std::uint32_t line = 0;  // Where in the file, from 1; 0 when there is no file.
};

// How long a unit of the file is.
struct DrawingUnit {
    double mm = 1;            // One drawing unit (DXF) or one user unit of the page (SVG).
    bool stated = false;      // By the file or by the caller; otherwise it was assumed.
    bool given = false;       // By the caller.
    std::string explanation;  // Where it comes from: "$INSUNITS says inch".
};

enum class RemarkLevel : std::uint8_t { note = 1, warning = 2, error = 3 };
// One remark about a drawing, for people; the rules are listed in remarks.hpp.
struct Remark {
    RemarkLevel level = RemarkLevel::note;
    std::string rule;             // Stable id: "unit_unstated", "not_drawn", ...
    std::string message;          // A sentence with the numbers.
    std::string next;             // What to do about it; may be empty.
    std::optional<Vec2> at = {};  // The first such place, where there is one.
};

struct Drawing {
    FlatFormat format = FlatFormat::dxf;
    std::vector<std::string> layers;  // Printable ASCII; other characters became "?".
    std::vector<Path> paths;
    DrawingUnit unit;
    double chord_tolerance_mm = 0;
    std::vector<Remark> remarks;
};

struct FlatBounds {
    Vec2 min;
    Vec2 max;
    [[nodiscard]] Vec2 size() const { return {max.x - min.x, max.y - min.y}; }
};
// Exact for arcs. Empty when no path is to be made (all are of Operation::ignore).
[[nodiscard]] std::optional<FlatBounds> bounds_of(const Drawing& drawing);

[[nodiscard]] double length_of(const Path& path);
// Positive for a counter-clockwise path. REQUIRES: closed.
[[nodiscard]] double signed_area_of(const Path& path);

}  // namespace nearfab::geometry
