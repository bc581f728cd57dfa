// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/picture/drawing_picture.hpp"

#include "base/check.hpp"
#include "geometry/flat/plane.hpp"
#include "geometry/picture/canvas.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <vector>

namespace nearfab::geometry {
namespace {

using namespace plane;

constexpr double margin_share = 0.04;
constexpr Colour paper{251, 251, 247};
constexpr Colour material{214, 220, 224};
constexpr std::array<LineMark, 7> in_order{LineMark::outer,
                                           LineMark::inner,
                                           LineMark::score,
                                           LineMark::engrave,
                                           LineMark::doubled,
                                           LineMark::crossing,
                                           LineMark::open};

// Of the whole picture, at twice its size.
struct Frame {
    Vec2 low;  // Millimetres at the lower left.
    double scale = 1;
    std::uint32_t width = 0;
    std::uint32_t height = 0;

    [[nodiscard]] Vec2 operator()(const Vec2& p) const {
        return {(p.x - low.x) * scale, height - (p.y - low.y) * scale};
    }
};

std::uint32_t even_pixels(double pixels) {
    return 2 * static_cast<std::uint32_t>(std::lround(pixels / 2));
}

// Everything that is drawn; the bounds in the facts are of the cuts alone.
Frame frame_of(const Drawing& drawing, std::uint32_t longest_px) {
    const FlatBounds bounds = bounds_of(drawing).value_or(FlatBounds{});
    const Vec2 size = bounds.size();
    const double longest = std::max({size.x, size.y, 1e-6});
    const double room = 2 * longest_px * (1 - 2 * margin_share);
    Frame frame;
    frame.scale = room / longest;
    // A drawing of a single line still gets a strip to be seen on.
    const double least = longest_px * 0.2;
    const double edge = 2 * longest_px * 2 * margin_share;
    frame.width = even_pixels(std::max(least, size.x * frame.scale + edge));
    frame.height = even_pixels(std::max(least, size.y * frame.scale + edge));
    const Vec2 centre = middle(bounds.min, bounds.max);
    frame.low = {centre.x - frame.width / frame.scale / 2,
                 centre.y - frame.height / frame.scale / 2};
    return frame;
}

// Calls with the ends of short lines that differ from the path by less than half a pixel.
template <typename Line>
void each_line(const Path& path, const Frame& frame, Line&& line) {
    const std::size_t count = path.points.size();
    for (std::size_t i = 0; i + (path.closed ? 0 : 1) < count; ++i) {
        const PathPoint& point = path.points[i];
        const Vec2 to = path.points[(i + 1) % count].at;
        if (point.bulge == 0 || point.at == to) {
            line(frame(point.at), frame(to));
            continue;
        }
        const ArcShape arc = arc_shape(point.at, to, point.bulge);
        const double slack = std::min(1.0, 0.5 / (arc.radius * frame.scale));
        const double steps =
            std::clamp(std::ceil(std::abs(arc.sweep) / (2 * std::acos(1 - slack))), 1.0, 256.0);
        Vec2 last = point.at;
        for (double k = 1; k <= steps; ++k) {
            const Vec2 next =
                k == steps
                    ? to
                    : arc.centre + turn(arc.sweep * k / steps).direction(point.at - arc.centre);
            line(frame(last), frame(next));
            last = next;
        }
    }
}

// Between an odd and an even crossing of a row of pixels there is material.
class Fill {
public:
    explicit Fill(const Frame& frame)
        : width_{frame.width},
          height_{frame.height},
          turns_(std::size_t{frame.width} * frame.height, false) {}

    void edge(const Vec2& a, const Vec2& b) {
        const double low = std::min(a.y, b.y);
        const double high = std::max(a.y, b.y);
        const double first = std::clamp(std::ceil(low - 0.5), 0.0, double{1} * height_);
        for (auto row = static_cast<std::uint32_t>(first); row < height_ && row + 0.5 < high;
             ++row) {
            const double x = a.x + (row + 0.5 - a.y) / (b.y - a.y) * (b.x - a.x);
            const double column = std::clamp(std::ceil(x - 0.5), 0.0, width_ - 1.0);
            const std::size_t at = std::size_t{row} * width_ + static_cast<std::size_t>(column);
            turns_[at] = !turns_[at];
        }
    }

