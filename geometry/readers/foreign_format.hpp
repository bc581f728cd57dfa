// SPDX-License-Identifier: GPL-3.0-or-later
// foreign_format.hpp - names what people submit by mistake, so that they need not guess.
//
// Knows files by their first bytes, never by their names: CAD models, flat drawings, machine code,
// pictures, documents, archives. Formats that geometry/readers reads are not among them.

#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace nearfab::geometry {

// Drawings are foreign to the mesh readers only: geometry/flat reads them.
enum class DrawingKind : std::uint8_t { none = 0, dxf = 1, svg = 2 };

struct ForeignFormat {
    std::string_view name;  // With its article: "a STEP file".
    std::string_view next;  // What to do with such a file.
    DrawingKind drawing = DrawingKind::none;
};

[[nodiscard]] std::optional<ForeignFormat> foreign_format(std::span<const std::uint8_t> file);

}  // namespace nearfab::geometry
