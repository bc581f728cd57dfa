// SPDX-License-Identifier: GPL-3.0-or-later
// event_board.hpp - everything that is new, numbered, for all streams that follow it.
//
// The numbers begin at the wall time of the start in microseconds, so those of an earlier run are
// smaller than all of this one. Of what was posted the last part is kept: who comes again with the
// number of the last event that it got is told what it missed, or, when that is not kept any more,
// that it has to load everything again.
//
// Pure. Belongs to the gateway's thread.

#pragma once

#include "base/clock.hpp"
#include "proto/model/job.hpp"
#include "router/gateway/event_stream.hpp"
#include "router/gateway/tokens.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace nearfab::gateway {

class EventBoard {
public:
    explicit EventBoard(WallTime started);

    void open(const std::shared_ptr<EventStream>& stream,
              const Caller& caller,
              const std::string& last_event_id);
    void close(const EventStream* stream);

    void post_fabs(const std::set<FabId>& fabs);
    // Seen by its submitter, and by who sees all.
    void post_job(const JobStatus& job);
    // Something was missed: everybody loads everything again.
    void post_resync();

    // Nobody looks for what is new from now on, so whoever comes again has missed some of it.
    void forget();

    [[nodiscard]] std::size_t streams() const { return followers_.size(); }
    [[nodiscard]] std::uint64_t last_id() const { return last_id_; }

private:
    struct Kept {
        std::uint64_t id = 0;
        IdentityId of;  // Whose job it is; empty: for everybody.
        EventText text;
    };
    struct Follower {
        std::shared_ptr<EventStream> stream;
        IdentityId name;
        bool sees_all = false;
    };
    static bool sees(const Follower& follower, const IdentityId& of);
    void post(IdentityId of, std::string_view name, std::string_view data);

    std::uint64_t last_id_;
    std::uint64_t floor_;  // Who has this one or a later one misses nothing that is not kept.
    std::deque<Kept> kept_;
    std::size_t kept_bytes_ = 0;
    std::vector<Follower> followers_;
};

}  // namespace nearfab::gateway
