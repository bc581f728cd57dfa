// SPDX-License-Identifier: GPL-3.0-or-later
// answer_head.hpp - the first lines of an answer, as bytes.

#pragma once

#include "router/gateway/exchange.hpp"

#include <string>

namespace nearfab::gateway {

// Up to and with the empty line. A stream has no length: it ends with the connection.
[[nodiscard]] std::string answer_head(const Response& response, bool keeps_alive, bool encrypted);

}  // namespace nearfab::gateway
