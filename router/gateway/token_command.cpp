// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/gateway/token_command.hpp"

namespace nearfab::gateway {

Result<std::string> make_token_for(const TokenWish& wish,
                                   const std::optional<Settings>& http,
                                   bool adds) {
    const std::string token = make_token();
    const auto line = token_line(wish, token);
    if (!line) return fail(line.error());
    const std::string shown =
        token + "\n\nThis is the token of " + wish.name + "; it is shown only now.\n";
    if (!adds) {
        return shown + "  next: add this line to the file of tokens, then send the router a " +
               "SIGHUP:\n" + *line + "\n";
    }
    if (!http) {
        return fail(ErrorCode::config,
                    "the router's configuration has no [http], so it names no file of tokens",
                    "add [http] with tokens = \"tokens\" to router.toml, or leave --add out");
    }
    if (auto added = append_line(http->tokens, *line); !added) return fail(added.error());
    return shown + "Its line is in " + http->tokens.string() +
           ".\n  next: start the router, or send it a SIGHUP\n";
}

}  // namespace nearfab::gateway
