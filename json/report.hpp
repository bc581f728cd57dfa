// SPDX-License-Identifier: GPL-3.0-or-later
// report.hpp - a network report as JSON; the keys are documented in README.md and stable.

#pragma once

#include "proto/model/report.hpp"

#include <string>

namespace nearfab::json {

// One object; ends in '\n'.
[[nodiscard]] std::string json_of_report(const ReportOfNetwork& report);

}  // namespace nearfab::json
