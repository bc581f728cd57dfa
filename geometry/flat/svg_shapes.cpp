// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg_shapes.hpp"

#include "base/check.hpp"
#include "geometry/flat/remarks.hpp"
#include "geometry/flat/svg_path.hpp"
#include "geometry/flat/svg_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

// Reads lengths and remembers the first error.
class Lengths {
public:
    Lengths(const SvgNode& node, const Vec2& viewport) : node_(node), viewport_(viewport) {}

    double x(std::string_view name) { return get(name, viewport_.x, 0); }
    double y(std::string_view name) { return get(name, viewport_.y, 0); }
    double size(std::string_view name) {
        return get(name, std::hypot(viewport_.x, viewport_.y) / std::sqrt(2.0), 0);
    }
    // Empty when it is missing or "auto".
    std::optional<double> given(std::string_view name, double whole) {
        const std::string* const text = node_.find(name);
        if (text == nullptr || svg_trimmed(*text) == "auto") return std::nullopt;
        return get(name, whole, 0);
    }
    [[nodiscard]] const Vec2& viewport() const { return viewport_; }

    // REQUIRES: a name that was read. A negative size is an error by the standard.
    void not_negative(std::string_view name, double value) {
        if (value < 0 && !error_) {
            error_ = node_.refusal(
                ErrorCode::invalid_file, std::string{name} + " is negative", svg_broken_next);
        }
    }
    [[nodiscard]] Status status() const { return error_ ? Status{fail(*error_)} : Status{}; }

private:
    double get(std::string_view name, double whole, double otherwise) {
        const auto value = svg_length_of(node_, name, whole, otherwise);
        if (!value && !error_) error_ = value.error();
        return value ? *value : otherwise;
    }

    const SvgNode& node_;
    Vec2 viewport_;
    std::optional<Error> error_;
};

Status draw_rect(const SvgNode& node, const Vec2& viewport, PathPen& pen) {
    Lengths lengths{node, viewport};
    const double x = lengths.x("x");
    const double y = lengths.y("y");
    const double w = lengths.x("width");
    const double h = lengths.y("height");
    auto rx = lengths.given("rx", viewport.x);
    auto ry = lengths.given("ry", viewport.y);
    lengths.not_negative("width", w);
    lengths.not_negative("height", h);
    lengths.not_negative("rx", rx.value_or(0));
    lengths.not_negative("ry", ry.value_or(0));
    if (Status status = lengths.status(); !status || w == 0 || h == 0) return status;
    // One radius alone is both; none is larger than half a side.
    const double a = std::min(rx ? *rx : ry.value_or(0), w / 2);
    const double b = std::min(ry ? *ry : rx.value_or(0), h / 2);
    const bool round = a > 0 && b > 0;
    const std::array<Vec2, 4> corners{{{x + w, y}, {x + w, y + h}, {x, y + h}, {x, y}}};
    const std::array<Vec2, 4> inward{{{-a, b}, {-a, -b}, {a, -b}, {a, b}}};
    pen.move_to(round ? Vec2{x + a, y} : corners[3]);
    for (std::size_t i = 0; i < 4; ++i) {
        if (!round) {
            pen.line_to(corners[i]);
            continue;
        }
        const Vec2 centre = corners[i] + inward[i];
        const double t0 = (static_cast<double>(i) - 1) * pi / 2;
        const Vec2 begin = centre + Vec2{a * std::cos(t0), b * std::sin(t0)};
        const bool side_left = i % 2 == 0 ? w > 2 * a : h > 2 * b;
        if (side_left) pen.line_to(begin);
        pen.ellipse_to(centre, {a, 0}, {0, b}, t0, t0 + pi / 2);
    }
    pen.close();
    return {};
}

Status draw_ellipse(const SvgNode& node, const Vec2& viewport, bool circle, PathPen& pen) {
    Lengths lengths{node, viewport};
    const Vec2 centre{lengths.x("cx"), lengths.y("cy")};
    double rx = 0;
    double ry = 0;
    if (circle) {
        rx = ry = lengths.size("r");
        lengths.not_negative("r", rx);
    } else {
        const auto x = lengths.given("rx", viewport.x);
        const auto y = lengths.given("ry", viewport.y);
        rx = x ? *x : y.value_or(0);
        ry = y ? *y : x.value_or(0);
        lengths.not_negative("rx", rx);
        lengths.not_negative("ry", ry);
    }
    if (Status status = lengths.status(); !status || rx == 0 || ry == 0) return status;
    pen.move_to(centre + Vec2{rx, 0});
    pen.ellipse_to(centre, {rx, 0}, {0, ry}, 0, 2 * pi);
    pen.close();
    return {};
}

Status draw_line(const SvgNode& node, const Vec2& viewport, PathPen& pen) {
    Lengths lengths{node, viewport};
    const Vec2 from{lengths.x("x1"), lengths.y("y1")};
    const Vec2 to{lengths.x("x2"), lengths.y("y2")};
    if (Status status = lengths.status(); !status) return status;
    pen.move_to(from);
    pen.line_to(to);
    return {};
}

Status faulty(const SvgNode& node, const std::optional<std::string>& fault) {
    if (!fault) return {};
    return fail(
        ErrorCode::invalid_file, node.where() + ", " + *fault, svg_broken_next, node.place());
}

}  // namespace

bool svg_is_shape(std::string_view name) {
    static constexpr std::array<std::string_view, 7> names{
        "path", "rect", "circle", "ellipse", "line", "polyline", "polygon"};
    return std::find(names.begin(), names.end(), name) != names.end();
}

Result<double> svg_length_of(const SvgNode& node,
                             std::string_view name,
                             double whole,
                             double otherwise) {
    const std::string* const text = node.find(name);
    if (text == nullptr) return otherwise;
    const auto length = svg_length(*text);
    if (!length || (length->unit == SvgUnit::percent && !(whole > 0))) {
        return fail(
            node.refusal(ErrorCode::invalid_file,
                         std::string{name} + "=" + shown(*text) +
                             (length ? " is per cent of a page without a size"
                                     : " is not a length in px, mm, cm, in, pt, pc, Q or per cent"),
                         svg_broken_next));
    }
    return length->unit == SvgUnit::percent ? length->value * whole / 100 : length->value;
}

Status draw_svg_shape(const SvgNode& node, const Vec2& viewport, PathPen& pen) {
    const std::string_view name = node.name;
    if (name == "rect") return draw_rect(node, viewport, pen);
    if (name == "circle") return draw_ellipse(node, viewport, true, pen);
    if (name == "ellipse") return draw_ellipse(node, viewport, false, pen);
    if (name == "line") return draw_line(node, viewport, pen);
    if (name == "path") {
        const std::string* const data = node.find("d");
        return data == nullptr ? Status{} : faulty(node, draw_svg_path(*data, pen));
    }
    NEARFAB_CHECK(name == "polyline" || name == "polygon", "only shapes are drawn");
    const std::string* const points = node.find("points");
    return points == nullptr ? Status{}
                             : faulty(node, draw_svg_points(*points, name == "polygon", pen));
}

}  // namespace nearfab::geometry::flat
