// SPDX-License-Identifier: GPL-3.0-or-later
// check_json.hpp - checked files as JSON; the keys are documented in docs/CHECK.md and stable.

#pragma once

#include "cli/checked_file.hpp"

#include <string>
#include <vector>

namespace nearfab::cli {

// One file: its object; several: {"files": [...]}.
[[nodiscard]] std::string json_of_check(const std::vector<CheckedFile>& files);

}  // namespace nearfab::cli
