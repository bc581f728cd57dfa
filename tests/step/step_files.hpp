// SPDX-License-Identifier: GPL-3.0-or-later
// step_files.hpp - STEP files of known solids, written by OpenCASCADE where the build has it.

#pragma once

#include <string>

namespace nearfab::step {

// Whether this build has OpenCASCADE. REQUIRES of all that follow: it has.
[[nodiscard]] bool can_write_step();

[[nodiscard]] std::string box_in_millimetres();  // 10 x 20 x 30 mm.
[[nodiscard]] std::string box_in_inches();       // 1 x 1 x 2 inches.

}  // namespace nearfab::step
