// SPDX-License-Identifier: GPL-3.0-or-later
// follow_job.hpp - watches a job until it is over, or until the person has seen enough.

#pragma once

#include "base/result.hpp"
#include "cli/command.hpp"
#include "host/exit_code.hpp"
#include "proto/model/job.hpp"
#include "terminal/screen.hpp"
#include "wire/connection.hpp"

#include <optional>
#include <string>

namespace nearfab::cli {

// Prints one line per event and, on a live screen, a bar. Ends with ok (closed), job_failed
// (failed, rejected, cancelled), nobody_can (only with no_wait_for_fabs), still_pending (time-out)
// or interrupted (Ctrl-C); says on stderr that the job goes on where it does.
[[nodiscard]] Result<ExitCode> follow_job(wire::Connection& connection,
                                          const JobId& job,
                                          const FollowOptions& options,
                                          const Screen& screen);

// The time-out of the options, checked before anything is sent.
[[nodiscard]] Result<std::optional<Duration>> follow_timeout(const FollowOptions& options);

// How watching ends in this state; nothing while the job goes on.
[[nodiscard]] std::optional<ExitCode> end_of(JobState state);

// A queued work order of the job has nobody who can make it.
[[nodiscard]] bool waits_for_fabs(const JobStatus& job, const message::Why& why);

}  // namespace nearfab::cli
