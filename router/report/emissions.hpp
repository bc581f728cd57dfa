// SPDX-License-Identifier: GPL-3.0-or-later
// emissions.hpp - what delivered pieces emitted, as far as figures are known, and how good they
// are.
//
// The figures are the estimates of the moment at which the fab was asked (footprint/estimate.hpp),
// not measurements. A piece without a figure adds nothing, and is counted: nothing is assumed of
// it. Failed attempts, machines, packaging and what happens after the use are in no figure.

#pragma once

#include "proto/model/capability.hpp"
#include "proto/model/report.hpp"
#include "router/report/work_sums.hpp"

#include <string>

namespace nearfab::router {

// Of a machine's energy as its fab states it: words of data/README.md, or "stated". A fab may write
// any text as its basis; what is no such word counts as stated by it.
[[nodiscard]] std::string energy_confidence(const Energy& energy);

[[nodiscard]] EmissionReport emission_report(const WorkSums& sums);

}  // namespace nearfab::router
