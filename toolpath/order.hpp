// SPDX-License-Identifier: GPL-3.0-or-later
// order.hpp - in which order to visit stops, so that little way is lost between them.
//
// A stop is a cut: it can be entered at one of several points and is left where each of them says.
// Some stops must come before others (what lies in an outline before the outline). First the
// nearest allowed stop is taken each time; then runs of stops are reversed (2-opt) and moved
// (Or-opt) while that shortens the way and breaks no rule; then each stop's entry is chosen anew.
// The work is bounded by steps, not by time, so the result is the same on every machine.
// Source of 2-opt and Or-opt: Croes (1958), Or (1976); precedence by looking at what is turned.

#pragma once

#include "toolpath/region.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::toolpath {

struct Gate {
    Vec2 in;
    Vec2 out;
};

struct Stop {
    std::vector<Gate> gates;              // At least one; where it can be entered, and left then.
    std::optional<std::uint32_t> before;  // This stop comes before that one.
};

struct Visit {
    std::uint32_t stop = 0;
    std::uint32_t gate = 0;
};

struct OrderOptions {
    Vec2 home;                         // Where the tool comes from.
    std::uint64_t steps = 20'000'000;  // Looks at a stop while improving.
};

// Every stop once. Times grow like n log n and then by the steps.
// REQUIRES: `before` names stops and has no circle.
[[nodiscard]] std::vector<Visit> order_of(const std::vector<Stop>& stops,
                                          const OrderOptions& options = {});

// From home through all visits.
[[nodiscard]] double way_mm(const std::vector<Stop>& stops,
                            const std::vector<Visit>& order,
                            const Vec2& home);

}  // namespace nearfab::toolpath
