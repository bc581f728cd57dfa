// SPDX-License-Identifier: GPL-3.0-or-later
// png_file.hpp - a picture as a PNG file.

#pragma once

#include "base/result.hpp"
#include "geometry/picture/picture.hpp"

#include <filesystem>

namespace nearfab::cli {

// Writes a new file or replaces one as a whole. Errors: those of the disk.
[[nodiscard]] Status write_png(const std::filesystem::path& path, const geometry::Picture& picture);

}  // namespace nearfab::cli
