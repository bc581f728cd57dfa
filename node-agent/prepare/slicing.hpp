// SPDX-License-Identifier: GPL-3.0-or-later
// slicing.hpp - a part made into a printer's file by a real slicer.
//
// The slicer only ever gets bare triangles that nearfab wrote itself: a designer's 3MF can carry
// settings, and one of them is a command to run. It runs in a sandbox (host/sandboxed_program.hpp)
// with the operator's profile (print_profile.hpp), which chooses the slicer.
//
// Slicers say little: exit codes are all alike, texts change between versions, and a part that is
// larger than the bed may be sliced without a word. So the part is measured before, only the
// written file is believed, and that file goes through the gate (gcode_gate.hpp, and sl1_gate.hpp
// for resin) with the limits of the machine.

#pragma once

#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/result.hpp"
#include "geometry/mesh.hpp"
#include "node-agent/machine_code/gcode_gate.hpp"
#include "node-agent/prepare/orientation.hpp"
#include "node-agent/prepare/print_profile.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <stop_token>
#include <string>

namespace nearfab::agent {

// What one slicing may use.
struct SlicingLimits {
    Duration wall_clock = std::chrono::minutes{10};
    std::uint32_t cpu_seconds = 600;
    std::uint64_t memory_bytes = std::uint64_t{2} << 30U;
};

struct SlicingTask {
    SlicerPrograms programs;
    // Exists, absolute, for this task alone: gets the part, its result and the slicer's own files.
    std::filesystem::path work_directory;
    PrintProfile profile;
    geometry::Mesh part;        // Millimetres, in the part's own coordinates.
    Orientation orientation;    // As matched.
    MachineCodeLimits machine;  // The envelope is the bed.
    // Instead of the profile's, for the first and all other layers.
    std::optional<int> nozzle_c;
    std::optional<int> bed_c;
    std::optional<double> density_g_cm3;  // Of the filament or resin.
    SlicingLimits limits;
};

struct SlicedFile {
    std::filesystem::path file;
    ContentHash hash;
    std::uint64_t bytes = 0;
    std::int64_t seconds = 0;  // The slicer's estimate: without heating and homing.
    double filament_mm = 0;
    double grams = 0;  // Of filament or resin. 0: neither the task nor the profile has a density.
    std::uint32_t layers = 0;
    GcodeFacts facts;              // What the gate saw; of a resin print nothing.
    bool isolated = false;         // The slicer could see only its own files.
    std::string not_isolated_why;  // Empty when isolated.
};

// Blocking. Errors, each with what to do next:
//   unavailable       the slicer is not installed, or `stop` was asked for
//   config            the profile is missing or wrong
//   invalid_argument  the part is larger than the envelope; nothing was sliced
//   timed_out         over the limits of time
//   invalid_file      the slicer failed, or wrote code that the gate refuses
//   storage           the work directory cannot be used
[[nodiscard]] Result<SlicedFile> slice(const SlicingTask& task, const std::stop_token& stop = {});

}  // namespace nearfab::agent
