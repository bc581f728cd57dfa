// SPDX-License-Identifier: GPL-3.0-or-later
// dxf_file.hpp - the plan of a DXF file: unit, layers, and where blocks and entities begin.

#pragma once

#include "geometry/flat/drawing_options.hpp"
#include "geometry/flat/dxf_tags.hpp"
#include "geometry/vector.hpp"

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::geometry::flat {

struct DxfLayer {
    bool off = false;
    bool frozen = false;  // Or not plotted.
    int colour_index = 7;
    std::optional<Colour> true_colour;
};

struct DxfBlock {
    Vec2 base;
    DxfPlace begin;  // The first entity; they end with ENDBLK.
};

struct DxfFile {
    std::optional<int> units;                // $INSUNITS.
    std::map<std::string, DxfLayer> layers;  // Names in upper case, as DXF compares them.
    std::map<std::string, DxfBlock> blocks;
    std::vector<DxfPlace> entities;  // The first entity of each ENTITIES section.
};

// Reads the whole file once, up to EOF. Errors: invalid_file, too_large.
[[nodiscard]] Result<DxfFile> scan_dxf(std::string_view text, const DrawingLimits& limits);

[[nodiscard]] std::string dxf_key(std::string_view name);  // Upper case, at most 255 characters.

[[nodiscard]] Colour colour_of_rgb(int rgb);  // 0x00RRGGBB, group 420.

// The colours 1 to 255 of AutoCAD: nine named ones, 24 hues in five depths, pure and half pale,
// and six greys. Empty for any other number.
[[nodiscard]] std::optional<Colour> dxf_colour(int index);

}  // namespace nearfab::geometry::flat
