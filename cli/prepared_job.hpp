// SPDX-License-Identifier: GPL-3.0-or-later
// prepared_job.hpp - everything `quote` and `submit` find out before they talk to anyone.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/command.hpp"
#include "cli/desk.hpp"
#include "cli/part_file.hpp"
#include "proto/model/job.hpp"
#include "proto/model/message.hpp"

#include <string>
#include <vector>

namespace nearfab::cli {

struct PreparedJob {
    std::vector<PartFile> parts;  // One for each of job.parts, same order.
    JobSpec job;
    std::string deadline_said;  // As typed or written in the job file; empty without.
};

// Analyses the files, finds licences, materials and place, and says on stderr where licences and
// warnings come from. Errors: invalid_file when a part cannot be made as it is, no machine makes
// it by the process asked for, or no licence is known; invalid_argument for what was typed; config
// for a job file.
[[nodiscard]] Result<PreparedJob> prepare_job(const JobWishes& wishes,
                                              const Desk& desk,
                                              WallTime now);

[[nodiscard]] message::AskQuote question_about(const PreparedJob& prepared);

// The names of the parts, for people.
[[nodiscard]] std::vector<std::string> files_of(const JobSpec& job);

}  // namespace nearfab::cli
