// SPDX-License-Identifier: GPL-3.0-or-later
// session_rules.hpp - what both ends of a session must agree on.
//
// Pure.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "proto/model/message.hpp"

#include <cstdint>
#include <optional>
#include <vector>

namespace nearfab::wire {

// DEFAULT of both sides: a peer that said nothing for so long is gone. Three keepalives and a bit.
inline constexpr Duration silence_max = std::chrono::seconds{35};
inline constexpr Duration keepalive_interval = std::chrono::seconds{10};

// Which messages are numbered in their session. Questions of clients are numbered as well.
enum class Numbering : std::uint8_t {
    never,   // Hello, Welcome, Keepalive: they make and keep the session itself.
    either,  // Progress; StartRequest (asked anew, never repeated late); Failure (numbered as an
             // answer, unnumbered about the session).
    always,  // All others.
};
[[nodiscard]] Numbering numbering_of(const Message& body);

// Why this numbering breaks the rule above, if it does.
[[nodiscard]] std::optional<Error> numbering_fault(const Envelope& envelope);

// The highest version of both ranges; the error names them.
[[nodiscard]] Result<std::uint32_t> agree_on_version(const message::Hello& hello);

// An unnumbered Failure.
[[nodiscard]] std::vector<std::uint8_t> encode_failure(Error error,
                                                       std::uint64_t session,
                                                       std::uint64_t correlation);

}  // namespace nearfab::wire
