// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/distance_map.hpp"

#include "base/check.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::geometry {
namespace {

constexpr double unmarked = 1e20;

// The squared distances along one line, given those across it; `stride` apart in `cells`.
class LinePass {
public:
    explicit LinePass(std::size_t longest)
        : value_(longest), vertex_(longest), border_(longest + 1) {}

    void run(double* cells, std::size_t count, std::size_t stride) {
        for (std::size_t i = 0; i < count; ++i)
            value_[i] = cells[i * stride];
        std::size_t last = 0;
        vertex_[0] = 0;
        border_[0] = -unmarked;
        border_[1] = unmarked;
        for (std::size_t q = 1; q < count; ++q) {
            double meet = meeting(q, vertex_[last]);
            while (last > 0 && meet <= border_[last]) {
                --last;
                meet = meeting(q, vertex_[last]);
            }
            // The first parabola always begins at minus infinity.
            if (meet > border_[last]) ++last;
            vertex_[last] = q;
            border_[last] = last == 0 ? -unmarked : meet;
            border_[last + 1] = unmarked;
        }
        std::size_t k = 0;
        for (std::size_t q = 0; q < count; ++q) {
            const auto at = static_cast<double>(q);
            while (border_[k + 1] < at)
                ++k;
            const double d = at - static_cast<double>(vertex_[k]);
            cells[q * stride] = std::min(unmarked, d * d + value_[vertex_[k]]);
        }
    }

private:
    // Where the parabolas over q and p (p < q) cross.
    double meeting(std::size_t q, std::size_t p) const {
        const auto a = static_cast<double>(q);
        const auto b = static_cast<double>(p);
        return ((value_[q] + a * a) - (value_[p] + b * b)) / (2 * (a - b));
    }

    std::vector<double> value_;
    std::vector<std::size_t> vertex_;
    std::vector<double> border_;
};

}  // namespace

DistanceMap::DistanceMap(int nx, int ny, const std::vector<std::uint8_t>& marked)
    : nx_(nx), ny_(ny), distance_(marked.size()) {
    const auto columns = static_cast<std::size_t>(nx);
    const auto rows = static_cast<std::size_t>(ny);
    NEARFAB_CHECK(marked.size() == columns * rows && !marked.empty(), "one mark for each cell");
    std::transform(marked.begin(), marked.end(), distance_.begin(), [](std::uint8_t m) {
        return m != 0 ? 0 : unmarked;
    });
    LinePass pass(std::max(columns, rows));
    for (std::size_t x = 0; x < columns; ++x)
        pass.run(&distance_[x], rows, columns);
    for (std::size_t y = 0; y < rows; ++y)
        pass.run(&distance_[y * columns], columns, 1);
    for (double& d : distance_)
        d = std::sqrt(d);
}

}  // namespace nearfab::geometry
