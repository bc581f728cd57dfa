// SPDX-License-Identifier: GPL-3.0-or-later
// near_order.hpp - an order of loose triangles in which neighbours in space follow each other.
//
// Most programs write a surface strip by strip or patch by patch. Some write it in an order that
// has nothing to do with place (out of hash tables, from several threads), and then every later
// step waits for memory at each triangle. Sorting such triangles once into cells along a Morton
// curve (Morton, IBM 1966) costs less than the first of these steps.

#pragma once

#include "base/large_pages.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace nearfab::geometry {

// So few are near each other in any order: the caches hold them all.
inline constexpr std::size_t fewest_scattered = 50'000;

namespace near {

// In strips, fans and patches a third to a half of the corners of a run of triangles were not
// in it before; of scattered triangles nearly all.
constexpr double most_new_corners = 0.75;
constexpr std::size_t runs = 32;
constexpr std::size_t run_length = 128;
constexpr unsigned bits_per_axis = 5;
constexpr std::size_t cells_per_axis = std::size_t{1} << bits_per_axis;
constexpr std::size_t cells = cells_per_axis * cells_per_axis * cells_per_axis;

template <class Triangles>
std::size_t new_corners(const Triangles& triangles, std::size_t begin) {
    std::array<std::array<float, 3>, 3 * run_length> corners;
    for (std::size_t i = 0; i < run_length; ++i) {
        const std::array<float, 9> t = triangles[begin + i];
        for (std::size_t k = 0; k < 3; ++k)
            corners[3 * i + k] = {t[3 * k], t[3 * k + 1], t[3 * k + 2]};
    }
    std::sort(corners.begin(), corners.end());
    return static_cast<std::size_t>(std::unique(corners.begin(), corners.end()) - corners.begin());
}

template <class Triangles>
bool are_scattered(const Triangles& triangles) {
    if (triangles.size() < fewest_scattered) return false;
    std::size_t found = 0;
    for (std::size_t run = 0; run < runs; ++run)
        found += new_corners(triangles, (triangles.size() - run_length) / runs * run);
    return static_cast<double>(found) > most_new_corners * 3 * run_length * runs;
}

// The cell of a first corner on the curve.
class Cells {
public:
    template <class Triangles>
    explicit Cells(const Triangles& triangles) {
        std::array<float, 3> high{};
        low_.fill(std::numeric_limits<float>::infinity());
        high.fill(-std::numeric_limits<float>::infinity());
        for (std::size_t i = 0; i < triangles.size(); ++i) {
            const std::array<float, 9> t = triangles[i];
            for (std::size_t axis = 0; axis < 3; ++axis) {
                low_[axis] = std::min(low_[axis], t[axis]);
                high[axis] = std::max(high[axis], t[axis]);
            }
        }
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double size = static_cast<double>(high[axis]) - static_cast<double>(low_[axis]);
            scale_[axis] = size > 0 ? static_cast<double>(cells_per_axis) / size : 0;
        }
        for (std::uint32_t cell = 0; cell < cells_per_axis; ++cell) {
            for (unsigned bit = 0; bit < bits_per_axis; ++bit)
                spread_[cell] |= (cell >> bit & 1U) << (3 * bit);
        }
    }

    std::uint16_t operator()(const std::array<float, 9>& t) const {
        std::uint32_t code = 0;
        for (std::size_t axis = 0; axis < 3; ++axis) {
            const double off = static_cast<double>(t[axis]) - static_cast<double>(low_[axis]);
            const auto cell = static_cast<std::size_t>(off * scale_[axis]);
            code = code << 1U | spread_[std::min(cell, cells_per_axis - 1)];
        }
        return static_cast<std::uint16_t>(code);
    }

private:
    std::array<float, 3> low_{};
    std::array<double, 3> scale_{};
    std::array<std::uint32_t, cells_per_axis> spread_{};
};

}  // namespace near

// The numbers of all triangles in such an order; empty when they are near each other as they are.
// Triangles give their corners as TriangleSoup does. Deterministic;
// the time is that of four passes, the memory 6 bytes for each triangle.
template <class Triangles>
[[nodiscard]] LargeArray<std::uint32_t> near_order(const Triangles& triangles) {
    LargeArray<std::uint32_t> order;
    if (!near::are_scattered(triangles)) return order;
    const near::Cells cell_of(triangles);
    LargeArray<std::uint16_t> codes(triangles.size());
    std::vector<std::uint32_t> next(near::cells, 0);
    for (std::size_t i = 0; i < codes.size(); ++i) {
        codes[i] = cell_of(triangles[i]);
        ++next[codes[i]];
    }
    std::uint32_t sum = 0;
    for (std::uint32_t& begin : next)
        sum += std::exchange(begin, sum);
    order.resize(codes.size());
    for (std::size_t i = 0; i < codes.size(); ++i)
        order[next[codes[i]]++] = static_cast<std::uint32_t>(i);
    return order;
}

}  // namespace nearfab::geometry
