// SPDX-License-Identifier: GPL-3.0-or-later
// face_nodes.hpp - the triangles of many faces as one mesh that shares corners along edges.
//
// OpenCASCADE cuts every face for itself and keeps, for each edge, the list of the face's nodes
// that lie on it. Nodes at the same step of the same edge are one corner, whatever rounding their
// coordinates went through.

#pragma once

#include "base/result.hpp"

#include "step/cut_mesh.hpp"
#include <TopoDS_Shape.hxx>
#include <cstdint>
#include <vector>

namespace nearfab::step {

// REQUIRES: the shape was meshed. Appends the corners to mesh.vertices and the triangles of all
// faces of the shape to mesh.bodies, as one body. Triangles that join two corners are left out.
// Errors: invalid_file (a face that could not be cut), too_large.
[[nodiscard]] Status append_body(const TopoDS_Shape& shape, CutMesh& mesh);

}  // namespace nearfab::step
