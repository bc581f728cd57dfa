// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/nearest_gate.hpp"

#include "geometry/flat/plane.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::toolpath {
namespace {

constexpr std::size_t most_columns = 1024;

}  // namespace

NearestGate::NearestGate(const std::vector<Stop>& stops) : stops_{stops} {
    bool first = true;
    Vec2 high;
    std::size_t gates = 0;
    for (const Stop& stop : stops) {
        for (const Gate& gate : stop.gates) {
            low_ = first ? gate.in : Vec2{std::min(low_.x, gate.in.x), std::min(low_.y, gate.in.y)};
            high = first ? gate.in : Vec2{std::max(high.x, gate.in.x), std::max(high.y, gate.in.y)};
            first = false;
            ++gates;
        }
    }
    const double wide = high.x - low_.x;
    const double tall = high.y - low_.y;
    const double area = std::max(wide * tall, 1e-6);
    cell_mm_ = std::max({std::sqrt(2 * area / static_cast<double>(std::max<std::size_t>(gates, 1))),
                         std::max(wide, tall) / static_cast<double>(most_columns),
                         1e-3});
    columns_ = static_cast<std::size_t>(wide / cell_mm_) + 1;
    rows_ = static_cast<std::size_t>(tall / cell_mm_) + 1;
    cells_.resize(columns_ * rows_);
}

std::size_t NearestGate::column_of(double x) const {
    return static_cast<std::size_t>(
        std::clamp((x - low_.x) / cell_mm_, 0.0, static_cast<double>(columns_ - 1)));
}

std::size_t NearestGate::row_of(double y) const {
    return static_cast<std::size_t>(
        std::clamp((y - low_.y) / cell_mm_, 0.0, static_cast<double>(rows_ - 1)));
}

std::vector<Visit>& NearestGate::cell(std::size_t column, std::size_t row) {
    return cells_[row * columns_ + column];
}

void NearestGate::add(std::uint32_t stop) {
    const auto& gates = stops_[stop].gates;
    for (std::uint32_t g = 0; g < gates.size(); ++g)
        cell(column_of(gates[g].in.x), row_of(gates[g].in.y)).push_back({stop, g});
    ++waiting_;
}

void NearestGate::remove(std::uint32_t stop) {
    for (const Gate& gate : stops_[stop].gates) {
        std::erase_if(cell(column_of(gate.in.x), row_of(gate.in.y)),
                      [stop](const Visit& visit) { return visit.stop == stop; });
    }
    --waiting_;
}

void NearestGate::look_into(std::size_t column,
                            std::size_t row,
                            const Vec2& at,
                            std::optional<Best>& best) {
    for (const Visit& visit : cell(column, row)) {
        const double mm = geometry::plane::distance(at, stops_[visit.stop].gates[visit.gate].in);
        const bool nearer =
            !best || mm < best->mm || (mm == best->mm && visit.stop < best->visit.stop);
        if (nearer) best = Best{mm, visit};
    }
}

// The cells whose distance from the cell of `at`, in columns or rows, is `ring`.
void NearestGate::look_round(std::size_t ring, const Vec2& at, std::optional<Best>& best) {
    const auto column = static_cast<std::ptrdiff_t>(column_of(at.x));
    const auto row = static_cast<std::ptrdiff_t>(row_of(at.y));
    const auto far = static_cast<std::ptrdiff_t>(ring);
    const auto columns = static_cast<std::ptrdiff_t>(columns_);
    const auto rows = static_cast<std::ptrdiff_t>(rows_);
    for (std::ptrdiff_t r = std::max<std::ptrdiff_t>(row - far, 0);
         r <= std::min(row + far, rows - 1);
         ++r) {
        const bool whole = r == row - far || r == row + far;
        const std::ptrdiff_t step = whole ? 1 : std::max<std::ptrdiff_t>(2 * far, 1);
        for (std::ptrdiff_t c = column - far; c <= column + far; c += step) {
            if (c < 0 || c >= columns) continue;
            look_into(static_cast<std::size_t>(c), static_cast<std::size_t>(r), at, best);
        }
    }
}

std::optional<Visit> NearestGate::take_nearest(const Vec2& at) {
    if (waiting_ == 0) return std::nullopt;
    std::optional<Best> best;
    for (std::size_t ring = 0; ring <= std::max(columns_, rows_); ++ring) {
        // Nothing in this ring or beyond is nearer than that, also seen from outside the grid.
        const double least = (static_cast<double>(ring) - 1) * cell_mm_;
        if (best && best->mm < least) break;
        look_round(ring, at, best);
    }
    if (best) remove(best->visit.stop);
    return best ? std::optional{best->visit} : std::nullopt;
}

}  // namespace nearfab::toolpath
