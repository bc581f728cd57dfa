// SPDX-License-Identifier: GPL-3.0-or-later

#include "cli/figures_view.hpp"

#include "terminal/quantity_text.hpp"
#include "terminal/table.hpp"

namespace nearfab::cli {
namespace {

// "data/materials.csv petg (read-proxy)": without the words of the citation.
std::string short_source(const FootprintBasis& basis) {
    std::string source = basis.source;
    if (source.starts_with("data/")) {
        source = source.substr(0, source.find(':')) + " (" + basis.confidence + ")";
    }
    return printable(source);
}

const FootprintBasis* basis_of(const std::string& share,
                               const Candidate& candidate,
                               const std::vector<FootprintBasis>& bases) {
    for (const FootprintBasis& basis : bases) {
        if (basis.share != share) continue;
        if (basis.fab.empty()) return &basis;
        if (basis.fab == candidate.fab && basis.machine == candidate.machine) return &basis;
    }
    return nullptr;
}

}  // namespace

std::string grams_text(std::int64_t mg) {
    if (mg > 0 && mg < 100) return std::to_string(mg) + " mg";
    return mass_text(static_cast<double>(mg) / 1000);
}

std::string span_text(const CarbonRange& range) {
    return grams_text(range.low_mg) + " to " + grams_text(range.high_mg);
}

std::string price_text(const std::optional<Money>& price) {
    return price ? printable(to_string(*price)) : "-";
}

std::string carbon_text(const std::optional<Footprint>& footprint) {
    if (!footprint) return "-";
    const std::string sum = grams_text(sum_of(*footprint).typical_mg);
    return is_complete(*footprint) ? sum : "> " + sum;
}

std::string footprint_text(const Candidate& candidate,
                           const std::vector<FootprintBasis>& bases,
                           const Screen& screen) {
    if (!candidate.footprint) return {};
    const Footprint& footprint = *candidate.footprint;
    Table table{{{"SHARE"}, {"CO2E", Align::right}, {"RANGE", Align::right}, {"FROM"}}};
    const auto add = [&](const std::string& share, const std::optional<CarbonRange>& range) {
        const FootprintBasis* basis = basis_of(share, candidate, bases);
        table.add({share,
                   range ? grams_text(range->typical_mg) : "-",
                   range ? span_text(*range) : "-",
                   basis != nullptr ? short_source(*basis)
                                    : (range ? "-" : "not known: the fab does not say")});
    };
    add("material", footprint.material);
    add("energy", footprint.energy);
    add("transport", footprint.transport);
    const CarbonRange sum = sum_of(footprint);
    return screen.in(Ink::bold,
                     "CO2e of one piece at " + printable(candidate.fab.text()) + " / " +
                         printable(candidate.machine.text())) +
           ": " + carbon_text(footprint) + " (" + span_text(sum) + ")\n" + table.text();
}

std::string totals_text(const JobPlan& plan) {
    std::string money;
    for (const Money& price : plan.prices)
        money += (money.empty() ? "" : " and ") + price_text(price);
    if (!money.empty() && plan.unpriced > 0) {
        money += ", " + counted(plan.unpriced, "piece", "pieces") + " without a price";
    }
    std::string carbon;
    if (plan.footprint) {
        carbon =
            "CO2e " + carbon_text(plan.footprint) + " (" + span_text(sum_of(*plan.footprint)) + ")";
    }
    if (money.empty() && carbon.empty()) return {};
    return "In all: " + money + (money.empty() || carbon.empty() ? "" : "; ") + carbon + ".\n";
}

}  // namespace nearfab::cli
