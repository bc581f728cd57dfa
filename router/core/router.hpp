// SPDX-License-Identifier: GPL-3.0-or-later
// router.hpp - the decisions of a router, and nothing else.
//
// A Router is a state machine. The shell gives it one Event at a time with the moment at which it
// was seen, and carries out the Effects that come back, records first. The Router reads no clock,
// opens no socket and touches no file: the same facts and the same events lead to the same effects.
//
// What must survive is in the Ledger (the fold of all facts); everything else here - who is
// connected, which timer runs, who watches - can be lost and is said again by the others.
//
// Everything is decided by the boot clock; see Ledger for how that survives a restart. Only a
// designer's deadline is compared with the wall clock, because people wrote it.
//
// A Router belongs to one event loop; it is not safe to share between threads.

#pragma once

#include "base/clock.hpp"
#include "proto/model/limits.hpp"
#include "router/core/analysis_queue.hpp"
#include "router/core/clone_watch.hpp"
#include "router/core/deadlines.hpp"
#include "router/core/effect.hpp"
#include "router/core/event.hpp"
#include "router/core/fab_registry.hpp"
#include "router/core/ledger.hpp"
#include "router/core/match_pass.hpp"
#include "router/core/rate_limit.hpp"
#include "router/core/relays.hpp"
#include "router/core/world.hpp"
#include "router/matching/plan.hpp"
#include "router/matching/question.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

namespace nearfab::router {

// Time-outs change only how soon something happens, never whether a part is made twice.
struct RouterOptions {
    MatchingRules matching;
    Duration offer_ttl = std::chrono::seconds{20};          // Machines that accept by themselves.
    Duration offer_ttl_by_hand = std::chrono::minutes{15};  // Machines whose operator decides.
    Duration reservation_ttl = std::chrono::seconds{120};   // Of a fab that left.
    Duration start_window = std::chrono::seconds{60};
    Duration start_silence = std::chrono::seconds{90};  // After the window: in doubt.
    Duration doubt_grace_min = std::chrono::hours{1};   // After the expected finish.
    double doubt_grace_fraction = 0.25;
    Duration share_window = std::chrono::hours{24 * 7};
    std::uint32_t attempts_max = 3;  // Failures of one work order.
    std::uint32_t attempts_per_fab_max = 2;
    std::uint32_t distrust_after_failures = 3;        // In a row, of one fab.
    Duration distrust_for = std::chrono::hours{1};    // Then one more try is given.
    Duration silence_rest = std::chrono::minutes{5};  // Before a silent fab is asked again.
    // A reservation at a fab that is there but never asks to start is asked back after this and the
    // time at which the fab was expected to have finished it.
    Duration reservation_idle = std::chrono::hours{24};
    // No fab's word about the time it still needs counts for more.
    Duration remaining_max = std::chrono::hours{24 * 30};
    // Of one identity; what is over it is refused with the time after which it may come again.
    Rate submits{.burst = 300, .per_hour = 600};
    Rate quotes{.burst = 300, .per_hour = 3600};
    Rate upload_mib{.burst = 2048, .per_hour = 4096};
    // What operators tell their fabs by way of this router, and how often they look.
    Rate operator_commands{.burst = 120, .per_hour = 1200};
    Rate operator_looks{.burst = 120, .per_hour = 7200};
    Duration relay_answer = std::chrono::seconds{5};  // Then the asker is told that there is none.
    Rate reports{.burst = 30, .per_hour = 600};
    std::size_t unfinished_jobs_max = limits::unfinished_jobs_max;  // Of one submitter.
    // Designs that wait for their analysis, of everybody and of one submitter.
    std::size_t analyses_max = 1000;
    std::size_t analyses_per_submitter_max = 100;
    // Of the analysis that this router runs. What an older one found of a design is not used for a
    // new job: the design is analysed again.
    std::uint32_t analysis_version = part_analysis_version;
    // When something in the world is better, so much waiting work is tried again in the steps of
    // one moment (a millisecond); the rest waits for the next, so that it keeps nobody else
    // waiting.
    std::size_t matches_per_moment = 1000;
    // So much of what has just come; the rest of a flood is accepted first and matched after it.
    std::size_t fresh_matches_per_moment = 16;
    // Of the records, kept outside them; one more after each restore.
    std::uint64_t generation = 0;
    // After a restore nothing is offered and nothing may start until every fab that the records
    // know has been heard, or this has passed: an older right to start is over by then.
    Duration reconcile_window = std::chrono::seconds{150};
    // The encoded size of an answer, for cutting pages; none: only the number of rows counts.
    std::function<std::size_t(const Message&)> encoded_size{};
    // Somebody calls take_changes(); otherwise nothing is gathered for it.
    bool tells_changes = false;
    // How jobs that are over are kept; none: as they are.
    JobPacking packing{};
};

class Router {
public:
    explicit Router(RouterOptions options)
        : options_{std::move(options)},
          ledger_{options_.packing},
          world_{options_.matching, options_.share_window} {}

