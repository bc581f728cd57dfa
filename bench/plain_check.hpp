// SPDX-License-Identifier: GPL-3.0-or-later
// plain_check.hpp - the plainest right check of a binary STL, to measure others against.

#pragma once

#include <cstdint>
#include <span>

namespace nearfab::bench {

struct PlainFacts {
    std::size_t vertices = 0;
    std::size_t open_edges = 0;
    std::size_t bad_edges = 0;  // More than two triangles, or both the same way round.
    std::size_t components = 0;
    double volume_mm3 = 0;
};

// Exact hash weld with open addressing, edges bucketed by their lower vertex and sorted, union-find
// over vertices, signed volume. REQUIRES: a binary STL.
[[nodiscard]] PlainFacts plain_facts(std::span<const std::uint8_t> file);

// The same, printed.
void plain_check(std::span<const std::uint8_t> file);

}  // namespace nearfab::bench
