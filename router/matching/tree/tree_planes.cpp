// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/tree/tree_planes.hpp"

#include "router/matching/tree/tree_node.hpp"

#include <algorithm>
#include <limits>
#include <numeric>

namespace nearfab::router {
namespace {

constexpr std::size_t axes = 4;

struct Extent {
    std::int64_t low = 0;
    std::int64_t high = 0;
};

Extent along(const TreeDigest& child, std::size_t axis) {
    switch (axis) {
        case 0:
            return {child.min.x, child.max.x};
        case 1:
            return {child.min.y, child.max.y};
        case 2:
            return {child.min.z, child.max.z};
        default:
            return {child.lot, child.lot};
    }
}

void order(std::span<const TreeDigest> children, std::span<std::uint8_t> some, std::size_t axis) {
    std::sort(some.begin(), some.end(), [&](std::uint8_t a, std::uint8_t b) {
        const Extent first = along(children[a], axis);
        const Extent second = along(children[b], axis);
        const std::int64_t difference = (first.low + first.high) - (second.low + second.high);
        return difference != 0 ? difference < 0 : a < b;
    });
}

}  // namespace

TreeCut cut(std::span<const TreeDigest> children, std::span<std::uint8_t> some, std::size_t least) {
    const std::size_t count = some.size();
    TreeCut best;
    double best_cost = std::numeric_limits<double>::infinity();
    std::int64_t longest = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        std::int64_t low = std::numeric_limits<std::int64_t>::max();
        std::int64_t high = std::numeric_limits<std::int64_t>::min();
        for (const std::uint8_t c : some) {
            low = std::min(low, along(children[c], axis).low);
            high = std::max(high, along(children[c], axis).high);
        }
        longest = std::max(longest, high - low);
    }
    for (std::size_t axis = 0; axis < axes; ++axis) {
        order(children, some, axis);
        std::array<std::int64_t, TreePlanes::children_max + 1> low_above{};
        low_above[count] = std::numeric_limits<std::int64_t>::max();
        for (std::size_t i = count; i-- > 0;)
            low_above[i] = std::min(low_above[i + 1], along(children[some[i]], axis).low);
        std::int64_t high_below = std::numeric_limits<std::int64_t>::min();
        for (std::size_t below = 1; below < count; ++below) {
            high_below = std::max(high_below, along(children[some[below - 1]], axis).high);
            if (below < least || count - below < least) continue;
            const std::int64_t gap = low_above[below] - high_below;
            // Overlap counts most, then balance, then a cut across the longer side; the lot only
            // where places do not differ at all.
            const auto part = [](std::int64_t some_of, std::int64_t of) {
                return static_cast<double>(some_of) / static_cast<double>(of);
            };
            const double apart =
                axis == 3 ? (longest == 1 ? 0 : -1e6) : std::min(0.0, part(gap, longest));
            const double skew = part(static_cast<std::int64_t>(std::max(below, count - below) -
                                                               std::min(below, count - below)),
                                     static_cast<std::int64_t>(count));
            const double wide = axis == 3 ? 0
                                          : part(along(children[some[count - 1]], axis).high -
                                                     along(children[some[0]], axis).low,
                                                 longest);
            const double cost = skew - 1000 * apart - wide / 2 + (apart < 0 ? 100 : 0);
            if (cost >= best_cost) continue;
            best_cost = cost;
            const std::int64_t middle =
                high_below + std::max<std::int64_t>(gap, 0) / 2 + (gap > 1 ? 1 : 0);
            best = {static_cast<std::uint8_t>(axis),
                    static_cast<std::int32_t>(axis == 3 ? low_above[below]
                                              : gap > 0 ? middle
                                                        : low_above[below]),
                    below};
        }
    }
    order(children, some, best.axis);
    return best;
}

TreePlanes::TreePlanes(std::span<const TreeDigest> children) {
    std::array<std::uint8_t, children_max> all{};
    std::iota(all.begin(), all.end(), std::uint8_t{0});
    first_ = divide(children, std::span{all}.first(children.size()));
}

TreePlanes::Part TreePlanes::divide(std::span<const TreeDigest> children,
                                    std::span<std::uint8_t> some) {
    if (some.size() == 1) return static_cast<Part>(~some[0]);
    const TreeCut here = cut(children, some, 1);
    const std::uint8_t plane = planes_++;
    value_[plane] = here.value;
    axis_[plane] = here.axis;
    below_[plane] = divide(children, some.first(here.below));
    above_[plane] = divide(children, some.subspan(here.below));
    return static_cast<Part>(plane);
}

std::size_t TreePlanes::child_for(const TreeCoordinates& at) const {
    Part part = first_;
    while (part >= 0) {
        const auto plane = static_cast<std::size_t>(part);
        part = at[axis_[plane]] < value_[plane] ? below_[plane] : above_[plane];
    }
    return static_cast<std::size_t>(~part);
}

}  // namespace nearfab::router
