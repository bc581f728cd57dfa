// SPDX-License-Identifier: GPL-3.0-or-later
// sheet_cuts.hpp - the cuts of a sheet for a tool of one width: lines, starts, and their order.

#pragma once

#include "base/result.hpp"
#include "toolpath/compensation.hpp"
#include "toolpath/lead.hpp"
#include "toolpath/order.hpp"
#include "toolpath/outlines.hpp"
#include "toolpath/settings.hpp"

#include <vector>

namespace nearfab::toolpath {

// One closed cut. Its track runs with the kept part on its right.
struct ClosedCut {
    Track track;
    Contour contour;  // Of the tool's middle.
    std::vector<CutStart> starts;
};

struct SheetCuts {
    Region kept;
    std::vector<ClosedCut> cuts;      // Outer ones before what is in them.
    std::vector<Leftover> leftovers;  // No features: those are errors.
};

struct SheetCutsOptions {
    double tool_mm = 0;
    double lead_mm = 0;  // 0: cuts begin on their own line.
};

// Errors: invalid_argument (larger than the sheet), invalid_file (a feature that the tool cannot
// cut).
[[nodiscard]] Result<SheetCuts> sheet_cuts(const Outlines& outlines,
                                           const CutterSettings& settings,
                                           const SheetCutsOptions& options);

// The stops of closed cuts (each start a gate; inner before outer) and of open lines.
[[nodiscard]] std::vector<Stop> stops_of(const std::vector<ClosedCut>& cuts);
// A closed line can be begun at every corner, up to 64; an open one at both ends.
[[nodiscard]] std::vector<Stop> stops_of(const std::vector<Track>& lines);
// The line as it is run after that gate was chosen.
[[nodiscard]] Track entered_at(const Track& line, const Gate& gate);

}  // namespace nearfab::toolpath
