// SPDX-License-Identifier: GPL-3.0-or-later
// agent.hpp - the decisions of a fab's agent, and nothing else.
//
// An Agent is a state machine. The shell gives it one Event at a time, with the moment at which the
// event was seen, and carries out the Effects that come back, records first (effect.hpp). The Agent
// reads no clock, opens no socket and touches no machine: the same facts and events always lead to
// the same effects, so any fault seen in a fab can be replayed from its journal.
//
// The agent owns the machines, the router owns the work orders; a start needs both. Everything an
// attempt may do is in attempt.hpp; what the operator knows (bed clear, part good) is never
// guessed.
//
// An Agent belongs to one event loop; it is not safe to share between threads.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"
#include "node-agent/core/effect.hpp"
#include "node-agent/core/event.hpp"
#include "node-agent/core/fact.hpp"
#include "node-agent/core/machine_book.hpp"
#include "node-agent/core/options.hpp"
#include "node-agent/core/work.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace nearfab::agent {

class Agent {
public:
    explicit Agent(AgentOptions options);

    // Takes one fact of the journal back in, in the order of the journal, before the first step.
    // Error conflict: the fact does not follow from the ones before; the journal is not ours.
    [[nodiscard]] Status replay(WallTime at, const Fact& fact);

    // Takes in one event and returns what follows from it. The first call also settles what the
    // restart left open, so it should come right after the replay.
    //
    // REQUIRES: `now` is never earlier than in the previous call.
    [[nodiscard]] Effects step(Moment now, const Event& event);

    // The earliest moment at which a Tick would change anything, if there is one.
    [[nodiscard]] std::optional<TimePoint> next_deadline() const;

    // For people.
    [[nodiscard]] message::AgentStatus status(TimePoint now) const;

    [[nodiscard]] const AgentOptions& options() const { return options_; }
    [[nodiscard]] const std::map<AttemptKey, Work>& work() const { return work_; }
    [[nodiscard]] const std::map<MachineId, Machine>& machines() const { return machines_.all(); }
    // 0 when the work order was never heard of.
    [[nodiscard]] std::uint64_t highest_epoch(const WorkOrderId& work_order) const;
    // Start rights that came too late or for a question nobody asked; never acted on.
    [[nodiscard]] std::uint64_t stale_rights() const { return stale_rights_; }
    [[nodiscard]] bool connected() const { return connected_; }

private:
    // One step under way: what was decided so far.
    struct Step {
        Moment now;
        Effects records;
        Effects others;
    };
    using Answer = Result<std::string>;

    // agent.cpp: facts, sending, the books.
    void record(Step& step, Fact fact);
    void apply(const Fact& fact);
    [[nodiscard]] Status fits(const Fact& fact) const;
    void note(const fact::Seen& fact);
    void note(const fact::Plated& fact);
    void note(const fact::Unplated& fact);
    void note(const fact::Ended& fact, Stage before);
    void note_attempt(Work& work, const Fact& fact, Stage before);
    void note_machine(const Fact& fact);
    void note_epoch(const AttemptKey& key);
    void send(Step& step, Message message, bool reliable, std::uint64_t token = 0) const;
    void report(Step& step, const Work& work);
    void forget_settled();
    [[nodiscard]] Work* find(const AttemptKey& key);
    [[nodiscard]] const Work* holder_of(const MachineId& machine) const;
    [[nodiscard]] Work* holder_of(const MachineId& machine);
    [[nodiscard]] std::int64_t backlog_s(const Machine& machine) const;

    // agent_offers.cpp: offers and reservations.
    void take(Step& step, const message::Offer& offer);
    void take(Step& step, const message::ConfirmReservation& message);
    void take(Step& step, const message::WithdrawWork& message);
    void take(Step& step, const message::StopWork& message);
    void take(Step& step, const message::AskInventory& message);
    [[nodiscard]] bool answer_known(Step& step, const message::Offer& offer);
    void decline(Step& step, const message::Offer& offer, const std::string& reason);
    void reserve(Step& step, Work& work);
    void release(Step& step, Work& work, const std::string& reason, bool router_knows = false);
    void release_waiting(Step& step, const MachineId& machine, const std::string& reason);
    void hold(Step& step, Work& work);
    [[nodiscard]] std::optional<std::string> why_not_now(const message::Offer& offer) const;

