// SPDX-License-Identifier: GPL-3.0-or-later
// tree_picture.hpp - a real place tree, drawn: its regions, what they promise, what a search finds.

#pragma once

#include "bench/matching/world.hpp"
#include <cstdint>
#include <string>

namespace nearfab::bench {

// An SVG of the tree of the most frequent process of queries (fdm) over this world: the globe seen
// from (0, 0), so that the tree's boxes are exact rectangles; first a coarse cut through the tree,
// then a finer one with the regions that promise the rare query of queries.hpp, then the
// surroundings of one place of use with the nearest that can make it.
// REQUIRES: know_query_names(world) and at least one machine.
[[nodiscard]] std::string tree_picture(const World& world, std::uint64_t seed);

}  // namespace nearfab::bench
