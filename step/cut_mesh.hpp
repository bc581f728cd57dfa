// SPDX-License-Identifier: GPL-3.0-or-later
// cut_mesh.hpp - solids cut into triangles, and the OBJ file that carries them.
//
// The program nearfab-step hands over an OBJ that any mesh program reads: corners are shared, each
// solid is an object, and numbers are the shortest that give the same float32 again. Comments at
// its head say how the cut was made, so that whoever reads it later knows how true it is:
//
//   # nearfab-step 1
//   # unit inch            of the STEP file; the numbers below are millimetres
//   # linear_mm 0.01       how far the triangles may stay away from the surface
//   # angular_deg 10       how much the surface may turn within one
//   # solids 2             0: the file has surfaces only
//   # left_out 0           loose faces beside the solids, which are not in the OBJ
//
// Pure.

#pragma once

#include "base/result.hpp"
#include "geometry/readers/triangle_soup.hpp"

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::step {

// How closely triangles follow a surface.
struct Deflection {
    double linear_mm = 0.01;
    double angular_deg = 10;
};
inline constexpr double linear_mm_min = 0.001;
inline constexpr double linear_mm_max = 10;
inline constexpr double angular_deg_min = 1;
inline constexpr double angular_deg_max = 90;

// Errors (invalid_argument): a number outside of its range.
[[nodiscard]] Status check_deflection(const Deflection& deflection);

struct CutFacts {
    geometry::Unit unit = geometry::Unit::unstated;
    Deflection deflection;
    std::uint32_t solids = 0;
    std::uint32_t left_out = 0;
};

struct CutMesh {
    std::vector<std::array<float, 3>> vertices;  // Millimetres.
    // One list for each solid, or one of all faces when there is no solid. Seen from outside the
    // corners run counter-clockwise.
    std::vector<std::vector<std::array<std::uint32_t, 3>>> bodies;
};

// REQUIRES: every index names a vertex.
[[nodiscard]] std::string write_obj(const CutMesh& mesh, const CutFacts& facts);

// Errors (malformed): the head is not as above.
[[nodiscard]] Result<CutFacts> read_head(std::string_view obj);

}  // namespace nearfab::step
