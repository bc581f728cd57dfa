// SPDX-License-Identifier: GPL-3.0-or-later
// process_family.hpp - how a process works.

#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

// Decides which rules and which estimate apply to a process.
enum class ProcessFamily : std::uint8_t { printing = 1, milling = 2, sheet_cutting = 3 };

// By the process id; none for processes that geometry has nothing to say about.
[[nodiscard]] std::optional<ProcessFamily> family_of(std::string_view process);

// The ids of all that have a family.
[[nodiscard]] std::vector<std::string> process_names();

}  // namespace nearfab::geometry
