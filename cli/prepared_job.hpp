// SPDX-License-Identifier: GPL-3.0-or-later
// prepared_job.hpp - everything `quote` and `submit` find out before they talk to anyone.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/command.hpp"
#include "cli/desk.hpp"
#include "cli/part_file.hpp"
#include "proto/model/job.hpp"

namespace nearfab::cli {

struct PreparedJob {
    PartFile part;
    JobSpec job;
};

// Analyses the file, finds licence, material and place, and says on stderr where licence and
// warnings come from. Errors: invalid_file when the part cannot be made as it is, no machine makes
// it by the process asked for, or no licence is known; invalid_argument for what was typed.
[[nodiscard]] Result<PreparedJob> prepare_job(const PartWishes& wishes,
                                              const Desk& desk,
                                              WallTime now);

}  // namespace nearfab::cli
