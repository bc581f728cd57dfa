// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/question.hpp"

#include "base/check.hpp"
#include "proto/model/material.hpp"

namespace nearfab::router {

Question make_question(const PartSpec& part, const PartFacts& facts) {
    const auto material = find_material(part.material.text());
    NEARFAB_CHECK(material.has_value(), "a part with an unknown material reached the matcher");
    Question question;
    question.part = part;
    for (std::size_t i = 0; i < question.stances.size(); ++i) {
        geometry::Stance& stance = question.stances[i];
        stance.up = static_cast<geometry::UpAxis>(i);
        stance.height_mm = facts.stances[i].height_mm;
        for (const OutlinePoint& point : facts.stances[i].outline) {
            stance.outline_mm.push_back({point.x_mm, point.y_mm});
        }
    }
    question.volume_cm3 = facts.volume_mm3 / 1000.0;
    question.mass_g = question.volume_cm3 * material->density_g_cm3 * mass_allowance;
    return question;
}

}  // namespace nearfab::router
