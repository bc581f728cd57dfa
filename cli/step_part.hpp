// SPDX-License-Identifier: GPL-3.0-or-later
// step_part.hpp - a STEP file checked by way of nearfab-step.

#pragma once

#include "base/result.hpp"
#include "geometry/part_check.hpp"
#include "terminal/screen.hpp"

#include "step/conversion.hpp"
#include "step/cut_mesh.hpp"
#include "step/program_place.hpp"
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace nearfab::cli {

struct StepSettings {
    step::ProgramPlaces places;
    step::Deflection deflection;
};

// A STEP file cut into triangles, written as OBJ. Says on the screen when nearfab-step ran without
// walls round it. Errors: those of find_program and convert; invalid_file when the file states
// another unit than the one said.
[[nodiscard]] Result<step::ConvertedPart> cut_step(std::span<const std::uint8_t> file,
                                                   const StepSettings& settings,
                                                   LengthUnit said,
                                                   const Screen& screen);

// What a person should know of them, sentences without their full stops: how closely they follow
// the surfaces, and what was left out.
[[nodiscard]] std::vector<std::string> remarks_on(const step::CutFacts& facts);

// The check of the triangles that nearfab-step made of it. The report calls the format "step",
// gives the unit of the STEP file, and says in a note how closely the triangles follow the
// surfaces. Errors: those of cut_step and check_part.
[[nodiscard]] Result<geometry::PartCheck> check_step(std::span<const std::uint8_t> file,
                                                     const StepSettings& settings,
                                                     const geometry::PartCheckOptions& options,
                                                     const Screen& screen);

// Whether such an error of check_step is the file's own fault, and not this machine's.
[[nodiscard]] bool is_of_file(const Error& error);

}  // namespace nearfab::cli
