// SPDX-License-Identifier: GPL-3.0-or-later
// mends.hpp - what a harmless mend would do to a mesh; nothing is changed.
//
// The mend: vertices on open edges that are nearer to each other than the tolerance become one;
// triangles that collapse by this are dropped; of triangles with the same vertices all but the
// first are dropped, or both of two, or none, whichever leaves fewer faulty edges; triangles are
// turned until neighbours agree, the fewer against the more; at last shells that look the wrong way
// are turned. Nothing is filled in, moved or cut.
//
// The tolerance is a micrometre unless stated otherwise: float32 cannot tell points nearer than
// that at the far end of the coordinate limit (ReadLimits), and no machine here makes a gap that
// small, so none that was meant is closed.

#pragma once

#include "geometry/facts/topology.hpp"

#include <cstdint>
#include <span>

namespace nearfab::geometry {

inline constexpr double default_weld_tolerance_mm = 1e-3;

struct Mends {
    double tolerance_mm = 0;
    // As it is.
    std::uint32_t open_edges = 0;
    // Corners where separate fans of triangles meet in one point, as two cubes that share one.
    std::uint32_t non_manifold_vertices = 0;

    std::uint32_t would_weld_vertices = 0;  // So many fewer there would be.
    std::uint32_t would_drop_degenerate = 0;
    std::uint32_t would_drop_duplicates = 0;
    std::uint32_t would_flip_triangles = 0;
    std::uint32_t would_flip_shells = 0;

    // As it would be.
    std::uint32_t open_edges_after = 0;
    std::uint32_t non_manifold_edges_after = 0;
    bool closed_after = false;    // No open and no non-manifold edge, and triangles are left.
    bool oriented_after = false;  // Neighbours can be turned to agree everywhere.

    [[nodiscard]] bool anything_to_do() const {
        return would_weld_vertices + would_drop_degenerate + would_drop_duplicates +
                   would_flip_triangles + would_flip_shells >
               0;
    }
};

// `depth` is, per shell of the topology, how many others it lies inside (ShellNesting), or empty
// when that is not known; then a part is turned only as a whole, when its volume is negative.
// Time is about n log n, and little more than a count of corners for a mesh without faults.
// REQUIRES: a welded mesh without collapsed triangles, its own topology.
[[nodiscard]] Mends mends_of(const Mesh& mesh,
                             const Topology& topology,
                             std::span<const std::uint32_t> depth = {},
                             double tolerance_mm = default_weld_tolerance_mm);

}  // namespace nearfab::geometry
