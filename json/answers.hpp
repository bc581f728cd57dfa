// SPDX-License-Identifier: GPL-3.0-or-later
// answers.hpp - what a router or an agent answers, as JSON; the keys are documented in
// cli/README.md and stable.
//
// The command and the HTTP gateway both answer with these texts. Keys are snake_case with the unit
// at the end, times are RFC 3339 in UTC, what is not known is null. Each text ends in '\n'.

#pragma once

#include "base/id.hpp"
#include "proto/model/message.hpp"

#include <optional>
#include <string>
#include <vector>

namespace nearfab::json {

// REQUIRES (both): `question` and `judged` have the facts of all parts.
[[nodiscard]] std::string json_of_quote(const message::AskQuote& question,
                                        const message::Quote& quote);
[[nodiscard]] std::string json_of_submission(const message::JobAccepted& accepted,
                                             const std::string& key,
                                             const message::AskQuote& judged,
                                             const std::optional<JobPlan>& plan = std::nullopt);
[[nodiscard]] std::string json_of_job(const JobStatus& job);
[[nodiscard]] std::string json_of_jobs(const message::Jobs& jobs);
// One line.
[[nodiscard]] std::string json_of_event(const JobId& job, const JobEvent& event);
[[nodiscard]] std::string json_of_result(const JobStatus& job);  // Last line of watching.
[[nodiscard]] std::string json_of_why(const message::Why& why,
                                      const std::vector<std::string>& remarks);
[[nodiscard]] std::string json_of_cancel(const message::CancelAnswer& answer);
[[nodiscard]] std::string json_of_fabs(const message::Fabs& fabs, bool with_distance);
[[nodiscard]] std::string json_of_agent(const message::AgentStatus& status);
[[nodiscard]] std::string json_of_answer(const message::OperatorAnswer& answer);

}  // namespace nearfab::json
