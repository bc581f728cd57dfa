// SPDX-License-Identifier: GPL-3.0-or-later
// guard.hpp - who a request comes from by its own words: Host, Origin, Authorization.
//
// A page of another site can make a browser send requests here, and can point a name of its own at
// a loopback address. It can neither forge Origin nor Host.

#pragma once

#include "base/result.hpp"
#include "router/gateway/exchange.hpp"
#include "router/gateway/settings.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace nearfab::gateway {

// The refusal, or nothing. `host` and `origin` are the headers' values; nothing: not sent.
[[nodiscard]] std::optional<Response> refuse_host(std::string_view host, const Settings& settings);
[[nodiscard]] std::optional<Response> refuse_origin(std::optional<std::string_view> origin,
                                                    std::string_view host,
                                                    const Settings& settings);

// What stands behind "Bearer "; nothing when there is no such header or it is of another kind.
[[nodiscard]] std::optional<std::string_view> bearer(std::string_view authorization);

// On every answer.
[[nodiscard]] const std::vector<std::pair<std::string_view, std::string_view>>& safe_headers();

}  // namespace nearfab::gateway
