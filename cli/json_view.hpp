// SPDX-License-Identifier: GPL-3.0-or-later
// json_view.hpp - every result as JSON; the keys are documented in README.md and stable.
//
// Keys are snake_case with the unit at the end, times are RFC 3339 in UTC, what is not known is
// null. Each text ends in '\n'. Watching gives one object per line, everything else one object.

#pragma once

#include "base/id.hpp"
#include "cli/places.hpp"
#include "cli/settings.hpp"
#include "host/exit_code.hpp"
#include "proto/model/message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nearfab::cli {

// REQUIRES (both): `question` and `judged` have the facts of all parts.
[[nodiscard]] std::string json_of_quote(const message::AskQuote& question,
                                        const message::Quote& quote);
[[nodiscard]] std::string json_of_submission(const message::JobAccepted& accepted,
                                             const std::string& key,
                                             const message::AskQuote& judged,
                                             const std::optional<JobPlan>& plan = std::nullopt);
[[nodiscard]] std::string json_of_job(const JobStatus& job);
[[nodiscard]] std::string json_of_jobs(const message::Jobs& jobs);
[[nodiscard]] std::string json_of_event(const JobId& job, const JobEvent& event);
[[nodiscard]] std::string json_of_result(const JobStatus& job);  // Last line of watching.
[[nodiscard]] std::string json_of_why(const message::Why& why,
                                      const std::vector<std::string>& remarks);
[[nodiscard]] std::string json_of_cancel(const message::CancelAnswer& answer);
[[nodiscard]] std::string json_of_fabs(const message::Fabs& fabs, bool with_distance);
[[nodiscard]] std::string json_of_agent(const message::AgentStatus& status);
[[nodiscard]] std::string json_of_answer(const message::OperatorAnswer& answer);
[[nodiscard]] std::string json_of_key(const std::string& file, const std::string& public_key);
[[nodiscard]] std::string json_of_places(const std::vector<NamedPlace>& places);
[[nodiscard]] std::string json_of_settings(const Settings& settings);
[[nodiscard]] std::string json_of_exit_codes();
[[nodiscard]] std::string json_of_version();

}  // namespace nearfab::cli
