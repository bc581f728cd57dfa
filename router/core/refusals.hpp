// SPDX-License-Identifier: GPL-3.0-or-later
// refusals.hpp - what is wrong with a wish, and how it is spelled: for submissions and quotes
// alike.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "proto/model/job.hpp"
#include "proto/model/message.hpp"

#include <optional>
#include <string>

namespace nearfab::router {

// Unknown processes and materials, too many pieces, a price that is compared in no currency.
[[nodiscard]] std::optional<Error> fault_of_job(const JobSpec& spec);

// The same job with the ids of its processes and materials as everybody else spells them: "pa-12"
// is "pa12", "FFF" is "fdm". What nobody knows stays as it is.
[[nodiscard]] JobSpec usually_spelled(JobSpec spec);

// "too many jobs from one identity in a short time", with the time to wait.
[[nodiscard]] message::Failure too_fast(const std::string& what, Duration wait);

}  // namespace nearfab::router
