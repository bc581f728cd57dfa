// SPDX-License-Identifier: GPL-3.0-or-later
// nearest_gate.hpp - the gate nearest to a point, among the stops that are still to be visited.

#pragma once

#include "toolpath/order.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::toolpath {

// A grid of square cells over all gates, about two gates to a cell. Ties go to the lower stop.
class NearestGate {
public:
    // Nothing is in it at first. `stops` must outlive it.
    explicit NearestGate(const std::vector<Stop>& stops);

    void add(std::uint32_t stop);
    // Takes the whole stop out. Empty when there is none left.
    [[nodiscard]] std::optional<Visit> take_nearest(const Vec2& at);

private:
    struct Best {
        double mm = 0;
        Visit visit;
    };
    [[nodiscard]] std::size_t column_of(double x) const;
    [[nodiscard]] std::size_t row_of(double y) const;
    [[nodiscard]] std::vector<Visit>& cell(std::size_t column, std::size_t row);
    void look_into(std::size_t column, std::size_t row, const Vec2& at, std::optional<Best>& best);
    void look_round(std::size_t ring, const Vec2& at, std::optional<Best>& best);
    void remove(std::uint32_t stop);

    const std::vector<Stop>& stops_;
    Vec2 low_;
    double cell_mm_ = 1;
    std::size_t columns_ = 1;
    std::size_t rows_ = 1;
    std::vector<std::vector<Visit>> cells_;
    std::size_t waiting_ = 0;
};

}  // namespace nearfab::toolpath
