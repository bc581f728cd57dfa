// SPDX-License-Identifier: GPL-3.0-or-later
// ledger.hpp - everything durable about jobs, designs and fabs: the fold of all facts.
//
// Only apply() changes a ledger, and it takes no decision: the same facts give the same ledger on
// any machine, in any version that knows them.
//
// Jobs that are over are kept packed (closed_jobs.hpp) when the shell gives a codec. Asking for one
// unpacks it until the next settle(); a fact about one opens it until then.
//
// It knows two calendars. What people read is in wall time. What is decided by (rests, shares,
// turns, how long something stands) is in steady time: wall time and an offset, a fact (ClockSet)
// written down as soon as a running router sees that the wall clock was set. How long it was off
// the wall clock alone says; one that is behind the last fact counts as no time at all.
//
// After older records were restored they lack attempts, and every fab is to say what it remembers:
// an inquiry. Another one begins whenever a job is queued that was still being analysed in those
// records, because what fabs said of its pieces before was about work that nobody knew. Inquiries
// are numbered; a fab answers all that have begun with one word.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "proto/model/message.hpp"
#include "router/core/closed_jobs.hpp"
#include "router/core/fact.hpp"
#include "router/core/job_life.hpp"
#include "router/core/match_pass.hpp"
#include "router/core/recent_work.hpp"
#include "router/core/waiting_tally.hpp"
#include "router/report/work_log.hpp"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <vector>

namespace nearfab::router {

struct WorkOrder {
    WorkOrderId id;
    JobId job;
    std::uint32_t part = 0;
    WorkOrderState state = WorkOrderState::queued;
    std::uint64_t epoch = 0;          // Of the present (or last) attempt.
    std::uint64_t epoch_highest = 0;  // Ever given out; only grows. See next_epoch.
    std::uint32_t attempts = 0;       // Attempts that failed.
    std::string last_failure;         // Why the last of them did.
    // Of the present attempt; meaningless while queued.
    Candidate chosen;
    std::string energy_confidence;  // Of the energy in its footprint; empty: not known.
    bool by_hand = false;           // The offer is open for minutes, because a person answers it.
    ContentHash machine_code;       // From `authorised` on.
    WallTime state_since;           // Steady.
    std::string right_run;          // Of the agent, that got the right to start; empty: not known.
    bool begun = false;             // The fab has said that it makes it.
    bool missing = false;           // It was made, and its fab does not know of it any more.
    std::int64_t doubt_counted_s = 0;  // In doubt: at least so long.
    // Why somebody is not asked again, and until when: who said no, who failed how often, which
    // machine is unsafe for it.
    struct Refusal {
        std::string reason;
        WallTime until;  // Steady.
        friend bool operator==(const Refusal&, const Refusal&) = default;
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
        friend bool operator==(const Planned&, const Planned&) = default;
    };
    std::optional<Planned> planned;
    // Old epochs whose part turned up, so that one part is counted once.
    std::map<std::uint64_t, FabId> surplus;
    // Who held which epoch: a late report is only evidence when it comes from that fab.
    std::map<std::uint64_t, Candidate> held_by;
    // Those of them that a fab told of after a restore, and that count when the present attempt
    // comes to nothing (AttemptClaimed).
    std::set<std::uint64_t> claims;

    friend bool operator==(const WorkOrder&, const WorkOrder&) = default;
};

struct Job {
    JobId id;
    IdentityId submitter;
    std::string idempotency_key;
    JobSpec spec;
    JobState state = JobState::analysing;
    std::string reason;
    bool cancel_wanted = false;
    bool planned = false;       // There was a plan already.
    std::uint64_t born_in = 0;  // The generation of the records when it was submitted.
    std::uint64_t inquiry = 0;  // That began when it was queued; 0: none.
    WallTime submitted_at;
    WallTime in_line_since;  // Steady, of its submission: no calendar tells who comes first.
    WallTime changed_at;
    std::vector<WorkOrderId> work_orders;
    std::vector<JobEvent> events;
    WaitingPieces waiting{};  // Of its queued pieces; none once cancelling is wanted.

    friend bool operator==(const Job&, const Job&) = default;
};

struct Design {
    std::optional<PartFacts> facts;  // The last that were found; work under way rests on them.
    std::optional<Error> refusal;    // What the last analysis said instead; facts are older then.
    std::uint32_t analysis = 0;      // Which version of the analysis that was.

    friend bool operator==(const Design&, const Design&) = default;
};

struct FabRecord {
    std::uint32_t failures_in_row = 0;
    WallTime last_failure;  // Steady.
    RecentWork recent;      // A share for each first right to start.
    struct Suspicion {
        std::string key;
        WallTime since;  // Wall.
        friend bool operator==(const Suspicion&, const Suspicion&) = default;
    };
    std::optional<Suspicion> suspicion;  // Two programs use its key.
    std::uint64_t heard = 0;             // The last inquiry that it has answered.
    std::uint64_t not_awaited = 0;       // Nor is it waited for in inquiries up to this one.
    bool written_off = false;            // Nor in any other.

