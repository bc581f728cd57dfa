// SPDX-License-Identifier: GPL-3.0-or-later
// hello_gate.hpp - a program may only come in with a key of its own kind.
//
// A fab's agent has one session, and the newest Hello wins it. So a designer's program that is
// started with the agent's key by mistake would throw the agent out. What a Hello says about its
// program is a claim and gives nobody a right; it can only keep its sender out.

#pragma once

#include "base/result.hpp"
#include "proto/model/message.hpp"
#include "wire/identity.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace nearfab::router {

// What the program is: as it says, or else by the name of its software when that is one of ours.
[[nodiscard]] Role kind_of(const message::Hello& hello);

// Why this program must not use this key; nothing when it may. A designer's and an operator's
// programs are of the same kind.
[[nodiscard]] std::optional<Error> fault_of(const wire::Identity& sender,
                                            const message::Hello& hello);

// The refusal to be sent instead of handing the bytes to the sessions; nothing for all other bytes.
[[nodiscard]] std::optional<std::vector<std::uint8_t>> refusal_of_hello(
    const wire::Identity& sender, std::span<const std::uint8_t> bytes);

}  // namespace nearfab::router
