// SPDX-License-Identifier: GPL-3.0-or-later
// decimal.hpp - numbers as text files write them, read the same in any locale.
//
// Shared by the readers of text formats. Hexadecimal numbers are none, nor are numbers with a
// decimal comma; a leading plus sign is allowed, because some exporters write one.

#pragma once

#include "base/result.hpp"
#include "geometry/readers/triangle_soup.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace nearfab::geometry {

// Reads a coordinate of any size.
// On an error the message begins with a quotation of the word, fit to follow "line 3: ":
// invalid_file (no number, not finite, too long). REQUIRES: word is not empty.
[[nodiscard]] Status read_finite(std::string_view word, double& out);

// The same in the unit of the limits, and not beyond coordinate_mm (too_large); `out` is in
// millimetres.
[[nodiscard]] Status read_coordinate(std::string_view word, const ReadLimits& limits, double& out);

// Any finite number, without a limit; nothing when it is none.
[[nodiscard]] std::optional<double> read_number(std::string_view word);

// A whole number in digits, with an optional sign; nothing when it is none or beyond 64 bits.
[[nodiscard]] std::optional<std::int64_t> read_integer(std::string_view word);

// The beginning of a word in quotes, with a question mark for everything but plain ASCII.
[[nodiscard]] std::string quoted(std::string_view word);

// An offset as a line number, from 1. LF, CR LF and CR end a line. Reads the text up to there, so
// it is for errors only.
[[nodiscard]] std::string line_at(std::string_view text, std::size_t offset);

}  // namespace nearfab::geometry
