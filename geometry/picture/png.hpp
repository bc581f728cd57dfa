// SPDX-License-Identifier: GPL-3.0-or-later
// png.hpp - a picture as the bytes of a PNG file.

#pragma once

#include "base/result.hpp"
#include "geometry/picture/picture.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::geometry {

// Error internal: the library said no.
[[nodiscard]] Result<std::vector<std::uint8_t>> png_of(const Picture& picture);

}  // namespace nearfab::geometry
