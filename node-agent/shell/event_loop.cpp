// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/event_loop.hpp"

#include "base/version.hpp"
#include "host/durable_file.hpp"
#include "host/random.hpp"
#include "node-agent/shell/records.hpp"
#include "node-agent/shell/settle.hpp"
#include "proto/codec/codec.hpp"
#include "wire/exchange.hpp"
#include "wire/keys.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <system_error>

namespace nearfab::agent {
namespace {

constexpr std::size_t run_id_bytes = 16;
// Of a person's words it is only known that they came since the last look: so often one is taken
// that they do not count as old.
constexpr Duration longest_sleep = std::chrono::seconds{2};
static_assert(2 * longest_sleep < event::command_age_max);
constexpr Duration dial_again_after = std::chrono::seconds{30};
constexpr std::uint64_t dial_again_spread_ms = 15'000;

}  // namespace

EventLoop::EventLoop(Config config) : config_{std::move(config)} {}

EventLoop::~EventLoop() {
    // The threads before the things they use. Machines that are fed by us stop first: preparing a
    // large drawing may take minutes to end.
    workers_.clear();
    preparer_.reset();
}

Result<std::unique_ptr<EventLoop>> EventLoop::open(Config config, const MakeDriver& make_driver) {
    std::unique_ptr<EventLoop> loop{new EventLoop{std::move(config)}};
    auto signals = SignalWatch::open();
    if (!signals) return fail(signals.error());
    loop->signals_ = std::make_unique<SignalWatch>(std::move(*signals));
    if (auto status = loop->open_store(); !status) return fail(status.error());
    if (auto status = loop->open_sockets(); !status) return fail(status.error());
    if (auto status = loop->replay(); !status) return fail(status.error());
    if (auto status = loop->open_workers(make_driver); !status) return fail(status.error());
    return loop;
}

Status EventLoop::open_store() {
    auto boot = nearfab::boot_id();
    if (!boot) return fail(boot.error());
    boot_id_ = std::move(*boot);
    const auto& state = config_.state_directory;
    machine_code_ = state / "machine_code";
    for (const auto& folder : {state, machine_code_, state / "slicing"}) {
        if (auto status = make_private_directory(folder); !status) return status;
    }
    auto journal =
        Journal::open(state / "journal", {.kind = "agent", .segment_bytes = std::size_t{4} << 20U});
    if (!journal) return fail(without_backup(std::move(journal.error())));
    journal_ = std::make_unique<Journal>(std::move(*journal));
    auto designs = BlobStore::open(state / "designs", {});
    if (!designs) return fail(designs.error());
    designs_ = std::make_unique<BlobStore>(std::move(*designs));
    return {};
}

Status EventLoop::open_sockets() {
    auto keys = wire::load_key_pair(config_.key_file);
    if (!keys) return fail(keys.error());
    // A folder that is there already may be shared with others and is left as it is.
    const std::filesystem::path folder = config_.control_socket.parent_path();
    if (std::error_code missing; !std::filesystem::exists(folder, missing)) {
        if (auto status = make_private_directory(folder); !status) return status;
    }
    // Before any thread of ours: binding sets the umask for a moment.
    auto control = Control::open(context_, config_.control_socket, config_.core.title);
    if (!control) return fail(control.error());
    control_ = std::make_unique<Control>(std::move(*control));

    wire::ClientSocketOptions socket_options;
    socket_options.endpoint = config_.router_endpoint;
    socket_options.server_key = config_.router_public_key;
    socket_options.keys = std::move(*keys);
    auto socket = wire::ClientSocket::dial(context_, std::move(socket_options));
    if (!socket) return fail(socket.error());
    socket_ = std::make_unique<wire::ClientSocket>(std::move(*socket));
    wire::ClientSessionOptions options;
    options.software = std::string{"nearfab-agent "} + version;
    options.boot_id = random_hex(run_id_bytes);
    options.role = Role::agent;
    const TimePoint now = clock_.read().boot;
    session_ = std::make_unique<wire::ClientSession>(std::move(options), now);
    dial_again_at_ = now + dial_again_after;
    fetches_ = std::make_unique<DesignFetch>(
        *designs_, [this](const message::ReadChunk& question, std::uint64_t correlation) {
            return session_->send(clock_.read().boot, question, correlation);
        });
    return {};
}

Status EventLoop::open_workers(const MakeDriver& make_driver) {
    auto events = EventQueue::open();
    if (!events) return fail(events.error());
    events_ = std::move(*events);
    std::map<MachineId, std::unique_ptr<MachineDriver>> drivers;
    for (const MachineConfig& machine : config_.machines) {
        auto driver = make_driver(machine, boot_id_);
        if (!driver) return fail(driver.error());
        drivers.emplace(machine.id, std::move(*driver));
    }
    for (auto& [id, driver] : drivers) {
        workers_.emplace(
            id,
            std::make_unique<MachineWorker>(
                MachineWorkerOptions{
                    id, machine_code_, config_.poll, [clock = clock_] { return clock.read(); }},
                std::move(driver),
                *events_));
    }
    preparer_ = std::make_unique<Preparer>(
        PreparerOptions{config_.slicers, config_.state_directory / "slicing", machine_code_},
        *events_);
    return {};
}

Status EventLoop::replay() {
    AgentOptions options = config_.core;
    options.boot_id = boot_id_;
    options.nonce_seed = random_u64();
    options.encoded_size = [](const Message& body) { return nearfab::encoded_size(body); };
    agent_ = std::make_unique<Agent>(std::move(options));
    auto status = journal_->replay(
        [this](std::uint64_t seq, WallTime wall, std::span<const std::uint8_t> bytes) -> Status {
            return replay_fact(*agent_, seq, wall, bytes);
        });
    if (!status) return fail(without_backup(std::move(status.error())));
    spdlog::info("{} attempts from {} facts", agent_->work().size(), journal_->seq());
    return {};
}

Status EventLoop::run() {
    spdlog::info("looking for the router at {}", config_.router_endpoint);
    spdlog::info("operators are heard at ipc://{}", config_.control_socket.string());
    feed(clock_.read(), event::Tick{});  // Settles what the last run left open.
    for (;;) {
        if (auto status = turn(); !status) return status;
        const auto stop = wait();
        if (!stop) return fail(stop.error());
        if (*stop) break;
    }
    spdlog::info("stopping; machines go on with what they do");
    return {};
}

Status EventLoop::turn() {
    const Moment now = clock_.read();
    wire::receive_all(*socket_, *session_, now.boot);
    session_->tick(now.boot);
    for (const wire::ClientEvent& event : session_->take_events()) {
        std::visit([&](const auto& e) { take(now, e); }, event);
    }
    for (const auto& asked :
         control_->receive(now.boot, [&] { return agent_->status(now.boot); })) {
        spdlog::info("operator: {}", in_words(asked.command));
        feed(now, asked);
    }
    for (const Event& event : events_->take_all()) {
        feed(now, event);
        // The core knows now what was made, so it no longer needs the pins.
        std::visit([this](const auto& told) { unpin(told); }, event);
    }
    fetches_->tick(now.boot);
    if (const auto deadline = agent_->next_deadline(); deadline && *deadline <= now.boot) {
        feed(now, event::Tick{});
    }
    if (auto status = commit(now); !status) return status;
    for (const auto& [session, sequence] : std::exchange(handled_, {})) {
        session_->handled(session, sequence);
    }
    wire::send_all(*session_, *socket_, now.boot);
    control_->send(now.boot);
    dial_again(now.boot);
    throw_away_unneeded(now.boot);
    return {};
}

// True when it is time to stop.
Result<bool> EventLoop::wait() {
    TimePoint deadline = std::min(session_->next_deadline(), control_->next_deadline());
    if (const auto core = agent_->next_deadline()) deadline = std::min(deadline, *core);
    if (const auto fetch = fetches_->next_deadline()) deadline = std::min(deadline, *fetch);
    const auto events =
        static_cast<short>(ZMQ_POLLIN | (session_->wants_writable() ? ZMQ_POLLOUT : 0));
    std::array<zmq::pollitem_t, 5> items{{
        {socket_->handle(), 0, events, 0},
        {socket_->reports_handle(), 0, ZMQ_POLLIN, 0},
        {control_->handle(), 0, ZMQ_POLLIN, 0},
        {nullptr, signals_->descriptor(), ZMQ_POLLIN, 0},
        {nullptr, events_->descriptor(), ZMQ_POLLIN, 0},
    }};
    const TimePoint now = clock_.read().boot;
    try {
        zmq::poll(items, wire::wait_until(deadline, now, longest_sleep));
    } catch (const zmq::error_t& error) {
        if (error.num() != EINTR) {
            return fail(ErrorCode::internal, std::string{"cannot wait: "} + error.what());
        }
    }
    if ((items[0].revents & ZMQ_POLLOUT) != 0) session_->writable(clock_.read().boot);
    const auto signal = signals_->read();
    if (!signal) return fail(signal.error());
    if (!*signal) return false;
    if (**signal != SIGHUP) return true;
    spdlog::info("a changed configuration is read at the next start");
    return false;
}

// libzmq gives up on an endpoint that once refused our key; the router may know it by now.
void EventLoop::dial_again(TimePoint now) {
    if (session_->seeking(now) < dial_again_after || now < dial_again_at_) return;
    const Duration spread{static_cast<std::int64_t>(random_u64() % dial_again_spread_ms)};
    dial_again_at_ = now + dial_again_after + spread;
    spdlog::warn("the router at {} does not answer; trying again", config_.router_endpoint);
    if (const Status dialled = socket_->redial(); !dialled) {
        spdlog::error("{}", dialled.error().message);
    }
}

void EventLoop::feed(Moment now, const Event& event) {
    Effects effects = agent_->step(now, event);
    effects_.insert(effects_.end(),
                    std::make_move_iterator(effects.begin()),
                    std::make_move_iterator(effects.end()));
}

void EventLoop::feed_if(Moment now, const std::optional<Event>& event) {
    if (event) feed(now, *event);
}

Status EventLoop::commit(Moment now) {
    return settle(effects_,
                  now.wall,
                  {.append = [this](auto records) { return journal_->append(records); },
                   .carry_out =
                       [&](const Effect& effect) {
                           std::visit([&](const auto& e) { carry_out(now, e); }, effect);
                       },
                   .feed = [&](const Event& event) { feed(now, event); }});
}

}  // namespace nearfab::agent
