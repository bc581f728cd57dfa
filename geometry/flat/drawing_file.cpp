// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/drawing_file.hpp"

#include "geometry/flat/dxf.hpp"
#include "geometry/flat/svg.hpp"
#include "geometry/readers/foreign_format.hpp"

namespace nearfab::geometry {
namespace {

DrawingKind kind_of(std::span<const std::uint8_t> file) {
    const auto format = foreign_format(file);
    return format ? format->drawing : DrawingKind::none;
}

}  // namespace

bool is_drawing(std::span<const std::uint8_t> file) {
    return kind_of(file) != DrawingKind::none;
}

Result<Drawing> read_drawing(std::span<const std::uint8_t> file, const DrawingOptions& options) {
    switch (kind_of(file)) {
        case DrawingKind::dxf:
            return read_dxf(file, options);
        case DrawingKind::svg:
            return read_svg(file, options);
        case DrawingKind::none:
            break;
    }
    return fail(ErrorCode::invalid_file,
                "the file is no drawing that nearfab reads",
                "Export it as DXF or SVG");
}

}  // namespace nearfab::geometry
