// SPDX-License-Identifier: GPL-3.0-or-later
// order.hpp - the body of a quote or of a job, as what a client would send.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "proto/model/job.hpp"

#include <string_view>

namespace nearfab::gateway {

// Errors: malformed (no JSON), invalid_argument (names the key). `now`: a deadline lies behind it.
// A job may have a title and a rule for what is in doubt; a quote may not.
[[nodiscard]] Result<JobSpec> read_quote_order(std::string_view body, WallTime now);
[[nodiscard]] Result<JobSpec> read_job_order(std::string_view body, WallTime now);

}  // namespace nearfab::gateway
