// SPDX-License-Identifier: GPL-3.0-or-later
// report_view.hpp - a network report on one screen.
//
// Tables are cut to a few rows and say how many are left out; `--json` has more of them.

#pragma once

#include "proto/model/report.hpp"
#include "terminal/screen.hpp"

#include <string>

namespace nearfab::cli {

[[nodiscard]] std::string report_text(const ReportOfNetwork& report, const Screen& screen);

}  // namespace nearfab::cli
