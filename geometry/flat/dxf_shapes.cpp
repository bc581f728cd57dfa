// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/dxf_shapes.hpp"

#include "base/check.hpp"
#include "geometry/flat/nurbs.hpp"
#include "geometry/number_text.hpp"

#include <array>
#include <cmath>
#include <optional>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

using Paths = Result<std::vector<PenPath>>;

// Reads numbers and remembers the first error.
class Numbers {
public:
    explicit Numbers(const DxfEntity& entity) : entity_(entity) {}

    double required(int code) { return kept(dxf_required(entity_, code)); }
    double optional(int code, double otherwise) {
        return kept(dxf_number(entity_, code, otherwise));
    }
    double of(const DxfTag& tag) { return kept(dxf_number(entity_, tag)); }
    int integer(int code, int otherwise) {
        const auto value = dxf_integer(entity_, code, otherwise);
        if (!value && !error_) error_ = value.error();
        return value ? *value : otherwise;
    }
    Vec2 point(int code) { return {required(code), required(code + 10)}; }
    [[nodiscard]] const std::optional<Error>& error() const { return error_; }

private:
    double kept(const Result<double>& value) {
        if (!value && !error_) error_ = value.error();
        return value ? *value : 0;
    }

    const DxfEntity& entity_;
    std::optional<Error> error_;
};

Error broken(const DxfEntity& entity, const std::string& what) {
    return entity.refusal(ErrorCode::invalid_file, what, dxf_broken_next);
}

Paths taken(const DxfShape& shape, PathPen& pen) {
    if (pen.fault() != PenFault::none)
        return fail(dxf_pen_error(shape.entity, pen.fault(), shape.rules));
    return pen.take();
}

PathPen pen_of(const DxfShape& shape, const Affine& own) {
    return {shape.to_mm.after(own), shape.rules, shape.used_points};
}

Paths draw_line(const DxfShape& shape) {
    Numbers numbers{shape.entity};
    const Vec2 from = numbers.point(10);
    const Vec2 to = numbers.point(11);
    shape.met.height(numbers.optional(30, 0));
    shape.met.height(numbers.optional(31, 0));
    if (numbers.error()) return fail(*numbers.error());
    PathPen pen = pen_of(shape, {});  // A LINE is in world coordinates.
    pen.move_to(from);
    pen.line_to(to);
    return taken(shape, pen);
}

Paths draw_arc(const DxfShape& shape, bool whole) {
    Numbers numbers{shape.entity};
    const Vec2 centre = numbers.point(10);
    const double radius = numbers.required(40);
    const double begin = whole ? 0 : numbers.required(50) * pi / 180;
    const double end = whole ? 0 : numbers.required(51) * pi / 180;
    shape.met.height(numbers.optional(30, 0));
    if (numbers.error()) return fail(*numbers.error());
    if (!(radius > 0)) {
        return fail(broken(shape.entity,
                           "its radius is " + number_text(radius) + " where it must be above 0"));
    }
    const auto own = dxf_own_axes(shape.entity, shape.met);
    if (!own) return fail(own.error());
    // Always counter-clockwise; equal angles are a whole circle.
    double sweep = std::fmod(end - begin, 2 * pi);
    if (sweep <= 1e-12) sweep += 2 * pi;
    PathPen pen = pen_of(shape, *own);
    pen.move_to(centre + radius * Vec2{std::cos(begin), std::sin(begin)});
    pen.ellipse_to(centre, {radius, 0}, {0, radius}, begin, begin + sweep);
    if (whole || sweep > 2 * pi - 1e-12) pen.close();
    return taken(shape, pen);
}

Paths draw_ellipse(const DxfShape& shape) {
    Numbers numbers{shape.entity};
    const Vec2 centre = numbers.point(10);
    const Vec2 major = numbers.point(11);  // From the centre.
    const double ratio = numbers.required(40);
    const double begin = numbers.optional(41, 0);
    const double end = numbers.optional(42, 2 * pi);
    const double z_axis = numbers.optional(230, 1);
    shape.met.height(numbers.optional(30, 0));
    if (numbers.error()) return fail(*numbers.error());
    if (!(length(major) > 0) || !(std::abs(ratio) > 0)) {
        return fail(broken(shape.entity,
                           "its long axis is " + number_text(length(major)) + " and its ratio " +
                               number_text(ratio) + ", where both must be above 0"));
    }
    // World coordinates; the direction of extrusion only says which way round it runs.
    const Vec2 minor = (z_axis < 0 ? -ratio : ratio) * left_of(major);
    double sweep = std::fmod(end - begin, 2 * pi);
    if (sweep <= 1e-9) sweep += 2 * pi;  // Programs write 2 pi with few digits.
    const bool whole = sweep > 2 * pi - 1e-9;
    PathPen pen = pen_of(shape, {});
    pen.move_to(centre + std::cos(begin) * major + std::sin(begin) * minor);
    pen.ellipse_to(centre, major, minor, begin, begin + sweep);
    if (whole) pen.close();
    return taken(shape, pen);
}

