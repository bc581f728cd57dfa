// SPDX-License-Identifier: GPL-3.0-or-later
// group_commit.hpp - a journal written by a thread of its own: one sync for whatever came
// meanwhile.
//
// The owner hands facts in and goes on; while one sync runs, the next commit gathers. Nothing that
// follows from a fact may leave the process before durable() has reached its ticket.
//
// One owner thread; the writer thread is inside. After an error nothing more is written and
// failure() says why: what is in memory is then ahead of the disk, so the process has to end.

#pragma once

#include "host/file_descriptor.hpp"
#include "store/commit_line.hpp"
#include "store/journal.hpp"

#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <thread>

namespace nearfab {

class GroupCommit {
public:
    // Handed in and not yet durable: submit() waits while there is more.
    static constexpr std::size_t bytes_waiting_max = std::size_t{32} << 20U;

    // `journal` must outlive it and is not to be used by anybody else meanwhile.
    [[nodiscard]] static Result<std::unique_ptr<GroupCommit>> start(Journal& journal);
    ~GroupCommit();  // Writes what was handed in.
    GroupCommit(const GroupCommit&) = delete;
    GroupCommit& operator=(const GroupCommit&) = delete;

    using Ticket = CommitLine::Ticket;
    // Facts that become durable together, made with frame::put_fact.
    Ticket submit(std::span<const std::uint8_t> payload, std::uint32_t count);
    [[nodiscard]] Ticket durable() const;
    [[nodiscard]] std::optional<Error> failure() const;
    // Returns when everything handed in is durable, or with the failure.
    [[nodiscard]] Status drain();

    // Done by the writer thread between two commits; an error is a failure of the journal.
    void adopt_snapshot(std::uint64_t last);

    // Readable (an eventfd) when durable() has grown or a failure has come; acknowledge() first.
    [[nodiscard]] int descriptor() const { return news_.number(); }
    void acknowledge();

    [[nodiscard]] std::uint64_t commits() const;
    // Is there room for the next file of the log? As the writer found it last.
    [[nodiscard]] bool has_reserve() const;
    // Ask the disk again, soon.
    void look_for_reserve();

private:
    explicit GroupCommit(Journal& journal) : journal_{journal} {}
    void write_all();
    void tell_owner() const;

    Journal& journal_;
    FileDescriptor news_;
    mutable std::mutex mutex_;
    std::condition_variable work_;
    std::condition_variable done_;
    CommitLine line_;
    std::optional<Error> failure_;
    bool reserve_ = true;
    bool ask_reserve_ = false;
    std::uint64_t adopt_ = 0;  // A snapshot; 0: none.
    bool stop_ = false;
    std::thread writer_;
};

}  // namespace nearfab