    friend bool operator==(const FabRecord&, const FabRecord&) = default;
};

// A job with its work, in the order of its numbers.
struct WholeJob {
    Job job;
    std::vector<WorkOrder> orders;
};

// How jobs that are over become bytes and come back the same; both or none. None: they are kept as
// they are.
struct JobPacking {
    std::function<std::string(const Job&, const std::vector<const WorkOrder*>&)> pack{};
    std::function<Result<WholeJob>(std::string_view)> unpack{};
};

// Epochs of generation g lie above g million, so a restored router never gives one out again that
// its lost records had given out. A work order never comes near a million: each attempt and each
// unanswered offer is followed by a rest of minutes.
inline constexpr std::uint64_t epochs_per_generation = 1'000'000;

struct IdHash {
    template <typename Tag>
    std::size_t operator()(const Id<Tag>& id) const {
        return std::hash<std::string>{}(id.text());
    }
};
using JobTable = std::unordered_map<JobId, Job, IdHash>;
using WorkTable = std::unordered_map<WorkOrderId, WorkOrder, IdHash>;
using WorkNames = std::unordered_set<WorkOrderId, IdHash>;
using JobNames = std::unordered_set<JobId, IdHash>;

// Work orders are named after their job.
[[nodiscard]] JobId job_of(const WorkOrderId& id);

class Ledger {
public:
    Ledger() = default;
    explicit Ledger(JobPacking packing) : packing_{std::move(packing)} {}

    void apply(WallTime wall, const Fact& fact);
    // Packs what is over, and forgets what was unpacked. REQUIRES: nobody holds a job or a work
    // order of a job that is over.
    void settle();
    // From a snapshot, before any fact: what apply() had made of the facts that it stands for.
    void restore(WholeJob whole);
    // Whole records of jobs that are over. Errors: malformed; unsupported without a codec.
    [[nodiscard]] Status restore_closed(std::span<const std::uint8_t> records);
    void restore(const DesignReading& reading, Design design);
    void restore_breaker(const ContentHash& hash, Design design);
    // After the network.
    void restore(const FabId& id, FabRecord fab);
    struct Network {
        std::uint64_t generation = 0;
        bool reconciling = false;
        std::uint64_t inquiry = 0;
        std::uint64_t restored_inquiry = 0;
        std::set<FabId> known_fabs{};
    };
    void restore(Network network);
    void restore_calendar(Duration clock_offset, WallTime last);
    // What was handed over is not read from the jobs but comes from the snapshot, day by day. Of
    // snapshots of a time before this was kept, it is counted as the jobs come. Before any job.
    void restore_work_log() { counts_restored_ = false; }
    void restore_day(DayNumber day, WorkSums sums) { work_log_.restore(day, std::move(sums)); }

    // Null when there is none. Of a job that is over they count until the next settle().
    [[nodiscard]] const Job* job(const JobId& id) const;
    [[nodiscard]] const WorkOrder* work_order(const WorkOrderId& id) const;
    // Null when it was never analysed, nor broke the analysis in another unit.
    [[nodiscard]] const Design* design(const DesignReading& reading) const;
    // For the next offer of this work.
    [[nodiscard]] std::uint64_t next_epoch(const WorkOrder& order) const;
    [[nodiscard]] const FabRecord& fab(const FabId& id) const;
    // Those that are not packed, in no order.
    [[nodiscard]] const JobTable& jobs() const { return jobs_; }
    [[nodiscard]] const WorkTable& work_orders() const { return orders_; }
    [[nodiscard]] const ClosedJobs& closed_jobs() const { return closed_; }
    [[nodiscard]] bool packs() const { return static_cast<bool>(packing_.pack); }
    [[nodiscard]] std::size_t job_count() const { return jobs_.size() + closed_.size(); }
    // What a packed job was, for those who look at all of them one by one.
    [[nodiscard]] Result<WholeJob> unpack(const ClosedJob& closed) const {
        return packing_.unpack(closed.packed);
    }
    [[nodiscard]] const std::map<DesignReading, Design>& designs() const { return designs_; }
    // What broke the analysis, which no unit would change.
    [[nodiscard]] const std::map<ContentHash, Design>& breakers() const { return breakers_; }
    [[nodiscard]] const std::map<FabId, FabRecord>& fabs() const { return fabs_; }
    // Work orders that are not final, in no order: what the router still has to care about.
    [[nodiscard]] const WorkNames& open_work() const { return open_; }
    // Those of them that a fab has, in whatever state.
    [[nodiscard]] const std::set<WorkOrderId>& placed_work() const { return placed_; }
    // Those of them that this fab has.
    [[nodiscard]] const std::set<WorkOrderId>& placed_at(const FabId& fab) const;
    // Queued work of jobs whose cancelling is not wanted.
    [[nodiscard]] const WaitingLines& waiting() const { return waiting_; }
    // Work of this submitter that keeps a fab busy: placed, and not made yet.
    [[nodiscard]] std::size_t places_of(const IdentityId& submitter) const;
    // Every fab that ever got an offer.
    [[nodiscard]] const std::set<FabId>& known_fabs() const { return known_fabs_; }
    [[nodiscard]] std::uint64_t generation() const { return generation_; }
    // The records were restored, and what they may lack has not been asked for to the end.
    [[nodiscard]] bool reconciling() const { return reconciling_; }
    // The last inquiry that began, and the one of the last restore; 0: there was none.
    [[nodiscard]] std::uint64_t inquiry() const { return inquiry_; }
    [[nodiscard]] std::uint64_t restored_inquiry() const { return restored_inquiry_; }
    // The one in which fabs must have said what they know of the work of this job; 0: none.
    [[nodiscard]] std::uint64_t inquiry_about(const Job& job) const;
    // A fab that this inquiry still waits for; null: none.
    [[nodiscard]] const FabId* awaited_in(std::uint64_t inquiry) const;
    [[nodiscard]] std::size_t count_awaited_in(std::uint64_t inquiry) const;
    // Those that are not packed, in no order.
    [[nodiscard]] const JobNames& jobs_of(const IdentityId& submitter) const;
    [[nodiscard]] std::size_t unfinished_of(const IdentityId& submitter) const;
    // Jobs in the state `analysing`.
    [[nodiscard]] const std::set<JobId>& analysing() const { return analysing_; }
    // What was handed over.
    [[nodiscard]] const WorkLog& work_log() const { return work_log_; }
    // What waiting() waits for.
    [[nodiscard]] const WaitingTally& waiting_tally() const { return waiting_tally_; }
    // Jobs that are not over, by state.
    [[nodiscard]] std::uint32_t jobs_in(JobState state) const {
        return jobs_in_[static_cast<std::size_t>(state)];
    }
    // Steady time is the wall's and this.
    [[nodiscard]] Duration clock_offset() const { return clock_offset_; }
    // Steady, of the last fact.
    [[nodiscard]] WallTime last() const { return steady_; }

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
    void take(WallTime at, const GenerationBegan& fact);
    void take(WallTime at, const Reconciled& fact);
    void take(WallTime at, const AttemptClaimed& fact);
    void take(WallTime at, const FabHeard& fact);
    void take(WallTime at, const FabWrittenOff& fact);
    void take(WallTime at, const DoubtCounted& fact);
    void take(WallTime at, const PieceMissing& fact);
    void take(WallTime at, const ClockSet& fact);

