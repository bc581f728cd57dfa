// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/agent_host.hpp"

#include "node-agent/core/invariants.hpp"
#include "node-agent/shell/fact_codec.hpp"
#include "node-agent/shell/settle.hpp"

#include <algorithm>

namespace nearfab::simulation {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;

}  // namespace

AgentHost::AgentHost(Scene& scene,
                     Network& network,
                     std::string name,
                     agent::AgentOptions options,
                     MachineOfFab machines,
                     WallTime wall)
    : scene_{scene},
      network_{network},
      name_{std::move(name)},
      options_{std::move(options)},
      machines_{std::move(machines)},
      computer_{name_, scene.now, wall},
      disk_{scene, fuse_, "agent"},
      restart_at_{scene.now + scene.dice.between({}, seconds{20})} {
    wire_up();
}

AgentHost::AgentHost(const AgentHost& original, std::string name)
    : scene_{original.scene_},
      network_{original.network_},
      name_{std::move(name)},
      options_{original.options_},
      machines_{original.machines_},
      computer_{name_, scene_.now, original.computer_.read(scene_.now).wall},
      disk_{original.disk_, fuse_},
      designs_{original.designs_},
      code_{original.code_},
      restart_at_{scene_.now + scene_.dice.between({}, minutes{5})} {
    wire_up();
}

void AgentHost::wire_up() {
    disk_.on_synced = [this](WallTime, std::span<const std::uint8_t> bytes) {
        scene_.oracle.agent_wrote(name_, *agent::decode_fact(bytes));
    };
}

const agent::Agent* AgentHost::agent() const {
    return process_ ? &process_->core : nullptr;
}

void AgentHost::receive(const Bytes& bytes) {
    next_.reset();
    if (process_) inbox_.push_back(bytes);
}

void AgentHost::order(message::OperatorCommand command) {
    next_.reset();
    if (!process_) return;
    process_->events.push_back(
        agent::event::OperatorAsked{1, std::move(command), computer_.read(scene_.now).boot});
}

// ---- Life and death of the program --------------------------------------------------------------

void AgentHost::start() {
    agent::AgentOptions options = options_;
    options.boot_id = computer_.boot_id();
    options.nonce_seed = scene_.dice.next();
    wire::ClientSessionOptions session;
    session.software = "simulation";
    session.boot_id = name_ + "-run-" + std::to_string(scene_.dice.next());
    session.role = Role::agent;
    session.silence = scene_.setting.silence;
    session.stream.keepalive = scene_.setting.keepalive;
    session.stream.blocked_retry = seconds{1};
    const Moment now = computer_.read(scene_.now);
    process_ = std::make_unique<Process>(std::move(options), std::move(session), now.boot);
    const auto no_snapshot = [](auto) -> Status {
        return fail(ErrorCode::internal, "an agent makes no snapshots");
    };
    const Status replayed = disk_.open(no_snapshot, [this](auto, WallTime wall, auto bytes) {
        const auto fact = agent::decode_fact(bytes);
        return fact ? process_->core.replay(wall, *fact) : fail(fact.error());
    });
    if (!replayed) {
        // It refuses to start on a damaged journal; its operator brings back the copy.
        scene_.tell(name_ + " does not start: " + replayed.error().message);
        process_.reset();
        disk_.repair();
        restart_at_ = scene_.now + scene_.dice.between(minutes{1}, minutes{20});
        return;
    }
    scene_.tell(name_ + " runs");
    for (const auto& [key, work] : process_->core.work())
        process_->stages[key] = work.stage;
    for (const auto& [id, machine] : machines_)
        process_->next_look[id] = scene_.now + scene_.dice.between({}, seconds{1});
    feed(now, agent::event::Tick{});
    commit(now);
}

void AgentHost::end_process(Duration down) {
    next_.reset();
    fuse_.disarm();
    process_.reset();
    inbox_.clear();
    disk_.settle();
    network_.reconnect(line_);
    restart_at_ = scene_.now + down;
}

void AgentHost::crash(Duration down) {
    if (!process_) return;
    scene_.tell(name_ + " is killed");
    end_process(down);
}

void AgentHost::reboot(Duration down) {
    crash(down);
    computer_.boot(scene_.now);
}

bool AgentHost::flip_bit() {
    if (!disk_.flip_bit()) return false;
    crash(seconds{5});
    return true;
}

