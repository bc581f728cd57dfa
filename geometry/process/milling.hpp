// SPDX-License-Identifier: GPL-3.0-or-later
// milling.hpp - what a three-axis mill can reach of a part, from which sides, and how hard it is.
//
// From a side the cutter reaches every point of the surface that sees that side along a straight
// line and does not look away from it. This is decided for points spread evenly over the surface
// against columns (columns.hpp) along each of the six axes and, where those do not reach all,
// along flat sides of the convex hull. The smallest set of sides that reaches all that can be
// reached is the list of setups. Details below about one cell (the part's size over cells_across)
// are not seen. Pure, deterministic.

#pragma once

#include "geometry/process/inner_corners.hpp"
#include "geometry/process/pockets.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::geometry {

struct MillingOptions {
    double cells_across = 320;
    std::size_t surface_points = 30'000;
    double stock_allowance_mm = 2;    // On each side of the bounding box.
    double negligible_share = 0.003;  // Of the surface: edges that the grid cannot decide.
    std::size_t max_tilted = 4;       // Sides beyond the six axes that are tried.
    std::size_t max_places = 16;
};

struct MillingSetup {
    Vec3 from;  // The cutter comes from here; of length one.
    bool tilted = false;
    double reached_share = 0;  // Of the surface, by this setup alone.
    double depth_mm = 0;       // Extent of the part along it.
};

struct Undercut {
    Vec3 centre;
    double area_mm2 = 0;
};

struct MillingFacts {
    std::array<double, 6> axis_share{};  // Reached from +x -x +y -y +z -z.
    std::vector<MillingSetup> setups;    // The fewest that reach what can be reached.
    // One setup does it when the only thing the second is for is a flat underside, which may be
    // the face of the stock.
    bool second_is_underside = false;
    double reached_share = 0;  // By all setups together.
    double undercut_area_mm2 = 0;
    std::vector<Undercut> undercuts;  // The largest first.
    std::optional<Pocket> deepest;    // Over all setups.
    std::optional<Pocket> slimmest;
    std::optional<InnerCorner> tightest;  // The smallest radius; sharp corners are radius 0.
    std::uint32_t sharp_corners = 0;      // Met on the slices; not a count of edges.
    Vec3 stock_mm;                        // Bounding box and allowance.
    double stock_volume_mm3 = 0;
    double removed_volume_mm3 = 0;
    double area_mm2 = 0;
    double doubtful_share = 0;
};

// REQUIRES: a welded mesh of at least one triangle, outward oriented.
[[nodiscard]] MillingFacts milling_of(const Mesh& mesh, const MillingOptions& options = {});

}  // namespace nearfab::geometry
