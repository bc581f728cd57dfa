// SPDX-License-Identifier: GPL-3.0-or-later
// answer_check.hpp - is an engine's answer the one that a plain scan gives?

#pragma once

#include "bench/matching/engine.hpp"
#include <optional>
#include <string>

namespace nearfab::bench {

// Nothing if the answer is right, else what is wrong with it. `expected` is the scan's answer.
// Distances may differ by 1 m and a millionth: PostGIS rounds the earth's radius elsewhere
// (6371.0088 km is the mean radius to 0.1 m, it takes it to the micrometre). Machines equally far
// may stand in for each other, so ids are judged by what the machine can do and where it is.
[[nodiscard]] std::optional<std::string> difference(const World& world,
                                                    const Query& query,
                                                    std::span<const Hit> answer,
                                                    std::span<const Hit> expected);

}  // namespace nearfab::bench