    // Takes one remembered fact back in. Only before start().
    void replay(WallTime at, const Fact& fact) {
        ledger_.apply(at, fact);
        ledger_.settle();
    }

    // For a snapshot, before any fact. Only before start().
    [[nodiscard]] Ledger& ledger_to_restore() { return ledger_; }

    // After the replay: goes on where the facts end (analyses that were under way, timers).
    [[nodiscard]] Effects start(Moment now);

    // Takes in one event and returns what follows from it.
    //
    // The shell must make every Record durable before it carries out any other effect; otherwise a
    // crash could make two fabs build the same part.
    //
    // REQUIRES: now.boot is never earlier than in the previous call.
    [[nodiscard]] Effects step(Moment now, const Event& event);
    // The same; what follows is put behind what `effects` holds already.
    void step(Moment now, const Event& event, Effects& effects);

    // The earliest moment at which a Tick would change anything, if there is one.
    [[nodiscard]] std::optional<TimePoint> next_deadline() const;

    // Jobs and fabs about which something may be new since the last call: hints for who shows them.
    struct Changes {
        std::set<JobId> jobs;
        std::set<FabId> fabs;
    };
    [[nodiscard]] Changes take_changes() { return std::exchange(changes_, {}); }

    // How often machines were looked for: for a waiting piece, a plan or a quote, since start().
    [[nodiscard]] std::uint64_t searches() const { return searches_; }

    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] const FabRegistry& fabs() const { return fabs_; }

    // May this identity upload so many bytes now? If not, the refusal says when it may.
    [[nodiscard]] std::optional<message::Failure> refuse_upload(TimePoint now,
                                                                const IdentityId& who,
                                                                std::size_t bytes);

    // May this agent read this design? Only while it holds (or held) work that needs it.
    [[nodiscard]] bool may_read(const FabId& fab, const ContentHash& design) const;

private:
    // The transient side of an open work order.
    struct Attention {
        TimePoint expected_finish;
        std::string phase;
        double progress = 0;
        std::int64_t remaining_s = 0;
        bool recalled = false;  // Reserved: the fab was asked to give it back.
        TimePoint right_at;     // The right to start was given last; nothing: before the start.
        // In doubt: since when the time of the designer's rule is counted, and when the next piece
        // of it is over.
        TimePoint counted_from;
        std::optional<TimePoint> counted_at;
        // Then the fab is asked again, because its word came too early to count.
        std::optional<TimePoint> ask_at;
    };
    struct Watch {
        JobId job;
        std::uint64_t after_event = 0;
        TokenBucket pace;
    };
    using WatchKey = std::pair<SessionNumber, std::uint64_t>;

