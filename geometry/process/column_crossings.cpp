// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/column_crossings.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

namespace nearfab::geometry {

using namespace vec;

namespace {

// Shells that touch are one solid: a gap thinner than this is none.
constexpr float closed_gap_mm = 1e-4F;

struct Corner {
    double x;
    double y;
    double z;
};

// Where the edge between two corners meets row y. The lower corner comes first, whichever triangle
// asks, so both triangles at an edge get the same answer to the last bit.
double crossing_x(const Corner& low, const Corner& high, double y) {
    return low.x + (high.x - low.x) * ((y - low.y) / (high.y - low.y));
}

// Passes over the triangles cost less than crossings do, so rows with this share of their number,
// and with so many at least, are made at once.
constexpr double crossings_per_triangle = 0.1;
constexpr double fewest_crossings = 32'000;

}  // namespace

ColumnCrossings::ColumnCrossings(const Mesh& mesh, const Frame& frame, const ColumnOptions& options)
    : ColumnGrid(frame), mesh_(mesh) {
    NEARFAB_CHECK(!mesh.triangles.empty(), "columns need a surface");
    points_ = turned(mesh, frame);
    choose_grid(options);
    // From here on in cells: the middle of cell (i,j) is the point (i,j).
    for (Vec3& p : points_) {
        p = {(p.x - origin_.x) / cell_, (p.y - origin_.y) / cell_, p.z - origin_.z};
    }
    for (const auto& [a, b, c] : mesh_.triangles)
        shadow_ += std::abs(area_vector(points_[a], points_[b], points_[c]).z) / 2;
}

void ColumnCrossings::choose_grid(const ColumnOptions& how) {
    Vec3 low = points_.front();
    Vec3 high = low;
    for (const Vec3& p : points_) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
    }
    height_ = high.z - low.z;
    const double across = std::max(high.x - low.x, high.y - low.y);
    cell_ = std::max({across / how.cells_across, how.min_cell_mm, 1e-9 * across});
    double shadow = 0;  // Of all triangles together: the cells to visit ...
    double rows = 0;    // ... and the rows.
    for (const auto& [a, b, c] : mesh_.triangles) {
        shadow += std::abs(area_vector(points_[a], points_[b], points_[c]).z) / 2;
        rows += std::max({points_[a].y, points_[b].y, points_[c].y}) -
                std::min({points_[a].y, points_[b].y, points_[c].y});
    }
    const auto limit = static_cast<double>(how.max_crossings);
    while (shadow / (cell_ * cell_) + rows / cell_ > limit)
        cell_ *= 1.25;
    const auto cells = [&](double mm) {
        return std::max(1, static_cast<int>(std::ceil(mm / cell_ - 1e-6)));
    };
    nx_ = cells(high.x - low.x);
    ny_ = cells(high.y - low.y);
    // The grid sits in the middle, so that a symmetric part is cut symmetrically.
    origin_ = {
        (low.x + high.x - (nx_ - 1) * cell_) / 2, (low.y + high.y - (ny_ - 1) * cell_) / 2, low.z};
}

