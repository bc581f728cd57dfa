// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/event_loop.hpp"

#include "base/check.hpp"
#include "host/disk_space.hpp"
#include "host/durable_file.hpp"
#include "host/random.hpp"
#include "proto/codec/codec.hpp"
#include "router/shell/fact_codec.hpp"
#include "router/shell/fact_log.hpp"
#include "router/shell/forgiveness.hpp"
#include "router/shell/hello_gate.hpp"
#include "router/shell/job_codec.hpp"
#include "router/shell/ledger_codec.hpp"
#include "router/shell/records.hpp"
#include "wire/exchange.hpp"

#include <spdlog/spdlog.h>

#include <array>
#include <chrono>
#include <csignal>
#include <cstdint>
#include <sys/eventfd.h>

namespace nearfab::router {
namespace {

constexpr Duration disk_look_interval = std::chrono::seconds{5};
constexpr Duration sweep_interval = std::chrono::minutes{10};
constexpr Duration longest_sleep = std::chrono::seconds{5};
// With so many turns waiting for the disk, nothing more is read: senders wait, not memory.
constexpr std::size_t turns_waiting_max = 64;

// What an agent may say; the session's role decides, never the message.
bool is_agents_word(const Message& body) {
    return std::visit(
        [](const auto& m) {
            using M = std::decay_t<decltype(m)>;
            return std::is_same_v<M, message::Advertise> ||
                   std::is_same_v<M, message::AcceptOffer> ||
                   std::is_same_v<M, message::DeclineOffer> ||
                   std::is_same_v<M, message::StartRequest> ||
                   std::is_same_v<M, message::AttemptReport> ||
                   std::is_same_v<M, message::Progress> || std::is_same_v<M, message::Inventory> ||
                   std::is_same_v<M, message::RelayedAnswer>;
        },
        body);
}

bool is_clients_word(const Message& body) {
    return std::visit(
        [](const auto& m) {
            using M = std::decay_t<decltype(m)>;
            return std::is_same_v<M, message::SubmitJob> || std::is_same_v<M, message::AskQuote> ||
                   std::is_same_v<M, message::AskJobs> || std::is_same_v<M, message::WatchJob> ||
                   std::is_same_v<M, message::AskWhy> || std::is_same_v<M, message::CancelJob> ||
                   std::is_same_v<M, message::AskFabs> ||
                   std::is_same_v<M, message::AskReport> ||
                   std::is_same_v<M, message::RelayCommand>;
        },
        body);
}

Error not_yours(Role role, const Message& body) {
    return {
        ErrorCode::unauthorised,
        "a key with the role " + to_string(role) + " may not send " + std::string{name_of(body)},
        "ask the network's operator for a key with another role"};
}

std::string sizes_differ(std::uint64_t real, std::uint64_t claimed) {
    return "the design has " + std::to_string(real) + " bytes, the job says " +
           std::to_string(claimed);
}

}  // namespace

EventLoop::EventLoop(Config config) : config_{std::move(config)} {}

EventLoop::~EventLoop() {
    analyser_.reset();  // Before the things its thread uses.
    compaction_.reset();
    commits_.reset();
    socket_.reset();
    authenticator_.reset();
}

Result<std::unique_ptr<EventLoop>> EventLoop::open(Config config) {
    std::unique_ptr<EventLoop> loop{new EventLoop{std::move(config)}};
    if (auto status = loop->open_parts(); !status) return fail(status.error());
    if (auto status = loop->replay(); !status) return fail(status.error());
    return loop;
}

Status EventLoop::open_parts() {
    auto signals = SignalWatch::open();
    if (!signals) return fail(signals.error());
    signals_ = std::make_unique<SignalWatch>(std::move(*signals));

    const auto keys = wire::load_key_pair(config_.key_file);
    if (!keys) return fail(keys.error());
    auto list = wire::AllowList::load(config_.allowed_keys);
    if (!list) return fail(list.error());
    if (auto status = make_private_directory(config_.state_directory); !status) return status;
    const auto work = config_.state_directory / "analysis";
    if (auto status = make_private_directory(work); !status) return status;

    auto journal = open_records(config_);
    if (!journal) return fail(journal.error());
    journal_ = std::make_unique<Journal>(std::move(*journal));
    auto designs = BlobStore::open(config_.state_directory / "designs", config_.designs);
    if (!designs) return fail(designs.error());
    designs_ = std::make_unique<BlobStore>(std::move(*designs));
    if (auto removed = designs_->remove_stale_incoming(stale_upload_age, clock_.read().wall);
        !removed) {
        return fail(removed.error());
    }

    auto authenticator =
        wire::Authenticator::start(context_, std::move(*list), [](const wire::Refusal& refusal) {
            spdlog::warn("refused an unknown key from {} ({} refused so far): {}",
                         refusal.address,
                         refusal.refused,
                         refusal.key);
        });
    if (!authenticator) return fail(authenticator.error());
    authenticator_ = std::move(*authenticator);
    auto socket = wire::ServerSocket::bind_tcp(context_, config_.endpoint, *keys, *authenticator_);
    if (!socket) return fail(socket.error());
    socket_ = std::make_unique<wire::ServerSocket>(std::move(*socket));
    wire::ServerSessionsOptions options;
    options.name = config_.name;
    options.random = [] { return random_u64() & (first_local_session - 1); };
    sessions_ = std::make_unique<wire::ServerSessions>(std::move(options));

    auto local = LocalClients::open({});
    if (!local) return fail(local.error());
    local_ = std::move(*local);
    wake_ = FileDescriptor{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};
    if (!wake_.open())
        return fail(ErrorCode::internal, "no eventfd", "raise the limit of open files");
    analyser_ = std::make_unique<Analyser>(
        AnalyserOptions{
            config_.analysis_worker, work, config_.analysis_memory_bytes, config_.analysis_seconds},
        [this](AnalysisDone done) {
            {
                const std::lock_guard lock{outcomes_mutex_};
                outcomes_.push_back(std::move(done));
            }
            const std::uint64_t one = 1;
            // A full counter wakes the loop just as well, so the result does not matter.
            [[maybe_unused]] const auto written = ::write(wake_.number(), &one, sizeof one);
        });
    return {};
}

Status EventLoop::replay() {
    RouterOptions options = config_.core;
    options.packing = job_packing();
    options.encoded_size = [](const Message& body) { return nearfab::encoded_size(body); };
    const auto generation = generation_of(config_.state_directory, journal_->seq() > 0);
    if (!generation) return fail(generation.error());
    options.generation = *generation;
    options.tells_changes = config_.http.has_value();
    router_ = std::make_unique<Router>(std::move(options));
    if (journal_->snapshot_seq() > 0) {
        const auto loaded = journal_->load_snapshot(
            [this](std::span<const std::uint8_t> piece) { return decode_piece(piece, *router_); });
        if (!loaded) return fail(loaded.error());
    }
    auto status = journal_->replay(
        [this](std::uint64_t seq, WallTime wall, std::span<const std::uint8_t> bytes) -> Status {
            auto fact = decode_fact(bytes);
            if (!fact) {
                Error error = fact.error();
                error.message = "fact " + std::to_string(seq) + " of the journal: " + error.message;
                error.next = "start the nearfab-router version that wrote it, or restore a backup";
                return fail(std::move(error));
            }
            router_->replay(wall, *fact);
            return {};
        });
    if (!status) return status;
    journal_bytes_ = journal_->log_bytes();
    snapshot_bytes_ = journal_->snapshot_bytes();
    compaction_ = std::make_unique<Compaction>(config_);
    auto commits = GroupCommit::start(*journal_);
    if (!commits) return fail(commits.error());
    commits_ = std::move(*commits);
    const Moment now = clock_.read();
    effects_ = router_->start(now);
    if (router_->ledger().reconciling()) {
        spdlog::warn(
            "restored records, generation {}: nothing is offered and nothing may start "
            "before the fabs have been heard",
            router_->ledger().generation());
    }
    spdlog::info("{} jobs and {} open work orders from {} facts",
                 router_->ledger().job_count(),
                 router_->ledger().open_work().size(),
                 journal_->seq());
    if (auto done = commit(now); !done) return done;
    if (auto done = release_all(now); !done) return done;
    return take_forgiveness();
}

Status EventLoop::run() {
    spdlog::info("listening on {}", socket_->endpoint());
    bool stop = false;
    while (!stop) {
        if (auto status = turn(); !status) return status;
        const Moment now = clock_.read();
        TimePoint deadline = std::min(sessions_->next_deadline(), next_disk_look_);
        if (const auto core = router_->next_deadline()) deadline = std::min(deadline, *core);
        const auto listen = static_cast<short>(turns_.size() < turns_waiting_max ? ZMQ_POLLIN : 0);
        std::array<zmq::pollitem_t, 5> items{{
            {socket_->handle(), 0, listen, 0},
            {nullptr, signals_->descriptor(), ZMQ_POLLIN, 0},
            {nullptr, wake_.number(), ZMQ_POLLIN, 0},
            {nullptr, commits_->descriptor(), ZMQ_POLLIN, 0},
            {nullptr, local_->questions_descriptor(), listen, 0},
        }};
        try {
            zmq::poll(items, wire::wait_until(deadline, now.boot, longest_sleep));
        } catch (const zmq::error_t& problem) {
            // A stopped process that is continued wakes up like this.
            if (problem.num() != EINTR) {
                return fail(ErrorCode::internal,
                            std::string{"waiting for messages failed: "} + problem.what(),
                            "start the router again");
            }
            continue;
        }
        if ((items[1].revents & ZMQ_POLLIN) != 0) {
            const auto signal = signals_->read();
            if (!signal) return fail(signal.error());
            if (*signal) {
                if (auto status = handle_signal(**signal, stop); !status) return status;
            }
        }
    }
    spdlog::info("stopping; accepted work goes on at the fabs");
    const Moment now = clock_.read();
    if (auto status = release_all(now); !status) return status;
    wire::send_all(*sessions_, *socket_, now.boot);
    return {};
}

Status EventLoop::turn() {
    const Moment now = clock_.read();
    if (turns_.size() < turns_waiting_max) {
        sessions_->listen(now.boot);
        receive(now);
        take_local(now);
    }
    sessions_->tick(now.boot);
    for (wire::SessionEvent& event : sessions_->take_events()) {
        std::visit([&](auto& e) { take(now, e); }, event);
    }
    sizes_.clear();
    take_analyses(now);
    watch_disk(now);
    if (const auto deadline = router_->next_deadline(); deadline && *deadline <= now.boot) {
        feed(now, Tick{});
    }
    if (auto status = commit(now); !status) return status;
    tell_local();
    wire::send_all(*sessions_, *socket_, now.boot);
    return {};
}

// As wire::receive_all, with the gate before the sessions.
void EventLoop::receive(Moment now) {
    for (std::size_t count = 0; count < wire::messages_per_turn_max; ++count) {
        const auto received = socket_->receive();
        if (!received) return;
        const auto sender = received->key ? authenticator_->find(*received->key) : std::nullopt;
        if (sender) {
            if (const auto refusal = refusal_of_hello(*sender, received->bytes)) {
                // It says Hello again if this is lost.
                (void)socket_->send(received->routing_id, *refusal);
                continue;
            }
        }
        sessions_->receive(now.boot, received->routing_id, sender, received->bytes);
    }
}

Status EventLoop::handle_signal(int signal, bool& stop) {
    if (signal != SIGHUP) {
        stop = true;
        return {};
    }
    reload_keys();
    if (on_reload_) on_reload_();
    return take_forgiveness();
}

// The file goes when the fact that came of it is durable.
Status EventLoop::take_forgiveness() {
    const auto looked_at = find_forgiveness(config_.state_directory, Forgiveness::looked_at);
    const auto gone = find_forgiveness(config_.state_directory, Forgiveness::gone);
    if (looked_at.empty() && gone.empty()) return {};
    const Moment now = clock_.read();
    for (const FabId& fab : looked_at) {
        spdlog::info("the network's operator has looked at {}", fab.text());
        feed(now, FabForgiven{fab});
    }
    for (const FabId& fab : gone) {
        spdlog::info("the network's operator says that {} is gone for good", fab.text());
        feed(now, FabGone{fab});
    }
    if (auto status = commit(now); !status) return status;
    if (auto status = release_all(now); !status) return status;
    for (const FabId& fab : looked_at)
        remove_forgiveness(config_.state_directory, fab, Forgiveness::looked_at);
    for (const FabId& fab : gone)
        remove_forgiveness(config_.state_directory, fab, Forgiveness::gone);
    return {};
}

void EventLoop::reload_keys() {
    auto list = wire::AllowList::load(config_.allowed_keys);
    if (!list) {
        spdlog::error(
            "the list of keys was not read again: {}; {}", list.error().message, list.error().next);
        return;
    }
    spdlog::info("the list of keys was read again: {} keys", list->size());
    authenticator_->replace(std::move(*list));
    const auto current = authenticator_->list();
    sessions_->revoke(clock_.read().boot, [&](const wire::Identity& identity) {
        return current->find(identity.key) != identity;
    });
}

void EventLoop::watch_disk(Moment now, bool at_once) {
    if (now.boot < next_disk_look_ && !at_once) return;
    next_disk_look_ = now.boot + disk_look_interval;
    bytes_since_disk_look_ = 0;
    if (now.boot >= next_sweep_) {
        next_sweep_ = now.boot + sweep_interval;
        if (auto removed = designs_->remove_stale_incoming(stale_upload_age, now.wall); !removed) {
            spdlog::warn("abandoned uploads were not removed: {}", removed.error().message);
        }
    }
    const auto free = free_bytes(config_.state_directory);
    const bool reserved = commits_->has_reserve();
    if (!reserved) commits_->look_for_reserve();
    const bool low = !free || *free < config_.reserve_bytes || !reserved;
    const bool changed = low != std::exchange(storage_low_, low);
    watch_compaction();
    if (config_.http) publish_gauges();
    if (!changed) return;
    if (low) {
        spdlog::error(
            "the disk is nearly full ({} MiB free): no new jobs are taken, what the fabs report is",
            free ? *free >> 20U : 0);
    } else {
        spdlog::info("the disk has room again: new jobs are taken");
    }
    feed(now, StorageLow{low});
}

void EventLoop::watch_compaction() {
    const auto finished = compaction_->finished();
    if (!finished) {
        spdlog::warn("{}; {}", finished.error().message, finished.error().next);
        journal_bytes_ = 0;  // Not again at once.
    } else if (*finished) {
        spdlog::info("a snapshot stands for the first {} facts", **finished);
        commits_->adopt_snapshot(**finished);
        snapshot_bytes_ = std::max(snapshot_bytes_, journal_bytes_);
        journal_bytes_ = 0;
    }
    if (const Status started =
            compaction_->start_if_due(journal_bytes_, snapshot_bytes_, storage_low_);
        !started) {
        spdlog::warn("{}; {}", started.error().message, started.error().next);
    }
}

void EventLoop::take(Moment now, const wire::session_event::Opened& event) {
    const wire::Identity& who = event.identity;
    spdlog::info("{} {} connected ({})", to_string(who.role), who.name.text(), event.software);
    if (event.clone_suspected) {
        spdlog::warn(
            "another run of the program with the key of {} replaces one that had just come",
            who.name.text());
    }
    if (who.role != Role::agent) return;
    const FabId fab{who.name.text()};
    const bool suspected = router_->ledger().fab(fab).suspicion.has_value();
    feed(now, AgentConnected{fab, event.boot_id, who.key});
    if (!suspected && router_->ledger().fab(fab).suspicion) {
        spdlog::error(
            "two programs use the key of {}: it gets no work and may start nothing. Stop one of "
            "them, then give the other a new key in the list of keys, or run: nearfab-router "
            "forgive --fab {}",
            fab.text(),
            fab.text());
    }
}

void EventLoop::take(Moment now, const wire::session_event::Closed& event) {
    spdlog::info(
        "{} {} left ({})", to_string(event.role), event.name.text(), wire::to_string(event.why));
    if (event.role == Role::agent) {
        // A newer session of the same agent may be open already.
        if (!sessions_->session_of(Role::agent, event.name)) {
            feed(now, AgentLost{FabId{event.name.text()}});
        }
    } else {
        feed(now, ClientLost{event.session});
    }
}

void EventLoop::take(Moment now, wire::session_event::Delivered& event) {
    if (event.role == Role::agent) {
        take_from_agent(now, event);
    } else if (event.role == Role::client || event.role == Role::operator_) {
        take_from_client(now, event);
    } else {
        reply(now, event, message::Failure{not_yours(event.role, event.body)});
    }
    // Acknowledged only after commit() has made durable what follows from it.
    if (event.sequence != 0) handled_.emplace_back(event.session, event.sequence);
}

void EventLoop::reply(Moment now, const wire::session_event::Delivered& to, Message body) {
    send_to_client(now, to.session, std::move(body), to.correlation);
}

void EventLoop::take_from_agent(Moment now, wire::session_event::Delivered& event) {
    if (std::holds_alternative<message::ReadChunk>(event.body)) {
        serve_download(now, event);
    } else if (is_agents_word(event.body)) {
        feed(now, AgentSaid{FabId{event.name.text()}, std::move(event.body)});
    } else {
        reply(now, event, message::Failure{not_yours(event.role, event.body)});
    }
}

void EventLoop::take_from_client(Moment now, wire::session_event::Delivered& event) {
    if (serve_upload(now, event)) return;
    if (!is_clients_word(event.body)) {
        reply(now, event, message::Failure{not_yours(event.role, event.body)});
        return;
    }
    std::vector<ContentHash> missing;
    if (const auto* submit = std::get_if<message::SubmitJob>(&event.body)) {
        for (const PartSpec& part : submit->spec.parts) {
            const auto size = size_of_design(part.design);
            if (!size) {
                missing.push_back(part.design);
            } else if (*size != part.design_bytes) {
                reply(now,
                      event,
                      message::Failure{{ErrorCode::invalid_argument,
                                        sizes_differ(*size, part.design_bytes),
                                        "submit with the size of the file that was uploaded"}});
                return;
            }
        }
    }
    feed(now,
         ClientSaid{event.session,
                    event.name,
                    event.role,
                    event.correlation,
                    std::move(event.body),
                    std::move(missing)});
}

Result<std::uint64_t> EventLoop::size_of_design(const ContentHash& design) {
    if (const auto known = sizes_.find(design); known != sizes_.end()) return known->second;
    auto size = designs_->size(design);
    if (size) sizes_.emplace(design, *size);
    return size;
}

void EventLoop::take_analyses(Moment now) {
    std::uint64_t count = 0;
    if (::read(wake_.number(), &count, sizeof count) <= 0) return;
    std::vector<AnalysisDone> done;
    {
        const std::lock_guard lock{outcomes_mutex_};
        done.swap(outcomes_);
    }
    for (AnalysisDone& outcome : done)
        feed(now, std::move(outcome));
}

void EventLoop::feed(Moment now, const Event& event) {
    const std::uint64_t searches = router_->searches();
    const auto began = std::chrono::steady_clock::now();
    router_->step(now, event, effects_);
    if (router_->searches() == searches) return;
    match_times_.add(std::chrono::steady_clock::now() - began);
}

// Records of the whole turn as one batch; everything else waits behind it.
Status EventLoop::commit(Moment now) {
    journal_bytes_ += turns_.add(
        now.wall,
        std::exchange(effects_, {}),
        std::exchange(handled_, {}),
        [this](const auto& payload, auto records) { return commits_->submit(payload, records); });
    return release(now);
}

Status EventLoop::release(Moment now) {
    commits_->acknowledge();
    // The core is ahead of the disk then: only a restart from what the disk really holds can be
    // trusted.
    if (const auto failure = commits_->failure()) return fail(*failure);
    const GroupCommit::Ticket durable = commits_->durable();
    while (const auto ready = turns_.next(durable)) {
        for (const Effect& effect : ready->effects)
            carry_out(now, effect);
        for (const auto& [session, sequence] : ready->handled)
            sessions_->handled(session, sequence);
    }
    return {};
}

Status EventLoop::release_all(Moment now) {
    if (auto status = commits_->drain(); !status) return status;
    return release(now);
}

void EventLoop::carry_out(Moment now, const Effect& effect) {
    if (const auto* tell = std::get_if<Tell>(&effect)) {
        const auto session = sessions_->session_of(Role::agent, IdentityId{tell->fab.text()});
        if (session) sessions_->send(now.boot, *session, tell->body);
    } else if (const auto* answer = std::get_if<Answer>(&effect)) {
        send_to_client(now, answer->session, answer->body, answer->correlation);
    } else if (const auto* analyse = std::get_if<Analyse>(&effect)) {
        analyser_->submit({analyse->design, designs_->path(analyse->design.design)});
    } else if (const auto* record = std::get_if<Record>(&effect)) {
        log_fact(record->fact);
    }
}

}  // namespace nearfab::router
