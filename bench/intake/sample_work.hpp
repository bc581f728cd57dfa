// SPDX-License-Identifier: GPL-3.0-or-later
// sample_work.hpp - the part that these benches submit, and a fab that can make it.

#pragma once

#include "proto/model/capability.hpp"
#include "proto/model/part.hpp"

namespace nearfab::bench {

// A bracket of 60 x 40 x 20 mm, one piece, to be printed in PLA.
[[nodiscard]] PartSpec bracket();

// What its analysis found: a box of that size.
[[nodiscard]] PartFacts bracket_facts();

// A fab at that place with one idle printer "p1" of 200 mm each way and 9 kg of PLA.
[[nodiscard]] Advertisement fab_with_printer(Place place);

}  // namespace nearfab::bench
