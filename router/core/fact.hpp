// SPDX-License-Identifier: GPL-3.0-or-later
// fact.hpp - what the router remembers for ever.
//
// Facts are appended to the journal before anything that follows from them leaves the process, and
// a restarted router is the fold of its facts. They say what was decided, not why the code decided
// so: newer code reads older facts and never takes an old decision again.

#pragma once

#include "base/alternative.hpp"
#include "base/clock.hpp"
#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "proto/model/job.hpp"
#include "proto/model/match.hpp"
#include "proto/model/part.hpp"
#include "proto/model/plan.hpp"
#include "router/core/work_order.hpp"

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nearfab::router {

struct JobSubmitted {
    JobId job;
    IdentityId submitter;
    std::string idempotency_key;
    JobSpec spec;
    friend bool operator==(const JobSubmitted&, const JobSubmitted&) = default;
};

// What the analysis of a design's bytes found. Holds for the bytes in this unit, whoever submitted
// them.
struct DesignAnalysed {
    DesignReading design;
    PartFacts facts;
    std::uint32_t analysis = 1;  // Which version of the analysis found it.
    friend bool operator==(const DesignAnalysed&, const DesignAnalysed&) = default;
};

struct DesignRefused {
    DesignReading design;
    Error error;
    std::uint32_t analysis = 1;
    bool in_any_unit = false;  // The analysis did not survive it, which no unit would change.
    friend bool operator==(const DesignRefused&, const DesignRefused&) = default;
};

// Every part is analysed: one work order for each piece is queued.
struct WorkQueued {
    JobId job;
    friend bool operator==(const WorkQueued&, const WorkQueued&) = default;
};

// Who is to make which queued pieces of a job; for these pieces it replaces the plan before.
struct WorkPlanned {
    JobId job;
    JobPlan plan;  // Of these pieces only, with all its rows.
    // Numbers of work orders within the job, from 1: first those of the first row (the late ones
    // last), then those of the second, ...; then the ones that nobody can make now.
    std::vector<std::uint32_t> pieces;
    std::string reason;  // Why the plan before does not hold any more; empty: there was none.
    friend bool operator==(const WorkPlanned&, const WorkPlanned&) = default;
};

struct WorkOffered {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    Candidate chosen;
    MatchReport report;
    bool by_hand = false;  // A person answers it, so it stays open for minutes.
    // Of the energy in the chosen row's footprint (router/report/emissions.hpp); empty: not known.
    std::string energy_confidence{};
    friend bool operator==(const WorkOffered&, const WorkOffered&) = default;
};

// Nobody can make it now. Recorded when the reason changes, not at each attempt.
struct WorkWaits {
    WorkOrderId work_order;
    std::string reason;
    MatchReport report;
    friend bool operator==(const WorkWaits&, const WorkWaits&) = default;
};

// Any other step of a work order.
struct WorkMoved {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    WorkEvent event = WorkEvent::released;
    std::string detail;           // For people.
    ContentHash machine_code;     // Only for `authorised`.
    bool refused_by_fab = false;  // `released`: the fab said no and is not asked again for this.
    bool unsafe = false;          // `failed`: never again on this machine.
    std::string run{};            // `authorised`: of the agent that got the right; empty: unknown.
    friend bool operator==(const WorkMoved&, const WorkMoved&) = default;
};

// So much of the time after which the designer has it made again is over for certain. What passes
// between the last such fact and a restart does not count: nothing but a clock that anybody may set
// could say how much that is.
struct DoubtCounted {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    std::int64_t seconds = 0;
    friend bool operator==(const DoubtCounted&, const DoubtCounted&) = default;
};

// A part turned up that nobody counted on any more: an old epoch was made after all.
struct SurplusFound {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    FabId fab;
    std::string detail;
    bool satisfies = false;  // It takes the place of a second attempt that may not start yet.
    friend bool operator==(const SurplusFound&, const SurplusFound&) = default;
};

// A fab that made a piece says that it does not know of it (its records are gone, or are those of a
// copy), or that it does after all.
struct PieceMissing {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    FabId fab;
    bool found = false;
    friend bool operator==(const PieceMissing&, const PieceMissing&) = default;
};

// A fab reports an epoch that these records never gave out: they are older than what happened (a
// backup was restored). It is never given out again.
struct EpochRaised {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    FabId fab;
    friend bool operator==(const EpochRaised&, const EpochRaised&) = default;
};

// The attempt that such a report speaks of may have made the part, so it is the present one now.
struct AttemptAdopted {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    FabId fab;
    MachineId machine;  // May be empty.
    double distance_km = 0;
    friend bool operator==(const AttemptAdopted&, const AttemptAdopted&) = default;
};

// The same report while these records hold a right to start elsewhere. That attempt goes on; when
// it comes to nothing, this one is the present one. Of work that is over it says no more than that
// this fab has such an attempt, so a part of it that turns up is known as a surplus.
struct AttemptClaimed {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    FabId fab;
    MachineId machine;  // May be empty.
    double distance_km = 0;
    friend bool operator==(const AttemptClaimed&, const AttemptClaimed&) = default;
};

// In this inquiry (Ledger) the fab has said all that it remembers.
struct FabHeard {
    FabId fab;
    friend bool operator==(const FabHeard&, const FabHeard&) = default;
};

// The network's operator said that this fab is gone for good: no inquiry waits for it.
struct FabWrittenOff {
    FabId fab;
    friend bool operator==(const FabWrittenOff&, const FabWrittenOff&) = default;
};

// Two programs use the key of this fab. It gets no work and no right to start any more.
struct FabSuspected {
    FabId fab;
    std::string key;  // Public; another one in the list of keys clears the fab.
    friend bool operator==(const FabSuspected&, const FabSuspected&) = default;
};

struct FabCleared {
    FabId fab;
    std::string reason;  // Who or what cleared it.
    friend bool operator==(const FabCleared&, const FabCleared&) = default;
};

struct CancelWanted {
    JobId job;
    std::string reason;
    friend bool operator==(const CancelWanted&, const CancelWanted&) = default;
};

// The job is over, or (ready) every part is made: `state` is ready or a final state.
struct JobMoved {
    JobId job;
    JobState state = JobState::unknown;
    std::string reason;
    friend bool operator==(const JobMoved&, const JobMoved&) = default;
};

// This router goes on from another generation of records. Restored: from an older copy of them, so
// something may have happened that they do not hold.
struct GenerationBegan {
    std::uint64_t generation = 0;
    bool restored = false;
    friend bool operator==(const GenerationBegan&, const GenerationBegan&) = default;
};

// After that: the fabs have been heard, or waited for long enough.
struct Reconciled {
    std::string how;
    friend bool operator==(const Reconciled&, const Reconciled&) = default;
};

// The wall clock was set. Steady time (Ledger) is what it shows from here on and this.
struct ClockSet {
    Duration offset{};
    friend bool operator==(const ClockSet&, const ClockSet&) = default;
};

using FactKinds = std::variant<JobSubmitted,
                               DesignAnalysed,
                               DesignRefused,
                               WorkQueued,
                               WorkOffered,
                               WorkWaits,
                               WorkMoved,
                               SurplusFound,
                               CancelWanted,
                               JobMoved,
                               EpochRaised,
                               AttemptAdopted,
                               FabSuspected,
                               FabCleared,
                               WorkPlanned,
                               GenerationBegan,
                               Reconciled,
                               AttemptClaimed,
                               FabHeard,
                               FabWrittenOff,
                               DoubtCounted,
                               ClockSet,
                               PieceMissing>;

// Not only a name for the variant: what copies, moves and compares all kinds is compiled once, in
// fact.cpp, and not wherever one is used.
struct Fact : FactKinds {
    Fact();
    template <AlternativeOf<FactKinds> Kind>
    Fact(Kind&& kind)
        : FactKinds(std::in_place_type<std::remove_cvref_t<Kind>>, std::forward<Kind>(kind)) {}
    Fact(const Fact& other);
    Fact(Fact&& other) noexcept;
    Fact& operator=(const Fact& other);
    Fact& operator=(Fact&& other) noexcept;
    ~Fact();
    friend bool operator==(const Fact& one, const Fact& other);
};

}  // namespace nearfab::router
