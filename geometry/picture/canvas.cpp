// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/picture/canvas.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nearfab::geometry {
namespace {

// The pixels whose centres lie between two coordinates, cut to the canvas: [first, end).
struct PixelRange {
    std::uint32_t first = 0;
    std::uint32_t end = 0;
};

PixelRange pixels_between(double low, double high, std::uint32_t size) {
    const double limit = static_cast<double>(size);
    const double first = std::clamp(std::ceil(low - 0.5), 0.0, limit);
    const double end = std::clamp(std::floor(high - 0.5) + 1, 0.0, limit);
    if (!(first < end)) return {};
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(end)};
}

// Twice the signed area of a, b and a point.
double cross_at(const CanvasPoint& a, const CanvasPoint& b, double x, double y) {
    return (b.x - a.x) * (y - a.y) - (b.y - a.y) * (x - a.x);
}

std::uint8_t mean_of_four(int a, int b, int c, int d) {
    return static_cast<std::uint8_t>((a + b + c + d + 2) / 4);
}

}  // namespace

Canvas::Canvas(std::uint32_t width, std::uint32_t height, Colour background)
    : width_{width},
      height_{height},
      colours_(std::size_t{width} * height, background),
      depths_(std::size_t{width} * height, std::numeric_limits<float>::infinity()) {
    NEARFAB_CHECK(width > 0 && height > 0, "a canvas has pixels");
}

std::size_t Canvas::at(std::uint32_t x, std::uint32_t y) const {
    return std::size_t{y} * width_ + x;
}

void Canvas::triangle(const std::array<CanvasPoint, 3>& corners, Colour colour) {
    const auto& [a, b, c] = corners;
    const double area = cross_at(a, b, c.x, c.y);
    if (area == 0 || !std::isfinite(area)) return;  // Seen edge on: no pixel.
    const auto rows = pixels_between(std::min({a.y, b.y, c.y}), std::max({a.y, b.y, c.y}), height_);
    const auto columns =
        pixels_between(std::min({a.x, b.x, c.x}), std::max({a.x, b.x, c.x}), width_);
    for (std::uint32_t row = rows.first; row < rows.end; ++row) {
        const double y = row + 0.5;
        for (std::uint32_t column = columns.first; column < columns.end; ++column) {
            const double x = column + 0.5;
            const double of_a = cross_at(b, c, x, y) / area;
            const double of_b = cross_at(c, a, x, y) / area;
            const double of_c = 1 - of_a - of_b;
            if (of_a < 0 || of_b < 0 || of_c < 0) continue;
            const auto depth = static_cast<float>(of_a * a.depth + of_b * b.depth + of_c * c.depth);
            const std::size_t pixel = at(column, row);
            if (depth >= depths_[pixel]) continue;
            depths_[pixel] = depth;
            colours_[pixel] = colour;
        }
    }
}

void Canvas::row(std::uint32_t y, std::uint32_t first, std::uint32_t end, Colour colour) {
    NEARFAB_CHECK(y < height_ && first <= end && end <= width_, "a row lies on the canvas");
    for (std::uint32_t x = first; x < end; ++x)
        colours_[at(x, y)] = colour;
}

void Canvas::dot(double x, double y, double depth, double radius, Colour colour) {
    const auto rows = pixels_between(y - radius, y + radius, height_);
    const auto columns = pixels_between(x - radius, x + radius, width_);
    for (std::uint32_t row = rows.first; row < rows.end; ++row) {
        for (std::uint32_t column = columns.first; column < columns.end; ++column) {
            const std::size_t pixel = at(column, row);
            if (depth <= static_cast<double>(depths_[pixel])) colours_[pixel] = colour;
        }
    }
}

void Canvas::line(CanvasPoint from, CanvasPoint to, double thickness, double lead, Colour colour) {
    const double length = std::hypot(to.x - from.x, to.y - from.y);
    if (!std::isfinite(length)) return;
    // A view fits its panel, so a line has at most a few thousand steps.
    const auto steps = static_cast<std::uint32_t>(std::clamp(std::ceil(length), 1.0, 16384.0));
    for (std::uint32_t step = 0; step <= steps; ++step) {
        const double t = static_cast<double>(step) / steps;
        const double depth = from.depth + t * (to.depth - from.depth) - lead;
        dot(from.x + t * (to.x - from.x),
            from.y + t * (to.y - from.y),
            depth,
            thickness / 2,
            colour);
    }
}

Picture Canvas::halved() const {
    NEARFAB_CHECK(width_ % 2 == 0 && height_ % 2 == 0, "blocks of 2 x 2 pixels");
    Picture picture{width_ / 2, height_ / 2, {}};
    picture.pixels.reserve(std::size_t{picture.width} * picture.height);
    for (std::uint32_t y = 0; y < height_; y += 2) {
        for (std::uint32_t x = 0; x < width_; x += 2) {
            const Colour& a = colours_[at(x, y)];
            const Colour& b = colours_[at(x + 1, y)];
            const Colour& c = colours_[at(x, y + 1)];
            const Colour& d = colours_[at(x + 1, y + 1)];
            picture.pixels.push_back({mean_of_four(a.red, b.red, c.red, d.red),
                                      mean_of_four(a.green, b.green, c.green, d.green),
                                      mean_of_four(a.blue, b.blue, c.blue, d.blue)});
        }
    }
    return picture;
}

}  // namespace nearfab::geometry
