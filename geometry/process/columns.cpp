// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/columns.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <span>
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

}  // namespace

ColumnField::ColumnField(const Mesh& mesh, const Frame& frame, const ColumnOptions& options)
    : ColumnGrid(frame) {
    NEARFAB_CHECK(!mesh.triangles.empty(), "columns need a surface");
    LargeArray<Vec3> points = turned(mesh, frame);
    choose_grid(points, mesh, options);
    // From here on in cells: the middle of cell (i,j) is the point (i,j).
    for (Vec3& p : points) {
        p = {(p.x - origin_.x) / cell_, (p.y - origin_.y) / cell_, p.z - origin_.z};
    }
    make_spans(cross(points, mesh));
}

void ColumnField::choose_grid(std::span<const Vec3> points,
                              const Mesh& mesh,
                              const ColumnOptions& how) {
    Vec3 low = points.front();
    Vec3 high = low;
    for (const Vec3& p : points) {
        low = {std::min(low.x, p.x), std::min(low.y, p.y), std::min(low.z, p.z)};
        high = {std::max(high.x, p.x), std::max(high.y, p.y), std::max(high.z, p.z)};
    }
    height_ = high.z - low.z;
    const double across = std::max(high.x - low.x, high.y - low.y);
    cell_ = std::max({across / how.cells_across, how.min_cell_mm, 1e-9 * across});
    double shadow = 0;  // Of all triangles together: the cells to visit ...
    double rows = 0;    // ... and the rows.
    for (const auto& [a, b, c] : mesh.triangles) {
        shadow += std::abs(area_vector(points[a], points[b], points[c]).z) / 2;
        rows += std::max({points[a].y, points[b].y, points[c].y}) -
                std::min({points[a].y, points[b].y, points[c].y});
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

void ColumnField::cross_triangle(const Vec3& a,
                                 const Vec3& b,
                                 const Vec3& c,
                                 LargeArray<Crossing>& out) const {
    // Most triangles of a fine mesh pass between the lines; they are told first.
    const double near = std::min({a.y, b.y, c.y});
    const double beyond = std::max({a.y, b.y, c.y});
    if (std::ceil(near) >= beyond || near > ny_ || beyond < 0) return;
    if (std::ceil(std::min({a.x, b.x, c.x})) > std::max({a.x, b.x, c.x})) return;
    const Vec3 n = area_vector(a, b, c);
    if (n.z == 0) return;  // Upright: its neighbours close the column.
    std::array<Corner, 3> p{{{a.x, a.y, a.z}, {b.x, b.y, b.z}, {c.x, c.y, c.z}}};
    std::sort(p.begin(), p.end(), [](const Corner& l, const Corner& r) { return l.y < r.y; });
    const double lowest = std::min({a.z, b.z, c.z});
    const double highest = std::max({a.z, b.z, c.z});
    // The x and y of the normal are in cells; in millimetres they are shorter by the cell.
    const double slope = n.z / std::hypot(n.x / cell_, n.y / cell_, n.z);
    const int first_row = std::max(0, static_cast<int>(std::ceil(p[0].y)));
    for (int j = first_row; j < ny_ && j < p[2].y; ++j) {
        double left = crossing_x(p[0], p[2], j);
        double right = j < p[1].y ? crossing_x(p[0], p[1], j) : crossing_x(p[1], p[2], j);
        if (left > right) std::swap(left, right);
        for (int i = std::max(0, static_cast<int>(std::ceil(left))); i < nx_ && i < right; ++i) {
            const double z = a.z - (n.x * (i - a.x) + n.y * (j - a.y)) / n.z;
            out.push_back({static_cast<std::uint32_t>(j * nx_ + i),
                           static_cast<float>(std::clamp(z, lowest, highest)),
                           static_cast<float>(slope)});
        }
    }
}

LargeArray<ColumnField::Crossing> ColumnField::cross(std::span<const Vec3> points,
                                                     const Mesh& mesh) const {
    LargeArray<Crossing> out;
    double shadow = 0;  // Each cell of it is a crossing, but for the borders of triangles.
    for (const auto& [a, b, c] : mesh.triangles)
        shadow += std::abs(area_vector(points[a], points[b], points[c]).z) / 2;
    constexpr double more = 1.01;
    out.reserve(static_cast<std::size_t>(more * shadow) + mesh.triangles.size() / 64);
    for (const auto& [a, b, c] : mesh.triangles)
        cross_triangle(points[a], points[b], points[c], out);
    return out;
}

// Brings the crossings into the order of their columns; says where each column begins. Within a
// column they stay in any order.
std::vector<std::uint32_t> ColumnField::sort_by_column(LargeArray<Crossing>& crossings) const {
    const auto columns = static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_);
    std::vector<std::uint32_t> begin(columns + 1, 0);
    for (const Crossing& c : crossings)
        ++begin[c.column + 1];
    for (std::size_t i = 0; i < columns; ++i)
        begin[i + 1] += begin[i];
    // In place: a second list would be the most of what columns take.
    std::vector<std::uint32_t> next(begin.begin(), begin.end() - 1);
    for (std::uint32_t column = 0; column < columns; ++column) {
        while (next[column] < begin[column + 1]) {
            Crossing& here = crossings[next[column]];
            std::uint32_t& free = next[here.column];
            if (here.column != column) std::swap(here, crossings[free]);
            ++free;
        }
    }
    return begin;
}

bool ColumnField::add_spans(std::span<Crossing> column) {
    std::sort(column.begin(), column.end(), [](const Crossing& l, const Crossing& r) {
        // Into the solid before out of it.
        return l.height != r.height ? l.height < r.height : l.slope < r.slope;
    });
    const std::size_t first = spans_.size();
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
            if (spans_.size() > first && open.bottom - spans_.back().top < closed_gap_mm) {
                spans_.back().top = open.top;
                spans_.back().top_slope = open.top_slope;
            } else if (open.top > open.bottom) {
                spans_.push_back(open);
            }
        }
    }
    if (depth != 0) spans_.resize(first);
    return depth == 0;
}

