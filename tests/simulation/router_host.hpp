// SPDX-License-Identifier: GPL-3.0-or-later
// router_host.hpp - the router's computer: the real router core and sessions between a simulated
// disk and network.
//
// Its turn is that of router/shell/event_loop.cpp, with the same TurnLine and CommitLine; a commit
// is written by nobody's thread, but takes a while. Designs are small enough for one chunk, and an
// analysis is a wait.

#pragma once

#include "router/core/router.hpp"
#include "router/shell/records_snapshot.hpp"
#include "router/shell/turn_line.hpp"
#include "tests/simulation/computer.hpp"
#include "tests/simulation/disk.hpp"
#include "tests/simulation/network.hpp"
#include "tests/simulation/turn_log.hpp"
#include "wire/server_sessions.hpp"

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::simulation {

class RouterHost {
public:
    RouterHost(Scene& scene, Network& network, WallTime wall);

    void receive(const std::string& routing_id,
                 const std::optional<wire::Identity>& sender,
                 const Bytes& bytes);
    // When it wants to run next; kept until something happens to it.
    [[nodiscard]] TimePoint next() const {
        if (!next_) next_ = find_next();
        return *next_;
    }
    void run();

    // ---- Faults ----
    void crash(Duration down);
    void light_fuse(int points) { fuse_.arm(points); }
    void reboot(Duration down);
    void suspend(Duration span) {
        next_.reset();
        frozen_until_ = scene_.now + span;
    }
    void set_wall_clock(Duration by) { computer_.set_wall_clock(by); }
    bool flip_bit();
    // Soon, in the middle of a commit.
    void back_up() { backup_wanted_ = true; }
    [[nodiscard]] bool has_backup() const { return disk_.has_backup(); }
    // The records of the last backup take the place of all; false when there is none.
    bool restore_backup();
    void heal();

    // ---- For the network's operator ----
    // Suspected fabs are looked at; of one that is gone for good nobody waits for word.
    void forgive(const FabId& fab, bool is_gone);
    void keys_changed();

    [[nodiscard]] bool is_up() const { return process_ != nullptr; }
    [[nodiscard]] const router::Router* router() const;
    // When a work order last got further than an offer.
    [[nodiscard]] TimePoint last_progress() const { return last_progress_; }

private:
    struct Process {
        Process(router::RouterOptions options, wire::ServerSessionsOptions session_options)
            : core{std::move(options)}, sessions{std::move(session_options)} {}
        router::Router core;
        wire::ServerSessions sessions;
        std::vector<router::Event> events;
        std::multimap<TimePoint, router::AnalysisDone> analyses;
        router::Effects effects;
        router::TurnLine::Handled handled;
        router::TurnLine turns;
        CommitLine line;
        CommitLine::Batch batch;           // Being written.
        std::optional<TimePoint> done_at;  // Then it is; none: no write is under way.
        std::uint64_t facts = 0;           // Handed to the disk.
        TimePoint next_disk_look;
        bool storage_low = false;
        // What `nearfab-router compact` does beside it; none: no such process runs.
        std::uint64_t logged = 0;  // Bytes since the last one was due.
        bool snapshot_wanted = false;
        std::optional<router::RecordsSnapshot> snapshot;  // Read, and not written yet.
        TimePoint snapshot_at;                            // Then it is.
        std::uint64_t adopt = 0;                          // Written, and not adopted yet.
        TurnLog log;
        std::map<std::pair<router::SessionNumber, std::uint64_t>,
                 std::pair<IdentityId, std::string>>
            submissions;
    };
    struct Packet {
        std::string routing_id;
        std::optional<wire::Identity> sender;
        Bytes bytes;
    };

    [[nodiscard]] TimePoint find_next() const;
    void start();
    void end_process(Duration down);
    void turn(Moment now);
    void take(Moment now, const wire::SessionEvent& event);
    void take_from_agent(Moment now, const wire::session_event::Delivered& event);
    void take_from_client(Moment now, const wire::session_event::Delivered& event);
    void take_upload(Moment now, const wire::session_event::Delivered& event);
    void feed(Moment now, const router::Event& event);
    void check_owner(const router::Event& event, const router::Effects& effects) const;
    void check_share(const router::Event& event, const router::Effects& effects) const;
    void observe(const router::Effects& effects);
    void observe_job(const JobId& job, const router::Fact& fact);
    [[nodiscard]] bool all_are_back(const JobId& job) const;
    void watch_disk(Moment now);
    void watch_snapshot();
    void read_for_snapshot();
    void write_snapshot();
    void check_ledger() const;
    void commit(Moment now);
    void write();
    void write_batch();
    void check_bounds() const;
    void release(Moment now);
    void carry_out(Moment now, const router::Effect& effect);
    void analyse(const DesignReading& design);
    void send_all(Moment now);
    [[nodiscard]] std::size_t rows_needed() const;

    Scene& scene_;
    Network& network_;
    Computer computer_;
    Fuse fuse_;
    Disk disk_;
    std::map<ContentHash, Bytes> designs_;
    std::vector<Journal::Record> history_;  // All facts that are on the disk for good.
    std::uint64_t generation_ = 0;          // Kept outside the journal, as the real one is.
    std::vector<std::pair<FabId, bool>> forgiven_;

    mutable std::optional<TimePoint> next_;
    std::unique_ptr<Process> process_;
    // For the coverage of the tables: as the facts seen so far make them.
    std::map<WorkOrderId, WorkOrderState> states_;
    std::map<JobId, JobState> jobs_;
    std::vector<Packet> inbox_;
    TimePoint restart_at_;
    TimePoint frozen_until_;
    bool keys_changed_ = false;
    bool backup_wanted_ = false;
    TimePoint last_progress_;
};

}  // namespace nearfab::simulation
