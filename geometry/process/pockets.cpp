// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/pockets.hpp"

#include "geometry/process/distance_map.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <vector>

namespace nearfab::geometry {
namespace {

constexpr int margin = 2;              // Cells of air around the part.
constexpr double facing_walls = 0.78;  // Of the steepest possible fall on both sides of a middle
                                       // line; two walls at a right angle reach 0.71.
// From a middle line to its walls: what is nearer may be the grid's own steps.
constexpr double narrowest_cells = 3;
constexpr double shallow_share = 0.01;  // Of the height: less is no pocket.

struct Surface {
    int nx;
    int ny;
    std::vector<double> height;  // Of the top; 0 where nothing is.
    double at(int x, int y) const {
        if (x < 0 || y < 0 || x >= nx || y >= ny) return 0;
        return height[index(x, y)];
    }
    std::size_t index(int x, int y) const {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(nx) +
               static_cast<std::size_t>(x);
    }
};

Surface surface_of(const TopView& columns) {
    Surface s{columns.nx() + 2 * margin, columns.ny() + 2 * margin, {}};
    s.height.assign(static_cast<std::size_t>(s.nx) * static_cast<std::size_t>(s.ny), 0);
    for (int y = 0; y < columns.ny(); ++y) {
        for (int x = 0; x < columns.nx(); ++x) {
            s.height[s.index(x + margin, y + margin)] = std::max(0.0, columns.top_of(x, y));
        }
    }
    return s;
}

// The heights at which much of the surface is level: the underside, and the most frequent others.
std::vector<double> floor_levels(const Surface& s, double height) {
    constexpr double steps = 256;
    std::map<int, std::pair<std::size_t, double>> counts;  // Cells and the highest, by step.
    for (const double h : s.height) {
        auto& [cells, highest] = counts[static_cast<int>(h / height * steps)];
        ++cells;
        highest = std::max(highest, h);
    }
    std::vector<std::pair<std::size_t, double>> levels;
    for (const auto& [step, found] : counts)
        levels.push_back(found);
    std::stable_sort(levels.begin(), levels.end(), [](const auto& l, const auto& r) {
        return l.first > r.first;
    });
    std::vector<double> out{0};
    for (const auto& [cells, highest] : levels) {
        if (out.size() < max_floor_levels && highest > 0) out.push_back(highest);
    }
    std::sort(out.begin(), out.end());
    return out;
}

struct Middle {
    int dx = 0;  // Across the slot.
    int dy = 0;
    double cells = 0;  // From the middle to the walls.
};

// Is the cell on the middle line between two walls that face each other, and across which way.
std::optional<Middle> middle_at(const DistanceMap& map, int x, int y) {
    constexpr std::array<std::array<int, 2>, 4> ways{{{1, 0}, {0, 1}, {1, 1}, {1, -1}}};
    const double here = map.at(x, y);
    std::optional<Middle> best;
    double steepest = facing_walls;
    if (here < narrowest_cells) return best;
    for (const auto& [dx, dy] : ways) {
        constexpr int step = 3;
        const double reach = step * std::hypot(dx, dy);
        if (here < reach * 0.7) continue;
        const double fall =
            2 * here - map.at(x + step * dx, y + step * dy) - map.at(x - step * dx, y - step * dy);
        const bool falls = map.at(x + step * dx, y + step * dy) < here + 0.1 &&
                           map.at(x - step * dx, y - step * dy) < here + 0.1;
        const double share = fall / (2 * reach);
        if (!falls || share < steepest) continue;
        steepest = share;
        best = Middle{dx, dy, here};
    }
    return best;
}

// The top of the wall that a line from a middle cell runs into.
double wall_top(const Surface& s, int x, int y, const Middle& m, int sign) {
    const double unit = std::hypot(m.dx, m.dy);
    const int first = std::max(1, static_cast<int>(m.cells / unit));
    const int last = static_cast<int>(1.15 * m.cells / unit) + 2;
    double top = 0;
    for (int i = first; i <= last; ++i)
        top = std::max(top, s.at(x + sign * i * m.dx, y + sign * i * m.dy));
    return top;
}

class PocketSearch {
public:
    PocketSearch(const TopView& columns, bool both_sides)
        : columns_(columns), both_sides_(both_sides), surface_(surface_of(columns)) {}

    Pockets run() {
        if (!(columns_.height_mm() > 0)) return out_;
        const double tolerance = columns_.height_mm() / 256;
        double below = -1;
        for (const double level : floor_levels(surface_, columns_.height_mm())) {
            search(level + tolerance / 2, below);
            below = level + tolerance / 2;
        }
        return out_;
    }

private:
    // The floors above `below` up to `level`.
    void search(double level, double below) {
        std::vector<std::uint8_t> wall(surface_.height.size());
        bool any = false;
        for (std::size_t i = 0; i < wall.size(); ++i) {
            wall[i] = surface_.height[i] > level ? 1 : 0;
            any = any || wall[i] != 0;
        }
        if (!any) return;
        const DistanceMap map(surface_.nx, surface_.ny, wall);
        for (int y = margin; y < surface_.ny - margin; ++y) {
            for (int x = margin; x < surface_.nx - margin; ++x) {
                const double floor = surface_.at(x, y);
                if (floor > level || floor <= below) continue;
                if (const auto middle = middle_at(map, x, y)) add(x, y, floor, *middle);
            }
        }
    }

    void add(int x, int y, double floor, const Middle& middle) {
        const double rim =
            std::min(wall_top(surface_, x, y, middle, 1), wall_top(surface_, x, y, middle, -1));
        Pocket p;
        p.through = columns_.top_of(x - margin, y - margin) < 0;
        p.depth_mm = rim - floor;
        if (p.through && both_sides_) p.depth_mm /= 2;
        if (p.depth_mm < shallow_share * columns_.height_mm()) return;
        // From wall cell to wall cell there is one cell less than twice the distance.
        p.width_mm = (2 * middle.cells - 1) * columns_.cell_mm();
        p.place = columns_.place_of(x - margin, y - margin, floor);
        p.from = columns_.frame().up;
        const double same = columns_.height_mm() / 200;
        if (!out_.deepest || p.depth_mm > out_.deepest->depth_mm + same ||
            (p.depth_mm > out_.deepest->depth_mm - same && p.width_mm < out_.deepest->width_mm)) {
            out_.deepest = p;
        }
        if (!out_.slimmest || p.ratio() > out_.slimmest->ratio()) out_.slimmest = p;
    }

    const TopView& columns_;
    bool both_sides_;
    Surface surface_;
    Pockets out_;
};

}  // namespace

Pockets pockets_of(const TopView& columns, bool both_sides) {
    return PocketSearch(columns, both_sides).run();
}

}  // namespace nearfab::geometry
