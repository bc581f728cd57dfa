// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/plan.hpp"

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
