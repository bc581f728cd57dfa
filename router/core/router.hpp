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
// A Router belongs to one event loop; it is not safe to share between threads.

#pragma once

#include "base/clock.hpp"
#include "router/core/effect.hpp"
#include "router/core/event.hpp"
#include "router/core/fab_registry.hpp"
#include "router/core/ledger.hpp"
#include "router/matching/question.hpp"

#include <map>
#include <optional>
#include <set>
#include <string>
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
};

class Router {
public:
    explicit Router(RouterOptions options) : options_{options} {}

    // Takes one remembered fact back in. Only before start().
    void replay(WallTime at, const Fact& fact) { ledger_.apply(at, fact); }

    // After the replay: goes on where the facts end (analyses that were under way, timers).
    [[nodiscard]] Effects start(Moment now);

    // Takes in one event and returns what follows from it.
    //
    // The shell must make every Record durable before it carries out any other effect; otherwise a
    // crash could make two fabs build the same part.
    //
    // REQUIRES: now.boot is never earlier than in the previous call.
    [[nodiscard]] Effects step(Moment now, const Event& event);

    // The earliest moment at which a Tick would change anything, if there is one.
    [[nodiscard]] std::optional<TimePoint> next_deadline() const;

    [[nodiscard]] const Ledger& ledger() const { return ledger_; }
    [[nodiscard]] const FabRegistry& fabs() const { return fabs_; }

    // May this agent read this design? Only while it holds (or held) work that needs it.
    [[nodiscard]] bool may_read(const FabId& fab, const ContentHash& design) const;

private:
    // The transient side of an open work order.
    struct Attention {
        std::optional<TimePoint> deadline;  // What happens then follows from the state.
        TimePoint expected_finish;
        std::string phase;
        double progress = 0;
        std::int64_t remaining_s = 0;
    };
    struct Watch {
        JobId job;
        std::uint64_t after_event = 0;
    };

    // router.cpp: dispatch, time, records.
    void take(const AgentConnected& event);
    void take(const AgentLost& event);
    void take(const AgentSaid& event);
    void take(const ClientSaid& event);
    void take(const ClientLost& event);
    void take(const AnalysisDone& event);
    void take(const StorageLow& event);
    void take(const Tick& event);
    void record(Fact fact);
    void tell(const FabId& fab, Message body) { effects_.push_back(Tell{fab, std::move(body)}); }
    void expire(const WorkOrder& order);
    void arm(const WorkOrder& order);
    Effects finish_step();

    // router_fabs.cpp: what agents say.
    void hear(const FabId& fab, const message::Advertise& body);
    void hear(const FabId& fab, const message::AcceptOffer& body);
    void hear(const FabId& fab, const message::DeclineOffer& body);
    void hear(const FabId& fab, const message::StartRequest& body);
    void hear(const FabId& fab, const message::AttemptReport& body);
    void hear(const FabId& fab, const message::Progress& body);
    void hear(const FabId& fab, const message::Inventory& body);
    const WorkOrder* current_attempt(const FabId& fab, const WorkOrderId& id, std::uint64_t epoch);
    std::string refusal_to_start(const WorkOrder& order, const message::StartRequest& body) const;
    void take_late_report(const FabId& fab,
                          const WorkOrder& order,
                          const message::AttemptReport& body);
    void reconcile(const FabId& fab, const WorkOrder& order, const message::Inventory& body);
    void withdraw(const FabId& fab, const WorkOrderId& id, std::uint64_t epoch, std::string reason);
    message::Offer offer_of(const WorkOrder& order) const;

    // router_work.cpp: matching and the way of a work order.
    void match_all_queued();
    void match_one(const WorkOrder& order);
    // `order` is null for a quote: nobody has said no to it yet.
    std::vector<FabView> views_for(const MaterialId& material, const WorkOrder* order) const;
    std::string distrust_of(const FabId& fab) const;
    std::string refusal_of(const WorkOrder& order, const FabId& fab) const;
    void move(const WorkOrder& order, WorkEvent event, std::string detail = {});
    void move(WorkMoved fact);
    void settle(const WorkOrder& order);
    void settle_job(const Job& job);
    void advance_analysis(const Job& job);
    void doubt(const WorkOrder& order, std::string why);

    // router_clients.cpp: what designers and operators ask.
    void hear(const ClientSaid& from, const message::SubmitJob& body);
    void hear(const ClientSaid& from, const message::AskQuote& body);
    void hear(const ClientSaid& from, const message::AskJobs& body);
    void hear(const ClientSaid& from, const message::WatchJob& body);
    void hear(const ClientSaid& from, const message::AskWhy& body);
    void hear(const ClientSaid& from, const message::CancelJob& body);
    void hear(const ClientSaid& from, const message::AskFabs& body);
    void answer(const ClientSaid& to, Message body);
    void refuse(const ClientSaid& to, Error error);
    const Job* own_job(const ClientSaid& from, const JobId& id);
    std::optional<Error> fault_of(const ClientSaid& from, const message::SubmitJob& body) const;
    std::string stop_for_cancel(const Job& job, const std::string& reason);
    JobStatus status_of(const Job& job) const;
    void update_watch(SessionNumber session, std::uint64_t correlation, Watch& watch);
    std::optional<std::int64_t> seconds_left(const JobSpec& spec) const;

    RouterOptions options_;
    Ledger ledger_;
    FabRegistry fabs_;
    std::map<WorkOrderId, Attention> attention_;
    // Fabs that let an offer for this work run out, and until when they are not asked again.
    struct Silence {
        TimePoint until;
        int times = 0;  // Each makes the rest longer.
    };
    std::map<WorkOrderId, std::map<FabId, Silence>> silent_;
    std::map<std::pair<SessionNumber, std::uint64_t>, Watch> watches_;
    std::set<ContentHash> analysing_;
    bool storage_low_ = false;

    // Of the step under way.
    Moment now_;
    Effects effects_;
    std::set<JobId> touched_;
    bool match_wanted_ = false;
};

}  // namespace nearfab::router
