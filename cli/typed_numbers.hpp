// SPDX-License-Identifier: GPL-3.0-or-later
// typed_numbers.hpp - what is wrong with a number that a person typed on the command line.
//
// Each gives nothing when it is right, else what is wrong and, on a second line, what to type.

#pragma once

#include <string>

namespace nearfab::cli {

// The two lines of such a text.
[[nodiscard]] std::string said(const std::string& message, const std::string& next);

// A finite number without a unit; `what` ends "is no ...".
[[nodiscard]] std::string no_quantity(const std::string& text,
                                      const std::string& what,
                                      const std::string& example);
[[nodiscard]] std::string no_number(const std::string& text, const std::string& example);  // Of mm.
[[nodiscard]] std::string no_angle(const std::string& text);
// Digits, perhaps a sign; the range is checked by whoever asks.
[[nodiscard]] std::string no_whole_number(const std::string& text, const std::string& example);
[[nodiscard]] std::string no_mass(const std::string& text);  // Of grams.
[[nodiscard]] std::string no_days(const std::string& text);

}  // namespace nearfab::cli
