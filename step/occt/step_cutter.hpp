// SPDX-License-Identifier: GPL-3.0-or-later
// step_cutter.hpp - a STEP file read and cut into triangles by OpenCASCADE.
//
// The only place that knows OpenCASCADE. All lengths come out in millimetres, whatever the file's
// unit. The mesh keeps the topology of the solids: where two faces share an edge they share its
// corners too, so that a whole solid becomes a closed mesh. Exceptions of the library end here.
//
// One thread, no lock: OpenCASCADE keeps its settings globally. REQUIRES: one call at a time.

#pragma once

#include "base/result.hpp"

#include "step/cut_mesh.hpp"
#include <cstdint>
#include <span>

namespace nearfab::step {

struct CutPart {
    CutMesh mesh;
    CutFacts facts;
};

// REQUIRES: the deflection is in range. Errors: those of schema_of; invalid_file (broken text,
// parts of it that cannot be read, nothing with a surface, a face that cannot be cut), too_large
// (more than two million triangles).
[[nodiscard]] Result<CutPart> cut_step(std::span<const std::uint8_t> file,
                                       const Deflection& deflection);

}  // namespace nearfab::step
