// SPDX-License-Identifier: GPL-3.0-or-later
// conversion.hpp - a STEP file made into a mesh by nearfab-step, in a sandbox.
//
// STEP files come from strangers and are read by a large library, so the program sees nothing but
// the file, has no network, and may use only so much memory, time and output. What comes back is
// an OBJ for the ordinary reader, and as little trusted as any other.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "host/sandboxed_program.hpp"

#include "step/cut_mesh.hpp"
#include <cstdint>
#include <filesystem>
#include <span>
#include <stop_token>
#include <vector>

namespace nearfab::step {

struct ConversionLimits {
    std::uint64_t memory_bytes = std::uint64_t{3} << 30U;
    std::uint32_t cpu_seconds = 120;
    Duration wall_clock = std::chrono::seconds{240};
    std::size_t output_bytes = std::size_t{64} << 20U;  // What the reader of meshes takes.
};

struct Conversion {
    std::filesystem::path program;  // As find_program gives it.
    Deflection deflection;
    ConversionLimits limits;
};

struct ConvertedPart {
    std::vector<std::uint8_t> obj;
    CutFacts facts;
    SandboxReport sandbox;
};

// Blocking. Errors:
//   invalid_file      those of schema_of and of the program, which cannot read or cut the file
//   too_large         it becomes too many triangles, or takes too long or too much memory
//   invalid_argument  the deflection is out of range
//   unsupported, storage, internal, malformed, unavailable  the program could not do its work here
[[nodiscard]] Result<ConvertedPart> convert(const Conversion& conversion,
                                            std::span<const std::uint8_t> file,
                                            const std::stop_token& stop = {});

}  // namespace nearfab::step
