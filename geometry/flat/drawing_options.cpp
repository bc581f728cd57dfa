// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/drawing_options.hpp"

#include <string>

namespace nearfab::geometry {

Status check_size(std::span<const std::uint8_t> file, const DrawingLimits& limits) {
    if (file.empty()) {
        return fail(ErrorCode::invalid_file, "the file is empty", "Export the drawing again");
    }
    if (file.size() > limits.file_bytes) {
        return fail(ErrorCode::too_large,
                    "the drawing has " + std::to_string(file.size()) +
                        " bytes, more than the limit of " + std::to_string(limits.file_bytes),
                    "Simplify the drawing, or send its parts one by one");
    }
    return {};
}

}  // namespace nearfab::geometry
