// SPDX-License-Identifier: GPL-3.0-or-later
// target.hpp - the target of a request, taken apart strictly.

#pragma once

#include "base/result.hpp"
#include "router/gateway/exchange.hpp"

#include <string_view>

namespace nearfab::gateway {

inline constexpr std::size_t target_bytes_max = 2048;

// Of a path with an optional query. Each element is decoded after it was cut off, so no %2F makes
// another path. Errors (malformed): no path, an escape that is none, "." or "..", an empty element,
// bytes that are no text for people, a key that is there twice, too much of it.
[[nodiscard]] Result<Target> parse_target(std::string_view text);

}  // namespace nearfab::gateway
