// SPDX-License-Identifier: GPL-3.0-or-later
// wall_thickness.hpp - how thin the walls of a part and how narrow its gaps are, and where.
//
// The surface is sampled evenly (surface_samples.hpp) and the span, which is the diameter of the
// largest ball in the wall that touches there, is taken at every sample (span.hpp says what is a
// wall). The triangles that the narrowest samples lie on are then measured closely. Beside a knife
// edge or a tip there is no wall to measure: samples within the edge zone are left out, and edges
// and corners sharper than 60 degrees are counted apart.
//
// Errors: `min_mm` and the places are right within 0.1 % for walls whose sides are smooth (and
// never too small but for rounding and for what the triangles leave out of a round surface), within
// 1 % on a round surface whose facets are cut up at random or so small that rounding decides where
// they look; the other numbers, taken quickly, within 2 %. What no sample hits is not seen: a thin
// patch is hit for certain when its area is 2 / samples of the whole, which `spacing_mm` says as a
// length, or when it has 2 triangles for each 1 / samples of all. A bar of triangular section has
// no two sides that face each other, and is measured only along.

#pragma once

#include "geometry/search/bvh.hpp"
#include "geometry/thickness/holes.hpp"
#include "geometry/thickness/normal_ranges.hpp"
#include "geometry/thickness/sharp_places.hpp"
#include "geometry/thickness/smooth_normals.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry {

struct ThicknessOptions {
    // At most so many, which meshes of 12,500 triangles and more get; others 8 for each triangle,
    // but at least a fifth of these. Below 2^30.
    std::uint32_t samples = 100'000;
    std::uint32_t gap_samples = 30'000;  // 0: the gaps are not measured.
    std::vector<double> limits_mm;       // For `share_below`.
    double edge_zone_mm = 0.5;           // Samples nearer to a sharp place are left out.
    std::uint32_t places = 8;
    bool inside_out = false;  // The normals look inwards.
    // Boxes and triangles looked at, about 20 ns each; the samples are then thinned out.
    std::uint64_t most_steps = 150'000'000;
};

struct NarrowPlace {
    double width_mm = 0;
    Vec3 point;     // On the surface.
    Vec3 opposite;  // On the surface across.
    std::uint32_t triangle = 0;
    // Of a wall: how wide the material is crosswise to that line, the narrowest way; infinite when
    // no surface is met. Of a pin it is its diameter, of a plate the shorter of its sides.
    double across_mm = 0;
};

// Widths of walls or of gaps. All numbers are 0 when nothing was measured.
struct Widths {
    // False when most_steps ended it early. The samples are then fewer, in runs of neighbours that
    // lie evenly spread, and spacing_mm is larger.
    bool complete = true;
    double spacing_mm = 0;       // A narrow patch of this width and length is not missed.
    std::uint32_t samples = 0;   // Taken.
    std::uint32_t measured = 0;  // Of these, with a surface across and outside of the edge zones.
    double measured_share = 0;   // By area, 0 to 1.
    double exact_share = 0;      // Of the measured ones: those of Span::exact.
    double min_mm = 0;
    double one_percent_mm = 0;  // A hundredth of the measured area is narrower.
    double five_percent_mm = 0;
    double median_mm = 0;
    std::vector<double> share_below;  // Per limit: the share of the measured area that is narrower.
    std::vector<NarrowPlace> places;  // The narrowest first; apart by more than twice their width.
    SharpPlaces sharp;                // Knife edges and needle tips; for gaps, grooves and pits.
};

struct WallThickness {
    Widths walls;
    Widths gaps;
    // Round holes among the gaps, the narrowest first; looked for at the 256 narrowest places.
    std::vector<Hole> holes;
    bool complete = true;  // Both walls and gaps.
};

// Deterministic; the time grows with samples times log of the triangles.
// REQUIRES: the mesh of the tree is welded.
[[nodiscard]] WallThickness wall_thickness(const Bvh& bvh, const ThicknessOptions& options = {});

// The same in pieces: first what says which way the surface looks, then walls and gaps,
// each of which may be measured while the other is.
struct SurfaceWays {
    explicit SurfaceWays(const Mesh& mesh);

    SmoothNormals normals;
    double diagonal_mm;
};

struct SideWidths {
    Widths widths;
    std::vector<Hole> holes;  // Of gaps.
};

// REQUIRES: ways and ranges are those of the tree and its mesh.
[[nodiscard]] SideWidths wall_widths(const Bvh& bvh,
                                     const SurfaceWays& ways,
                                     const NormalRanges& ranges,
                                     const ThicknessOptions& options = {});
[[nodiscard]] SideWidths gap_widths(const Bvh& bvh,
                                    const SurfaceWays& ways,
                                    const NormalRanges& ranges,
                                    const ThicknessOptions& options = {});
[[nodiscard]] WallThickness joined(SideWidths walls, SideWidths gaps);

}  // namespace nearfab::geometry
