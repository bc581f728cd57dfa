// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/part_facts.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::geometry {
namespace {

std::optional<PlacedLength> narrowest(const Widths& widths) {
    if (widths.places.empty()) return std::nullopt;
    return PlacedLength{widths.places.front().width_mm, widths.places.front().point};
}

Vec3 lifted(const Vec2& p) {
    return {p.x, p.y, 0};
}

std::optional<PlacedLength> middle_of(const std::optional<Neck>& neck) {
    if (!neck) return std::nullopt;
    return PlacedLength{neck->mm,
                        Vec3{(neck->a.x + neck->b.x) / 2, (neck->a.y + neck->b.y) / 2, 0}};
}

std::optional<PlacedLength> placed(const std::optional<FlatPlace>& place) {
    if (!place) return std::nullopt;
    return PlacedLength{place->mm, lifted(place->at)};
}

}  // namespace

void add_widths(const WallThickness& widths, PartFacts& facts) {
    facts.thinnest_wall = narrowest(widths.walls);
    if (widths.walls.measured > 0) facts.hundredth_wall_mm = widths.walls.one_percent_mm;
    facts.narrowest_gap = narrowest(widths.gaps);
    if (widths.gaps.measured > 0) facts.hundredth_gap_mm = widths.gaps.one_percent_mm;
    for (const NarrowPlace& place : widths.walls.places) {
        const double size = std::max(place.width_mm, place.across_mm);
        if (!std::isfinite(size)) continue;
        if (!facts.smallest_feature || size < facts.smallest_feature->mm)
            facts.smallest_feature = PlacedLength{size, place.point};
    }
    if (!widths.holes.empty()) {
        const Hole& hole = widths.holes.front();
        facts.smallest_hole = PlacedLength{hole.diameter_mm, hole.centre};
    }
}

SheetFacts sheet_facts_of(const FlatFacts& flat, std::optional<double> thickness_mm) {
    SheetFacts out;
    out.thickness_mm = thickness_mm;
    out.open_ends.count = flat.open_ends;
    if (!flat.open_at.empty()) out.open_ends.place = lifted(flat.open_at.front().at);
    out.slits.count = flat.slits;
    if (flat.slit) out.slits.place = lifted(flat.slit->at);
    out.dividing.count = flat.dividing;
    if (flat.dividing_at) out.dividing.place = lifted(*flat.dividing_at);
    out.touching.count = flat.touching;
    if (flat.touching_at) out.touching.place = lifted(*flat.touching_at);
    if (!flat.doubled.empty())
        out.doubled = PlacedLength{flat.doubled_length_mm, lifted(flat.doubled.front().at)};
    out.any_outline = flat.outer_loops > 0;
    out.smallest_feature = middle_of(flat.narrowest_wall);
    out.smallest_gap = middle_of(flat.narrowest_gap);
    out.smallest_hole = placed(flat.smallest_hole);
    out.smallest_inner_radius = placed(flat.smallest_inner_radius);
    out.sharp_inner_corners = flat.sharp_inner_corners;
    if (flat.sharp_inner_corner) out.sharp_inner_corner = lifted(flat.sharp_inner_corner->at);
    out.cut_length_mm = flat.cut_length_mm;
    out.contours = flat.pierces;
    out.area_mm2 = flat.net_area_mm2;
    out.bounding_area_mm2 = flat.smallest_rectangle.long_mm * flat.smallest_rectangle.short_mm;
    out.travel_mm = std::sqrt(out.bounding_area_mm2 * flat.pierces);
    return out;
}

}  // namespace nearfab::geometry
