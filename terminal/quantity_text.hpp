// SPDX-License-Identifier: GPL-3.0-or-later
// quantity_text.hpp - numbers with their units, and texts from elsewhere, fit to be read.

#pragma once

#include "base/number_words.hpp"

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace nearfab {

using nearfab::at_text;
using nearfab::counted;
using nearfab::fixed;

// The number of a length in millimetres: a tenth from 10 mm on, a hundredth from 1 mm on, below
// that two digits that matter; zeros at the end go, but for the first decimal: "262.0", "1.6",
// "0.05".
[[nodiscard]] std::string length_number(double mm);

// "0.05 mm".
[[nodiscard]] std::string length_text(double mm);

// "24.0 x 0.05 mm", "1.0 x 2.0 x 3.0 mm".
[[nodiscard]] std::string size_text(std::initializer_list<double> sides_mm);

// "1.25 cm3", "0.008 mm3" below a tenth of a cm3.
[[nodiscard]] std::string volume_text(double mm3);

// "24.0 cm2", "0.0024 mm2" below a cm2.
[[nodiscard]] std::string area_text(double mm2);

// A sentence of the analysis, whose numbers have six digits, with numbers and places as above. What
// stands in quotes, whole numbers and numbers that are parts of names stay.
[[nodiscard]] std::string with_short_numbers(std::string_view sentence);

// "850 m", "3.2 km", "412 km".
[[nodiscard]] std::string distance_text(double km);

// "4.5 g", "120 g", "1.25 kg".
[[nodiscard]] std::string mass_text(double g);

// "512 B", "161.1 kB", "12.0 MB" (powers of ten).
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

// Control characters, which could drive a terminal, and bytes that are no UTF-8 become '?'.
// Everything that came from a router, a manifest or a file, and file names, go through here before
// they are printed.
[[nodiscard]] std::string printable(std::string_view text);

// "text", printable.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace nearfab
