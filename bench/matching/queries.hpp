// SPDX-License-Identifier: GPL-3.0-or-later
// queries.hpp - what designers ask for, in five classes.
//
//   common      fdm, PLA, 120 x 90 x 60 mm          about 31 % of all machines of the made-up world
//   selective   fdm, ASA, 300 x 250 x 200 mm, tolerance 0.2 mm, within 12 hours      about 0.38 %
//   rare        fdm, PEEK, 60 x 40 x 30 mm                                          about 0.055 %
//   impossible  cnc_mill, titanium, 2.6 m long                                             nothing
//   mixed       70 % common, 20 % selective, 8 % rare, 2 % impossible
//
// The place of use is that of some machine, moved by about 15 km: designers live where machines do.
// A world from a file that does not know one of the processes or materials gets its name added.

#pragma once

#include "bench/matching/world.hpp"
#include <string_view>

namespace nearfab::bench {

// In the order of the list above.
inline constexpr std::array<std::string_view, 5> query_classes{
    "common", "selective", "rare", "impossible", "mixed"};

// The names the classes need; false if the world has no room for them (over 32 materials).
[[nodiscard]] bool know_query_names(World& world);

// REQUIRES: know_query_names(world) and at least one machine.
[[nodiscard]] std::vector<Query> make_queries(const World& world,
                                              std::string_view query_class,
                                              std::size_t count,
                                              std::uint64_t seed);

// The share of all machines that the class finds, 0 to 1.
[[nodiscard]] double selectivity(const World& world, const Query& query);

}  // namespace nearfab::bench
