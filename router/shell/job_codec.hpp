// SPDX-License-Identifier: GPL-3.0-or-later
// job_codec.hpp - one job with its work as bytes, and back.
//
// The same job comes back, but for texts that are no UTF-8 (they are cleaned).

#pragma once

#include "base/result.hpp"
#include "router/core/ledger.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace nearfab::router {

namespace v1 {
class JobState;
}

// `orders` are those of the job, in the order of its numbers.
void write_job(v1::JobState& to, const Job& job, const std::vector<const WorkOrder*>& orders);
[[nodiscard]] Result<WholeJob> read_job(const v1::JobState& from);

[[nodiscard]] std::string pack_job(const Job& job, const std::vector<const WorkOrder*>& orders);
[[nodiscard]] Result<WholeJob> unpack_job(std::string_view packed);

// Both, for RouterOptions.
[[nodiscard]] JobPacking job_packing();

}  // namespace nearfab::router