    // agent_stock.cpp: what is loaded.
    void note(const fact::Loaded& fact);
    void note_use(const Work& work);
    void settle_stock(Step& step);
    [[nodiscard]] Answer load(Step& step, const message::OperatorCommand& command);
    [[nodiscard]] double promised_g(const MachineId& machine, const MaterialId& material) const;
    [[nodiscard]] fact::Loaded loaded_now(const Machine& machine,
                                          const MaterialId& material,
                                          double grams) const;
    // Waiting work that the machine has too little for, the newest first.
    void give_back_uncovered(Step& step, const Machine& machine);
    [[nodiscard]] std::size_t waiting_for(const MachineId& machine) const;
    [[nodiscard]] std::string loaded_text(const Machine& machine,
                                          const MaterialId& material,
                                          const message::OperatorCommand& command,
                                          std::size_t given_back) const;
    // What a person should know who has just said what is there.
    [[nodiscard]] std::string about_runs(const Machine& machine, const MaterialId& material) const;
    [[nodiscard]] bool has_material_for(const Work& leader) const;

    // agent_preparation.cpp: from a confirmed reservation to a file on the machine.
    void take(Step& step, const event::DesignFetched& event);
    void take(Step& step, const event::DesignFetchFailed& event);
    void take(Step& step, const event::Prepared& event);
    void take(Step& step, const event::PrepareFailed& event);
    void take(Step& step, const event::UploadedToMachine& event);
    void take(Step& step, const event::UploadFailed& event);
    void go_on_preparing(Step& step, Work& work);
    [[nodiscard]] static effect::Prepare preparation_of(const Work& work);

    // agent_plate.cpp: several pieces in one run.
    void take(Step& step, const event::PlatePrepared& event);
    void take(Step& step, const event::PlateFailed& event);
    void form_plates(Step& step);
    void form_plate(Step& step, const Machine& machine);
    void mend_plates(Step& step);
    void dissolve(Step& step, const Plate& plate, const std::string& reason);
    // These were tried together, and are not tried again.
    void give_up_plate(Step& step, const Plate& plate, const std::string& reason);
    void forget_failed_plates();
    // What did not fit its material may fit what is there now.
    void try_plates_again(const MachineId& machine);
    [[nodiscard]] std::vector<std::vector<Work*>> plates_to_try(const Machine& machine);
    [[nodiscard]] std::vector<Work*> all_of_an_asked_plate(const std::vector<AttemptKey>& keys);
    // What it has on it, the leader first; without what was forgotten.
    [[nodiscard]] std::vector<Work*> pieces_of(const Plate& plate);
    // All that wait or occupy the machine in the same run, the leader first if it is one of them.
    [[nodiscard]] std::vector<Work*> together(Work& work);
    [[nodiscard]] std::vector<const Work*> together(const Work& work) const;
    // Who stands for that run: what the machine is told and asked is noted there. The leader,
    // unless a person has said already what came of it; itself if it is alone.
    [[nodiscard]] Work& leader_of(Work& work);
    [[nodiscard]] const Work& leader_of(const Work& work) const;
    [[nodiscard]] std::string phase_of(const Work& work) const;
    [[nodiscard]] std::string describe(const Work& work) const;
    // Of those that share its run, some are over; a machine that was started knows no such thing.
    [[nodiscard]] bool some_ended_beside(const Work& work) const;
    [[nodiscard]] bool may_be_plated(const fact::Plated& fact) const;
    void plate_upload_failed(Step& step, Work& leader, const event::UploadFailed& event);
    // Nobody wants anything of its run any more.
    [[nodiscard]] bool may_be_stopped(const Work& work) const;

