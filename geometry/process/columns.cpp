// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/columns.hpp"

#include "geometry/process/column_crossings.hpp"

#include <algorithm>
#include <cmath>
#include <span>

namespace nearfab::geometry {

using namespace vec;

ColumnField::ColumnField(const Mesh& mesh, const Frame& frame, const ColumnOptions& options)
    : ColumnGrid(frame) {
    const ColumnCrossings cut(mesh, frame, options);
    static_cast<ColumnGrid&>(*this) = cut;
    first_.reserve(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_) + 1);
    // A stretch has two ends; mostly each of them is a crossing and nothing is left over.
    spans_.reserve(cut.expected() / 2);
    doubtful_share_ = cut.each_column([this](std::span<Crossing> crossings) {
        first_.push_back(static_cast<std::uint32_t>(spans_.size()));
        return add_solid_spans(crossings, spans_);
    });
    first_.push_back(static_cast<std::uint32_t>(spans_.size()));
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

TopView::TopView(const Mesh& mesh, const Frame& frame, const ColumnOptions& options)
    : ColumnGrid(frame) {
    const ColumnCrossings cut(mesh, frame, options);
    static_cast<ColumnGrid&>(*this) = cut;
    tops_.reserve(static_cast<std::size_t>(nx_) * static_cast<std::size_t>(ny_));
    LargeArray<SolidSpan> spans;
    doubtful_share_ = cut.each_column([&](std::span<Crossing> crossings) {
        spans.clear();
        const bool closed = add_solid_spans(crossings, spans);
        tops_.push_back(spans.empty() ? -1 : spans.back().top);
        return closed;
    });
}

double ColumnField::volume_mm3() const {
    double sum = 0;
    for (const SolidSpan& s : spans_)
        sum += static_cast<double>(s.top - s.bottom);
    return sum * cell_ * cell_;
}

}  // namespace nearfab::geometry
