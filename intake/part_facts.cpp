// SPDX-License-Identifier: GPL-3.0-or-later

#include "intake/part_facts.hpp"

#include "base/check.hpp"
#include "proto/model/limits.hpp"

#include <cstddef>

namespace nearfab::intake {
namespace {

PartStance stance_of(const geometry::Stance& stance) {
    NEARFAB_CHECK(stance.outline_mm.size() <= limits::outline_points_max,
                  "geometry simplifies outlines to what a message may carry");
    PartStance out;
    out.height_mm = stance.height_mm;
    out.outline.reserve(stance.outline_mm.size());
    for (const geometry::Vec2& point : stance.outline_mm)
        out.outline.push_back({point.x, point.y});
    return out;
}

}  // namespace

PartFacts facts_of(const geometry::PartReport& report) {
    const geometry::Vec3 size = report.bounds.size();
    PartFacts facts;
    facts.size_x_mm = size.x;
    facts.size_y_mm = size.y;
    facts.size_z_mm = size.z;
    facts.volume_mm3 = report.volume_mm3;
    facts.area_mm2 = report.area_mm2;
    facts.triangles = report.mesh.triangles;
    for (std::size_t i = 0; i < report.stances.size(); ++i) {
        facts.stances[i] = stance_of(report.stances[i]);
    }
    return facts;
}

}  // namespace nearfab::intake
