// SPDX-License-Identifier: GPL-3.0-or-later
// plan.hpp - who makes how many pieces of a job, and when they would be done.

#pragma once

#include "base/id.hpp"
#include "proto/model/match.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab {

// Pieces of one part that one machine makes, one after the other. Spans are seconds from now.
struct PlanRow {
    std::uint32_t part = 0;  // Index into the job's parts.
    FabId fab;
    MachineId machine;
    std::uint32_t pieces = 0;              // At least 1.
    std::uint32_t late = 0;                // Of these, the last ones are done after the deadline.
    std::int64_t making_s = 0;             // Of one piece.
    std::int64_t first_s = 0;              // When the first of them is done.
    std::int64_t last_s = 0;               // When the last of them is done.
    double distance_km = 0;                // From the place of use.
    double mass_g = 0;                     // Of one piece.
    std::optional<Money> price{};          // Of all of them; none: the fab states no rates.
    std::optional<Footprint> footprint{};  // Of all of them.
    friend bool operator==(const PlanRow&, const PlanRow&) = default;
};

// How it looks for one part.
struct PlanPart {
    std::uint32_t part = 0;
    std::uint32_t pieces = 0;       // That were to be placed.
    std::uint32_t late = 0;         // Placed, but done after the deadline.
    std::uint32_t unplaced = 0;     // Nobody can make them now.
    std::int64_t finish_s = 0;      // When all that are placed are done; 0 when none is.
    std::string reason;             // Why some are not placed; empty otherwise.
    std::vector<Rejection> misses;  // Then: nearest first, at most limits::plan_misses_max.
    // When nobody can make a single one: nearest first, at most limits::plan_misses_max.
    std::vector<Alternative> alternatives{};
    friend bool operator==(const PlanPart&, const PlanPart&) = default;
};

struct JobPlan {
    std::vector<PlanRow> rows;  // By part, in the order in which machines were chosen.
    std::vector<PlanPart> parts;
    std::optional<std::int64_t> deadline_s;  // That it was made for.
    std::int64_t finish_s = 0;               // When everything that is placed is done.
    double farthest_km = 0;
    std::uint32_t fabs = 0;      // How many different ones.
    std::uint32_t machines = 0;  // How many different ones.
    // What all of it costs, one amount for each currency, in the order of the rows, at most
    // limits::plan_currencies_max; `unpriced` counts the pieces that are in none of them.
    std::vector<Money> prices{};
    std::uint32_t unpriced = 0;
    std::optional<Footprint> footprint{};  // A share that is not known of some rows is none.
    // An answer has room for so many rows only; everything else still counts all of them.
    std::uint32_t rows_left_out = 0;
    std::uint32_t pieces_left_out = 0;
    friend bool operator==(const JobPlan&, const JobPlan&) = default;
};

[[nodiscard]] std::uint32_t pieces_of(const JobPlan& plan);  // That were to be placed.
[[nodiscard]] std::uint32_t late_of(const JobPlan& plan);
[[nodiscard]] std::uint32_t unplaced_of(const JobPlan& plan);
// By how much the last piece misses the deadline; 0 when none does.
[[nodiscard]] std::int64_t late_by_s(const JobPlan& plan);

// Sets the figures of the whole plan from those of its rows.
// REQUIRES: no rows are left out.
void sum_up_figures(JobPlan& plan);

// Leaves out rows from the end and counts them.
void keep_rows(JobPlan& plan, std::size_t most);

// "100 pieces at 5 fabs, at most 12.3 km away, done in 23.5 h; 12 of them late, the last by 3.0 h;
// 4 more cannot be placed now".
[[nodiscard]] std::string summary_of(const JobPlan& plan);

}  // namespace nearfab
