// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/facts/edge_sides.hpp"

#include <algorithm>
#include <numeric>
#include <utility>

namespace nearfab::geometry {

EdgeSides::EdgeSides(const Mesh& mesh) {
    gather(mesh, [](std::uint32_t) { return true; });
}

EdgeSides::EdgeSides(const Mesh& mesh, const std::vector<bool>& marked) {
    gather(mesh, [&marked](std::uint32_t low) { return marked[low]; });
}

template <class Wanted>
void EdgeSides::gather(const Mesh& mesh, Wanted&& wanted) {
    const auto each_side = [&](auto&& use) {
        const auto* const triangles = mesh.triangles.data();
        const auto count = static_cast<std::uint32_t>(mesh.triangles.size());
        for (std::uint32_t t = 0; t < count; ++t) {
            const auto [a, b, c] = triangles[t];
            const auto side = [&](std::uint32_t from, std::uint32_t to, std::uint32_t corner) {
                const std::uint32_t low = std::min(from, to);
                if (!wanted(low)) return;
                use(low, EdgeSide{std::max(from, to), t * 6 + corner * 2 + (from > to ? 1U : 0U)});
            };
            side(a, b, 0);
            side(b, c, 1);
            side(c, a, 2);
        }
    };
    // Shifted by two while counting, so that after filling each entry is where it begins.
    first_.resize(mesh.vertices.size() + 2);
    std::uint32_t* const first = first_.data();
    std::fill_n(first, first_.size(), 0U);
    each_side([&](std::uint32_t low, const EdgeSide&) { ++first[low + 2]; });
    std::partial_sum(first_.begin(), first_.end(), first_.begin());
    sides_.resize(first_.back());
    EdgeSide* const sides = sides_.data();
    each_side([&](std::uint32_t low, const EdgeSide& side) { sides[first[low + 1]++] = side; });
    first_.pop_back();
}

void EdgeSides::sort(EdgeSide* begin, EdgeSide* end) {
    if (end - begin > 16) {
        std::sort(begin, end);
        return;
    }
    // By insertion: most vertices have three sides or so.
    for (EdgeSide* i = begin; i != end; ++i) {
        const EdgeSide side = *i;
        EdgeSide* at = i;
        for (; at != begin && side < at[-1]; --at)
            *at = at[-1];
        *at = side;
    }
}

}  // namespace nearfab::geometry
