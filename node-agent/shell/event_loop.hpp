// SPDX-License-Identifier: GPL-3.0-or-later
// event_loop.hpp - the agent's one thread: sockets, workers and timers in, core, journal, effects.
//
// Each turn: read what came in, let the core take every event, write all its records in one
// transaction, and only then carry out anything else or acknowledge anything. If the journal cannot
// be written the loop ends: an agent that forgets is more dangerous than one that stands still.

#pragma once

#include "base/result.hpp"
#include "host/clock.hpp"
#include "host/signals.hpp"
#include "node-agent/core/agent.hpp"
#include "node-agent/shell/config.hpp"
#include "node-agent/shell/control.hpp"
#include "node-agent/shell/design_fetch.hpp"
#include "node-agent/shell/event_queue.hpp"
#include "node-agent/shell/machine_worker.hpp"
#include "node-agent/shell/preparer.hpp"
#include "store/blob_store.hpp"
#include "store/journal.hpp"
#include "wire/client_session.hpp"
#include "wire/client_socket.hpp"

#include <zmq.hpp>

#include <functional>
#include <map>
#include <memory>
#include <set>
#include <utility>
#include <vector>

namespace nearfab::agent {

// Makes the driver of one machine. main() brings it, so the loop knows no kind of machine.
using MakeDriver = std::function<Result<std::unique_ptr<MachineDriver>>(
    const MachineConfig& machine, const std::string& boot_id)>;

class EventLoop {
public:
    // Opens everything and replays the journal. Errors say which file or address and what to do.
    [[nodiscard]] static Result<std::unique_ptr<EventLoop>> open(Config config,
                                                                 const MakeDriver& make_driver);
    ~EventLoop();
    EventLoop(const EventLoop&) = delete;
    EventLoop& operator=(const EventLoop&) = delete;

    // Runs until SIGTERM or SIGINT. Machines go on with what they do.
    // An error means that going on would be unsafe (the journal could not be written).
    [[nodiscard]] Status run();

private:
    explicit EventLoop(Config config);
    [[nodiscard]] Status open_store();
    [[nodiscard]] Status open_sockets();
    [[nodiscard]] Status open_workers(const MakeDriver& make_driver);
    [[nodiscard]] Status replay();
    [[nodiscard]] Status turn();
    [[nodiscard]] Result<bool> wait();
    void dial_again(TimePoint now);

    void take(Moment now, const wire::client_event::Opened& event);
    void take(Moment now, const wire::client_event::Lost& event);
    void take(Moment now, const wire::client_event::Refused& event);
    void take(Moment now, const wire::client_event::Delivered& event);
    void take(Moment now, const wire::client_event::Acknowledged& event);
    void take(Moment now, const wire::client_event::Dropped& event);
    void hear(Moment now, std::uint64_t correlation, const Message& body);

    void feed(Moment now, const Event& event);
    void feed_if(Moment now, const std::optional<Event>& event);
    [[nodiscard]] Status commit(Moment now);
    void carry_out(Moment now, const effect::Record& effect);
    void carry_out(Moment now, const effect::SendToRouter& effect);
    void carry_out(Moment now, const effect::FetchDesign& effect);
    void carry_out(Moment now, const effect::Prepare& effect);
    void carry_out(Moment now, const effect::PreparePlate& effect);
    void carry_out(Moment now, const effect::UploadToMachine& effect);
    void carry_out(Moment now, const effect::OpenStartGate& effect);
    void carry_out(Moment now, const effect::RevokeStart& effect);
    void carry_out(Moment now, const effect::CancelRun& effect);
    void carry_out(Moment now, const effect::PauseRun& effect);
    void carry_out(Moment now, const effect::TellPresence& effect);
    void carry_out(Moment now, const effect::AnswerOperator& effect);
    [[nodiscard]] PreparationTask task_for(const effect::Prepare& effect) const;
    // What a preparation has used, once the core knows what came of it.
    void unpin(const event::Prepared& made) { preparer_->unpin(made.key); }
    void unpin(const event::PrepareFailed& failed) { preparer_->unpin(failed.key); }
    void unpin(const event::PlatePrepared& made) { preparer_->unpin(made.keys.front()); }
    void unpin(const event::PlateFailed& failed) { preparer_->unpin(failed.keys.front()); }
    template <typename Other>
    void unpin(const Other&) {}
    void throw_away_unneeded(TimePoint now);
    void throw_away_machine_code(const std::set<ContentHash>& needed);

    Config config_;
    SystemClock clock_;
    std::string boot_id_;
    std::unique_ptr<SignalWatch> signals_;
    std::unique_ptr<Journal> journal_;
    std::unique_ptr<BlobStore> designs_;
    std::filesystem::path machine_code_;
    std::unique_ptr<Agent> agent_;
    Effects effects_;  // Decided, not carried out yet.

    zmq::context_t context_;
    std::unique_ptr<wire::ClientSocket> socket_;
    std::unique_ptr<wire::ClientSession> session_;
    std::unique_ptr<Control> control_;
    std::unique_ptr<DesignFetch> fetches_;
    std::vector<std::pair<std::uint64_t, std::uint64_t>> handled_;  // Session and sequence.
    TimePoint dial_again_at_;
    TimePoint throw_away_at_;

    std::unique_ptr<EventQueue> events_;
    std::unique_ptr<Preparer> preparer_;
    std::map<MachineId, std::unique_ptr<MachineWorker>> workers_;
};

}  // namespace nearfab::agent
