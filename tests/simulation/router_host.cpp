// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/router_host.hpp"

#include "router/shell/fact_codec.hpp"
#include "router/shell/job_codec.hpp"
#include "router/shell/ledger_codec.hpp"
#include "tests/router/matching/samples.hpp"

#include <algorithm>

namespace nearfab::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

}  // namespace

RouterHost::RouterHost(Scene& scene, Network& network, WallTime wall)
    : scene_{scene},
      network_{network},
      computer_{"router", scene.now, wall},
      disk_{scene, fuse_, "router"},
      restart_at_{scene.now} {
    disk_.on_synced = [this](WallTime at, std::span<const std::uint8_t> bytes) {
        history_.push_back({at, {bytes.begin(), bytes.end()}});
        scene_.oracle.router_wrote(*router::decode_fact(bytes));
    };
    disk_.between_calls = [this] {
        const bool wanted = process_ && process_->snapshot_wanted && !process_->snapshot;
        if (wanted && scene_.dice.chance(0.2)) read_for_snapshot();
    };
    network_.set_router(false);
}

const router::Router* RouterHost::router() const {
    return process_ ? &process_->core : nullptr;
}

void RouterHost::receive(const std::string& routing_id,
                         const std::optional<wire::Identity>& sender,
                         const Bytes& bytes) {
    next_.reset();
    if (process_) inbox_.push_back({routing_id, sender, bytes});
}

void RouterHost::forgive(const FabId& fab, bool is_gone) {
    next_.reset();
    forgiven_.emplace_back(fab, is_gone);
}

void RouterHost::keys_changed() {
    next_.reset();
    keys_changed_ = true;
}

// ---- Life and death of the program --------------------------------------------------------------

void RouterHost::start() {
    wire::ServerSessionsOptions sessions;
    sessions.name = "router";
    sessions.random = [this] { return scene_.dice.next(); };
    sessions.silence = scene_.setting.silence;
    sessions.stream.keepalive = scene_.setting.keepalive;
    sessions.stream.blocked_retry = seconds{1};
    sessions.stream.queue_bytes_max = scene_.setting.queue_bytes_max;
    router::RouterOptions options = scene_.setting.router;
    options.generation = generation_;
    options.packing = router::job_packing();
    process_ = std::make_unique<Process>(std::move(options), std::move(sessions));
    const Status replayed =
        disk_.open([this](auto piece) { return router::decode_piece(piece, process_->core); },
                   [this](auto, WallTime wall, auto bytes) -> Status {
                       const auto fact = router::decode_fact(bytes);
                       if (!fact) return fail(fact.error());
                       process_->core.replay(wall, *fact);
                       return {};
                   });
    if (!replayed) {
        scene_.tell("router does not start: " + replayed.error().message);
        process_.reset();
        disk_.repair();
        restart_at_ = scene_.now + scene_.dice.between(minutes{1}, minutes{20});
        return;
    }
    scene_.tell("router runs");
    if (disk_.snapshot_seq() > 0) check_ledger();
    states_.clear();
    for (const auto& [id, order] : process_->core.ledger().work_orders())
        states_[id] = order.state;
    jobs_.clear();
    for (const auto& [id, job] : process_->core.ledger().jobs())
        jobs_[id] = job.state;
    process_->core.ledger().closed_jobs().each([this](const router::ClosedJob& closed) {
        const auto whole = process_->core.ledger().unpack(closed);
        jobs_[whole->job.id] = whole->job.state;
        for (const router::WorkOrder& order : whole->orders)
            states_[order.id] = order.state;
    });
    network_.set_router(true);
    const Moment now = computer_.read(scene_.now);
    process_->facts = disk_.synced();
    process_->effects = process_->core.start(now);
    observe(process_->effects);
    commit(now);
}

void RouterHost::end_process(Duration down) {
    next_.reset();
    fuse_.disarm();
    process_.reset();
    inbox_.clear();
    disk_.settle();
    network_.set_router(false);
    network_.reconnect_all(seconds{30});
    restart_at_ = scene_.now + down;
}

void RouterHost::crash(Duration down) {
    if (!process_) return;
    scene_.tell("router is killed");
    end_process(down);
}

void RouterHost::reboot(Duration down) {
    crash(down);
    computer_.boot(scene_.now);
}

