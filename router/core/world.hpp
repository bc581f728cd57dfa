// SPDX-License-Identifier: GPL-3.0-or-later
// world.hpp - the machines as the matcher sees them, kept true to what agents say, to the ledger
// and to the time.
//
// Each event and each fact changes the few machines that it concerns; what changes by time alone
// (advertisements that run out, work that is no longer recent) is noted with its moment and taken
// up by refresh(). So a match never has to look at all machines first.

#pragma once

#include "base/clock.hpp"
#include "router/core/ledger.hpp"
#include "router/matching/index/machine_index.hpp"
#include "router/matching/plan.hpp"
#include "router/report/capability_census.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::router {

class World {
public:
    World(const MatchingRules& rules, Duration share_window)
        : index_{rules}, share_window_{share_window} {}

    // The advertisement counts until the given moment.
    void advertised(const FabId& fab,
                    std::shared_ptr<const Advertisement> advertisement,
                    TimePoint until);
    void set_connected(const FabId& fab, bool connected);
    // Empty: it is trusted.
    void set_distrust(const FabId& fab, const std::string& why);
    // The work moved, its attempt is another, or it was planned.
    void follow(const Ledger& ledger, const WorkOrder& order);
    // More work was given to the fab, or some may not be recent any more.
    void follow_share(const Ledger& ledger, const FabId& fab, WallTime steady);

    // Before a match: what time alone has changed since the last one.
    void refresh(const Ledger& ledger, TimePoint boot, WallTime steady);
    // Fabs whose distrust may end by time alone.
    [[nodiscard]] const std::set<FabId>& distrusted() const { return distrusted_; }

    [[nodiscard]] const MachineIndex& index() const { return index_; }
    // What the fabs that are there can do, for reports.
    [[nodiscard]] const CapabilityCensus& census() const { return census_; }
    // Work orders of the job that are offered or reserved, by fab.
    [[nodiscard]] std::map<FabId, std::uint32_t> waiting_of(const JobId& job) const;
    // Queued work that is planned for the machine. It keeps nobody else's single piece away, but
    // the next plan counts on it.
    [[nodiscard]] std::vector<Found> full_machines() const;
    [[nodiscard]] PlannedAhead ahead_of(const FabId& fab, const MachineId& machine) const;

private:
    using Machine = std::pair<FabId, MachineId>;
    // What one work order takes of a machine.
    struct Held {
        JobId job;
        Machine machine;
        std::int64_t seconds = 0;
        MaterialStock material;
        bool waits = false;  // Offered or reserved.
    };
    struct Presence {
        bool connected = false;
        TimePoint until;  // Of its advertisement.
    };
    [[nodiscard]] static std::optional<Held> held_by(const Ledger& ledger, const WorkOrder& order);
    void follow_plan(const Ledger& ledger, const WorkOrder& order);
    void count_waiting(const Held& held, bool more);
    void promise(const Machine& machine);

    MachineIndex index_;
    CapabilityCensus census_;
    Duration share_window_;
    std::map<FabId, Presence> presence_;
    std::set<std::pair<TimePoint, FabId>> running_out_;
    std::set<std::pair<WallTime, FabId>> share_ends_;
    std::map<FabId, WallTime> next_share_end_;
    std::set<FabId> distrusted_;
    std::map<WorkOrderId, Held> held_;
    std::map<Machine, std::set<WorkOrderId>> at_machine_;
    std::map<JobId, std::map<FabId, std::uint32_t>> waiting_;
    std::set<Machine> full_;  // Their queue has no place free.
    std::map<WorkOrderId, Held> planned_;
    std::map<Machine, std::set<WorkOrderId>> planned_at_;
};

}  // namespace nearfab::router
