// SPDX-License-Identifier: GPL-3.0-or-later
// log.hpp - one line per event on stderr, for people (text) or for programs (json).

#pragma once

#include <string>

namespace nearfab::agent {

// `level`: trace, debug, info, warn or error. `json`: one object per line with the keys time,
// level and message. Called once, by main().
void start_logging(const std::string& level, bool json);

// The text as the inside of a JSON string: quotes, backslashes and control characters escaped.
[[nodiscard]] std::string json_escaped(const std::string& text);

}  // namespace nearfab::agent
