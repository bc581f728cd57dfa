// SPDX-License-Identifier: GPL-3.0-or-later
// refusals.hpp - what is wrong with a wish, whoever has it: for submissions and quotes alike.

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

// "too many jobs from one identity in a short time", with the time to wait.
[[nodiscard]] message::Failure too_fast(const std::string& what, Duration wait);

}  // namespace nearfab::router
