// SPDX-License-Identifier: GPL-3.0-or-later
// token_command.hpp - the command that makes a token.

#pragma once

#include "base/result.hpp"
#include "router/gateway/settings.hpp"
#include "router/gateway/tokens.hpp"

#include <optional>
#include <string>

namespace nearfab::gateway {

// What is to be printed: the token, and its line for the file of tokens or that it is there.
// Errors: invalid_argument names the option; config, when the line is to be added and no file is
// named.
[[nodiscard]] Result<std::string> make_token_for(const TokenWish& wish,
                                                 const std::optional<Settings>& http,
                                                 bool adds);

}  // namespace nearfab::gateway
