// SPDX-License-Identifier: GPL-3.0-or-later
// world_csv.hpp - a world of machines as a table, one machine on a line.
//
//   lyon-p1,45.7640,4.8357,fdm,pla;petg,220x220x250,0.4,0.2,3600
//
// below a first line that is exactly "id,latitude_deg,longitude_deg,process,materials,envelope_mm,"
// and "min_feature_mm,tolerance_mm,backlog_s"; lines before it that begin with # are left out. No
// quotes, no blanks. Processes are nearfab's ids, materials any lower-case ids, at most 32
// different ones; the order of the sides of an envelope does not matter. Everything is checked: an
// error names line and column.

#pragma once

#include "base/result.hpp"

#include "bench/matching/world.hpp"
#include <string>
#include <string_view>

namespace nearfab::bench {

// Error invalid_file: "line 3, column latitude_deg: "91" is not within -90 to 90".
[[nodiscard]] Result<World> read_world_csv(std::string_view text);

// What read_world_csv reads again as the same world, but for labels if it had none.
[[nodiscard]] std::string write_world_csv(const World& world);

}  // namespace nearfab::bench
