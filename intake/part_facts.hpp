// SPDX-License-Identifier: GPL-3.0-or-later
// part_facts.hpp - from what the geometry says to what matching needs.
//
// The one place that knows both sides: geometry/ knows nothing of fabs, proto/model nothing of
// triangles.

#pragma once

#include "geometry/part_report.hpp"
#include "proto/model/part.hpp"

namespace nearfab::intake {

// The same numbers in the words of the protocol.
// REQUIRES: the report comes from geometry::analyse_part, so its outlines are within
//           limits::outline_points_max.
[[nodiscard]] PartFacts facts_of(const geometry::PartReport& report);

}  // namespace nearfab::intake
