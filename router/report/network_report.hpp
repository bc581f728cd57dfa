// SPDX-License-Identifier: GPL-3.0-or-later
// network_report.hpp - the report of a network, from what was handed over and what fabs advertise.
//
// docs/REPORT.md says what each number is. What waits, and which work others could do, is the
// router's to add: only it knows jobs.

#pragma once

#include "base/id.hpp"
#include "proto/model/report.hpp"
#include "router/report/capability_census.hpp"
#include "router/report/work_log.hpp"

#include <functional>
#include <string>

namespace nearfab::router {

// How a fab looks now.
struct FabFace {
    std::string title;
    std::string owner;
    bool there = false;
};
using FaceOf = std::function<FabFace(const FabId&)>;

// All but days, from, to, by_day, waiting, and the work of without_largest.
[[nodiscard]] ReportOfNetwork report_on(const WorkSums& sums,
                                        const CapabilityCensus& census,
                                        const FaceOf& face_of);

}  // namespace nearfab::router
