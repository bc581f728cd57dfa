// SPDX-License-Identifier: GPL-3.0-or-later
// columns.hpp - a part as upright columns of solid, seen along a direction.
//
// The part is cut by a square grid of vertical lines. Each line carries the stretches in which it
// runs through solid. Support below overhangs, what a cutter can see from above and how deep its
// pockets are, all read off these stretches. A triangle is met by a line or not by one rule for
// both triangles at an edge, so a closed mesh gives closed columns; nothing is sampled twice.
//
// Work is bounded: when the wished grid would make more than `max_crossings` meetings of lines and
// triangles, the cells grow. Pure, deterministic.

#pragma once

#include "geometry/process/frame.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nearfab::geometry {

// A stretch of solid: heights above the lowest point of the part, millimetres. A slope is the
// upward part of the surface's outward unit normal there: -1 for a flat ceiling seen from below
// (`bottom_slope`), 1 for a floor seen from above (`top_slope`).
struct SolidSpan {
    float bottom = 0;
    float top = 0;
    float bottom_slope = -1;
    float top_slope = 1;
};

struct ColumnOptions {
    double cells_across = 256;  // Cells along the longer horizontal side.
    double min_cell_mm = 0.01;
    std::uint64_t max_crossings = 4'000'000;
};

// The lines of the grid.
class ColumnGrid {
public:
    [[nodiscard]] int nx() const { return nx_; }
    [[nodiscard]] int ny() const { return ny_; }
    [[nodiscard]] double cell_mm() const { return cell_; }
    [[nodiscard]] double height_mm() const { return height_; }
    [[nodiscard]] const Frame& frame() const { return frame_; }

    // The cell of a point given in the part's coordinates, and the other way round.
    struct Cell {
        int x = 0;
        int y = 0;
        double height = 0;
    };
    [[nodiscard]] Cell cell_of(const Vec3& place) const;
    [[nodiscard]] Vec3 place_of(int x, int y, double height) const;
    // The same for a point in the frame, its z being the height above the lowest point.
    [[nodiscard]] Cell cell_of_frame(const Vec3& point) const;

protected:
    explicit ColumnGrid(const Frame& frame) : frame_(frame) {}
    // The number of a column; none outside the grid.
    [[nodiscard]] std::optional<std::size_t> index_of(int x, int y) const {
        if (x < 0 || y < 0 || x >= nx_ || y >= ny_) return std::nullopt;
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(nx_) +
               static_cast<std::size_t>(x);
    }

    Frame frame_;
    Vec3 origin_;  // In the frame: the middle of cell (0,0), at the lowest height.
    double cell_ = 1;
    double height_ = 0;
    int nx_ = 0;
    int ny_ = 0;
};

class ColumnField : public ColumnGrid {
public:
    // REQUIRES: at least one triangle; finite coordinates. A mesh that is not closed and oriented
    // makes doubtful columns, which stay empty.
    ColumnField(const Mesh& mesh, const Frame& frame, const ColumnOptions& options = {});

    // From the bottom up; empty outside the grid.
    [[nodiscard]] std::span<const SolidSpan> at(int x, int y) const;
    [[nodiscard]] bool solid_at(int x, int y, double height) const;
    // The highest point of a column; below 0 when there is none.
    [[nodiscard]] double top_of(int x, int y) const;

    // Share of the columns that meet the part and could not be resolved.
    [[nodiscard]] double doubtful_share() const { return doubtful_share_; }
    [[nodiscard]] double volume_mm3() const;

private:
    std::vector<std::uint32_t> first_;  // Of each column, and one past the last.
    LargeArray<SolidSpan> spans_;
    double doubtful_share_ = 0;
};

// The tops of columns alone: a fifth of the memory, also while they are made.
class TopView : public ColumnGrid {
public:
    // As ColumnField.
    TopView(const Mesh& mesh, const Frame& frame, const ColumnOptions& options = {});

    [[nodiscard]] double doubtful_share() const { return doubtful_share_; }
    // The highest point of a column; below 0 when there is none.
    [[nodiscard]] double top_of(int x, int y) const {
        const auto at = index_of(x, y);
        return at ? static_cast<double>(tops_[*at]) : -1;
    }

private:
    std::vector<float> tops_;
    double doubtful_share_ = 0;
};

}  // namespace nearfab::geometry
