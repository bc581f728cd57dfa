// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg_path.hpp"

#include "geometry/flat/remarks.hpp"
#include "geometry/flat/svg_values.hpp"

#include <algorithm>
#include <array>
#include <cmath>

namespace nearfab::geometry::flat {

using namespace plane;

namespace {

using Fault = std::optional<std::string>;

struct Arc {
    double rx = 0;
    double ry = 0;
    double turn = 0;  // Radians.
    bool large = false;
    bool sweep = false;
};

// From two ends to a centre, after appendix F.6 of SVG 1.1. Radii that are too small grow.
void draw_arc(PathPen& pen, const Vec2& from, const Vec2& to, Arc arc) {
    if (from == to) return;
    arc.rx = std::abs(arc.rx);
    arc.ry = std::abs(arc.ry);
    if (arc.rx == 0 || arc.ry == 0) return pen.line_to(to);
    const Affine back = turn(-arc.turn);
    const Vec2 half = back.direction(0.5 * (from - to));
    const double reach = std::hypot(half.x / arc.rx, half.y / arc.ry);
    if (reach > 1) {
        arc.rx *= reach;
        arc.ry *= reach;
    }
    const Vec2 on_unit{half.x / arc.rx, half.y / arc.ry};
    const double squared = dot(on_unit, on_unit);
    double off = reach >= 1 ? 0 : std::sqrt(std::max(1 / squared - 1, 0.0));
    if (arc.large == arc.sweep) off = -off;
    const Vec2 unit_centre{off * on_unit.y, -off * on_unit.x};
    const auto angle = [&](const Vec2& p) {
        const Vec2 spoke = p - unit_centre;
        return std::atan2(spoke.y, spoke.x);
    };
    const double t0 = angle(on_unit);
    double t1 = angle(-1 * on_unit);
    if (arc.sweep && t1 < t0) t1 += 2 * pi;
    if (!arc.sweep && t1 > t0) t1 -= 2 * pi;
    const Affine there = turn(arc.turn);
    const Vec2 u = there.direction({arc.rx, 0});
    const Vec2 v = there.direction({0, arc.ry});
    const Vec2 centre =
        middle(from, to) + there.direction({unit_centre.x * arc.rx, unit_centre.y * arc.ry});
    pen.ellipse_to(centre, u, v, t0, t1);
}

class PathData {
public:
    PathData(std::string_view data, PathPen& pen) : scanner_(data), pen_(pen) {}

    Fault draw() {
        scanner_.skip_blanks();
        while (!scanner_.at_end() && pen_.fault() == PenFault::none) {
            const std::size_t at = scanner_.at();
            const char command = scanner_.take();
            if (!started_ && command != 'M' && command != 'm')
                return "character " + std::to_string(at + 1) + ": a path begins with M";
            if (std::string_view{"MmLlHhVvCcSsQqTtAaZz"}.find(command) == std::string_view::npos) {
                return "character " + std::to_string(at + 1) + ": " +
                       shown(std::string_view{&command, 1}) + " is no path command";
            }
            scanner_.skip_blanks();
            if (Fault fault = run(command)) return fault;
        }
        return std::nullopt;
    }

private:
    // One command with all the numbers that follow it.
    Fault run(char command) {
        const bool relative = command >= 'a';
        char kind = relative ? static_cast<char>(command - 32) : command;
        if (kind == 'Z') {
            pen_.close();
            here_ = start_;
            last_kind_ = 'Z';
            return std::nullopt;
        }
        bool first = true;
        while (first || scanner_.number_follows()) {
            if (pen_.fault() != PenFault::none) return std::nullopt;
            const Vec2 origin = relative ? here_ : Vec2{};
            if (!step(kind, origin)) {
                return "character " + std::to_string(scanner_.at() + 1) + ": " +
                       shown(scanner_.rest().substr(0, 12)) + " stands where a finite number for " +
                       std::string(1, command) + " should be";
            }
            last_kind_ = kind;
            if (kind == 'M') kind = 'L';  // Points after the first of a moveto are lines.
            first = false;
        }
        return std::nullopt;
    }

