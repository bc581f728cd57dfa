// SPDX-License-Identifier: GPL-3.0-or-later
// report_words.hpp - what the numbers of a network report mean, in words that claim no more.

#pragma once

#include "proto/model/report.hpp"

#include <cstdint>
#include <string>

namespace nearfab::json {

// 10000 / HHI: as concentrated as if so many equal ones shared it. 0 of nothing.
[[nodiscard]] double as_many_as(double hhi);
// The lowest that so many can have. 0 of none.
[[nodiscard]] double lowest_hhi(std::uint32_t fabs);

// "high (above 1800): as if 4.3 equal fabs shared it; 5 fabs cannot be below 2000". The borders are
// those of router/report/concentration.hpp.
[[nodiscard]] std::string concentration_words(double hhi, std::uint32_t fabs);

// "no machine is large enough".
[[nodiscard]] std::string words_of(WaitsFor what);

// What the figures of emissions leave out.
inline constexpr const char* not_counted =
    "making the machines and packaging, failed attempts, and what happens after the use";

}  // namespace nearfab::json
