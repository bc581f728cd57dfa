// SPDX-License-Identifier: GPL-3.0-or-later
// drawing_rules.hpp - what must hold of any answer of a reader of drawings, and of its facts.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/drawing.hpp"
#include "geometry/flat/drawing_options.hpp"

namespace nearfab::fuzz {

// Small, so that the limits are met often and a run costs little.
[[nodiscard]] geometry::DrawingOptions small_drawing_options();

// Stops the program when the answer breaks a promise of drawing.hpp or flat_facts.hpp.
void check(const Result<geometry::Drawing>& answer, const geometry::DrawingOptions& options);

}  // namespace nearfab::fuzz