    // router.cpp: dispatch, time, records.
    void take(const AgentConnected& event);
    void take(const AgentLost& event);
    void take(const AgentSaid& event);
    void take(const ClientSaid& event);
    void take(const ClientLost& event);
    void take(const AnalysisDone& event);
    void take(const FabForgiven& event);
    void take(const FabGone& event);
    void take(const StorageLow& event);
    void take(const Tick& event);
    void record(Fact fact);
    void follow(const Fact& fact);
    void tell(const FabId& fab, Message body) { effects_.push_back(Tell{fab, std::move(body)}); }
    void expire(const WorkOrder& order);
    void arm(const WorkOrder& order);
    [[nodiscard]] std::optional<TimePoint> deadline_of(const WorkOrder& order) const;
    [[nodiscard]] std::optional<TimePoint> deadline_of_reserved(const WorkOrder& order) const;
    [[nodiscard]] std::optional<TimePoint> deadline_of_producing(const WorkOrder& order) const;
    void begin_calendar();
    void follow_clock();
    void set_clock(Duration offset);
    [[nodiscard]] WallTime steady() const;
    [[nodiscard]] Duration remaining(std::int64_t claimed_s) const;
    void tell_watchers();
    void note_change(const FabId& fab) {
        if (options_.tells_changes) changes_.fabs.insert(fab);
    }
    std::map<WatchKey, Watch>::iterator forget_watch(std::map<WatchKey, Watch>::iterator watch);
    void finish_step(std::size_t first_effect);

    // router_fabs.cpp: what agents say.
    void hear(const FabId& fab, const message::Advertise& body);
    void hear(const FabId& fab, const message::AcceptOffer& body);
    void hear(const FabId& fab, const message::DeclineOffer& body);
    void hear(const FabId& fab, const message::StartRequest& body);
    void hear(const FabId& fab, const message::AttemptReport& body);
    void hear(const FabId& fab, const message::Progress& body);
    void hear(const FabId& fab, const message::Inventory& body);
    void hear(const FabId& fab, const message::RelayedAnswer& body);
    const WorkOrder* current_attempt(const FabId& fab, const WorkOrderId& id, std::uint64_t epoch);
    std::string refusal_to_start(const WorkOrder& order, const message::StartRequest& body) const;
    void take_late_report(const FabId& fab,
                          const WorkOrder& order,
                          const message::AttemptReport& body);
    void take_report(const FabId& fab, const message::AttemptReport& body, bool from_inquiry);
    bool take_unknown_attempt(const FabId& fab,
                              const WorkOrder& order,
                              const message::AttemptReport& body,
                              bool from_inquiry);
    void claim(const FabId& fab, const WorkOrder& order, const message::AttemptReport& body);
    void adopt(const FabId& fab, const WorkOrder& order, const message::AttemptReport& body);
    void reconcile(const FabId& fab, const WorkOrder& order, const message::Inventory& body);
    void withdraw(const FabId& fab, const WorkOrderId& id, std::uint64_t epoch, std::string reason);
    void recall(const WorkOrder& order);
    message::Offer offer_of(const WorkOrder& order) const;

    // router_doubt.cpp: what is in doubt, and for how long for certain.
    [[nodiscard]] std::optional<TimePoint> deadline_of_doubtful(const WorkOrder& order) const;
    void go_on_counting(const WorkOrder& order);
    bool count_doubt(const WorkOrder& order);
    [[nodiscard]] Duration doubt_left(const WorkOrder& order) const;
    void expire_doubtful(const WorkOrder& order);

    // router_trust.cpp: who gets no work, whose word does not count (yet), and why.
    // Whether its word that nothing was begun contradicts what it said before; it is then doubted.
    bool forgets(const FabId& fab, const WorkOrder& order);
    // Whether another run of it speaks than the one that got the right to start.
    bool is_other_run(const FabId& fab, const WorkOrder& order) const;
    static bool is_made(const WorkOrder& order);
    // What was made, and its fab does not know of.
    void miss(const FabId& fab, const WorkOrder& order);
    void hear_other_memory(const FabId& fab, const WorkOrder& order);
    // Whether a run of it, to which an attempt that was begun is new, speaks of it.
    bool is_image(const FabId& fab, const WorkOrder& order) const;
    void doubt_image(const FabId& fab, const WorkOrder& order);
    // Whether the run that got the right may still show itself, and know better.
    bool waits_for_other_run(const FabId& fab, const WorkOrder& order);
    std::optional<TimePoint> other_run_until(const FabId& fab, const WorkOrder& order) const;
    void suspect(const FabId& fab, const std::string& key);
    void clear(const FabId& fab, std::string reason);
    std::string suspicion_of(const FabId& fab) const;
    bool may_know_more(const FabId& fab) const;
    std::string distrust_of(const FabId& fab) const;
    std::string refusal_of(const WorkOrder& order, const FabId& fab) const;
    std::string refusal_of_other_run(const FabId& fab, const WorkOrder& order) const;

