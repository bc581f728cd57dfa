// SPDX-License-Identifier: GPL-3.0-or-later
// slicer_version.hpp - which version of a slicer is installed, and whether it is one we know.

#pragma once

#include "node-agent/prepare/print_profile.hpp"

#include <string>

namespace nearfab::agent {

struct SlicerVersion {
    std::string text;    // "CuraEngine 4.13.0"
    std::string remark;  // What to know about it; empty: nearfab is tested with it.
};

// Runs the program once, in the sandbox, for at most 20 s. Errors: unavailable (check_slicer),
// storage, or unsupported when what it says is no version.
[[nodiscard]] Result<SlicerVersion> ask_version(Slicer slicer,
                                                const std::filesystem::path& program);

}  // namespace nearfab::agent