    bool read_closed(const JobId& id) const;
    bool reopen(const JobId& id);
    void pack(const JobId& id);
    Job& known_job(const JobId& id);
    WorkOrder& known_order(const WorkOrderId& id);
    void move(WorkOrder& order, WorkEvent event);
    void move(Job& job, JobStep step);
    void count_failure(WorkOrder& order, WorkOrderState before, const WorkMoved& fact);
    void count_right(WorkOrder& order, const WorkMoved& fact);
    void refresh(Job& job, const WorkOrder& order);
    void log_delivered(const Job& job, const WorkOrder& order);
    Status log_restored(std::span<const std::uint8_t> records);
    void note(WallTime at, Job& job, const WorkOrderId& order, std::string text);

    // Another attempt takes its place.
    static void begin_attempt(WorkOrder& order, std::uint64_t epoch);
    void set_state(Job& job, JobState state);
    void set_state(WorkOrder& order, WorkOrderState state);
    void index(const WorkOrder& order, bool there);
    void tally(Job& job, const WorkOrder& order, bool there);
    void count_job(JobState state, bool more);
    // What inquiries know of a fab is changed between these two.
    void index_awaited(const FabId& id, bool there);

    JobPacking packing_;
    Duration clock_offset_{};
    WallTime steady_;  // Of the last fact, or the one under way.
    JobTable jobs_;
    WorkTable orders_;
    ClosedJobs closed_;
    std::vector<JobId> over_;  // Since the last settle().
    // What was asked for since then. A fact moves it from here to the maps above, where it stays in
    // its place: whoever holds it goes on holding it.
    mutable JobTable unpacked_jobs_;
    mutable WorkTable unpacked_orders_;
    WorkNames open_;
    std::set<WorkOrderId> placed_;
    // What the maps above say, from other sides.
    std::map<FabId, std::set<WorkOrderId>> placed_at_;
    std::unordered_map<IdentityId, std::size_t, IdHash> places_;
    WaitingLines waiting_;
    std::unordered_map<IdentityId, std::size_t, IdHash> unfinished_;
    WaitingTally waiting_tally_;
    std::array<std::uint32_t, static_cast<std::size_t>(JobState::failed) + 1> jobs_in_{};
    WorkLog work_log_;
    bool counts_restored_ = true;
    std::set<JobId> analysing_;
    std::map<DesignReading, Design> designs_;
    std::map<ContentHash, Design> breakers_;
    std::map<FabId, FabRecord> fabs_;
    std::unordered_map<IdentityId, JobNames, IdHash> by_submitter_;  // Of jobs_.
    std::set<FabId> known_fabs_;
    std::uint64_t generation_ = 0;
    bool reconciling_ = false;
    std::uint64_t inquiry_ = 0;
    std::uint64_t restored_inquiry_ = 0;
    // Known fabs that are not written off, by the last inquiry that does not wait for them.
    std::set<std::pair<std::uint64_t, FabId>> awaited_;
};

}  // namespace nearfab::router