void AgentHost::die() {
    crash({});
    next_.reset();
    dead_ = true;
}

void AgentHost::heal() {
    next_.reset();
    fuse_.disarm();
    disk_.heal();
    frozen_until_ = std::min(frozen_until_, scene_.now);
    restart_at_ = std::min(restart_at_, scene_.now + minutes{1});
}

TimePoint AgentHost::find_next() const {
    if (dead_) return TimePoint::max();
    if (!process_) return std::max(restart_at_, frozen_until_);
    TimePoint next = TimePoint::max();
    if (!inbox_.empty() || !process_->events.empty()) next = TimePoint::min();
    next = std::min(next, computer_.true_time(process_->session.next_deadline()));
    if (const auto core = process_->core.next_deadline()) {
        next = std::min(next, computer_.true_time(*core));
    }
    for (const Task& task : process_->tasks)
        next = std::min(next, task.due);
    for (const auto& [design, again] : process_->fetches)
        next = std::min(next, again);
    for (const auto& [machine, at] : process_->next_look)
        next = std::min(next, at);
    return std::max(next, frozen_until_);
}

void AgentHost::run() {
    next_.reset();
    if (dead_ || scene_.now < frozen_until_) return;
    try {
        if (!process_) {
            if (scene_.now >= restart_at_) start();
        } else {
            turn(computer_.read(scene_.now));
        }
    } catch (const Crash&) {
        scene_.tell(name_ + " dies within a turn");
        end_process(scene_.dice.between(seconds{1}, minutes{10}));
    }
}

// ---- A turn -------------------------------------------------------------------------------------

void AgentHost::turn(Moment now) {
    Process& p = *process_;
    for (const Bytes& bytes : std::exchange(inbox_, {}))
        p.session.receive(now.boot, bytes);
    p.session.tick(now.boot);
    for (const wire::ClientEvent& event : p.session.take_events())
        take(now, event);
    look();
    run_tasks();
    now = computer_.read(scene_.now);  // A gate may have taken its time.
    while (!p.events.empty()) {
        const agent::Event event = std::move(p.events.front());
        p.events.pop_front();
        feed(now, event);
    }
    for (auto& [design, again] : p.fetches) {
        if (again <= scene_.now) fetch(now, design);
    }
    if (const auto deadline = p.core.next_deadline(); deadline && *deadline <= now.boot) {
        feed(now, agent::event::Tick{});
    }
    commit(now);
    for (const auto& [session, sequence] : std::exchange(p.handled, {}))
        p.session.handled(session, sequence);
    send_all(now);
}

std::size_t AgentHost::rows_needed() const {
    const auto pending = std::count_if(
        process_->effects.begin(), process_->effects.end(), [](const agent::Effect& effect) {
            return std::holds_alternative<agent::effect::Record>(effect);
        });
    return disk_.synced() + static_cast<std::size_t>(pending);
}

void AgentHost::take(Moment now, const wire::ClientEvent& event) {
    Process& p = *process_;
    if (const auto* opened = std::get_if<wire::client_event::Opened>(&event)) {
        feed(now, agent::event::SessionOpened{opened->welcome.router});
        for (auto& [design, again] : p.fetches)
            again = scene_.now;
    } else if (std::holds_alternative<wire::client_event::Lost>(event)) {
        feed(now, agent::event::SessionLost{});
    } else if (const auto* said = std::get_if<wire::client_event::Delivered>(&event)) {
        hear(now, said->body);
        if (said->sequence == 0) return;
        p.handled.emplace_back(said->session, said->sequence);
        p.log.took(said->session, said->sequence, rows_needed());
    } else if (const auto* done = std::get_if<wire::client_event::Acknowledged>(&event)) {
        feed(now, agent::event::Acknowledged{done->token});
    }
}

void AgentHost::hear(Moment now, const Message& body) {
    std::visit(
        [&](const auto& m) {
            using M = std::decay_t<decltype(m)>;
            if constexpr (std::is_same_v<M, message::DesignChunk>) {
                take_chunk(m);
            } else if constexpr (std::is_same_v<M, message::StartRight>) {
                take_right(now, m);
            } else if constexpr (std::is_constructible_v<agent::Event, const M&>) {
                feed(now, agent::Event{m});
            }
        },
        body);
}

