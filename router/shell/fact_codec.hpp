// SPDX-License-Identifier: GPL-3.0-or-later
// fact_codec.hpp - the router's facts to bytes and back, for the journal.

#pragma once

#include "base/result.hpp"
#include "router/core/fact.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::router {

[[nodiscard]] std::vector<std::uint8_t> encode_fact(const Fact& fact);

// Errors: malformed (no fact, or a broken one), unsupported (a fact or step that only a newer
// router knows: going on without it could make a part twice, so it is refused).
[[nodiscard]] Result<Fact> decode_fact(std::span<const std::uint8_t> bytes);

}  // namespace nearfab::router
