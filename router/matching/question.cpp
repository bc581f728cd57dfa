// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/question.hpp"

#include "base/check.hpp"
#include "geometry/process/verdict.hpp"
#include "proto/model/material.hpp"

#include "footprint/estimate.hpp"
#include <utility>

namespace nearfab::router {
namespace {

using geometry::ProcessFamily;

constexpr double mm3_per_cm3 = 1000;

geometry::Stance stance_of(std::size_t up,
                           double height_mm,
                           const std::vector<OutlinePoint>& from) {
    geometry::Stance stance;
    stance.up = static_cast<geometry::UpAxis>(up);
    stance.height_mm = height_mm;
    for (const OutlinePoint& point : from)
        stance.outline_mm.push_back({point.x_mm, point.y_mm});
    return stance;
}

// The one way to lie on a sheet stands for all three.
void lay_flat(Question& question, geometry::Stances& stances, const SheetFacts& sheet) {
    const double thickness =
        sheet.thickness_mm.value_or(question.part.sheet_thickness_mm.value_or(0));
    stances.fill(stance_of(sheet.up_axis, thickness, sheet.outline));
    question.volume_cm3 = sheet.long_mm * sheet.short_mm * thickness / mm3_per_cm3;
}

void take_process(Question& question, const ProcessFacts& known) {
    if (!question.part.min_feature_mm) question.finest = known.finest;
    const auto family = geometry::family_of(known.process.text());
    const bool fdm = known.process == ProcessId{"fdm"};
    if (!fdm && family == ProcessFamily::printing) return;  // The machine's own rate knows better.
    question.typical_time_s = known.typical_time_s;
    question.time_follows_rate = fdm;
    if (known.typical_time_s) question.time_error = known.time_error;
}

}  // namespace

void ask_in(Question& question, const MaterialId& id) {
    const auto material = find_material(id.text());
    NEARFAB_CHECK(material.has_value(), "a part with an unknown material reached the matcher");
    question.part.material = id;
    question.mass_g = question.volume_cm3 * material->density_g_cm3 * question.mass_over_volume;
    const auto* factor = footprint::material_factor(material->id);
    question.material_g.reset();
    if (factor != nullptr) question.material_g = footprint::material_g(question.mass_g, *factor);
}

Question asked_by(const Question& question, const ProcessId& process) {
    PartSpec part = question.part;
    part.process = process;
    const bool known = question.facts && find_material(part.material.text());
    Question other = known ? make_question(part, question.facts) : question;
    if (!known) {
        other.part = std::move(part);
        other.finest.reset();
        other.typical_time_s.reset();
        other.time_follows_rate = false;
        other.time_error = unmeasured_time_error;
    }
    other.licence = question.licence;
    other.place_of_use = question.place_of_use;
    other.submitter = question.submitter;
    other.deadline_s = question.deadline_s;
    other.objective = question.objective;
    other.currency = question.currency;
    other.carbon_price_per_t = question.carbon_price_per_t;
    other.history = question.history;
    return other;
}

Question make_question(const PartSpec& part, const PartFacts& facts) {
    return make_question(part, std::make_shared<const PartFacts>(facts));
}

Question make_question(const PartSpec& part, std::shared_ptr<const PartFacts> known_facts) {
    const PartFacts& facts = *known_facts;
    Question question;
    question.facts = std::move(known_facts);
    question.part = part;
    geometry::Stances stances;
    const bool cut = geometry::family_of(part.process.text()) == ProcessFamily::sheet_cutting;
    if (facts.sheet && (cut || facts.drawing)) {
        lay_flat(question, stances, *facts.sheet);
        question.mass_over_volume = 1;
    } else {
        for (std::size_t i = 0; i < stances.size(); ++i) {
            const PartStance& stance = facts.stances[i];
            stances[i] = stance_of(i, stance.height_mm, stance.outline);
        }
        question.volume_cm3 = facts.volume_mm3 / mm3_per_cm3;
    }
    ask_in(question, part.material);
    for (const ProcessFacts& process : facts.processes) {
        if (!why_impossible(facts, process.process).empty()) {
            question.impossible.insert(process.process);
        }
    }
    if (const ProcessFacts* known = process_facts(facts, part.process)) {
        take_process(question, *known);
    }
    question.room = geometry::FitTest{std::move(stances)};
    return question;
}

}  // namespace nearfab::router