void ColumnField::make_spans(LargeArray<Crossing> crossings) {
    const std::vector<std::uint32_t> begin = sort_by_column(crossings);
    std::size_t met = 0;
    std::size_t doubtful = 0;
    first_.reserve(begin.size());
    // A stretch has two ends; mostly each of them is a crossing and nothing is left over.
    spans_.reserve(crossings.size() / 2);
    for (std::size_t column = 0; column + 1 < begin.size(); ++column) {
        first_.push_back(static_cast<std::uint32_t>(spans_.size()));
        const std::size_t count = begin[column + 1] - begin[column];
        if (count == 0) continue;
        ++met;
        if (!add_spans(std::span{crossings}.subspan(begin[column], count))) ++doubtful;
    }
    first_.push_back(static_cast<std::uint32_t>(spans_.size()));
    doubtful_share_ = met == 0 ? 0 : static_cast<double>(doubtful) / static_cast<double>(met);
}

std::span<const SolidSpan> ColumnField::at(int x, int y) const {
    const auto at = index_of(x, y);
    if (!at) return {};
    return std::span{spans_}.subspan(first_[*at], first_[*at + 1] - first_[*at]);
}

bool ColumnField::solid_at(int x, int y, double height) const {
    const std::span<const SolidSpan> spans = at(x, y);
    return std::any_of(spans.begin(), spans.end(), [&](const SolidSpan& s) {
        return static_cast<double>(s.bottom) <= height && height <= static_cast<double>(s.top);
    });
}

double ColumnField::top_of(int x, int y) const {
    const std::span<const SolidSpan> spans = at(x, y);
    return spans.empty() ? -1 : static_cast<double>(spans.back().top);
}

ColumnGrid::Cell ColumnGrid::cell_of_frame(const Vec3& point) const {
    const auto index = [&](double mm) {
        constexpr double far = 1e9;
        return static_cast<int>(std::clamp(std::round(mm / cell_), -far, far));
    };
    return {index(point.x - origin_.x), index(point.y - origin_.y), point.z};
}

ColumnGrid::Cell ColumnGrid::cell_of(const Vec3& place) const {
    const Vec3 p = frame_.turned(place);
    return cell_of_frame({p.x, p.y, p.z - origin_.z});
}

Vec3 ColumnGrid::place_of(int x, int y, double height) const {
    return frame_.back(origin_ + Vec3{x * cell_, y * cell_, height});
}

TopView::TopView(const ColumnField& columns) : ColumnGrid(columns) {
    tops_.reserve(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_));
    for (int y = 0; y < ny_; ++y) {
        for (int x = 0; x < nx_; ++x)
            tops_.push_back(static_cast<float>(columns.top_of(x, y)));
    }
}

double ColumnField::volume_mm3() const {
    double sum = 0;
    for (const SolidSpan& s : spans_)
        sum += static_cast<double>(s.top - s.bottom);
    return sum * cell_ * cell_;
}

}  // namespace nearfab::geometry