Paths draw_lwpolyline(const DxfShape& shape) {
    Numbers numbers{shape.entity};
    std::vector<DxfVertex> vertices;
    for (const DxfTag& tag : shape.entity.tags) {
        if (tag.code == 10) vertices.push_back({{numbers.of(tag), 0}, 0});
        if (vertices.empty()) continue;
        if (tag.code == 20) vertices.back().at.y = numbers.of(tag);
        if (tag.code == 42) vertices.back().bulge = numbers.of(tag);
    }
    const bool closed = (numbers.integer(70, 0) & 1) != 0;
    const int stated = numbers.integer(90, static_cast<int>(vertices.size()));
    shape.met.height(numbers.optional(38, 0));
    if (numbers.error()) return fail(*numbers.error());
    if (stated < 0 || static_cast<std::size_t>(stated) != vertices.size()) {
        return fail(broken(shape.entity,
                           "it announces " + std::to_string(stated) + " vertices and has " +
                               std::to_string(vertices.size())));
    }
    return draw_dxf_polyline(shape, vertices, closed, false);
}

struct SplineGroups {
    Nurbs curve;
    std::vector<Vec2> fit_points;
    std::optional<Vec2> start_tangent;
    std::optional<Vec2> end_tangent;
};

SplineGroups spline_groups(const DxfShape& shape, Numbers& numbers) {
    SplineGroups groups;
    Nurbs& curve = groups.curve;
    curve.degree = numbers.integer(71, 3);
    for (const DxfTag& tag : shape.entity.tags) {
        switch (tag.code) {
            case 40:
                curve.knots.push_back(numbers.of(tag));
                break;
            case 41:
                curve.weights.push_back(numbers.of(tag));
                break;
            case 10:
                curve.points.push_back({numbers.of(tag), 0});
                break;
            case 20:
                if (!curve.points.empty()) curve.points.back().y = numbers.of(tag);
                break;
            case 11:
                groups.fit_points.push_back({numbers.of(tag), 0});
                break;
            case 21:
                if (!groups.fit_points.empty()) groups.fit_points.back().y = numbers.of(tag);
                break;
            case 30:
            case 31:
                shape.met.height(numbers.of(tag));
                break;
            default:
                break;
        }
    }
    if (shape.entity.find(12) != nullptr) groups.start_tangent = numbers.point(12);
    if (shape.entity.find(13) != nullptr) groups.end_tangent = numbers.point(13);
    return groups;
}

Paths draw_spline(const DxfShape& shape) {
    Numbers numbers{shape.entity};
    SplineGroups groups = spline_groups(shape, numbers);
    if (numbers.error()) return fail(*numbers.error());
    const Nurbs& curve = groups.curve;
    const std::size_t largest = std::max(
        {curve.knots.size(), curve.points.size(), curve.weights.size(), groups.fit_points.size()});
    if (largest > shape.limits.spline_points || curve.degree > shape.limits.spline_degree) {
        return fail(shape.entity.refusal(
            ErrorCode::too_large,
            "a spline of " + std::to_string(largest) + " points or knots and degree " +
                std::to_string(curve.degree) + " is beyond the limits of " +
                std::to_string(shape.limits.spline_points) + " and " +
                std::to_string(shape.limits.spline_degree),
            "Simplify the curve in your CAD program"));
    }
    PathPen pen = pen_of(shape, {});
    const bool closed = (numbers.integer(70, 0) & 1) != 0;
    if (curve.points.empty() && groups.fit_points.size() > 1) {
        ++shape.met.fitted_splines;
        if (closed && groups.fit_points.front() != groups.fit_points.back())
            groups.fit_points.push_back(groups.fit_points.front());
        draw_through(groups.fit_points, groups.start_tangent, groups.end_tangent, pen);
    } else {
        if (const auto fault = fault_of(curve)) return fail(broken(shape.entity, *fault));
        // A map stretches no more than both of its axes together.
        const double stretch =
            std::hypot(shape.to_mm.a, shape.to_mm.b) + std::hypot(shape.to_mm.c, shape.to_mm.d);
        if (!(stretch > 0)) return std::vector<PenPath>{};
        draw(curve, shape.rules.chord_tolerance_mm / stretch, pen);
    }
    if (pen.fault() != PenFault::none) return taken(shape, pen);
    Paths paths = pen.take();
    // The ends of a closed spline meet; it becomes a closed path.
    for (PenPath& path : *paths) {
        if (!closed || path.points.size() < 3) continue;
        if (distance(path.points.front().at, path.points.back().at) >
            shape.rules.chord_tolerance_mm)
            continue;
        path.points.pop_back();
        path.closed = true;
    }
    return paths;
}

}  // namespace

