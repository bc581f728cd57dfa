// SPDX-License-Identifier: GPL-3.0-or-later
// canvas.hpp - pixels with a depth: triangles and lines hide what is behind them.

#pragma once

#include "geometry/picture/picture.hpp"

#include <array>
#include <vector>

namespace nearfab::geometry {

// A point on the canvas: x to the right and y downwards in pixels, depth away from the eye (any
// unit; smaller is nearer).
struct CanvasPoint {
    double x = 0;
    double y = 0;
    double depth = 0;
};

class Canvas {
public:
    // REQUIRES: both sizes > 0.
    Canvas(std::uint32_t width, std::uint32_t height, Colour background);

    // Pixels whose centre lies inside get the colour where nothing nearer is.
    void triangle(const std::array<CanvasPoint, 3>& corners, Colour colour);

    // The pixels [first, end) of a row get the colour, at whatever depth.
    void row(std::uint32_t y, std::uint32_t first, std::uint32_t end, Colour colour);

    // A line of about `thickness` pixels. `lead` is subtracted from its depth before it is
    // compared, so that a line on a surface is not eaten by it; infinite: drawn over everything.
    void line(CanvasPoint from, CanvasPoint to, double thickness, double lead, Colour colour);

    // Every 2 x 2 block averaged to one pixel. REQUIRES: even sizes.
    [[nodiscard]] Picture halved() const;

private:
    void dot(double x, double y, double depth, double radius, Colour colour);
    [[nodiscard]] std::size_t at(std::uint32_t x, std::uint32_t y) const;

    std::uint32_t width_;
    std::uint32_t height_;
    std::vector<Colour> colours_;
    std::vector<float> depths_;
};

}  // namespace nearfab::geometry
