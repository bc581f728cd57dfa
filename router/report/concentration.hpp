// SPDX-License-Identifier: GPL-3.0-or-later
// concentration.hpp - how much of the work is in few hands.
//
// The Herfindahl-Hirschman index, of each one's share s_i of the whole:
//
//     HHI = sum of (100 x s_i)^2        0 < HHI <= 10000
//
// 10000: one has all of it. N who share it evenly: 10000 / N, which is the lowest that N can have.
// So 10000 / HHI reads as "as concentrated as if so many equal ones shared it".
//
// Sources: A. O. Hirschman, National Power and the Structure of Foreign Trade (1945), and
// O. C. Herfindahl, Concentration in the U.S. Steel Industry (1950). The words low, moderate and
// high follow the Merger Guidelines of the U.S. Department of Justice and the Federal Trade
// Commission (December 2023, Guideline 1), which call a market with more than 1800 highly
// concentrated, and before that (2010 and 1992) one of 1000 to 1800 moderately so. They were made
// for markets; here they are a yardstick, and a network of five fabs cannot be below 2000.

#pragma once

#include <cstdint>
#include <span>

namespace nearfab::router {

// 0 when there is nothing to share. Amounts of nothing do not change it.
[[nodiscard]] double herfindahl_hirschman(std::span<const std::uint64_t> amounts);

}  // namespace nearfab::router
