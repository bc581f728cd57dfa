// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/plan.hpp"

#include "proto/model/limits.hpp"

#include <algorithm>
#include <cstdio>

namespace nearfab {
namespace {

std::string one_decimal(double number) {
    char text[64];
    std::snprintf(text, sizeof text, "%.1f", number);
    return text;
}

std::string span_words(std::int64_t seconds) {
    const auto s = static_cast<double>(seconds);
    if (seconds >= 3 * 86400) return one_decimal(s / 86400) + " days";
    if (seconds >= 3600) return one_decimal(s / 3600) + " h";
    return one_decimal(s / 60) + " min";
}

// False: there is no room for another currency.
bool add_price(std::vector<Money>& prices, const Money& price) {
    const auto known = std::find_if(
        prices.begin(), prices.end(), [&](const Money& m) { return m.currency == price.currency; });
    if (known != prices.end()) {
        known->minor = std::min(known->minor + price.minor, limits::money_max);
        return true;
    }
    if (prices.size() == limits::plan_currencies_max) return false;
    prices.push_back(price);
    return true;
}

void add_share(std::optional<CarbonRange>& sum, const std::optional<CarbonRange>& share) {
    if (!sum || !share) {
        sum.reset();
        return;
    }
    const auto more = [](std::int64_t& mg, std::int64_t by) {
        mg = std::min(mg + by, limits::carbon_mg_max);
    };
    more(sum->low_mg, share->low_mg);
    more(sum->typical_mg, share->typical_mg);
    more(sum->high_mg, share->high_mg);
}

std::string counted(std::uint32_t count, const char* one, const char* more) {
    return std::to_string(count) + " " + (count == 1 ? one : more);
}

}  // namespace

std::uint32_t pieces_of(const JobPlan& plan) {
    std::uint32_t pieces = 0;
    for (const PlanPart& part : plan.parts)
        pieces += part.pieces;
    return pieces;
}

std::uint32_t late_of(const JobPlan& plan) {
    std::uint32_t late = 0;
    for (const PlanPart& part : plan.parts)
        late += part.late;
    return late;
}

std::uint32_t unplaced_of(const JobPlan& plan) {
    std::uint32_t unplaced = 0;
    for (const PlanPart& part : plan.parts)
        unplaced += part.unplaced;
    return unplaced;
}

std::int64_t late_by_s(const JobPlan& plan) {
    if (!plan.deadline_s || late_of(plan) == 0) return 0;
    return std::max<std::int64_t>(0, plan.finish_s - *plan.deadline_s);
}

void sum_up_figures(JobPlan& plan) {
    plan.prices.clear();
    plan.unpriced = 0;
    plan.footprint.reset();
    if (plan.rows.empty()) return;
    Footprint& whole = plan.footprint.emplace();
    whole = {CarbonRange{}, CarbonRange{}, CarbonRange{}};
    for (const PlanRow& row : plan.rows) {
        if (!row.price || !add_price(plan.prices, *row.price)) plan.unpriced += row.pieces;
        const Footprint of_row = row.footprint.value_or(Footprint{});
        add_share(whole.material, of_row.material);
        add_share(whole.energy, of_row.energy);
        add_share(whole.transport, of_row.transport);
    }
}

void keep_rows(JobPlan& plan, std::size_t most) {
    for (std::size_t i = most; i < plan.rows.size(); ++i) {
        ++plan.rows_left_out;
        plan.pieces_left_out += plan.rows[i].pieces;
    }
    if (plan.rows.size() > most) plan.rows.resize(most);
}

std::string summary_of(const JobPlan& plan) {
    const std::uint32_t unplaced = unplaced_of(plan);
    const std::uint32_t placed = pieces_of(plan) - unplaced;
    if (placed == 0) return counted(unplaced, "piece", "pieces") + " cannot be placed now";
    std::string text = counted(placed, "piece", "pieces") + " at " +
                       counted(plan.fabs, "fab", "fabs") + ", at most " +
                       one_decimal(plan.farthest_km) + " km away, done in " +
                       span_words(plan.finish_s);
    if (const std::uint32_t late = late_of(plan); late > 0) {
        text += "; " + std::to_string(late) + " of them late, the last by " +
                span_words(late_by_s(plan));
    }
    if (unplaced > 0) text += "; " + std::to_string(unplaced) + " more cannot be placed now";
    return text;
}

}  // namespace nearfab