    // agent_start.cpp: the start right and the gate.
    void take(Step& step, const message::StartRight& right);
    void take(Step& step, const message::StartRefused& refusal);
    void take(Step& step, const event::StartGateAnswered& event);
    void start_what_is_ready(Step& step);
    void ask_for_start(Step& step, Work& work, const Machine& machine);
    void open_gate(Step& step, Work& work, const Machine& machine);
    void recall_starts(Step& step);
    void recall_start(Step& step, Work& leader);
    [[nodiscard]] std::optional<std::string> why_not_wanted(const Work& work) const;
    [[nodiscard]] std::optional<std::string> why_no_run(const Work& leader) const;
    void burn_run(Step& step, Work& work, const std::string& reason);
    void burn(Step& step, Work& work, const std::string& reason);
    [[nodiscard]] std::uint64_t fresh_nonce();

    // agent_machines.cpp: what machines say.
    void take(Step& step, const event::MachineRead& event);
    void take(Step& step, const event::CancelAnswered& event);
    void judge(Step& step, Work& work, const MachineReading& reading);
    [[nodiscard]] bool failed_unsafely(const Work& work, const LastRun& run);
    void judge_absence(Step& step, Work& work);
    void note_foreign_runs(Step& step, Machine& machine, const MachineReading& reading);
    void release_run_by_hand(Step& step, const MachineId& machine, const MachineReading& reading);
    [[nodiscard]] bool knows_file(const Machine& machine, const std::string& file) const;
    void run(Step& step, Work& work);
    void end(Step& step, Work& work, bool produced, std::string detail, bool unsafe = false);
    void end_run(
        Step& step, Work& work, bool produced, const std::string& detail, bool unsafe = false);
    void doubt_run(Step& step, Work& work, const std::string& detail, bool fault = false);
    void doubt(Step& step, Work& work, const std::string& detail, bool fault = false);
    void close(Step& step, const MachineId& machine, const std::string& reason);
    void note_empty_bed(Step& step, Machine& machine);
    void stop_machine(Step& step, Work& work);

    // agent_operator.cpp: commands of people.
    void take(Step& step, const event::OperatorAsked& event);
    // Nothing: the machine must be asked first, and the answer comes later.
    [[nodiscard]] std::optional<Answer> obey(Step& step,
                                             const message::OperatorCommand& command,
                                             const Asker& asker);
    void answer(Step& step, const Asker& asker, Answer done);
    [[nodiscard]] Answer obey_for_work(Step& step, const message::OperatorCommand& command);
    [[nodiscard]] Answer accept_work(Step& step, Work& work);
    [[nodiscard]] Answer decline_work(Step& step, Work& work, const std::string& why);
    [[nodiscard]] Answer inspect(Step& step, Work& work, bool good, const std::string& what);
    [[nodiscard]] Answer hand_over(Step& step, Work& work);
    [[nodiscard]] Answer resolve(Step& step, Work& work, const std::string& verdict);
    [[nodiscard]] Answer clear_bed(Step& step, const MachineId& machine);
    [[nodiscard]] Answer presence(Step& step, const message::OperatorCommand& command);
    [[nodiscard]] Answer drain_or_resume(Step& step, const message::OperatorCommand& command);
    [[nodiscard]] Result<Work*> work_named(const WorkOrderId& prefix);
    [[nodiscard]] Result<Machine*> machine_named(const MachineId& id);

    // agent_pause.cpp: a person holds a run of ours, and lets it go on.
    [[nodiscard]] std::optional<Answer> pause_or_go_on(Step& step,
                                                       const message::OperatorCommand& command,
                                                       const Asker& asker);
    [[nodiscard]] Answer wrong_state(const Work& work, const std::string& wanted) const;
    [[nodiscard]] std::optional<Answer> why_not_held(const Machine& machine,
                                                     const Work* work) const;
    [[nodiscard]] std::optional<Answer> why_not_pause(const Machine& machine,
                                                      const Work* work) const;
    [[nodiscard]] std::optional<Answer> why_not_go_on(TimePoint now,
                                                      const Machine& machine,
                                                      const Work* work) const;
    void take(Step& step, const event::PauseAnswered& event);
    void note_going_on(Step& step, Work& work);
    void note_pause(Step& step, Work& work, bool halted);