    // router_restore.cpp: after older records were restored.
    bool may_be_lost(const WorkOrder& order, std::uint64_t epoch) const;
    void take_claim(const WorkOrder& order);
    double distance_to(const FabId& fab, const WorkOrder& order) const;
    void begin_generation();
    void heard_in_inquiry(const FabId& fab);
    void listen_for(const Job& queued);
    void ask_unheard();
    void end_reconcile_if_heard(std::string how);
    [[nodiscard]] std::string refusal_while_reconciling() const;

    // router_work.cpp: matching and the way of a work order.
    void match_waiting();
    [[nodiscard]] std::size_t tries_allowed() const;
    void begin_pass();
    void match_pass();
    void took_from_line(const Job& job, const WorkOrderId& id);
    void want_match(const Job& job);
    void match_one(const WorkOrder& order);
    void wait_for_better(const WorkOrder& order, MatchReport report);
    MatchReport match_now(const Question& question);
    void refresh_world();
    void offer(const WorkOrder& order, Candidate chosen, MatchReport report);
    WorkHistory history_of(const WorkOrder& order) const;
    void add_refusals(const WorkOrder& order, WorkHistory& history) const;
    void move(const WorkOrder& order, WorkEvent event, std::string detail = {});
    void move(WorkMoved fact);
    void settle(const WorkOrder& order);
    void settle_job(const Job& job);
    // What is known of a design, if the analysis that this router runs has seen it.
    [[nodiscard]] const Design* analysed(const DesignReading& reading) const;
    void advance_analysis(const Job& job);
    void give_out_analyses();
    void doubt(const WorkOrder& order, std::string why);

    // router_plan.cpp: which fab a piece of a job of many goes to.
    JobPlan plan_now(const std::vector<PlanWish>& wishes);
    void plan_queued(const Job& job);
    bool plan_pieces(const Job& job, const std::vector<std::size_t>& numbers, std::string reason);
    // Without licence and history.
    Question question_about(const JobSpec& spec,
                            std::uint32_t part,
                            const PartFacts& facts,
                            const IdentityId& submitter) const;
    Question question_of(const Job& job, std::uint32_t part) const;
    WorkHistory history_of_part(const Job& job, std::uint32_t part) const;
    enum class Planned : std::uint8_t { settled, anew };
    Planned match_planned(const WorkOrder& order);
    Planned ask_planned(const WorkOrder& order, const FabView& fab);
    void leave_planned_fab(const WorkOrder& order, const std::string& why);
    TimePoint gone_since(const FabId& fab) const;

    // router_clients.cpp: what designers and operators want.
    void hear(const ClientSaid& from, const message::SubmitJob& body);
    void hear(const ClientSaid& from, const message::CancelJob& body);
    void answer(const ClientSaid& to, Message body);
    void refuse(const ClientSaid& to, Error error);
    const Job* own_job(const ClientSaid& from, const JobId& id);
    std::optional<message::Failure> fault_of(const ClientSaid& from,
                                             const message::SubmitJob& body);
    std::optional<message::Failure> crowd_of(const ClientSaid& from,
                                             const message::SubmitJob& body);
    std::string stop_for_cancel(const Job& job, const std::string& reason);
    std::optional<std::int64_t> seconds_left(const JobSpec& spec) const;

    // router_relay.cpp: what operators tell their fabs from elsewhere.
    void hear(const ClientSaid& from, const message::RelayCommand& body);
    std::optional<message::Failure> fault_of(const ClientSaid& from,
                                             const message::RelayCommand& body);
    void end_relay(const Relay& relay, Error error);
    void end_late_relays();
    void end_relays_of(const FabId& fab);

