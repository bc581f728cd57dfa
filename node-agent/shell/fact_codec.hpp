// SPDX-License-Identifier: GPL-3.0-or-later
// fact_codec.hpp - the agent's facts as the bytes that stand in its journal.

#pragma once

#include "base/result.hpp"
#include "node-agent/core/fact.hpp"

#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::agent {

[[nodiscard]] std::vector<std::uint8_t> encode_fact(const Fact& fact);

// Error malformed: bytes that are no fact, or a fact of a newer agent.
[[nodiscard]] Result<Fact> decode_fact(std::span<const std::uint8_t> bytes);

}  // namespace nearfab::agent
