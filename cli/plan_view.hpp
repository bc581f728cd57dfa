// SPDX-License-Identifier: GPL-3.0-or-later
// plan_view.hpp - the plan of a job of many pieces as a table, and the question whether it may be
// made like this.

#pragma once

#include "cli/screen.hpp"
#include "proto/model/plan.hpp"

#include <iosfwd>
#include <string>

namespace nearfab::cli {

// Who makes how many, what is late, what nobody can make and why.
[[nodiscard]] std::string plan_text(const JobPlan& plan, const Screen& screen);

// A person should see it first: the plan has several fabs, or some pieces are late or nowhere.
[[nodiscard]] bool needs_consent(const JobPlan& plan);

// Asks on `err`; anything but yes, and the end of `in`, is a no.
[[nodiscard]] bool ask_consent(std::istream& in, std::ostream& err);

}  // namespace nearfab::cli