// It may get lost after it has arrived, or lie somewhere for a long time; or everything stops in
// some queue, which is let go at once, hours of it, the oldest first.
void AgentHost::take_right(Moment now, const message::StartRight& right) {
    Process& p = *process_;
    const auto later = [this, right] { hear_right(computer_.read(scene_.now), right); };
    if (p.rights_stop_until <= scene_.now && scene_.strikes(Fault::rights_stuck)) {
        p.rights_stop_until = scene_.now + scene_.dice.between(seconds{5}, minutes{6});
    }
    if (p.rights_stop_until > scene_.now) {
        const Duration left = p.rights_stop_until - scene_.now;
        schedule(left, left, later);
        return;
    }
    if (scene_.strikes(Fault::right_lost)) return;
    if (scene_.strikes(Fault::right_late)) {
        schedule(seconds{1}, minutes{4}, later);
        return;
    }
    hear_right(now, right);
}

void AgentHost::hear_right(Moment now, const message::StartRight& right) {
    const agent::AttemptKey key{right.work_order, right.epoch};
    const auto work = agent()->work().find(key);
    if (work != agent()->work().end() && work->second.nonce == right.nonce) {
        process_->rights[key] = right;
    }
    process_->right = right;
    feed(now, right);
    process_->right.reset();
}

void AgentHost::feed(Moment now, const agent::Event& event) {
    agent::Effects effects = process_->core.step(now, event);
    if (const auto broken = agent::Invariants::see_material(process_->core)) {
        throw Violation{name_ + ": " + *broken};
    }
    ++scene_.steps;
    observe(effects);
    process_->effects.insert(process_->effects.end(),
                             std::make_move_iterator(effects.begin()),
                             std::make_move_iterator(effects.end()));
}

void AgentHost::commit(Moment now) {
    const Status settled =
        agent::settle(process_->effects,
                      now.wall,
                      {.append = [this](auto records) { return disk_.append(records); },
                       .carry_out =
                           [&](const agent::Effect& effect) {
                               fuse_.burn();
                               carry_out(now, effect);
                           },
                       .feed = [&](const agent::Event& event) { feed(now, event); }});
    if (!settled) throw Crash{};
}

void AgentHost::carry_out(Moment now, const agent::Effect& effect) {
    if (const auto* what = std::get_if<agent::effect::SendToRouter>(&effect)) {
        send(now, *what);
    } else if (const auto* fetched = std::get_if<agent::effect::FetchDesign>(&effect)) {
        fetch(now, fetched->design);
    } else if (const auto* prepared = std::get_if<agent::effect::Prepare>(&effect)) {
        prepare(*prepared);
    } else if (const auto* plate = std::get_if<agent::effect::PreparePlate>(&effect)) {
        prepare_plate(*plate);
    } else if (const auto* uploaded = std::get_if<agent::effect::UploadToMachine>(&effect)) {
        upload(*uploaded);
    } else if (const auto* gate = std::get_if<agent::effect::OpenStartGate>(&effect)) {
        open_gate(*gate);
    } else if (const auto* back = std::get_if<agent::effect::RevokeStart>(&effect)) {
        revoke(*back);
    } else if (const auto* stopped = std::get_if<agent::effect::CancelRun>(&effect)) {
        cancel(*stopped);
    } else if (const auto* paused = std::get_if<agent::effect::PauseRun>(&effect)) {
        pause(*paused);
    }
}

void AgentHost::send(Moment now, const agent::effect::SendToRouter& effect) {
    if (const auto* question = std::get_if<message::StartRequest>(&effect.message)) {
        scene_.oracle.asked(name_, *question, scene_.now);
    }
    const auto delivery = effect.reliable ? wire::Delivery::reliable : wire::Delivery::lossy;
    (void)process_->session.send(now.boot, effect.message, 0, delivery, effect.token);
}

void AgentHost::send_all(Moment now) {
    Process& p = *process_;
    for (const wire::Stream::Frame& frame : p.session.take_outgoing(now.boot)) {
        fuse_.burn();
        p.log.check_frame(frame.bytes, disk_.synced());
        if (network_.up(line_, frame.bytes) == Network::Sent::blocked) {
            p.session.blocked(now.boot, frame);
        }
    }
}

}  // namespace nearfab::simulation
