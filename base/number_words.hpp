// SPDX-License-Identifier: GPL-3.0-or-later
// number_words.hpp - numbers and places in sentences for people.

#pragma once

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab {

// With exactly so many decimals, never "-0.0".
[[nodiscard]] std::string fixed(double number, int decimals);

// Decimals for two digits that matter of a number below 1, which is not 0.
[[nodiscard]] int decimals_below_one(double number);

// "1.0, 2.0, 3.0": tenths, and more decimals only when all numbers are below 1.
[[nodiscard]] std::string joined_numbers(const std::vector<double>& numbers);

// "at 1.0, 2.0, 3.0", likewise.
[[nodiscard]] std::string at_text(std::initializer_list<double> place_mm);

// "1 piece", "3 pieces".
[[nodiscard]] std::string counted(std::uint64_t count,
                                  std::string_view singular,
                                  std::string_view plural);

}  // namespace nearfab
