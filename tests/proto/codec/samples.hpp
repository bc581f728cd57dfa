// SPDX-License-Identifier: GPL-3.0-or-later
// samples.hpp - one well-filled message of every kind.
//
// Every field differs from its default, so that a field forgotten by the codec is noticed.

#pragma once

#include "proto/model/message.hpp"

#include <vector>

namespace nearfab::samples {

// One specialisation per alternative of Message; a forgotten one does not link.
template <typename Kind>
Kind sample();

PartSpec part_spec();
PartFacts part_facts();
JobSpec job_spec();
JobStatus job_status();
MatchReport match_report();
Advertisement advertisement();

// In the order of the variant, every number of the envelope filled.
std::vector<Envelope> all();

// An envelope around one message.
Envelope around(Message body);

}  // namespace nearfab::samples
