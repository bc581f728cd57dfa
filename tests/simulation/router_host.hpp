// SPDX-License-Identifier: GPL-3.0-or-later
// router_host.hpp - the router's computer: the real router core and sessions between a simulated
// disk and network.
//
// Its turn is that of router/shell/event_loop.cpp; designs are small enough for one chunk, and an
// analysis is a wait.

#pragma once

#include "router/core/router.hpp"
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
    [[nodiscard]] TimePoint next() const;
    void run();

    // ---- Faults ----
    void crash(Duration down);
    void light_fuse(int points) { fuse_.arm(points); }
    void reboot(Duration down);
    void suspend(Duration span) { frozen_until_ = scene_.now + span; }
    void set_wall_clock(Duration by) { computer_.set_wall_clock(by); }
    bool flip_bit();
    // The records of an earlier moment take the place of all.
    void restore_backup();
    void heal();

    // ---- For the network's operator ----
    void forgive(const FabId& fab);
    void keys_changed();

    [[nodiscard]] bool is_up() const { return process_ != nullptr; }
    [[nodiscard]] const router::Router* router() const;

private:
    struct Process {
        Process(router::RouterOptions options, wire::ServerSessionsOptions session_options)
            : core{std::move(options)}, sessions{std::move(session_options)} {}
        router::Router core;
        wire::ServerSessions sessions;
        std::vector<router::Event> events;
        std::multimap<TimePoint, router::AnalysisDone> analyses;
        router::Effects effects;
        std::vector<std::pair<wire::SessionId, std::uint64_t>> handled;
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

    void start();
    void end_process(Duration down);
    void turn(Moment now);
    void take(Moment now, const wire::SessionEvent& event);
    void take_from_agent(Moment now, const wire::session_event::Delivered& event);
    void take_from_client(Moment now, const wire::session_event::Delivered& event);
    void take_upload(Moment now, const wire::session_event::Delivered& event);
    void feed(Moment now, const router::Event& event);
    void check_owner(const router::Event& event, const router::Effects& effects) const;
    void observe(const router::Effects& effects);
    void commit(Moment now);
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
    std::vector<FabId> forgiven_;

    std::unique_ptr<Process> process_;
    std::map<WorkOrderId, WorkOrderState> states_;  // For the coverage of the table.
    std::vector<Packet> inbox_;
    TimePoint restart_at_;
    TimePoint frozen_until_;
    bool keys_changed_ = false;
};

}  // namespace nearfab::simulation
