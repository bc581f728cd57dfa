// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/compensation.hpp"

#include "toolpath/place_text.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

namespace nearfab::toolpath {
namespace {

struct Box {
    Vec2 min;
    Vec2 max;
};

Box box_of(const Polygon& polygon) {
    Box box{polygon.front(), polygon.front()};
    for (const Vec2& p : polygon) {
        box.min = {std::min(box.min.x, p.x), std::min(box.min.y, p.y)};
        box.max = {std::max(box.max.x, p.x), std::max(box.max.y, p.y)};
    }
    return box;
}

// A hole of the material in which nothing is cut at all.
bool is_whole_hole(const Region& kept, const Contour& left) {
    return std::any_of(kept.begin(), kept.end(), [&](const Polygon& polygon) {
        const double area = signed_area(polygon);
        return area < 0 && std::abs(-area - signed_area(left.polygon)) < 0.05 * -area &&
               contains(polygon, left.polygon.front());
    });
}

std::vector<Leftover> leftovers_of(const Region& kept,
                                   const Region& centre,
                                   const Compensation& compensation) {
    const double radius = compensation.radius_mm;
    const Region reached = grown(centre, -radius, compensation.tolerance_mm);
    const double thin = compensation.noticed_mm / 2;
    // Opened: what is thinner than noticed_mm vanishes, the rest keeps its shape.
    Region left = grown(without(reached, kept), -thin, compensation.tolerance_mm);
    left = grown(left, thin, compensation.tolerance_mm);
    std::vector<Leftover> out;
    for (const Contour& contour : contours_of(left)) {
        if (contour.hole) continue;
        const Box box = box_of(contour.polygon);
        Leftover leftover;
        leftover.at = {(box.min.x + box.max.x) / 2, (box.min.y + box.max.y) / 2};
        leftover.area_mm2 = signed_area(contour.polygon);
        leftover.long_mm = std::hypot(box.max.x - box.min.x, box.max.y - box.min.y);
        leftover.whole_hole = is_whole_hole(kept, contour);
        leftover.feature = leftover.whole_hole || leftover.long_mm > corner_radii * radius;
        out.push_back(leftover);
    }
    std::sort(out.begin(), out.end(), [](const Leftover& a, const Leftover& b) {
        return std::tuple(!a.feature, -a.area_mm2, a.at.x, a.at.y) <
               std::tuple(!b.feature, -b.area_mm2, b.at.x, b.at.y);
    });
    return out;
}

}  // namespace

CutLines cut_lines(const Region& kept, const Compensation& compensation) {
    CutLines lines;
    const Region centre = grown(kept, compensation.radius_mm, compensation.tolerance_mm);
    lines.contours = contours_of(centre);
    if (compensation.radius_mm > 0) {
        lines.leftovers = leftovers_of(kept, centre, compensation);
    }
    return lines;
}

std::string text_of(const Leftover& leftover, double tool_mm) {
    const std::string what = leftover.whole_hole ? "the hole" : "a gap or slot";
    return what + " at " + place_text(leftover.at) + " is narrower than the cut (" +
           mm_text(tool_mm) + ")";
}

}  // namespace nearfab::toolpath
