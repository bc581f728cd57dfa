// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/prepare/toolpath_picture.hpp"

#include "base/check.hpp"
#include "geometry/picture/canvas.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <vector>

namespace nearfab::agent {
namespace {

namespace tp = toolpath;
using geometry::Colour;
using geometry::Vec2;
using geometry::Vec3;

constexpr Colour paper{251, 251, 247};
constexpr Colour sheet_colour{236, 231, 219};
constexpr Colour part_colour{205, 213, 218};
constexpr double border_px = 24;

class Artist {
public:
    Artist(const Vec2& sheet_mm, std::uint32_t longest_px)
        : sheet_{sheet_mm},
          scale_{(2 * longest_px - 2 * border_px) / std::max(sheet_mm.x, sheet_mm.y)},
          width_{even(sheet_mm.x * scale_ + 2 * border_px)},
          height_{even(sheet_mm.y * scale_ + 2 * border_px)},
          canvas_{width_, height_, paper} {}

    geometry::Picture draw(const CutFile& file, double tab_top_z) {
        fill({{{0, 0}, {sheet_.x, 0}, {sheet_.x, sheet_.y}, {0, sheet_.y}}}, sheet_colour);
        fill(file.layout.loops, part_colour);
        const tp::Toolpath& path = file.plan.path;
        Vec3 at = path.start;
        bool begun = false;
        bool first = true;
        for (const tp::Move& move : path.moves) {
            const bool travel = move.kind == tp::MoveKind::travel;
            way(at, move, colour_of(move, at, path.kind, tab_top_z), travel ? 1.5 : 4);
            const bool level = at.x != move.to.x || at.y != move.to.y;
            if (!travel && !begun && level) {
                dot(at, first ? 18 : 9);
                first = false;
            }
            begun = !travel && (begun || level);
            at = move.to;
        }
        return canvas_.halved();
    }

private:
    static std::uint32_t even(double pixels) {
        return 2 * static_cast<std::uint32_t>(std::lround(pixels / 2));
    }
    [[nodiscard]] geometry::CanvasPoint place(double x, double y) const {
        return {border_px + x * scale_, height_ - border_px - y * scale_, 0};
    }

    static Colour colour_of(const tp::Move& move,
                            const Vec3& from,
                            tp::MachineKind kind,
                            double tab_top_z) {
        using tp::MoveKind;
        switch (move.kind) {
            case MoveKind::travel:
            case MoveKind::lift:
                return {160, 160, 160};
            case MoveKind::lead:
                return {230, 159, 0};
            case MoveKind::score:
            case MoveKind::slit:
                return {86, 180, 233};
            case MoveKind::engrave:
                return {0, 158, 115};
            case MoveKind::cut:
            case MoveKind::plunge:
                break;
        }
        const bool tab = kind == tp::MachineKind::mill ? std::abs(from.z - tab_top_z) < 1e-6 &&
                                                             std::abs(move.to.z - tab_top_z) < 1e-6
                                                       : move.power == 0;
        return tab ? Colour{213, 60, 0} : Colour{0, 72, 150};
    }

    void way(const Vec3& from, const tp::Move& move, Colour colour, double thickness) {
        const tp::Track track{{{from.x, from.y}, {move.to.x, move.to.y}, move.bulge}};
        const tp::Polygon points = tp::flattened(track, 0.25 / scale_, false);
        for (std::size_t i = 0; i + 1 < points.size(); ++i) {
            canvas_.line(place(points[i].x, points[i].y),
                         place(points[i + 1].x, points[i + 1].y),
                         thickness,
                         std::numeric_limits<double>::infinity(),
                         colour);
        }
    }

    void dot(const Vec3& at, double thickness) {
        canvas_.line(place(at.x, at.y),
                     place(at.x, at.y),
                     thickness,
                     std::numeric_limits<double>::infinity(),
                     {204, 121, 167});
    }

    // Even-odd, row by row.
    void fill(const std::vector<tp::Polygon>& polygons, Colour colour) {
        std::vector<std::vector<double>> rows(height_);
        for (const tp::Polygon& polygon : polygons) {
            for (std::size_t i = 0; i < polygon.size(); ++i) {
                const Vec2& next = polygon[(i + 1) % polygon.size()];
                cross(place(polygon[i].x, polygon[i].y), place(next.x, next.y), rows);
            }
        }
        for (std::uint32_t y = 0; y < height_; ++y) {
            std::vector<double>& crossed = rows[y];
            std::sort(crossed.begin(), crossed.end());
            for (std::size_t i = 0; i + 1 < crossed.size(); i += 2)
                canvas_.row(y, column(crossed[i]), column(crossed[i + 1]), colour);
        }
    }

    [[nodiscard]] std::uint32_t column(double x) const {
        return static_cast<std::uint32_t>(std::clamp(std::ceil(x - 0.5), 0.0, width_ * 1.0));
    }

    void cross(const geometry::CanvasPoint& a,
               const geometry::CanvasPoint& b,
               std::vector<std::vector<double>>& rows) const {
        if (a.y == b.y) return;
        const double low = std::min(a.y, b.y);
        const double high = std::max(a.y, b.y);
        for (double row = std::max(std::ceil(low - 0.5), 0.0); row + 0.5 < high && row < height_;
             ++row) {
            rows[static_cast<std::size_t>(row)].push_back(a.x + (row + 0.5 - a.y) / (b.y - a.y) *
                                                                    (b.x - a.x));
        }
    }

    Vec2 sheet_;
    double scale_;
    std::uint32_t width_;
    std::uint32_t height_;
    geometry::Canvas canvas_;
};

}  // namespace

geometry::Picture picture_of(const CutFile& file,
                             const Vec2& sheet_mm,
                             double tab_top_z,
                             std::uint32_t longest_px) {
    NEARFAB_CHECK(longest_px >= 128 && longest_px <= 4096, "picture size in its range");
    return Artist{sheet_mm, longest_px}.draw(file, tab_top_z);
}

}  // namespace nearfab::agent