    // A row with an odd number of crossings hits an outline where it has a small gap.
    void paint(Canvas& canvas) const {
        for (std::uint32_t row = 0; row < height_; ++row) {
            const auto begin = turns_.begin() + static_cast<std::ptrdiff_t>(row) * width_;
            if (std::count(begin, begin + width_, true) % 2 != 0) continue;
            std::optional<std::uint32_t> from;
            for (std::uint32_t x = 0; x < width_; ++x) {
                if (!begin[x]) continue;
                if (from) canvas.row(row, *from, x, material);
                from = from ? std::optional<std::uint32_t>{} : x;
            }
        }
    }

private:
    std::uint32_t width_;
    std::uint32_t height_;
    std::vector<bool> turns_;  // Per pixel: the row turns from waste to material or back.
};

std::optional<LineMark> mark_of(const Path& path, PathRole role) {
    if (path.operation == Operation::score) return LineMark::score;
    if (path.operation == Operation::engrave) return LineMark::engrave;
    switch (role) {
        case PathRole::outer:
            return LineMark::outer;
        case PathRole::inner:
            return LineMark::inner;
        case PathRole::open:
            return LineMark::open;
        case PathRole::doubled:
            return LineMark::doubled;
        case PathRole::not_cut:
            break;
    }
    return std::nullopt;
}

class Artist {
public:
    Artist(const Drawing& drawing, const FlatFacts& facts, const DrawingPictureOptions& options)
        : drawing_{drawing},
          facts_{facts},
          frame_{frame_of(drawing, options.longest_px)},
          canvas_{frame_.width, frame_.height, paper},
          left_px_{static_cast<double>(options.stroke_px)},
          pen_px_{std::max(4.0, options.longest_px / 250.0)} {}

    DrawingPicture draw() {
        fill();
        for (const LineMark mark : in_order)
            lines(mark);
        spots(facts_.doubled, LineMark::doubled);
        spots(facts_.crossing_at, LineMark::crossing);
        spots(facts_.open_at, LineMark::open);
        return {canvas_.halved(), seen_, left_px_ > 0};
    }

private:
    void fill() {
        Fill fill{frame_};
        for (std::size_t i = 0; i < drawing_.paths.size(); ++i) {
            if (facts_.roles[i] != PathRole::outer && facts_.roles[i] != PathRole::inner) continue;
            each_line(drawing_.paths[i], frame_, [&fill](const Vec2& a, const Vec2& b) {
                fill.edge(a, b);
            });
        }
        fill.paint(canvas_);
    }

    void lines(LineMark mark) {
        for (std::size_t i = 0; i < drawing_.paths.size() && left_px_ > 0; ++i) {
            if (mark_of(drawing_.paths[i], facts_.roles[i]) != mark) continue;
            seen_.insert(mark);
            each_line(drawing_.paths[i], frame_, [&](const Vec2& a, const Vec2& b) {
                left_px_ -= distance(a, b) + 1;
                if (left_px_ > 0) stroke(a, b, pen_px_, mark);
            });
        }
    }

    void spots(const std::vector<FlatPlace>& places, LineMark mark) {
        for (const FlatPlace& place : places) {
            seen_.insert(mark);
            stroke(frame_(place.at), frame_(place.at), 5 * pen_px_, mark);
        }
    }

    void stroke(const Vec2& a, const Vec2& b, double thickness, LineMark mark) {
        canvas_.line({a.x, a.y, 0},
                     {b.x, b.y, 0},
                     thickness,
                     std::numeric_limits<double>::infinity(),
                     colour_of(mark));
    }

    const Drawing& drawing_;
    const FlatFacts& facts_;
    Frame frame_;
    Canvas canvas_;
    double left_px_;
    double pen_px_;
    std::set<LineMark> seen_;
};

}  // namespace

Colour colour_of(LineMark mark) {
    switch (mark) {
        case LineMark::outer:
            return {40, 44, 52};
        case LineMark::inner:
            return {0, 114, 178};
        case LineMark::score:
            return {86, 180, 233};
        case LineMark::engrave:
            return {0, 158, 115};
        case LineMark::doubled:
            return {230, 159, 0};
        case LineMark::crossing:
            return {204, 121, 167};
        case LineMark::open:
            return {213, 60, 0};
    }
    return {};
}

std::string_view colour_name(LineMark mark) {
    switch (mark) {
        case LineMark::outer:
            return "black";
        case LineMark::inner:
            return "blue";
        case LineMark::score:
            return "light blue";
        case LineMark::engrave:
            return "green";
        case LineMark::doubled:
            return "orange";
        case LineMark::crossing:
            return "pink";
        case LineMark::open:
            return "red";
    }
    return "black";
}

DrawingPicture picture_of(const Drawing& drawing,
                          const FlatFacts& facts,
                          const DrawingPictureOptions& options) {
    NEARFAB_CHECK(facts.roles.size() == drawing.paths.size(), "the facts are of this drawing");
    NEARFAB_CHECK(options.longest_px >= 128 && options.longest_px <= 4096,
                  "picture size in its range");
    return Artist{drawing, facts, options}.draw();
}

}  // namespace nearfab::geometry