    // router_quotes.cpp: what they are told before they submit.
    void hear(const ClientSaid& from, const message::AskQuote& body);
    Result<std::vector<PlanWish>> wishes_of(const ClientSaid& from,
                                            const JobSpec& spec,
                                            const message::AskQuote& body) const;
    std::vector<FootprintBasis> bases_of(const Question& question, const MatchReport& report) const;
    void keep_within_message(message::Quote& quote) const;

    // router_report.cpp: the network as a whole.
    void hear(const ClientSaid& from, const message::AskReport& body);
    Question question_again(const Job& job, std::uint32_t part) const;
    void ask_without(WithoutFab& without, const WorkLog::Period& period);
    std::optional<double> distance_without(Question question, const FabId& gone, WaitsFor& lacks);
    WaitingReport waiting_report() const;

    // router_answers.cpp: what they are told, page by page.
    void hear(const ClientSaid& from, const message::AskJobs& body);
    void hear(const ClientSaid& from, const message::WatchJob& body);
    void hear(const ClientSaid& from, const message::AskWhy& body);
    void hear(const ClientSaid& from, const message::AskFabs& body);
    JobStatus status_of(const Job& job) const;
    [[nodiscard]] std::vector<std::string> remarks_of(const Job& job) const;
    WorkOrderStatus status_of(const WorkOrder& order) const;
    message::FabStatus status_of(const FabId& id, const FabSeen& seen) const;
    message::WorkOrderReason reason_of(const WorkOrder& order) const;
    std::string next_of(const WorkOrder& order) const;
    std::string waits_for(const WorkOrder& order) const;
    std::size_t size_of(const Message& body) const;
    // False: not all of it could be told now.
    bool tell_watcher(SessionNumber session, std::uint64_t correlation, Watch& watch);

    RouterOptions options_;
    Ledger ledger_;
    FabRegistry fabs_;
    World world_;
    std::map<WorkOrderId, Attention> attention_;
    Deadlines deadlines_;
    // Fabs that let an offer for this work run out, and until when they are not asked again.
    struct Silence {
        TimePoint until;
        int times = 0;  // Each makes the rest longer.
    };
    std::map<WorkOrderId, std::map<FabId, Silence>> silent_;
    std::map<WatchKey, Watch> watches_;
    std::map<JobId, std::set<WatchKey>> watches_of_;
    std::set<WatchKey> behind_;  // Something was not told yet.
    AnalysisQueue analyses_;
    CloneWatch clones_;
    RateLimit submits_;
    RateLimit quotes_;
    RateLimit uploads_;
    RateLimit operator_commands_;
    RateLimit operator_looks_;
    Relays relays_;
    RateLimit reports_;
    bool storage_low_ = false;
    std::optional<Moment> started_;
    WallTime steady_from_;  // What steady time was then.

    // Of the step under way.
    Moment now_;
    Effects effects_;
    std::set<JobId> touched_;
    Changes changes_;
    std::uint64_t searches_ = 0;

    std::optional<TimePoint> reconcile_until_;
    // Old work that was queued meanwhile gathers until the fabs are asked about it.
    std::optional<TimePoint> ask_unheard_at_;
    TimePoint asked_unheard_;

    // Matching under way; goes on in the next step when a step has tried enough.
    bool match_wanted_ = false;  // Something in the world is better: all that waits is tried.
    WaitingLines untried_;       // Only these are: nothing has changed but that they are there.
    WaitingLines trying_;        // Those of them that are left of the pass under way.
    MatchPass pass_;
    bool pass_of_all_ = false;
    // When nobody can make one piece, nobody can make the next one of the same part either. The
    // same holds at one fab for the pieces that are planned for it.
    std::set<std::tuple<JobId, std::uint32_t, FabId>> hopeless_;
    std::set<JobId> planned_in_pass_;
    TimePoint tries_at_;
    std::size_t tries_ = 0;  // In steps of this moment.
    // Fabs that a part's plan has left in this step, and why; not gone back to in the same step.
    std::map<std::pair<JobId, std::uint32_t>, std::map<FabId, std::string>> left_;
};

}  // namespace nearfab::router