bool RouterHost::flip_bit() {
    if (!disk_.flip_bit()) return false;
    crash(seconds{5});
    return true;
}

bool RouterHost::restore_backup() {
    crash(minutes{5});
    const auto kept = disk_.restore();
    if (!kept) return false;
    ++generation_;
    scene_.tell("router: " + std::to_string(*kept) + " facts are restored");
    history_.resize(*kept);
    scene_.oracle.router_restored(*kept);
    return true;
}

void RouterHost::heal() {
    next_.reset();
    fuse_.disarm();
    disk_.heal();
    frozen_until_ = std::min(frozen_until_, scene_.now);
    restart_at_ = std::min(restart_at_, scene_.now + minutes{1});
}

TimePoint RouterHost::find_next() const {
    if (!process_) return std::max(restart_at_, frozen_until_);
    TimePoint next = TimePoint::max();
    if (!inbox_.empty() || !forgiven_.empty() || keys_changed_) next = TimePoint::min();
    next = std::min(next, computer_.true_time(process_->sessions.next_deadline()));
    if (const auto core = process_->core.next_deadline()) {
        next = std::min(next, computer_.true_time(*core));
    }
    if (process_->done_at) next = std::min(next, *process_->done_at);
    if (process_->snapshot) next = std::min(next, process_->snapshot_at);
    if (!process_->analyses.empty()) next = std::min(next, process_->analyses.begin()->first);
    return std::max(next, frozen_until_);
}

void RouterHost::run() {
    next_.reset();
    if (scene_.now < frozen_until_) return;
    try {
        if (!process_) {
            if (scene_.now >= restart_at_) start();
        } else {
            turn(computer_.read(scene_.now));
        }
    } catch (const Crash&) {
        scene_.tell("router dies within a turn");
        end_process(scene_.dice.between(seconds{1}, minutes{10}));
    }
}

// ---- A turn -------------------------------------------------------------------------------------

void RouterHost::turn(Moment now) {
    Process& p = *process_;
    write();
    for (const Packet& packet : std::exchange(inbox_, {}))
        p.sessions.receive(now.boot, packet.routing_id, packet.sender, packet.bytes);
    if (std::exchange(keys_changed_, false)) {
        p.sessions.revoke(
            now.boot, [&](const wire::Identity& identity) { return !network_.knows(identity); });
    }
    p.sessions.tick(now.boot);
    for (const wire::SessionEvent& event : p.sessions.take_events())
        take(now, event);
    while (!p.analyses.empty() && p.analyses.begin()->first <= scene_.now) {
        const router::AnalysisDone done = p.analyses.begin()->second;
        p.analyses.erase(p.analyses.begin());
        feed(now, done);
    }
    for (const auto& [fab, is_gone] : std::exchange(forgiven_, {})) {
        if (p.core.ledger().fab(fab).suspicion) feed(now, router::FabForgiven{fab});
        if (!is_gone) continue;
        scene_.oracle.written_off(fab);
        feed(now, router::FabGone{fab});
    }
    watch_disk(now);
    watch_snapshot();
    if (const auto deadline = p.core.next_deadline(); deadline && *deadline <= now.boot) {
        feed(now, router::Tick{});
    }
    commit(now);
    send_all(now);
}

std::size_t RouterHost::rows_needed() const {
    const auto pending = std::count_if(
        process_->effects.begin(), process_->effects.end(), [](const router::Effect& effect) {
            return std::holds_alternative<router::Record>(effect);
        });
    return process_->facts + static_cast<std::size_t>(pending);
}

void RouterHost::take(Moment now, const wire::SessionEvent& event) {
    Process& p = *process_;
    if (const auto* opened = std::get_if<wire::session_event::Opened>(&event)) {
        const wire::Identity& who = opened->identity;
        if (who.role != Role::agent) return;
        feed(now, router::AgentConnected{FabId{who.name.text()}, opened->boot_id, who.key});
    } else if (const auto* closed = std::get_if<wire::session_event::Closed>(&event)) {
        if (closed->why == wire::CloseReason::slow_consumer) {
            scene_.count(Fault::consumer_cut_off);
            scene_.tell("router: " + closed->name.text() + " does not keep up");
        }
        if (closed->role != Role::agent) {
            feed(now, router::ClientLost{closed->session});
        } else if (!p.sessions.session_of(Role::agent, closed->name)) {
            feed(now, router::AgentLost{FabId{closed->name.text()}});
        }
    } else if (const auto* said = std::get_if<wire::session_event::Delivered>(&event)) {
        if (said->role == Role::agent) {
            take_from_agent(now, *said);
        } else {
            take_from_client(now, *said);
        }
        if (said->sequence == 0) return;
        p.handled.emplace_back(said->session, said->sequence);
        p.log.took(said->session, said->sequence, rows_needed());
    }
}

