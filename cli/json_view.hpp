// SPDX-License-Identifier: GPL-3.0-or-later
// json_view.hpp - every result as JSON; the keys are documented in README.md and stable.
//
// What comes from a router or an agent has its texts in json/, which the HTTP gateway shares; here
// is what only the command tells.

#pragma once

#include "cli/places.hpp"
#include "cli/settings.hpp"
#include "host/exit_code.hpp"
#include "json/answers.hpp"

#include <string>
#include <vector>

namespace nearfab::cli {

using json::json_of_agent;
using json::json_of_answer;
using json::json_of_cancel;
using json::json_of_event;
using json::json_of_fabs;
using json::json_of_job;
using json::json_of_jobs;
using json::json_of_quote;
using json::json_of_result;
using json::json_of_submission;
using json::json_of_why;

[[nodiscard]] std::string json_of_key(const std::string& file, const std::string& public_key);
[[nodiscard]] std::string json_of_places(const std::vector<NamedPlace>& places);
[[nodiscard]] std::string json_of_settings(const Settings& settings);
[[nodiscard]] std::string json_of_exit_codes();
[[nodiscard]] std::string json_of_version();

}  // namespace nearfab::cli
