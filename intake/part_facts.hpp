// SPDX-License-Identifier: GPL-3.0-or-later
// part_facts.hpp - from what the geometry says to what matching needs.
//
// The one place that knows both sides: geometry/ knows nothing of fabs, proto/model nothing of
// triangles. The router's worker and the designer's program both go through here, so they say the
// same of the same bytes.

#pragma once

#include "base/result.hpp"
#include "geometry/part_check.hpp"
#include "proto/model/part.hpp"

#include <optional>
#include <vector>

namespace nearfab::intake {

// Which processes a part is judged for: all that nearfab knows, with the typical limits where there
// are any. A process without limits is judged by what no machine can mend.
[[nodiscard]] geometry::PartCheckOptions matching_options();

// What is wrong with the file whatever the process: it bounds no volume, is larger than anything
// that is made, or is a drawing that does not say how long its unit is (nobody guesses). The error
// (invalid_file) does not name the file. Nothing when it can be matched.
[[nodiscard]] std::optional<Error> fault_of(const geometry::PartCheck& check);

// The same numbers in the words of the protocol. The outlines of a drawing begin at the origin.
// REQUIRES: fault_of(check) is nothing; made with matching_options().
[[nodiscard]] PartFacts facts_of(const geometry::PartCheck& check);

}  // namespace nearfab::intake
