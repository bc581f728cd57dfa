// SPDX-License-Identifier: GPL-3.0-or-later
// line_rule.hpp - a designer's word for what is done along some lines of a drawing: "red=cut".

#pragma once

#include "base/result.hpp"

#include <compare>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab {

// The numbers are those of geometry::Operation.
enum class LineOperation : std::uint8_t { cut = 1, score = 2, engrave = 3, ignore = 4 };

// Lines of a colour, or lines on a layer.
struct LineRule {
    std::optional<std::uint32_t> colour;  // 0xRRGGBB
    std::string layer;  // Empty when there is a colour. Printable ASCII; others became '?'.
    LineOperation operation = LineOperation::cut;
    friend auto operator<=>(const LineRule&, const LineRule&) = default;
};
// The first that fits a line decides.
using LineRules = std::vector<LineRule>;

inline constexpr std::size_t line_rules_max = 32;
inline constexpr std::size_t layer_name_bytes_max = 128;
inline constexpr std::size_t line_rule_bytes_max = layer_name_bytes_max + 32;

// "red=cut", "#00f=engrave" or "layer:Fold lines=score". Colours are the names that CAD programs
// use (green is #00ff00) or hexadecimal; operations are cut, score, engrave and ignore. Errors:
// invalid_argument, with what would be right.
[[nodiscard]] Result<LineRule> read_line_rule(std::string_view text);

// The one way to write it: "#ff0000=cut", "layer:Fold lines=score". read_line_rule reads it.
[[nodiscard]] std::string to_string(const LineRule& rule);

}  // namespace nearfab
