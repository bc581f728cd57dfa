// SPDX-License-Identifier: GPL-3.0-or-later
// process.hpp - the manufacturing processes nearfab knows, by short id.

#pragma once

#include "base/id.hpp"

#include <optional>
#include <span>
#include <string_view>

namespace nearfab {

struct ProcessInfo {
    std::string_view id;        // "fdm"
    std::string_view name;      // "Material extrusion (FDM/FFF)"
    std::string_view iso_code;  // ISO/ASTM 52900 or DIN 8580 term, for exchange with others.
    // A person must stand at the machine while it starts and runs (lasers, mills).
    bool attended = false;
};

[[nodiscard]] std::span<const ProcessInfo> known_processes();

// By id or a usual other name ("FFF", "3D printing", "laser cutting"); case does not matter.
[[nodiscard]] std::optional<ProcessInfo> find_process(std::string_view name);

// The ids, separated by ", ", for error texts.
[[nodiscard]] std::string_view known_process_ids();

}  // namespace nearfab
