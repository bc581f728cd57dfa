// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/bridges.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numbers>
#include <optional>
#include <vector>

namespace nearfab::geometry {
namespace {

constexpr int directions = 8;  // Over half a turn.
constexpr double flat_slope =
    -0.99;  // Steeper than 8 degrees is no ceiling to stretch a thread to.

struct Patch {
    int x0;
    int y0;
    int nx;
    int ny;
    double height;              // The ceiling's lowest.
    std::vector<bool> ceiling;  // Per cell of the box.

    bool has(int x, int y) const {
        if (x < x0 || y < y0 || x >= x0 + nx || y >= y0 + ny) return false;
        return ceiling[index(x, y)];
    }
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y - y0) * static_cast<std::size_t>(nx) +
               static_cast<std::size_t>(x - x0);
    }
};

// Cells of a direction from a cell of the patch to its edge; none when nothing holds the end.
std::optional<int> cells_to_anchor(const ColumnField& columns,
                                   const Patch& patch,
                                   int x,
                                   int y,
                                   double dx,
                                   double dy,
                                   double layer_mm) {
    const int limit = patch.nx + patch.ny + 2;
    for (int step = 1; step <= limit; ++step) {
        const int i = x + static_cast<int>(std::lround(step * dx));
        const int j = y + static_cast<int>(std::lround(step * dy));
        if (patch.has(i, j)) continue;
        if (columns.solid_at(i, j, patch.height - layer_mm / 2)) return step;
        return std::nullopt;
    }
    return std::nullopt;
}

// The shortest thread through a cell, in cells.
std::optional<double> shortest_thread(
    const ColumnField& columns, const Patch& patch, int x, int y, double layer_mm) {
    std::optional<double> best;
    for (int k = 0; k < directions; ++k) {
        const double turn = std::numbers::pi * k / directions;
        const double dx = std::cos(turn);
        const double dy = std::sin(turn);
        const auto forth = cells_to_anchor(columns, patch, x, y, dx, dy, layer_mm);
        if (!forth) continue;
        const auto back = cells_to_anchor(columns, patch, x, y, -dx, -dy, layer_mm);
        if (!back) continue;
        const double cells = *forth + *back - 1;
        if (!best || cells < *best) best = cells;
    }
    return best;
}

Patch patch_of(const ColumnField& columns,
               const CeilingPatch& where,
               double layer_mm,
               double& air_mm3) {
    Patch patch;
    patch.x0 = std::max(0, where.low.x);
    patch.y0 = std::max(0, where.low.y);
    patch.nx = std::max(0, std::min(columns.nx() - 1, where.high.x) - patch.x0 + 1);
    patch.ny = std::max(0, std::min(columns.ny() - 1, where.high.y) - patch.y0 + 1);
    patch.height = where.low.height;
    patch.ceiling.assign(static_cast<std::size_t>(patch.nx) * static_cast<std::size_t>(patch.ny),
                         false);
    const double margin = layer_mm / 4;
    for (int y = patch.y0; y < patch.y0 + patch.ny; ++y) {
        for (int x = patch.x0; x < patch.x0 + patch.nx; ++x) {
            double below = 0;
            for (const SolidSpan& s : columns.at(x, y)) {
                const double bottom = s.bottom;
                if (s.bottom_slope < static_cast<float>(flat_slope) &&
                    bottom >= where.low.height - margin && bottom <= where.high.height + margin) {
                    patch.ceiling[patch.index(x, y)] = true;
                    air_mm3 += (bottom - below) * columns.cell_mm() * columns.cell_mm();
                }
                below = s.top;
            }
        }
    }
    return patch;
}

}  // namespace

BridgeMeasure measure_bridge(const ColumnField& columns,
                             const CeilingPatch& where,
                             double layer_mm) {
    NEARFAB_CHECK(layer_mm > 0, "a layer has a height");
    BridgeMeasure out;
    const Patch patch = patch_of(columns, where, layer_mm, out.air_mm3);
    const auto cells = std::count(patch.ceiling.begin(), patch.ceiling.end(), true);
    const auto stride = cells / max_bridge_samples + 1;
    std::ptrdiff_t seen = 0;
    int sampled = 0;
    std::vector<double> threads;
    for (int y = patch.y0; y < patch.y0 + patch.ny; ++y) {
        for (int x = patch.x0; x < patch.x0 + patch.nx; ++x) {
            if (!patch.has(x, y) || seen++ % stride != 0) continue;
            ++sampled;
            if (const auto thread = shortest_thread(columns, patch, x, y, layer_mm)) {
                threads.push_back(*thread);
            }
        }
    }
    if (threads.empty()) return out;
    out.bridged_share = static_cast<double>(threads.size()) / sampled;
    std::sort(threads.begin(), threads.end());
    // The last few belong to cells whose grid line misses a corner of the anchor.
    const auto rank = static_cast<std::size_t>(0.98 * static_cast<double>(threads.size() - 1));
    out.span_mm = threads[rank] * columns.cell_mm();
    return out;
}

}  // namespace nearfab::geometry
