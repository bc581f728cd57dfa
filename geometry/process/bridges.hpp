// SPDX-License-Identifier: GPL-3.0-or-later
// bridges.hpp - can a flat ceiling be printed as threads stretched between two sides.
//
// A thread is a straight line under the ceiling whose both ends lie on solid of the layer below.
// Eight directions, 22.5 degrees apart, are tried for each sampled cell, so a span is overstated
// by at most 2 % for its direction and one cell for the grid. Pure; bounded by max_bridge_samples.

#pragma once

#include "geometry/process/columns.hpp"

namespace nearfab::geometry {

inline constexpr int max_bridge_samples = 600;

// A flat patch that faces down: the box around it in the frame of the columns, heights above the
// lowest point of the part.
struct CeilingPatch {
    ColumnField::Cell low;
    ColumnField::Cell high;
};

struct BridgeMeasure {
    double bridged_share = 0;  // Of the patch; 1 when every sampled cell lies on some thread.
    double span_mm = 0;        // The longest thread needed: over cells the largest of the shortest.
    double air_mm3 = 0;        // Between the patch and what lies below it.
};

// REQUIRES: layer_mm > 0.
[[nodiscard]] BridgeMeasure measure_bridge(const ColumnField& columns,
                                           const CeilingPatch& patch,
                                           double layer_mm);

}  // namespace nearfab::geometry
