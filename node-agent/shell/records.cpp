// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/records.hpp"

#include "node-agent/shell/fact_codec.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace nearfab::agent {
namespace {

constexpr const char* begin_anew =
    "keep its folder elsewhere, begin with an empty one, and look at every bed";

Error in_journal(std::uint64_t seq, Error error) {
    error.message = "fact " + std::to_string(seq) + " of the journal: " + error.message;
    if (error.next.empty()) {
        error.next = std::string{"start the nearfab-agent version that wrote it; or "} + begin_anew;
    }
    return error;
}

}  // namespace

Error without_backup(Error error) {
    if (error.code == ErrorCode::storage) {
        error.next = std::string{"check the disk. Then "} + begin_anew;
    }
    return error;
}

Status replay_fact(Agent& agent,
                   std::uint64_t seq,
                   WallTime wall,
                   std::span<const std::uint8_t> bytes) {
    const auto fact = decode_fact(bytes);
    if (!fact) return fail(in_journal(seq, fact.error()));
    if (auto taken = agent.replay(wall, *fact); !taken) {
        return fail(in_journal(seq, taken.error()));
    }
    return {};
}

Result<RecordsReport> verify_records(const Config& config) {
    Agent agent{config.core};
    RecordsReport report;
    auto journal = verify_journal(
        config.state_directory / "journal",
        "agent",
        {},
        [&](std::uint64_t seq, WallTime wall, std::span<const std::uint8_t> bytes) -> Status {
            return replay_fact(agent, seq, wall, bytes);
        });
    if (!journal) return fail(without_backup(std::move(journal.error())));
    report.journal = std::move(*journal);
    report.attempts = agent.work().size();
    report.unsettled = static_cast<std::size_t>(
        std::count_if(agent.work().begin(), agent.work().end(), [](const auto& entry) {
            return !is_settled(entry.second);
        }));
    return report;
}

}  // namespace nearfab::agent