void RouterHost::take_from_agent(Moment now, const wire::session_event::Delivered& event) {
    const FabId fab{event.name.text()};
    const auto reply = [&](const Message& body) {
        process_->sessions.send(now.boot, event.session, body, event.correlation);
    };
    if (const auto* read = std::get_if<message::ReadChunk>(&event.body)) {
        const auto found = designs_.find(read->design);
        if (found == designs_.end() || !process_->core.may_read(fab, read->design)) {
            reply(message::Failure{{ErrorCode::not_found, "no such design for you", ""}});
            return;
        }
        message::DesignChunk chunk{read->design, 0, found->second.size(), found->second};
        if (scene_.strikes(Fault::chunk_changed)) chunk.bytes[0] ^= 1U;
        reply(chunk);
        return;
    }
    std::visit(
        [&](const auto& m) {
            using M = std::decay_t<decltype(m)>;
            if constexpr (std::is_same_v<M, message::Advertise> ||
                          std::is_same_v<M, message::AcceptOffer> ||
                          std::is_same_v<M, message::DeclineOffer> ||
                          std::is_same_v<M, message::StartRequest> ||
                          std::is_same_v<M, message::AttemptReport> ||
                          std::is_same_v<M, message::Progress> ||
                          std::is_same_v<M, message::Inventory>) {
                feed(now, router::AgentSaid{fab, event.body});
            } else {
                reply(message::Failure{{ErrorCode::unauthorised, "no agent may say this", ""}});
            }
        },
        event.body);
}

void RouterHost::take_from_client(Moment now, const wire::session_event::Delivered& event) {
    if (std::holds_alternative<message::UploadChunk>(event.body)) {
        take_upload(now, event);
        return;
    }
    const bool known = std::holds_alternative<message::SubmitJob>(event.body) ||
                       std::holds_alternative<message::CancelJob>(event.body) ||
                       std::holds_alternative<message::AskJobs>(event.body) ||
                       std::holds_alternative<message::WatchJob>(event.body);
    if (!known) return;
    router::ClientSaid said{
        event.session, event.name, event.role, event.correlation, event.body, {}};
    if (const auto* submit = std::get_if<message::SubmitJob>(&event.body)) {
        for (const PartSpec& part : submit->spec.parts) {
            if (!designs_.contains(part.design)) said.missing_designs.push_back(part.design);
        }
        process_->submissions[{event.session, event.correlation}] = {event.name,
                                                                     submit->idempotency_key};
    }
    feed(now, said);
}

// Whole designs in one chunk; the bytes count only with the right hash.
void RouterHost::take_upload(Moment now, const wire::session_event::Delivered& event) {
    const auto& chunk = std::get<message::UploadChunk>(event.body);
    if (scene_.strikes(Fault::upload_broken_off)) return;
    const bool right = hash_of(chunk.bytes) == chunk.design;
    if (right) designs_[chunk.design] = chunk.bytes;
    const message::UploadStatus status{chunk.design, right ? chunk.bytes.size() : 0, right};
    process_->sessions.send(now.boot, event.session, status, event.correlation);
}

void RouterHost::feed(Moment now, const router::Event& event) {
    router::Effects effects = process_->core.step(now, event);
    ++scene_.steps;
    check_owner(event, effects);
    observe(effects);
    check_share(event, effects);
    std::move(effects.begin(), effects.end(), std::back_inserter(process_->effects));
}

namespace {

// Whether these effects take an attempt at this work back into restored records.
bool takes_back(const router::Effects& effects, const WorkOrderId& order) {
    return std::any_of(effects.begin(), effects.end(), [&](const router::Effect& effect) {
        const auto* record = std::get_if<router::Record>(&effect);
        if (record == nullptr) return false;
        const auto* adopted = std::get_if<router::AttemptAdopted>(&record->fact);
        const auto* claimed = std::get_if<router::AttemptClaimed>(&record->fact);
        return (adopted != nullptr && adopted->work_order == order) ||
               (claimed != nullptr && claimed->work_order == order);
    });
}

}  // namespace

