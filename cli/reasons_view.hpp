// SPDX-License-Identifier: GPL-3.0-or-later
// reasons_view.hpp - what each process makes of a part and why, for people.

#pragma once

#include "geometry/part_check.hpp"
#include "terminal/screen.hpp"

#include <string>

namespace nearfab::cli {

// A table with verdict, time and material of each process, at most 100 characters wide, and below
// it every reason with its place; one that several processes have is said once. Empty when no
// process was asked.
[[nodiscard]] std::string reasons_text(const geometry::PartCheck& check, const Screen& screen);

}  // namespace nearfab::cli
