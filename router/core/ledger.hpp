// SPDX-License-Identifier: GPL-3.0-or-later
// ledger.hpp - everything durable about jobs, designs and fabs: the fold of all facts.
//
// Only apply() changes a ledger, and it takes no decision: the same facts give the same ledger on
// any machine, in any version that knows them.
//
// It knows two calendars. What people read is in wall time. What is decided by (rests, shares, how
// long something stands) is in steady time: the wall time at which the router started, and from
// there on the boot clock. A clock that is set while the router runs moves no decision.

#pragma once

#include "base/clock.hpp"
#include "proto/model/message.hpp"
#include "router/core/fact.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::router {

struct WorkOrder {
    WorkOrderId id;
    JobId job;
    std::uint32_t part = 0;
    WorkOrderState state = WorkOrderState::queued;
    std::uint64_t epoch = 0;          // Of the present (or last) attempt.
    std::uint64_t epoch_highest = 0;  // Ever given out; only grows.
    std::uint32_t attempts = 0;       // Attempts that failed.
    std::string last_failure;         // Why the last of them did.
    // Of the present attempt; meaningless while queued.
    Candidate chosen;
    bool by_hand = false;      // The offer is open for minutes, because a person answers it.
    ContentHash machine_code;  // From `authorised` on.
    WallTime state_since;      // Steady.
    // Why somebody is not asked again, and until when: who said no, who failed how often, which
    // machine is unsafe for it.
    struct Refusal {
        std::string reason;
        WallTime until;  // Steady.
    };
    std::map<FabId, Refusal> refusals;
    std::map<FabId, std::uint32_t> unused_rights;  // Start rights that were given back.
    std::map<FabId, std::uint32_t> failures;
    std::map<std::pair<FabId, MachineId>, std::string> unsafe_machines;
    std::map<FabId, std::string> words;  // What each fab said last when it did not make it.
    // The last answer of the matcher.
    MatchReport report;
    WallTime decided_at;
    std::string waits_for;  // Empty unless queued and nobody can make it now.
    // Who is to make it by the plan of its job; counts while it is queued.
    struct Planned {
        FabId fab;
        MachineId machine;
        std::int64_t making_s = 0;
        double mass_g = 0;
        bool late = false;  // Planned for after the deadline.
    };
    std::optional<Planned> planned;
    // Old epochs whose part turned up, so that one part is counted once.
    std::map<std::uint64_t, FabId> surplus;
    // Who held which epoch: a late report is only evidence when it comes from that fab.
    std::map<std::uint64_t, Candidate> held_by;
};

struct Job {
    JobId id;
    IdentityId submitter;
    std::string idempotency_key;
    JobSpec spec;
    JobState state = JobState::analysing;
    std::string reason;
    bool cancel_wanted = false;
    bool planned = false;  // There was a plan already.
    WallTime submitted_at;
    WallTime changed_at;
    std::vector<WorkOrderId> work_orders;
    std::vector<JobEvent> events;
};

struct Design {
    std::optional<PartFacts> facts;  // The last that were found; work under way rests on them.
    std::optional<Error> refusal;    // What the last analysis said instead; facts are older then.
    std::uint32_t analysis = 0;      // Which version of the analysis that was.
};

struct FabRecord {
    std::uint32_t failures_in_row = 0;
    WallTime last_failure;  // Steady.
    struct Share {
        WallTime at;  // Steady.
        std::int64_t seconds = 0;
    };
    std::deque<Share> recent;  // Start rights given, oldest first.
    struct Suspicion {
        std::string key;
        WallTime since;  // Wall.
    };
    std::optional<Suspicion> suspicion;  // Two programs use its key.
};

class Ledger {
public:
    void apply(WallTime wall, WallTime steady, const Fact& fact);
    // After a replay: no moment that decides lies in the future, however wrong the clock was when
    // it was written down.
    void end_replay(WallTime steady);

    [[nodiscard]] const Job* job(const JobId& id) const;
    [[nodiscard]] const WorkOrder* work_order(const WorkOrderId& id) const;
    // Null when it was never analysed, nor broke the analysis in another unit.
    [[nodiscard]] const Design* design(const DesignReading& reading) const;
    [[nodiscard]] const FabRecord& fab(const FabId& id) const;
    [[nodiscard]] const std::map<JobId, Job>& jobs() const { return jobs_; }
    [[nodiscard]] const std::map<WorkOrderId, WorkOrder>& work_orders() const { return orders_; }
    // Work orders that are not final, in id order: what the router still has to care about.
    [[nodiscard]] const std::set<WorkOrderId>& open_work() const { return open_; }
    // Those of them that a fab has, in whatever state.
    [[nodiscard]] const std::set<WorkOrderId>& placed_work() const { return placed_; }
    [[nodiscard]] const std::set<JobId>& jobs_of(const IdentityId& submitter) const;
    // Seconds of work given to a fab after `since`, which is steady.
    [[nodiscard]] std::int64_t recent_work_s(const FabId& fab, WallTime since) const;

private:
    void take(WallTime at, const JobSubmitted& fact);
    void take(WallTime at, const DesignAnalysed& fact);
    void take(WallTime at, const DesignRefused& fact);
    void take(WallTime at, const WorkQueued& fact);
    void take(WallTime at, const WorkOffered& fact);
    void take(WallTime at, const WorkWaits& fact);
    void take(WallTime at, const WorkMoved& fact);
    void take(WallTime at, const SurplusFound& fact);
    void take(WallTime at, const CancelWanted& fact);
    void take(WallTime at, const JobMoved& fact);
    void take(WallTime at, const EpochRaised& fact);
    void take(WallTime at, const AttemptAdopted& fact);
    void take(WallTime at, const FabSuspected& fact);
    void take(WallTime at, const FabCleared& fact);
    void take(WallTime at, const WorkPlanned& fact);

    Job& known_job(const JobId& id);
    WorkOrder& known_order(const WorkOrderId& id);
    void move(WorkOrder& order, WorkEvent event);
    void count_failure(WorkOrder& order, WorkOrderState before, const WorkMoved& fact);
    void count_right(WorkOrder& order, const WorkMoved& fact);
    void refresh(Job& job, const WorkOrder& order);
    void note(WallTime at, Job& job, const WorkOrderId& order, std::string text);

    WallTime steady_;  // Of the fact under way.
    std::map<JobId, Job> jobs_;
    std::map<WorkOrderId, WorkOrder> orders_;
    std::set<WorkOrderId> open_;
    std::set<WorkOrderId> placed_;
    std::map<DesignReading, Design> designs_;
    std::map<ContentHash, Design> breakers_;  // Refused in any unit.
    std::map<FabId, FabRecord> fabs_;
    std::map<IdentityId, std::set<JobId>> by_submitter_;
};

}  // namespace nearfab::router
