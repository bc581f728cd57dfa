// SPDX-License-Identifier: GPL-3.0-or-later
// records.hpp - the agent's journal, read by somebody who is not the agent.
//
// There is no backup to go back to: an older journal would not know of starts that have been since,
// and a lost one is made up for by the router's questions and by people who look at the beds.

#pragma once

#include "base/result.hpp"
#include "node-agent/core/agent.hpp"
#include "node-agent/shell/config.hpp"
#include "store/journal_copy.hpp"

#include <cstddef>
#include <cstdint>
#include <span>

namespace nearfab::agent {

struct RecordsReport {
    JournalReport journal;
    std::size_t attempts = 0;   // That it remembers,
    std::size_t unsettled = 0;  // and of which something is still to be done or told.
};

// Reads every byte, checks every hash and link, and replays every fact. The agent may be running.
// Errors: not_found, or what is damaged and where.
[[nodiscard]] Result<RecordsReport> verify_records(const Config& config);

// What to do about a damaged journal: not what the store says to those who have a backup.
[[nodiscard]] Error without_backup(Error error);

// One fact for an agent that has not taken a step yet; the error names it.
[[nodiscard]] Status replay_fact(Agent& agent,
                                 std::uint64_t seq,
                                 WallTime wall,
                                 std::span<const std::uint8_t> bytes);

}  // namespace nearfab::agent
