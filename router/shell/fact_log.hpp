// SPDX-License-Identifier: GPL-3.0-or-later
// fact_log.hpp - what happens to jobs and fabs, as lines of the log.

#pragma once

#include "router/core/fact.hpp"

namespace nearfab::router {

// Logs the fact, once it is durable, with its job, work order, fab and machine as fields: what a
// person must look at as a warning, what is only bookkeeping for debugging.
void log_fact(const Fact& fact);

}  // namespace nearfab::router
