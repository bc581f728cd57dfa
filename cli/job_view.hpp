// SPDX-License-Identifier: GPL-3.0-or-later
// job_view.hpp - jobs and their work orders, as text.

#pragma once

#include "base/clock.hpp"
#include "cli/screen.hpp"
#include "proto/model/job.hpp"

#include <string>
#include <vector>

namespace nearfab::cli {

// One line per job, in the order given.
[[nodiscard]] std::string jobs_text(const std::vector<JobStatus>& jobs, WallTime now);

// One job with its work orders.
[[nodiscard]] std::string job_text(const JobStatus& job, WallTime now, const Screen& screen);

// "2026-11-21T17:02:10Z  #1  printing started": the work order by its number, or "job".
[[nodiscard]] std::string event_line(const JobEvent& event);

// 0..1 over all work orders: what is made counts whole, what is being made by its progress.
[[nodiscard]] double progress_of(const JobStatus& job);

}  // namespace nearfab::cli
