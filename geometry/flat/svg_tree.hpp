// SPDX-License-Identifier: GPL-3.0-or-later
// svg_tree.hpp - the elements of an SVG file, without what has nothing to do with lines.

#pragma once

#include "base/result.hpp"
#include "geometry/flat/drawing_options.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::geometry::flat {

struct SvgNode {
    std::string name;  // Without a namespace; empty for elements of other languages.
    // Plain attributes, and href, inkscape:label and inkscape:groupmode whatever their prefix.
    std::vector<std::pair<std::string, std::string>> attributes;
    std::uint32_t line = 0;
    std::uint32_t first_child = 0;  // 0: none; the root is nobody's child.
    std::uint32_t next = 0;         // The next child of the same parent; 0: none.
    std::uint64_t bytes = 0;        // Of all attributes: what it costs to read it once more.

    // Null when there is none.
    [[nodiscard]] const std::string* find(std::string_view attribute) const;
    [[nodiscard]] std::string place() const;  // "line 12"
    [[nodiscard]] std::string where() const;  // "line 12 (path)"
    // Said of this element: "line 12 (path): what", at its place.
    [[nodiscard]] Error refusal(ErrorCode code, const std::string& what, const char* advice) const;
};

struct SvgTree {
    std::vector<SvgNode> nodes;                             // The root first.
    std::map<std::string, std::uint32_t, std::less<>> ids;  // The first node of that id.
    std::string style;  // All style elements, one after the other.
    bool from_illustrator = false;
    std::string inkscape_version;
};

// Errors: invalid_file (no well-formed XML, no SVG, declarations in the document type),
// too_large (elements, depth, a long attribute).
[[nodiscard]] Result<SvgTree> read_svg_tree(std::string_view text, const DrawingLimits& limits);

}  // namespace nearfab::geometry::flat
