// SPDX-License-Identifier: GPL-3.0-or-later
// quantity_text.hpp - numbers with their units, and texts from elsewhere, fit to be read.

#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace nearfab::cli {

// With exactly so many decimals, never "-0.0".
[[nodiscard]] std::string fixed(double number, int decimals);

// "850 m", "3.2 km", "412 km".
[[nodiscard]] std::string distance_text(double km);

// "4.5 g", "120 g", "1.25 kg".
[[nodiscard]] std::string mass_text(double g);

// "512 B", "161.1 kB", "12.0 MB" (powers of ten).
[[nodiscard]] std::string bytes_text(std::uint64_t bytes);

// "1 piece", "3 pieces".
[[nodiscard]] std::string counted(std::uint64_t count,
                                  std::string_view singular,
                                  std::string_view plural);

// Control characters, which could drive a terminal, become '?'. Everything that came from a router,
// a manifest or a file goes through here before it is printed.
[[nodiscard]] std::string printable(std::string_view text);

// "text", printable.
[[nodiscard]] std::string in_quotes(std::string_view text);

}  // namespace nearfab::cli
