// SPDX-License-Identifier: GPL-3.0-or-later
// cut_sheet.hpp - flat parts made into machine code for a laser or a mill.
//
// Parts are drawings (DXF, SVG) or solids that are plates. They are nested on sheets, planned
// (toolpath/cut_plan.hpp), written for GRBL, and the written code is held against the gate
// (machine_code/grbl_gate.hpp) and timed by the model of the firmware (machine_code/grbl_run.hpp).
// Nothing here touches a file or a clock.

#pragma once

#include "base/id.hpp"
#include "base/length_unit.hpp"
#include "base/line_rule.hpp"
#include "base/result.hpp"
#include "node-agent/prepare/cutter_profile.hpp"
#include "toolpath/cut_plan.hpp"
#include "toolpath/nest.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace nearfab::agent {

// A part as it lies in its file.
struct FlatPart {
    toolpath::Outlines outlines;
    std::optional<double> thickness_mm;  // Of a plate; a drawing has none.
    std::vector<std::string> remarks;    // What the reader of the file had to say.
    std::array<double, 3> size_mm{};     // Of all that the file holds, as the analysis measures it.
};

// unit: of a file that states none; rules: for lines of a drawing. Errors: those of the readers;
// invalid_file (a solid that is no plate, a drawing without a unit, cuts that do not close or
// cross).
[[nodiscard]] Result<FlatPart> flat_part_from(std::span<const std::uint8_t> file,
                                              bool slits = false,
                                              LengthUnit unit = LengthUnit::unstated,
                                              const LineRules& rules = {});

struct CutPiece {
    FlatPart part;
    std::uint32_t quantity = 1;
    double turn_deg = 0;  // Tried when it fits in no quarter turn.
};

struct CutTask {
    CutterProfile profile;
    MaterialId material;
    std::optional<double> thickness_mm;  // Of the sheet; a plate's own must agree.
    geometry::Vec2 bed_mm;               // The sheet is no larger than that.
    double density_g_cm3 = 0;            // 0: masses are not told.
    std::vector<CutPiece> pieces;
    std::uint64_t nest_steps = 20'000'000;
};

// One sheet, ready for the machine.
struct CutFile {
    std::string gcode;
    CutterFacts checked;       // What the gate saw.
    std::int64_t seconds = 0;  // By the model of the firmware.
    double grams = 0;          // Of the rectangles the parts lie in.
    toolpath::CutPlan plan;
    toolpath::Outlines layout;  // The parts as they lie on the sheet.
    std::uint32_t parts = 0;
};

struct CutFiles {
    std::vector<CutFile> sheets;
    toolpath::Nesting nesting;
    std::optional<double> shelf_share;  // Used by plain shelves, to compare; of several parts.
    CutterMaterial row;
};

// Errors: those of the profile (config), of nesting and planning, and invalid_file with the gate's
// words, which would be a fault of nearfab.
[[nodiscard]] Result<CutFiles> cut_sheets(const CutTask& task);

}  // namespace nearfab::agent
