// SPDX-License-Identifier: GPL-3.0-or-later
// check_steps.hpp - a check as a list of steps, some of which may run at the same time.
//
// Geometry has no threads of its own. Who has some is given the list and may run a step as soon as
// those that it comes after are done, on any thread. Each step writes only what is its own, so the
// result is the same whichever way they are run.

#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string_view>
#include <vector>

namespace nearfab::geometry {

struct CheckStep {
    std::string_view words;          // For people: what is being done; empty when it takes no time.
    double share = 0;                // How far the whole roughly is before it, 0 to 1.
    std::vector<std::size_t> after;  // The numbers of steps before it in the list.
    std::function<void()> run;       // To be called once.
};

// Comes back when all steps are done. REQUIRES: every step is run, each after those it comes after.
using StepRunner = std::function<void(std::span<const CheckStep>)>;

}  // namespace nearfab::geometry
