// SPDX-License-Identifier: GPL-3.0-or-later
// column_crossings.hpp - where the upright lines of a grid meet the surface of a part.
//
// All of them take more memory than a small mesh, and more than the caches hold; so they are made
// some rows at a time. Pure, deterministic.

#pragma once

#include "base/large_pages.hpp"
#include "geometry/mesh.hpp"
#include "geometry/process/columns.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::geometry {

struct Crossing {
    std::uint32_t column = 0;  // Counted from the first of its rows.
    float height = 0;
    float slope = 0;
};

// The grid, and what is needed to meet it. Keeps 24 bytes for each vertex.
class ColumnCrossings : public ColumnGrid {
public:
    // As ColumnField. The mesh outlives this.
    ColumnCrossings(const Mesh& mesh, const Frame& frame, const ColumnOptions& options);

    // About how many there are.
    [[nodiscard]] std::size_t expected() const;

    // resolve(its crossings, in any order) -> bool for every column, by row and then along it; says
    // whether the column closes. Comes back with the share of those met that do not.
    template <class Resolve>
    [[nodiscard]] double each_column(Resolve&& resolve) const;

private:
    // Of some rows, in the order of their columns.
    struct Rows {
        int first = 0;
        int beyond = 0;
        LargeArray<Crossing> crossings;
        std::vector<std::uint32_t> begin;  // Of each column, and one past the last.
    };

    void choose_grid(const ColumnOptions& how);
    [[nodiscard]] int rows_at_once() const;
    void cross(Rows& rows) const;
    void cross_triangle(const Vec3& a, const Vec3& b, const Vec3& c, Rows& rows) const;
    void sort_by_column(Rows& rows) const;

    const Mesh& mesh_;
    LargeArray<Vec3> points_;
    double shadow_ = 0;  // In cells, of all triangles together.
};

template <class Resolve>
double ColumnCrossings::each_column(Resolve&& resolve) const {
    std::size_t met = 0;
    std::size_t doubtful = 0;
    Rows rows;
    const int at_once = rows_at_once();
    for (int row = 0; row < ny_; row = rows.beyond) {
        rows.first = row;
        rows.beyond = std::min(row + at_once, ny_);
        cross(rows);
        for (std::size_t i = 0; i + 1 < rows.begin.size(); ++i) {
            const std::size_t count = rows.begin[i + 1] - rows.begin[i];
            met += count == 0 ? 0U : 1U;
            doubtful += resolve(std::span{rows.crossings}.subspan(rows.begin[i], count)) ? 0U : 1U;
        }
    }
    return met == 0 ? 0 : static_cast<double>(doubtful) / static_cast<double>(met);
}

// Sorts the crossings of a column and adds its stretches of solid. False, and none added, when the
// crossings do not close.
bool add_solid_spans(std::span<Crossing> column, LargeArray<SolidSpan>& spans);

}  // namespace nearfab::geometry
