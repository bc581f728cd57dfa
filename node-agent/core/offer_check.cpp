// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/core/offer_check.hpp"

#include "proto/model/licence.hpp"
#include "proto/model/material.hpp"

#include <algorithm>
#include <cstdio>

namespace nearfab::agent {
namespace {

using Reason = std::optional<std::string>;

std::string figure(double value, const char* unit) {
    char text[64];
    (void)std::snprintf(text, sizeof text, "%.4g %s", value, unit);
    return text;
}

Reason process_reason(const message::Offer& offer,
                      const AgentOptions& options,
                      const Capability& machine) {
    const ProcessId& wanted = offer.part.process;
    if (machine.process != wanted) {
        return "process: machine " + machine.machine.text() + " does " + machine.process.text() +
               ", not " + wanted.text();
    }
    const auto& known = options.preparable;
    if (std::find(known.begin(), known.end(), wanted) == known.end()) {
        return "process: this agent cannot prepare machine code for " + wanted.text();
    }
    if (wanted == ProcessId{"cnc_mill"} && !offer.facts.sheet && !offer.facts.drawing) {
        return "process: this agent prepares flat parts for its mill, and the part is none";
    }
    if (offer.part.quantity != 1) {
        return "quantity: " + std::to_string(offer.part.quantity) +
               " pieces in one work order, this agent makes 1";
    }
    return std::nullopt;
}

Reason material_reason(const message::Offer& offer, const Machine& machine, double promised_g) {
    const MaterialId& wanted = offer.part.material;
    if (stock_of(machine.options.capability, wanted) == nullptr) {
        return "material: machine " + machine.id().text() + " has no " + wanted.text();
    }
    const double needed = needed_g(offer);
    const double free = std::max(0.0, machine.stock_g(wanted) - promised_g);
    if (!suffices(machine.stock_g(wanted), promised_g + needed)) {
        return "material: needs up to " + grams_text(needed) + " of " + wanted.text() + " > " +
               grams_text(free) + " not promised elsewhere";
    }
    return std::nullopt;
}

Reason shape_reason(const message::Offer& offer, const Capability& machine) {
    const std::size_t up = std::min<std::size_t>(offer.placement.up_axis, 2);
    const double height = offer.facts.stances.at(up).height_mm;
    if (height > machine.envelope_z_mm) {
        return "envelope: part stands " + figure(height, "mm") + " high > machine " +
               figure(machine.envelope_z_mm, "mm");
    }
    if (offer.part.min_feature_mm && *offer.part.min_feature_mm < machine.min_feature_mm) {
        return "feature: part needs " + figure(*offer.part.min_feature_mm, "mm") +
               " < machine resolves " + figure(machine.min_feature_mm, "mm");
    }
    if (offer.part.tolerance_mm && *offer.part.tolerance_mm < machine.tolerance_mm) {
        return "tolerance: part needs " + figure(*offer.part.tolerance_mm, "mm") +
               " < machine holds " + figure(machine.tolerance_mm, "mm");
    }
    return std::nullopt;
}

Reason terms_reason(const message::Offer& offer, const FabTerms& terms) {
    const auto licence = LicenceExpression::parse(offer.licence);
    if (!licence) return "licence: " + licence.error().message;
    if (!licence->covered_by(terms.licences)) {
        return "licence: " + offer.licence + " is not among the licences this fab works under";
    }
    const auto& names = terms.submitters;
    if (!names.empty() &&
        std::find(names.begin(), names.end(), offer.submitter.text()) == names.end()) {
        return "submitter: this fab does not work for " + offer.submitter.text();
    }
    return std::nullopt;
}

}  // namespace

Reason why_not(const message::Offer& offer,
               const AgentOptions& options,
               const Machine* machine,
               double promised_g) {
    if (machine == nullptr || !machine->configured) {
        return "machine: this fab has no machine " + offer.machine.text();
    }
    const Capability& capability = machine->options.capability;
    if (auto reason = process_reason(offer, options, capability)) return reason;
    if (auto reason = shape_reason(offer, capability)) return reason;
    if (auto reason = terms_reason(offer, options.terms)) return reason;
    if (auto reason = why_no_work(*machine)) return reason;
    return material_reason(offer, *machine, promised_g);
}

}  // namespace nearfab::agent