void ColumnCrossings::cross_triangle(const Vec3& a,
                                     const Vec3& b,
                                     const Vec3& c,
                                     Rows& rows) const {
    // Most triangles of a fine mesh pass between the lines; they are told first.
    const double near = std::min({a.y, b.y, c.y});
    const double beyond = std::max({a.y, b.y, c.y});
    if (std::ceil(near) >= beyond || near > rows.beyond - 1 || beyond < rows.first) return;
    if (std::ceil(std::min({a.x, b.x, c.x})) > std::max({a.x, b.x, c.x})) return;
    const Vec3 n = area_vector(a, b, c);
    if (n.z == 0) return;  // Upright: its neighbours close the column.
    std::array<Corner, 3> p{{{a.x, a.y, a.z}, {b.x, b.y, b.z}, {c.x, c.y, c.z}}};
    std::sort(p.begin(), p.end(), [](const Corner& l, const Corner& r) { return l.y < r.y; });
    const double lowest = std::min({a.z, b.z, c.z});
    const double highest = std::max({a.z, b.z, c.z});
    // The x and y of the normal are in cells; in millimetres they are shorter by the cell.
    const double slope = n.z / std::hypot(n.x / cell_, n.y / cell_, n.z);
    const int first_row = std::max(rows.first, static_cast<int>(std::ceil(p[0].y)));
    for (int j = first_row; j < rows.beyond && j < p[2].y; ++j) {
        double left = crossing_x(p[0], p[2], j);
        double right = j < p[1].y ? crossing_x(p[0], p[1], j) : crossing_x(p[1], p[2], j);
        if (left > right) std::swap(left, right);
        for (int i = std::max(0, static_cast<int>(std::ceil(left))); i < nx_ && i < right; ++i) {
            const double z = a.z - (n.x * (i - a.x) + n.y * (j - a.y)) / n.z;
            rows.crossings.push_back({static_cast<std::uint32_t>((j - rows.first) * nx_ + i),
                                      static_cast<float>(std::clamp(z, lowest, highest)),
                                      static_cast<float>(slope)});
        }
    }
}

std::size_t ColumnCrossings::expected() const {
    // Each cell of the shadow is a crossing, but for the borders of triangles.
    constexpr double more = 1.01;
    return static_cast<std::size_t>(more * shadow_) + mesh_.triangles.size() / 64;
}

int ColumnCrossings::rows_at_once() const {
    const auto triangles = static_cast<double>(mesh_.triangles.size());
    const double wanted = std::max(fewest_crossings, crossings_per_triangle * triangles);
    return static_cast<int>(
        std::clamp(wanted / std::max(shadow_, 1.0) * ny_, 1.0, static_cast<double>(ny_)));
}

void ColumnCrossings::cross(Rows& rows) const {
    const double share = static_cast<double>(rows.beyond - rows.first) / ny_;
    rows.crossings.clear();
    rows.crossings.reserve(static_cast<std::size_t>(share * static_cast<double>(expected())));
    for (const auto& [a, b, c] : mesh_.triangles)
        cross_triangle(points_[a], points_[b], points_[c], rows);
    sort_by_column(rows);
}

// Within a column they stay in any order.
void ColumnCrossings::sort_by_column(Rows& rows) const {
    const auto columns =
        static_cast<std::size_t>(nx_) * static_cast<std::size_t>(rows.beyond - rows.first);
    std::vector<std::uint32_t>& begin = rows.begin;
    begin.assign(columns + 1, 0);
    for (const Crossing& c : rows.crossings)
        ++begin[c.column + 1];
    for (std::size_t i = 0; i < columns; ++i)
        begin[i + 1] += begin[i];
    // In place: a second list would be the most of what columns take.
    std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
    for (std::uint32_t column = 0; column < columns; ++column) {
        while (next[column] < begin[column + 1]) {
            Crossing& here = rows.crossings[next[column]];
            std::uint32_t& free = next[here.column];
            if (here.column != column) std::swap(here, rows.crossings[free]);
            ++free;
        }
    }
}

bool add_solid_spans(std::span<Crossing> column, LargeArray<SolidSpan>& spans) {
    std::sort(column.begin(), column.end(), [](const Crossing& l, const Crossing& r) {
        // Into the solid before out of it.
        return l.height != r.height ? l.height < r.height : l.slope < r.slope;
    });
    const std::size_t first = spans.size();
    int depth = 0;
    SolidSpan open;
    for (const Crossing& c : column) {
        depth += c.slope < 0 ? 1 : -1;
        if (c.slope < 0 && depth == 1) {
            open.bottom = c.height;
            open.bottom_slope = c.slope;
        } else if (c.slope > 0 && depth == 0) {
            open.top = c.height;
            open.top_slope = c.slope;
            if (spans.size() > first && open.bottom - spans.back().top < closed_gap_mm) {
                spans.back().top = open.top;
                spans.back().top_slope = open.top_slope;
            } else if (open.top > open.bottom) {
                spans.push_back(open);
            }
        }
    }
    if (depth != 0) spans.resize(first);
    return depth == 0;
}

}  // namespace nearfab::geometry
