// SPDX-License-Identifier: GPL-3.0-or-later
// plan_view.hpp - the plan of a job of many pieces as a table, and the question whether it may be
// made like this.

#pragma once

#include "proto/model/plan.hpp"
#include "terminal/screen.hpp"

#include <iosfwd>
#include <span>
#include <string>

namespace nearfab::cli {

// Who makes how many, what it costs and emits, what is late, what nobody can make and why. `files`
// are the names of the parts, told when there are several.
[[nodiscard]] std::string plan_text(const JobPlan& plan,
                                    const Screen& screen,
                                    std::span<const std::string> files = {});

// Nobody can make a single piece of some part now.
[[nodiscard]] bool lacks_a_part(const JobPlan& plan);

// A person should see it first: the plan has several fabs, or some pieces are late or nowhere.
[[nodiscard]] bool needs_consent(const JobPlan& plan);

// Asks on `err`; anything but yes, and the end of `in`, is a no.
[[nodiscard]] bool ask_consent(std::istream& in, std::ostream& err);

}  // namespace nearfab::cli
