// SPDX-License-Identifier: GPL-3.0-or-later
// work_log_codec.hpp - a day of what was handed over, as bytes in a snapshot, and back the same.

#pragma once

#include "base/result.hpp"
#include "router/report/work_log.hpp"

namespace nearfab::router {

namespace v1 {
class DayState;
}

void write_day(v1::DayState& to, DayNumber day, const WorkSums& sums);
// Errors: unsupported, what no router writes.
[[nodiscard]] Result<WorkSums> read_day(const v1::DayState& from);

}  // namespace nearfab::router