Result<Affine> dxf_own_axes(const DxfEntity& entity, DxfMet& met) {
    Numbers numbers{entity};
    const std::array<double, 3> n{
        numbers.optional(210, 0), numbers.optional(220, 0), numbers.optional(230, 1)};
    const double height = numbers.optional(entity.type == "LWPOLYLINE" ? 38 : 30, 0);
    if (numbers.error()) return fail(*numbers.error());
    const double size = std::hypot(n[0], n[1], n[2]);
    if (!(size > 0)) return fail(broken(entity, "its extrusion direction has no length"));
    const double nx = n[0] / size;
    const double ny = n[1] / size;
    const double nz = n[2] / size;
    // x axis: world y (near the pole) or world z, crossed with the direction.
    static constexpr double near_pole = 1.0 / 64;
    const bool pole = std::abs(nx) < near_pole && std::abs(ny) < near_pole;
    std::array<double, 3> x =
        pole ? std::array<double, 3>{nz, 0, -nx} : std::array<double, 3>{-ny, nx, 0};
    const double x_size = std::hypot(x[0], x[1], x[2]);
    for (double& part : x)
        part /= x_size;
    const Vec2 y{ny * x[2] - nz * x[1], nz * x[0] - nx * x[2]};
    if (std::abs(std::abs(nz) - 1) > 1e-9) {
        ++met.tilted;
        return Affine{x[0], x[1], y.x, y.y, height * nx, height * ny};
    }
    return Affine{nz < 0 ? -1.0 : 1.0, 0, 0, 1, 0, 0};
}

bool dxf_can_draw(std::string_view type) {
    static constexpr std::array<std::string_view, 6> types{
        "LINE", "ARC", "CIRCLE", "ELLIPSE", "LWPOLYLINE", "SPLINE"};
    return std::find(types.begin(), types.end(), type) != types.end();
}

Paths draw_dxf_shape(const DxfShape& shape) {
    const std::string_view type = shape.entity.type;
    if (type == "LINE") return draw_line(shape);
    if (type == "ARC") return draw_arc(shape, false);
    if (type == "CIRCLE") return draw_arc(shape, true);
    if (type == "ELLIPSE") return draw_ellipse(shape);
    if (type == "LWPOLYLINE") return draw_lwpolyline(shape);
    NEARFAB_CHECK(type == "SPLINE", "only what can be drawn is drawn");
    return draw_spline(shape);
}

Paths draw_dxf_polyline(const DxfShape& header,
                        const std::vector<DxfVertex>& vertices,
                        bool closed,
                        bool in_world) {
    Affine own;
    if (!in_world) {
        const auto axes = dxf_own_axes(header.entity, header.met);
        if (!axes) return fail(axes.error());
        own = *axes;
    }
    PathPen pen = pen_of(header, own);
    if (vertices.size() < 2) return std::vector<PenPath>{};
    pen.move_to(vertices.front().at);
    for (std::size_t i = 0; i + (closed ? 0 : 1) < vertices.size(); ++i)
        pen.bulge_to(vertices[(i + 1) % vertices.size()].at, vertices[i].bulge);
    if (closed) pen.close();
    return taken(header, pen);
}

Error dxf_pen_error(const DxfEntity& entity, PenFault fault, const PenRules& rules) {
    switch (fault) {
        case PenFault::not_finite:
            return broken(entity, "its numbers are too large to be drawn");
        case PenFault::too_far:
            return entity.refusal(
                ErrorCode::too_large,
                "a point lies beyond the limit of " + number_text(rules.coordinate_mm) + " mm",
                "Check the unit of the drawing ($INSUNITS) and move it near the origin");
        case PenFault::too_many:
            return entity.refusal(ErrorCode::too_large,
                                  "the drawing has more points, with all insertions, than "
                                  "the limit of " +
                                      std::to_string(rules.points),
                                  "Send fewer copies, or simplify the curves");
        case PenFault::none:
            break;
    }
    NEARFAB_CHECK(false, "only a fault has an error");
}

}  // namespace nearfab::geometry::flat
