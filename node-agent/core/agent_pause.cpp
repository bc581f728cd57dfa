// SPDX-License-Identifier: GPL-3.0-or-later
// A person holds a run of ours, and lets it go on.
//
// Only what this agent runs is held, and only what it held goes on by its word: a machine that was
// paused at its panel has somebody beside it who knows why. A pause is no stage of an attempt: the
// machine still holds our file, so nothing is lost and nothing is in doubt.

#include "node-agent/core/agent.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

// A machine's thread may be waiting for a slow network. What people asked for must not happen when
// they have turned away.
constexpr Duration go_on_within = std::chrono::seconds{10};
// A machine that was told to pause, and not seen to, may finish a move or heat up first.
constexpr Duration pause_settles = std::chrono::minutes{1};

}  // namespace

std::optional<Agent::Answer> Agent::pause_or_go_on(Step& step,
                                                   const message::OperatorCommand& command,
                                                   const Asker& asker) {
    const auto machine = machine_named(command.machine);
    if (!machine) return fail(machine.error());
    const bool go_on = command.action == message::OperatorAction::resume_machine;
    Work* work = holder_of((*machine)->id());
    auto may =
        go_on ? why_not_go_on(step.now.boot, **machine, work) : why_not_pause(**machine, work);
    if (may) return std::move(*may);
    if (work->pausing) {  // Asked twice: both hear what comes of it.
        work->pausing->askers.push_back(asker);
        return std::nullopt;
    }
    effect::PauseRun what{work->key, (*machine)->id(), file_of(*work), go_on, std::nullopt};
    if (go_on) {
        const TimePoint until = step.now.boot + go_on_within;
        what.until = (*machine)->attended ? std::min(until, *(*machine)->presence_until) : until;
    } else {
        for (const Work* piece : together(*work))
            record(step, fact::Paused{piece->key});
        work->pause_seen = false;
    }
    work->pausing = Pausing{go_on, {asker}};
    step.others.push_back(std::move(what));
    return std::nullopt;
}

// What both have in common: something of ours runs there, and the machine hears us.
std::optional<Agent::Answer> Agent::why_not_held(const Machine& machine, const Work* work) const {
    const std::string name = "machine " + machine.id().text();
    if (work == nullptr) {
        const bool foreign = machine.runs_other_than("");
        return fail(ErrorCode::conflict,
                    name + (foreign ? " runs " + machine.reading->file + ", which is not ours"
                                    : " makes nothing for us"),
                    foreign ? "do it at the machine" : "look at `nearfab fab status`");
    }
    if (work->stage != Stage::running) {
        return fail(ErrorCode::conflict,
                    name + " makes nothing for us now: " + describe(*work),
                    work->stage == Stage::in_doubt
                        ? "look at the machine, then resolve it as made, failed or never_started"
                        : "wait until it runs, or take it back with decline");
    }
    if (!machine.answers()) {
        return fail(ErrorCode::unavailable, name + " does not answer", "do it at the machine");
    }
    if (may_be_stopped(*work)) {
        return fail(ErrorCode::conflict,
                    name + " is being stopped: " + work->unwanted->reason,
                    "stop it at the machine if it goes on");
    }
    return std::nullopt;
}

std::optional<Agent::Answer> Agent::why_not_pause(const Machine& machine, const Work* work) const {
    if (auto why = why_not_held(machine, work)) return why;
    const std::string name = "machine " + machine.id().text();
    if (work->pausing && work->pausing->go_on) {
        return fail(ErrorCode::conflict, name + " is just told to go on", "say it again");
    }
    if (work->halted && !work->pausing) {
        return work->paused ? Answer{name + " was paused already"}
                            : Answer{name + " was paused already, at the machine"};
    }
    return std::nullopt;
}

std::optional<Agent::Answer> Agent::why_not_go_on(TimePoint now,
                                                  const Machine& machine,
                                                  const Work* work) const {
    if (auto why = why_not_held(machine, work)) return why;
    const std::string name = "machine " + machine.id().text();
    if (work->pausing && !work->pausing->go_on) {
        return fail(ErrorCode::conflict, name + " is just told to pause", "say it again");
    }
    if (!work->halted) {  // The machine's thread looks once more whether it still is.
        return fail(ErrorCode::conflict,
                    name + " is not paused: " + describe(*work),
                    "look at `nearfab fab status`");
    }
    if (!work->paused) {
        return fail(ErrorCode::conflict,
                    name + " was paused at the machine, not by nearfab",
                    "go on at the machine: whoever paused it knows why");
    }
    if (machine.attended && (!machine.presence_until || *machine.presence_until <= now)) {
        return fail(ErrorCode::conflict,
                    "a person must stand at " + name + " when it goes on",
                    "say so with `nearfab fab presence`, then say it again");
    }
    return std::nullopt;
}

void Agent::take(Step& step, const event::PauseAnswered& event) {
    Work* work = find(event.key);
    if (work == nullptr || !work->pausing) return;
    const Pausing asked = std::move(*work->pausing);
    work->pausing.reset();
    const std::string name = "machine " + work->offer.machine.text();
    const bool not_seen = event.error && event.error->code == ErrorCode::timed_out;
    if (work->stage == Stage::running) {
        if (not_seen) work->pause_settles_at = step.now.boot + pause_settles;
        // It goes on, or what was wanted came to nothing.
        const bool goes_on = asked.go_on ? !event.error : event.error && !not_seen;
        if (goes_on) note_going_on(step, *work);
        if (!event.error) work->halted = !asked.go_on;
    }
    for (const Asker& asker : asked.askers) {
        if (event.error) {
            answer(step, asker, fail(*event.error));
        } else {
            answer(step,
                   asker,
                   name + (asked.go_on ? " goes on with " : " is paused in ") + "work order " +
                       work->key.work_order.text());
        }
    }
}

// All of a plate know of it, because whoever stands for them may be over before the others.
void Agent::note_going_on(Step& step, Work& work) {
    for (const Work* piece : together(work)) {
        if (piece->paused) record(step, fact::WentOn{piece->key});
    }
}

// What a look at the machine says of a run of ours that it holds.
void Agent::note_pause(Step& step, Work& work, bool halted) {
    work.halted = halted;
    if (!work.paused || work.pausing) return;
    if (halted) {
        work.pause_seen = true;
    } else if (work.pause_seen || step.now.boot >= work.pause_settles_at) {
        note_going_on(step, work);  // At the machine, or it never paused.
    }
}

}  // namespace nearfab::agent
