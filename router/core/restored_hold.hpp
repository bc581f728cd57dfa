// SPDX-License-Identifier: GPL-3.0-or-later
// restored_hold.hpp - work that waits after older records were restored, and for whom.

#pragma once

#include "router/core/ledger.hpp"

#include <string>
#include <string_view>

namespace nearfab::router {

// How such a reason begins, also in old records.
inline constexpr std::string_view restored_hold_words =
    "the router was restored from older records, and ";

// Why nothing may begin with work of this job yet: it is as old as the restored records, so one of
// the fabs that were not heard since may be making it. Empty when nothing is in the way.
[[nodiscard]] std::string refusal_of_restored(const Job& job, const Ledger& ledger);

}  // namespace nearfab::router
