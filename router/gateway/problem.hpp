// SPDX-License-Identifier: GPL-3.0-or-later
// problem.hpp - errors as RFC 9457 problem details, with the next step.

#pragma once

#include "base/result.hpp"
#include "proto/model/message.hpp"
#include "router/gateway/exchange.hpp"

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::gateway {

// The status that belongs to the kind of error.
[[nodiscard]] int status_of(ErrorCode code);
// "Not Found"; the reason phrase of every status that the gateway sends.
[[nodiscard]] std::string_view title_of(int status);

// {type, title, status, detail, next, code}.
[[nodiscard]] Response problem(const Error& error);
// With another status than the usual.
[[nodiscard]] Response problem(int status, const Error& error);
// With Retry-After where the router says when.
[[nodiscard]] Response problem(const message::Failure& failure);
// With further members, each a name and its value as JSON.
[[nodiscard]] Response problem(int status,
                               const Error& error,
                               const std::vector<std::pair<std::string, std::string>>& more_json);

// An answer that was asked for and did not come, or came as something else.
[[nodiscard]] Response unexpected(const Message& answer);

}  // namespace nearfab::gateway
