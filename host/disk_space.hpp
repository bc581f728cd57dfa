// SPDX-License-Identifier: GPL-3.0-or-later
// disk_space.hpp - how much room is left.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <filesystem>

namespace nearfab {

// Bytes this user can still write on the file system that holds `path` (which must exist).
[[nodiscard]] Result<std::uint64_t> free_bytes(const std::filesystem::path& path);

}  // namespace nearfab