    template <std::size_t N>
    bool read(std::array<double, N>& numbers) {
        for (double& number : numbers) {
            const auto value = scanner_.number();
            if (!value) return false;
            number = *value;
        }
        return true;
    }

    bool step(char kind, const Vec2& origin) {
        switch (kind) {
            case 'M':
            case 'L':
            case 'H':
            case 'V':
                return line(kind, origin);
            case 'A':
                return arc(origin);
            default:
                return curve(kind, origin);
        }
    }

    bool line(char kind, const Vec2& origin) {
        Vec2 to = here_;
        if (kind == 'H' || kind == 'V') {
            std::array<double, 1> n{};
            if (!read(n)) return false;
            (kind == 'H' ? to.x : to.y) = n[0] + (kind == 'H' ? origin.x : origin.y);
        } else {
            std::array<double, 2> n{};
            if (!read(n)) return false;
            to = origin + Vec2{n[0], n[1]};
        }
        if (kind == 'M') {
            pen_.move_to(to);
            start_ = to;
            started_ = true;
        } else {
            pen_.line_to(to);
        }
        here_ = to;
        return true;
    }

    bool curve(char kind, const Vec2& origin) {
        const bool cubic = kind == 'C' || kind == 'S';
        const bool smooth = kind == 'S' || kind == 'T';
        Vec2 first = here_;
        if (!smooth) {
            std::array<double, 2> n{};
            if (!read(n)) return false;
            first = origin + Vec2{n[0], n[1]};
        } else if (last_kind_ == (cubic ? 'C' : 'Q') || last_kind_ == (cubic ? 'S' : 'T')) {
            first = here_ + (here_ - control_);  // The mirror of the last control point.
        }
        Vec2 second = first;
        if (cubic) {
            std::array<double, 2> n{};
            if (!read(n)) return false;
            second = origin + Vec2{n[0], n[1]};
        }
        std::array<double, 2> n{};
        if (!read(n)) return false;
        const Vec2 to = origin + Vec2{n[0], n[1]};
        cubic ? pen_.cubic_to(first, second, to) : pen_.quadratic_to(first, to);
        control_ = second;
        here_ = to;
        return true;
    }

    bool arc(const Vec2& origin) {
        std::array<double, 3> shape{};
        if (!read(shape)) return false;
        const auto large = scanner_.flag();
        if (!large) return false;
        const auto sweep = scanner_.flag();
        if (!sweep) return false;
        std::array<double, 2> n{};
        if (!read(n)) return false;
        const Vec2 to = origin + Vec2{n[0], n[1]};
        const double turned = std::fmod(shape[2], 360.0) * pi / 180;
        draw_arc(pen_, here_, to, {shape[0], shape[1], turned, *large, *sweep});
        here_ = to;
        return true;
    }

    SvgScanner scanner_;
    PathPen& pen_;
    Vec2 here_{};
    Vec2 start_{};
    Vec2 control_{};
    char last_kind_ = 'M';
    bool started_ = false;
};

}  // namespace

Fault draw_svg_path(std::string_view data, PathPen& pen) {
    if (svg_trimmed(data) == "none") return std::nullopt;
    return PathData{data, pen}.draw();
}

Fault draw_svg_points(std::string_view points, bool closed, PathPen& pen) {
    SvgScanner scanner{points};
    scanner.skip_blanks();
    bool first = true;
    while (!scanner.at_end() && pen.fault() == PenFault::none) {
        const auto x = scanner.number();
        const auto y = x ? scanner.number() : std::nullopt;
        if (!y) {
            return "character " + std::to_string(scanner.at() + 1) + ": " +
                   shown(scanner.rest().substr(0, 12)) +
                   " stands where a finite coordinate should be";
        }
        first ? pen.move_to({*x, *y}) : pen.line_to({*x, *y});
        first = false;
    }
    if (closed && !first) pen.close();
    return std::nullopt;
}

}  // namespace nearfab::geometry::flat
