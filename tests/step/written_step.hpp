// SPDX-License-Identifier: GPL-3.0-or-later
// written_step.hpp - a shape as the text of a STEP file.

#pragma once

#include <TopoDS_Shape.hxx>
#include <string>

namespace nearfab::step {

// `unit` is "MM" or "INCH"; the shape's own numbers are millimetres.
[[nodiscard]] std::string written_step(const TopoDS_Shape& shape, const char* unit);

}  // namespace nearfab::step
