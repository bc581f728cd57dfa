// SPDX-License-Identifier: GPL-3.0-or-later
// user_paths.hpp - the person's own folders, after the XDG Base Directory Specification.

#pragma once

#include <filesystem>
#include <map>
#include <string>

namespace nearfab::cli {

// The environment variables that nearfab looks at; main() reads them once.
using Environment = std::map<std::string, std::string>;

struct UserPaths {
    std::filesystem::path config;   // Settings, places, the key.
    std::filesystem::path state;    // Submissions on their way.
    std::filesystem::path runtime;  // The agent's control socket.
};

// A relative XDG path counts as not set, as the specification asks. Without HOME: the current
// directory's ".nearfab".
[[nodiscard]] UserPaths user_paths(const Environment& environment);

}  // namespace nearfab::cli