    // agent_relay.cpp: commands by way of the router.
    void take(Step& step, const message::RelayedCommand& message);
    void answer_far(Step& step, const FarAsker& asker, Answer done);
    [[nodiscard]] const fact::Obeyed* obeyed(const FarAsker& asker) const;
    [[nodiscard]] Result<message::Pass> give_pass(TimePoint now, std::uint64_t request);
    [[nodiscard]] std::optional<Answer> obey_from_afar(Step& step,
                                                       const FarAsker& asker,
                                                       const message::PassedCommand& passed);
    [[nodiscard]] Status may_be_there(TimePoint now, const message::OperatorCommand& command);
    [[nodiscard]] std::int64_t seconds_until_code(TimePoint now, const MachineId& id);
    void note(const fact::Obeyed& fact);

    // agent_time.cpp: sessions, deadlines, what is said regularly.
    void take(Step& step, const event::SessionOpened& event);
    void take(Step& step, const event::SessionLost& event);
    void take(Step& step, const event::Acknowledged& event);
    void take(Step& step, const event::Tick& event);
    void settle_restart(Step& step);
    void settle_restart(Step& step, Work& work);
    void keep_time(Step& step);
    void keep_time(Step& step, Work& work);
    void tell_router(Step& step);
    void advertise(Step& step);
    void advertise_soon(TimePoint now);
    void tell_inventory(Step& step);
    [[nodiscard]] message::Inventory inventory(bool with_ended) const;
    void tell_progress(Step& step, Work& work) const;
    void note_wait_reasons(TimePoint now);
    void list_work(message::AgentStatus& status) const;
    [[nodiscard]] Advertisement advertisement() const;
    [[nodiscard]] std::vector<MachineState> states() const;
    [[nodiscard]] Duration jittered(Duration interval);

    AgentOptions options_;
    std::map<AttemptKey, Work> work_;
    MachineBook machines_;
    std::map<WorkOrderId, std::uint64_t> epochs_;
    std::uint64_t orders_ = 0;
    bool restart_settled_ = false;

    bool connected_ = false;
    std::uint64_t sessions_ = 0;  // Opened so far.
    std::string router_;
    std::uint64_t tokens_ = 0;
    std::map<std::uint64_t, fact::Reported> unacknowledged_;     // By token, of this session.
    std::map<MachineId, std::vector<AttemptKey>> plates_asked_;  // Being prepared.
    std::set<WorkOrderId> refused_often_;  // Whose starts the router refused: they are made alone.
    // Pieces that did not go together, and why is not for this run of the program to find out
    // again.
    std::set<std::vector<AttemptKey>> failed_plates_;
    std::set<ContentHash> designs_;  // Here and verified.
    struct GivenPass {
        std::uint64_t number = 0;
        TimePoint given;
    };
    std::map<std::uint64_t, GivenPass> passes_;  // By the router's number, of this session.
    std::deque<fact::Obeyed> obeyed_;            // The last ones, oldest first.
    std::uint64_t nonces_ = 0;
    std::uint64_t jitters_ = 0;
    std::uint64_t stale_rights_ = 0;

    TimePoint advert_at_;
    TimePoint advert_told_at_;
    TimePoint advert_changed_at_;  // When a change may be told, if there is one.
    TimePoint inventory_at_;
    TimePoint progress_at_;
    std::vector<MachineState> states_told_;
    bool advert_is_old_ = false;
};

// The 64-bit finaliser of splitmix64 (Steele, Lea, Flood 2014): spreads a counter, no randomness.
[[nodiscard]] std::uint64_t spread(std::uint64_t seed, std::uint64_t counter);

}  // namespace nearfab::agent
