// SPDX-License-Identifier: GPL-3.0-or-later

#include "json/process.hpp"

#include <utility>

namespace nearfab::json {
namespace {

const char* kind_name(geometry::OverhangKind kind) {
    switch (kind) {
        case geometry::OverhangKind::slope:
            return "slope";
        case geometry::OverhangKind::ceiling:
            return "ceiling";
        case geometry::OverhangKind::bridge:
            return "bridge";
    }
    return "slope";
}

Json pocket_json(const std::optional<geometry::Pocket>& pocket) {
    if (!pocket) return nullptr;
    return {{"depth_mm", pocket->depth_mm},
            {"width_mm", pocket->width_mm},
            {"through", pocket->through},
            {"at_mm", point_json(pocket->place)},
            {"from", point_json(pocket->from)}};
}

}  // namespace

Json point_json(const geometry::Vec3& at) {
    return Json::array({at.x, at.y, at.z});
}

Json placed_json(const std::optional<geometry::Vec3>& at) {
    return at ? point_json(*at) : Json(nullptr);
}

Json flat_point_json(const geometry::Vec2& at) {
    return Json::array({at.x, at.y});
}

Json rectangle_json(const geometry::FlatRectangle& rectangle) {
    return Json::array({rectangle.long_mm, rectangle.short_mm});
}

Json orientations_json(const std::vector<geometry::Orientation>& orientations) {
    Json out = list();
    for (const geometry::Orientation& one : orientations) {
        out.push_back({{"up", point_json(one.up)},
                       {"height_mm", one.height_mm},
                       {"contact_area_mm2", one.contact_area_mm2},
                       {"overhang_area_mm2", one.overhang_area_mm2},
                       {"support_volume_mm3", one.support_volume_mm3},
                       {"tip_deg", one.tip_deg},
                       {"fits", one.fit ? Json(one.fit->fits) : Json(nullptr)},
                       {"turn_deg", one.fit ? Json(one.fit->turn_deg) : Json(nullptr)},
                       {"why", one.why}});
    }
    return out;
}

Json printing_json(const geometry::Overhangs& printing) {
    Json regions = list();
    for (const geometry::OverhangRegion& region : printing.regions) {
        regions.push_back({{"kind", kind_name(region.kind)},
                           {"area_mm2", region.area_mm2},
                           {"angle_deg", region.angle_deg},
                           {"span_mm", region.span_mm},
                           {"at_mm", point_json(region.centre)}});
    }
    return {{"height_mm", printing.height_mm},
            {"contact_area_mm2", printing.contact_area_mm2},
            {"overhang_area_mm2", printing.overhang_area_mm2},
            {"support_volume_mm3", printing.support_volume_mm3},
            {"longest_bridge_mm", printing.longest_bridge_mm},
            {"islands", printing.starts.in_air},
            {"regions", std::move(regions)}};
}

Json milling_json(const geometry::MillingFacts& milling) {
    Json setups = list();
    for (const geometry::MillingSetup& setup : milling.setups) {
        setups.push_back({{"from", point_json(setup.from)},
                          {"reached_share", setup.reached_share},
                          {"depth_mm", setup.depth_mm}});
    }
    Json undercuts = list();
    for (const geometry::Undercut& undercut : milling.undercuts) {
        undercuts.push_back(
            {{"area_mm2", undercut.area_mm2}, {"at_mm", point_json(undercut.centre)}});
    }
    Json corner(nullptr);
    if (const auto& tightest = milling.tightest) {
        corner = {{"radius_mm", tightest->radius_mm}, {"at_mm", point_json(tightest->place)}};
    }
    return {{"setups", std::move(setups)},
            {"reached_share", milling.reached_share},
            {"undercut_area_mm2", milling.undercut_area_mm2},
            {"undercuts", std::move(undercuts)},
            {"deepest_pocket", pocket_json(milling.deepest)},
            {"slimmest_pocket", pocket_json(milling.slimmest)},
            {"tightest_corner", std::move(corner)},
            {"sharp_corners", milling.sharp_corners > 0},
            {"stock_mm", size_json(milling.stock_mm)},
            {"removed_volume_mm3", milling.removed_volume_mm3}};
}

Json plate_json(const geometry::Plate& plate, const geometry::FlatFacts& facts) {
    return {{"thickness_mm", plate.thickness_mm},
            {"normal", point_json(plate.normal)},
            {"outer_loops", facts.outer_loops},
            {"inner_loops", facts.inner_loops},
            {"cut_length_mm", facts.cut_length_mm},
            {"pierces", facts.pierces},
            {"area_mm2", facts.net_area_mm2},
            {"smallest_rectangle_mm", rectangle_json(facts.smallest_rectangle)}};
}

}  // namespace nearfab::json
