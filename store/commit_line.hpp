// SPDX-License-Identifier: GPL-3.0-or-later
// commit_line.hpp - which facts the next commit takes, and which are durable; no thread, no clock.
//
// While one commit is being written, the next one gathers. A ticket is durable when the commit that
// took its facts is, and with it every ticket before.
//
// GroupCommit is this with a thread and a lock; the simulation is this with time of its own.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace nearfab {

class CommitLine {
public:
    // Counts what was handed in; grows by one with each add().
    using Ticket = std::uint64_t;
    struct Batch {
        std::vector<std::uint8_t> payload;
        std::uint32_t count = 0;
        Ticket upto = 0;
    };

    // Facts that become durable together, made with frame::put_fact.
    Ticket add(std::span<const std::uint8_t> payload, std::uint32_t count);
    // All that waits becomes one commit, in place of what was in it. REQUIRES: the one taken
    // before is finished.
    void take(Batch& batch);
    // It is on the disk.
    void finish(const Batch& batch);

    [[nodiscard]] bool empty() const { return count_ == 0; }
    [[nodiscard]] std::size_t bytes() const { return payload_.size(); }
    [[nodiscard]] Ticket handed_in() const { return handed_in_; }
    [[nodiscard]] Ticket durable() const { return durable_; }
    // Commits that held facts.
    [[nodiscard]] std::uint64_t commits() const { return commits_; }

private:
    std::vector<std::uint8_t> payload_;
    std::uint32_t count_ = 0;
    Ticket handed_in_ = 0;
    Ticket durable_ = 0;
    std::uint64_t commits_ = 0;
};

}  // namespace nearfab
