// SPDX-License-Identifier: GPL-3.0-or-later
// step_threads.hpp - runs the steps of a check on several threads.

#pragma once

#include "geometry/check_steps.hpp"

#include <functional>
#include <span>
#include <string_view>

namespace nearfab::cli {

// Runs each step as soon as those it comes after are done, those that stand first in the list
// first, on the calling thread and threads - 1 others. `progress` is called before each step that
// has words, never twice at the same time, but from any of the threads. When a step throws, no
// further one is begun, and the exception comes out here.
// REQUIRES: threads > 0; steps come after earlier ones only.
void run_steps(std::span<const geometry::CheckStep> steps,
               unsigned threads,
               const std::function<void(std::string_view words, double share)>& progress = {});

}  // namespace nearfab::cli
