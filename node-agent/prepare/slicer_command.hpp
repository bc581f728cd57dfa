// SPDX-License-Identifier: GPL-3.0-or-later
// slicer_command.hpp - what one slicer is told for one task, and where it puts its answer.
//
// slicing.cpp runs it; prusa_slicer.cpp and cura_engine.cpp make it.

#pragma once

#include "node-agent/prepare/slicing.hpp"

#include <filesystem>
#include <string>
#include <vector>

namespace nearfab::agent {

struct SlicerFiles {
    std::filesystem::path stl;     // Laid on the bed as orientation.hpp says; written already.
    std::filesystem::path result;  // What the slicer is to write; not there yet.
    double height_mm = 0;          // Of the part, as it lies.
};

struct SlicerCommand {
    std::vector<std::string> arguments;            // With the program.
    std::vector<std::filesystem::path> read_only;  // What it may read, besides its directory.
    std::uint64_t stack_bytes = std::uint64_t{8} << 20U;  // Of each thread.
    std::uint64_t more_memory_bytes = 0;  // Beyond the task's limit, for the stacks of threads.
};

// PrusaSlicer 2.5.0, as Debian 12 has it, for filament and for resin. `post_process` scripts of the
// profile are switched off: they would run where the operator does not expect it; put such changes
// into the profile's own G-code.
[[nodiscard]] SlicerCommand prusa_command(const SlicingTask& task, const SlicerFiles& files);

// CuraEngine 4.13, as Debian 12 has it. Writes the engine's settings into the work directory.
// Errors: config and storage.
[[nodiscard]] Result<SlicerCommand> cura_command(const SlicingTask& task, const SlicerFiles& files);
// What the filament of the task measures across, mm.
[[nodiscard]] double cura_filament_diameter_mm(const PrintProfile& profile);

}  // namespace nearfab::agent
