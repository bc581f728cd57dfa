// SPDX-License-Identifier: GPL-3.0-or-later
// verdict_view.hpp - what one process makes of a part, for people.

#pragma once

#include "proto/model/part.hpp"
#include "terminal/screen.hpp"

#include <string>
#include <vector>

namespace nearfab::cli {

// "fdm can make it, with remarks", or that a typical machine cannot; then one line for each remark
// and for the finest thing that a machine must be able to make.
[[nodiscard]] std::vector<std::string> verdict_lines(const PartFacts& facts,
                                                     const ProcessId& process);

// The same as a paragraph, its head in bold.
[[nodiscard]] std::string verdict_text(const PartFacts& facts,
                                       const ProcessId& process,
                                       const Screen& screen);

// What a router remarked on a job's parts, as a paragraph; empty without remarks.
[[nodiscard]] std::string remarks_text(const std::vector<std::string>& remarks,
                                       const Screen& screen);

}  // namespace nearfab::cli
