// SPDX-License-Identifier: GPL-3.0-or-later
// first_verdict.hpp - what a router makes of a job in its first seconds.
//
// `submit` without --wait would otherwise end well for a job that nobody can make.

#pragma once

#include "base/clock.hpp"
#include "host/exit_code.hpp"
#include "proto/model/job.hpp"
#include "terminal/screen.hpp"
#include "wire/connection.hpp"

#include <chrono>

namespace nearfab::cli {

// DEFAULT of the wait. A small part is analysed and offered within a second.
inline constexpr Duration verdict_wait = std::chrono::seconds{5};

// Waits until the job is offered to a fab, or nobody can make it, or it was refused, but not longer
// than `at_most`; says on stderr which. Ends with ok (also when it is not known yet, or the router
// falls silent: the job is safe there), nobody_can or job_failed.
[[nodiscard]] ExitCode first_verdict(wire::Connection& connection,
                                     const JobId& job,
                                     Duration at_most,
                                     const Screen& screen);

}  // namespace nearfab::cli
