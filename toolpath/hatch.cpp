// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/hatch.hpp"

#include "toolpath/cut_plan.hpp"

#include <algorithm>
#include <cmath>
#include <string>
#include <utility>

namespace nearfab::toolpath {
namespace {

// Edges sorted by their lower end, so that each row looks only at those it can cross.
struct Edge {
    Vec2 low;
    Vec2 high;
};

std::vector<Edge> edges_of(const Region& area) {
    std::vector<Edge> edges;
    for (const Polygon& polygon : area) {
        for (std::size_t i = 0; i < polygon.size(); ++i) {
            const Vec2& a = polygon[i];
            const Vec2& b = polygon[(i + 1) % polygon.size()];
            if (a.y != b.y) edges.push_back(a.y < b.y ? Edge{a, b} : Edge{b, a});
        }
    }
    std::sort(
        edges.begin(), edges.end(), [](const Edge& a, const Edge& b) { return a.low.y < b.low.y; });
    return edges;
}

void add_row(std::vector<double>& crossed, double y, bool back, std::vector<HatchLine>& out) {
    std::sort(crossed.begin(), crossed.end());
    std::vector<HatchLine> row;
    for (std::size_t i = 0; i + 1 < crossed.size(); i += 2) {
        if (crossed[i] < crossed[i + 1]) row.push_back({{crossed[i], y}, {crossed[i + 1], y}});
    }
    if (back) {
        std::reverse(row.begin(), row.end());
        for (HatchLine& line : row)
            std::swap(line.from, line.to);
    }
    out.insert(out.end(), row.begin(), row.end());
}

}  // namespace

Result<std::vector<HatchLine>> hatch_of(const Region& area, double apart_mm) {
    std::vector<HatchLine> out;
    const std::vector<Edge> edges = edges_of(area);
    if (edges.empty()) return out;
    double top = edges.front().high.y;
    for (const Edge& edge : edges)
        top = std::max(top, edge.high.y);
    const double low = edges.front().low.y;
    const double rows = std::floor((top - low) / apart_mm + 0.5);
    const auto too_many = [&] {
        return fail(ErrorCode::too_large,
                    "engraving the areas takes more than " + std::to_string(most_moves) + " lines",
                    "Engrave less, or set engrave_line_mm wider in the machine's profile");
    };
    if (rows > static_cast<double>(most_moves)) return too_many();
    std::vector<std::size_t> live;
    std::size_t next = 0;
    std::vector<double> crossed;
    for (double row = 0; row < rows; ++row) {
        const double y = low + (row + 0.5) * apart_mm;
        while (next < edges.size() && edges[next].low.y <= y)
            live.push_back(next++);
        std::erase_if(live, [&](std::size_t i) { return edges[i].high.y <= y; });
        crossed.clear();
        for (const std::size_t i : live) {
            const Edge& e = edges[i];
            crossed.push_back(e.low.x +
                              (y - e.low.y) / (e.high.y - e.low.y) * (e.high.x - e.low.x));
        }
        add_row(crossed, y, static_cast<std::uint64_t>(row) % 2 == 1, out);
        if (out.size() > most_moves) return too_many();
    }
    return out;
}

}  // namespace nearfab::toolpath
