// SPDX-License-Identifier: GPL-3.0-or-later
// picture.hpp - a part as pixels, with what was found marked in colour.
//
// Two views side by side, so that little hides: from the front right above, and from the back left
// below (where overhangs are). Parallel projection, z up, both at the same scale. The same mesh and
// marks give the same pixels on every machine: the drawing is plain arithmetic on doubles.

#pragma once

#include "geometry/colour.hpp"
#include "geometry/mesh.hpp"

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

// What a place of the part is marked for; where several hold, the larger number is drawn.
enum class Mark : std::uint8_t {
    none = 0,
    overhang = 1,
    thin_wall = 2,
    inside_out = 3,
    intersection = 4,
    turned = 5,
    non_manifold = 6,
    open = 7
};

// The colours are told apart by people who cannot see red from green (Okabe and Ito, 2008).
[[nodiscard]] Colour colour_of(Mark mark);
// "orange", for the legend beside the picture.
[[nodiscard]] std::string_view colour_name(Mark mark);

// Row by row from the top left.
struct Picture {
    std::uint32_t width = 0;
    std::uint32_t height = 0;
    std::vector<Colour> pixels;
};

// A line to be drawn over the part even where the part hides it.
struct MarkedEdge {
    Vec3 from;
    Vec3 to;
    Mark mark = Mark::open;
};

struct PictureOptions {
    std::uint32_t panel_px = 640;  // Height, and width of each of the two views; 64 .. 2048.
};

// Time grows linearly with the triangles and the pixels they cover; memory with the pixels, and
// with the triangles for the outlines of edges.
// REQUIRES: at least one triangle; triangle_marks is empty or has one mark per triangle; indices
//           name vertices; coordinates are finite; panel_px in its range.
[[nodiscard]] Picture picture_of(const Mesh& mesh,
                                 std::span<const Mark> triangle_marks,
                                 std::span<const MarkedEdge> edges,
                                 const PictureOptions& options = {});

}  // namespace nearfab::geometry
