// SPDX-License-Identifier: GPL-3.0-or-later
// job_view.hpp - jobs and their work orders, as text.

#pragma once

#include "base/clock.hpp"
#include "proto/model/job.hpp"
#include "terminal/screen.hpp"

#include <string>
#include <vector>

namespace nearfab::cli {

// One line per job, in the order given.
[[nodiscard]] std::string jobs_text(const std::vector<JobStatus>& jobs, WallTime now);

// One job with its work orders.
[[nodiscard]] std::string job_text(const JobStatus& job, WallTime now, const Screen& screen);

// "2026-11-21T17:02:10Z  #1  printing started": the work order by its number, or "job"; of a job of
// several parts "#1 rack.stl", as far as the job's status tells.
[[nodiscard]] std::string event_line(const JobEvent& event, const JobStatus& job);

// The file of a part; empty when the job has one part, or its router does not tell.
[[nodiscard]] std::string part_of(const JobStatus& job, std::uint32_t part);

// 0..1 over all work orders: what is made counts whole, what is being made by its progress.
[[nodiscard]] double progress_of(const JobStatus& job);

}  // namespace nearfab::cli