// INV7: what an agent says moves no work but its own.
void RouterHost::check_owner(const router::Event& event, const router::Effects& effects) const {
    const auto* said = std::get_if<router::AgentSaid>(&event);
    if (said == nullptr) return;
    using E = router::WorkEvent;
    for (const router::Effect& effect : effects) {
        const auto* record = std::get_if<router::Record>(&effect);
        const auto* moved =
            record == nullptr ? nullptr : std::get_if<router::WorkMoved>(&record->fact);
        if (moved == nullptr) continue;
        // A fab that answers an inquiry after a restore takes queued or reserved work, or says that
        // its attempt is the later one; what the records hold then gives way, or is in doubt.
        const bool follows = moved->event == E::cancelled || moved->event == E::given_up ||
                             moved->event == E::released || moved->event == E::doubted;
        const auto& order = *process_->core.ledger().work_order(moved->work_order);
        const auto holder = order.held_by.find(moved->epoch);
        if (holder == order.held_by.end() || holder->second.fab == said->fab) continue;
        if (follows && takes_back(effects, moved->work_order)) continue;
        throw Violation{"INV7: " + said->fab.text() + " moved " + moved->work_order.text() +
                        ", which " + holder->second.fab.text() + " holds"};
    }
}

// INV9: nobody has more unfinished jobs than one may have.
void RouterHost::check_share(const router::Event& event, const router::Effects& effects) const {
    const auto* said = std::get_if<router::ClientSaid>(&event);
    if (said == nullptr) return;
    const bool took_one =
        std::any_of(effects.begin(), effects.end(), [](const router::Effect& effect) {
            const auto* record = std::get_if<router::Record>(&effect);
            return record != nullptr && std::holds_alternative<router::JobSubmitted>(record->fact);
        });
    const std::size_t has = process_->core.ledger().unfinished_of(said->who);
    if (!took_one || has <= scene_.setting.router.unfinished_jobs_max) return;
    throw Violation{"INV9: " + said->who.text() + " has " + std::to_string(has) +
                    " unfinished jobs"};
}

void RouterHost::carry_out(Moment now, const router::Effect& effect) {
    Process& p = *process_;
    if (const auto* tell = std::get_if<router::Tell>(&effect)) {
        const auto session = p.sessions.session_of(Role::agent, IdentityId{tell->fab.text()});
        if (session) p.sessions.send(now.boot, *session, tell->body);
    } else if (const auto* answer = std::get_if<router::Answer>(&effect)) {
        if (const auto* accepted = std::get_if<message::JobAccepted>(&answer->body)) {
            const auto& [who, key] = p.submissions.at({answer->session, answer->correlation});
            scene_.oracle.job_accepted(who, key, accepted->job);
        }
        p.sessions.send(now.boot, answer->session, answer->body, answer->correlation);
    } else if (const auto* analysed = std::get_if<router::Analyse>(&effect)) {
        analyse(analysed->design);
    }
}

void RouterHost::analyse(const DesignReading& design) {
    const Duration takes = scene_.dice.between(seconds{1}, minutes{2});
    router::AnalysisDone done{design, fail(ErrorCode::timed_out, "the analysis took too long")};
    if (!scene_.strikes(Fault::analysis_failed)) {
        // The size of the part is in the hash, so that every analysis finds the same.
        const double size = 10 + design.design.bytes[0] % 90;
        // A flat one, which a mill can make as well.
        done.outcome = router::testing::box(size, 20, 10);
        done.outcome->sheet = router::testing::plate(size, 20, 10).sheet;
    }
    process_->analyses.emplace(scene_.now + takes, std::move(done));
}

void RouterHost::send_all(Moment now) {
    Process& p = *process_;
    for (const auto& message : p.sessions.take_outgoing(now.boot)) {
        fuse_.burn();
        p.log.check_frame(message.bytes, disk_.synced());
        switch (network_.down(message.routing_id, message.bytes)) {
            case Network::Sent::sent:
                break;
            case Network::Sent::blocked:
                p.sessions.blocked(now.boot, message);
                break;
            case Network::Sent::gone:
                p.sessions.gone(now.boot, message.routing_id);
                break;
        }
    }
}

}  // namespace nearfab::simulation
