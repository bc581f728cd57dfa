// SPDX-License-Identifier: GPL-3.0-or-later
// What the event loop hears from the router, and what it does for the core.

#include "base/check.hpp"
#include "host/log.hpp"
#include "node-agent/shell/event_loop.hpp"
#include "proto/model/material.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <set>
#include <string_view>
#include <system_error>

namespace nearfab::agent {
namespace {

constexpr Duration throw_away_interval = std::chrono::minutes{10};
constexpr Duration stale_design_age = std::chrono::hours{24};

// What a fact is about, for the fields of the log.
struct About {
    std::string_view work_order{};
    std::string_view machine{};
};
struct AboutFact {
    About operator()(const fact::Seen& f) const { return {f.offer.work_order.text()}; }
    template <typename Other>
    About operator()(const Other& f) const {
        About about;
        if constexpr (requires { f.key.work_order; }) about.work_order = f.key.work_order.text();
        if constexpr (requires { f.machine.text(); }) about.machine = f.machine.text();
        return about;
    }
};

}  // namespace

void EventLoop::take(Moment now, const wire::client_event::Opened& event) {
    const message::Welcome& welcome = event.welcome;
    spdlog::info("connected to router {} as {} {}",
                 welcome.router,
                 to_string(welcome.role),
                 welcome.name.text());
    if (welcome.role != Role::agent) {
        spdlog::error(
            "the router knows this key as {}, not as agent: it will offer no work; ask "
            "its operator to change the list of keys",
            to_string(welcome.role));
        return;
    }
    feed(now, event::SessionOpened{welcome.router});
    fetches_->resume(now.boot);
}

void EventLoop::take(Moment now, const wire::client_event::Lost& event) {
    spdlog::warn("lost the router: {}", event.why.message);
    feed(now, event::SessionLost{});
}

void EventLoop::take(Moment, const wire::client_event::Refused& event) {
    spdlog::error("no way in: {}; {}", event.why.message, event.why.next);
}

void EventLoop::take(Moment now, const wire::client_event::Delivered& event) {
    hear(now, event.correlation, event.body);
    if (event.sequence != 0) handled_.emplace_back(event.session, event.sequence);
}

void EventLoop::take(Moment now, const wire::client_event::Acknowledged& event) {
    feed(now, event::Acknowledged{event.token});
}

// Reports are said again in the next session; the core keeps them until they are acknowledged.
void EventLoop::take(Moment, const wire::client_event::Dropped&) {}

void EventLoop::hear(Moment now, std::uint64_t correlation, const Message& body) {
    std::visit(
        [&](const auto& m) {
            using M = std::decay_t<decltype(m)>;
            if constexpr (std::is_same_v<M, message::DesignChunk>) {
                feed_if(now, fetches_->take(now.boot, m));
            } else if constexpr (std::is_same_v<M, message::Failure>) {
                if (const auto event = fetches_->refused(correlation, m.error)) {
                    feed(now, *event);
                } else {
                    spdlog::warn("the router says: {}; {}", m.error.message, m.error.next);
                }
            } else if constexpr (std::is_same_v<M, message::RelayedCommand>) {
                if (const auto* passed = std::get_if<message::PassedCommand>(&m.body)) {
                    spdlog::info("operator {} through the router: {}",
                                 m.operator_name.text(),
                                 in_words(passed->command));
                }
                feed(now, Event{m});
            } else if constexpr (std::is_constructible_v<Event, const M&>) {
                feed(now, Event{m});
            } else {
                spdlog::warn("the router sent {}, which no agent takes", name_of(body));
            }
        },
        body);
}

void EventLoop::carry_out(Moment, const effect::Record& effect) {
    const About about = std::visit(AboutFact{}, effect.fact);
    // The id of a work order begins with that of its job.
    const auto job = about.work_order.substr(0, about.work_order.rfind('-'));
    const LogAbout fields{
        {"job", job}, {"work_order", about.work_order}, {"machine", about.machine}};
    spdlog::info("{}", to_string(effect.fact));
}

void EventLoop::carry_out(Moment now, const effect::SendToRouter& effect) {
    spdlog::debug("{}", to_string(Effect{effect}));
    const auto* answer = std::get_if<message::RelayedAnswer>(&effect.message);
    if (answer != nullptr && std::holds_alternative<message::Failure>(answer->body)) {
        spdlog::warn("refused an operator through the router: {}", to_string(Effect{effect}));
    }
    const auto delivery = effect.reliable ? wire::Delivery::reliable : wire::Delivery::lossy;
    // Without a session nothing is lost that the next session's inventory does not say again.
    if (!session_->send(now.boot, effect.message, 0, delivery, effect.token)) {
        spdlog::debug("no session took {}", name_of(effect.message));
    }
}

void EventLoop::carry_out(Moment now, const effect::FetchDesign& effect) {
    feed_if(now, fetches_->fetch(now.boot, effect.design, effect.size));
}

PreparationTask EventLoop::task_for(const effect::Prepare& effect) const {
    const auto machine = std::find_if(
        config_.machines.begin(), config_.machines.end(), [&](const MachineConfig& candidate) {
            return candidate.id == effect.machine;
        });
    NEARFAB_CHECK(machine != config_.machines.end(), "the core prepares for known machines only");
    PreparationTask task;
    task.key = effect.key;
    task.design = effect.design;
    task.design_file = designs_->path(effect.design.design);
    task.size_mm = effect.size_mm;
    task.placement = effect.placement;
    if (machine->printer) task.profile = *machine->printer;
    task.limits = machine->limits;
    task.cutter = machine->cutter;
    task.material = effect.material;
    task.sheet_thickness_mm = effect.sheet_thickness_mm;
    if (const auto settings = machine->materials.find(effect.material);
        settings != machine->materials.end()) {
        task.nozzle_c = settings->second.nozzle_c;
        task.bed_c = settings->second.bed_c;
    }
    if (const auto material = find_material(effect.material.text())) {
        task.density_g_cm3 = material->density_g_cm3;
    }
    return task;
}

void EventLoop::carry_out(Moment, const effect::Prepare& effect) {
    preparer_->submit({task_for(effect)});
}

void EventLoop::carry_out(Moment, const effect::PreparePlate& effect) {
    std::vector<PreparationTask> pieces;
    for (const effect::Prepare& piece : effect.pieces)
        pieces.push_back(task_for(piece));
    preparer_->submit(std::move(pieces));
}

void EventLoop::carry_out(Moment, const effect::UploadToMachine& effect) {
    workers_.at(effect.machine)->upload(effect);
}

void EventLoop::carry_out(Moment, const effect::OpenStartGate& effect) {
    workers_.at(effect.order.machine)->open_gate(effect);
}

void EventLoop::carry_out(Moment, const effect::RevokeStart& effect) {
    spdlog::warn("{}", to_string(Effect{effect}));
    workers_.at(effect.machine)->revoke(effect);
}

void EventLoop::carry_out(Moment now, const effect::CancelRun& effect) {
    const auto worker = workers_.find(effect.machine);
    if (worker != workers_.end()) return worker->second->cancel(effect);
    feed(now, event::CancelAnswered{effect.key, false, "the machine is no longer configured"});
}

void EventLoop::carry_out(Moment, const effect::PauseRun& effect) {
    spdlog::info("{}", to_string(Effect{effect}));
    workers_.at(effect.machine)->pause(effect);  // Of a configured machine: its holder runs.
}

void EventLoop::carry_out(Moment, const effect::TellPresence& effect) {
    workers_.at(effect.machine)->attend(effect.until);
}

void EventLoop::carry_out(Moment now, const effect::AnswerOperator& effect) {
    control_->answer(now.boot, effect.reply_id, effect.answer);
}

// Designs and machine code of attempts that are over. What a preparation uses or has just made is
// pinned: the core may not have heard of it yet.
void EventLoop::throw_away_unneeded(TimePoint now) {
    if (now < throw_away_at_) return;
    throw_away_at_ = now + throw_away_interval;
    std::set<ContentHash> needed;
    for (const auto& [key, work] : agent_->work()) {
        if (is_final(work.stage)) continue;
        needed.insert(work.offer.part.design);
        if (work.prepared) needed.insert(work.prepared->machine_code);
        if (work.plate) needed.insert(work.plate->machine_code);
    }
    for (const auto& [key, work] : agent_->work()) {
        const ContentHash& design = work.offer.part.design;
        if (needed.contains(design) || !designs_->has(design)) continue;
        preparer_->pins().unless_pinned(design, [&] {
            if (const Status removed = designs_->remove(design); !removed) {
                spdlog::warn("{}", removed.error().message);
            }
        });
    }
    if (auto removed = designs_->remove_stale_incoming(stale_design_age, clock_.read().wall);
        !removed) {
        spdlog::warn("{}", removed.error().message);
    }
    throw_away_machine_code(needed);
}

void EventLoop::throw_away_machine_code(const std::set<ContentHash>& needed) {
    std::error_code problem;
    const std::filesystem::directory_iterator end;
    for (std::filesystem::directory_iterator file{machine_code_, problem}; !problem && file != end;
         file.increment(problem)) {
        const auto hash = ContentHash::from_hex(file->path().filename().string());
        if (!hash || needed.contains(*hash)) continue;
        preparer_->pins().unless_pinned(*hash, [&] {
            std::error_code cause;
            std::filesystem::remove(file->path(), cause);
            if (cause) spdlog::warn("cannot remove {}: {}", file->path().string(), cause.message());
        });
    }
    if (problem) spdlog::warn("cannot list {}: {}", machine_code_.string(), problem.message());
}

}  // namespace nearfab::agent
