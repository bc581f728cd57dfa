// SPDX-License-Identifier: GPL-3.0-or-later
// large_file.hpp - reads files of many megabytes: designs.

#pragma once

#include "base/large_pages.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>

namespace nearfab {

// As read_file, but into large pages, which halves what reading costs.
[[nodiscard]] Result<LargeArray<std::uint8_t>> read_large_file(const std::filesystem::path& path,
                                                               std::size_t max_bytes);

}  // namespace nearfab
