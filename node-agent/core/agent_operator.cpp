// SPDX-License-Identifier: GPL-3.0-or-later
// Commands of the people in the fab. They own the physical truth: bed clear, part good, stop.

#include "node-agent/core/agent.hpp"
#include "node-agent/core/names_text.hpp"

#include <vector>

namespace nearfab::agent {
namespace {

std::string next_for(const Work& work) {
    switch (work.stage) {
        case Stage::seen:
            return "accept it or decline it first";
        case Stage::running:
            return "wait until the machine says that it is done";
        case Stage::in_doubt:
            return "look at the machine, then resolve it as made, failed or never_started";
        case Stage::produced:
            return "inspect it first";
        case Stage::inspected_good:
            return "hand it over, or inspect it again as bad";
        case Stage::reserved:
        case Stage::asked:
        case Stage::authorised:
        case Stage::starting:
            return "wait until it has been made";
        case Stage::declined:
        case Stage::failed:
        case Stage::never_started:
        case Stage::released:
        case Stage::inspected_bad:
        case Stage::delivered:
            break;
    }
    return "nothing is left to do for it";
}

}  // namespace

void Agent::take(Step& step, const event::OperatorAsked& event) {
    const Asker asker{event.reply_id};
    if (event.said_after && step.now.boot - *event.said_after > event::command_age_max) {
        return answer(step,
                      asker,
                      fail(ErrorCode::timed_out,
                           "the agent did not listen for a while, and this may have been said long "
                           "ago: nothing was done",
                           "say it again if it is still right"));
    }
    if (auto done = obey(step, event.command, asker)) answer(step, asker, std::move(*done));
}

void Agent::answer(Step& step, const Asker& asker, Answer done) {
    if (asker.far) return answer_far(step, *asker.far, std::move(done));
    effect::AnswerOperator reply{asker.reply_id, message::OperatorAnswer{}};
    if (done) {
        reply.answer = message::OperatorAnswer{std::move(*done)};
    } else {
        reply.answer = fail(std::move(done.error()));
    }
    step.others.push_back(std::move(reply));
}

std::optional<Agent::Answer> Agent::obey(Step& step,
                                         const message::OperatorCommand& command,
                                         const Asker& asker) {
    using message::OperatorAction;
    switch (command.action) {
        case OperatorAction::accept:
        case OperatorAction::decline:
        case OperatorAction::inspect_good:
        case OperatorAction::inspect_bad:
        case OperatorAction::hand_over:
        case OperatorAction::resolve:
            return obey_for_work(step, command);
        case OperatorAction::clear_bed:
            return clear_bed(step, command.machine);
        case OperatorAction::presence:
            return presence(step, command);
        case OperatorAction::drain:
        case OperatorAction::resume:
            return drain_or_resume(step, command);
        case OperatorAction::pause_machine:
        case OperatorAction::resume_machine:
            return pause_or_go_on(step, command, asker);
        case OperatorAction::load:
            return load(step, command);
        case OperatorAction::unknown:
            break;
    }
    return fail(ErrorCode::unsupported,
                "this agent does not know the operator's command",
                "use a command line of the same version as the agent");
}

Agent::Answer Agent::obey_for_work(Step& step, const message::OperatorCommand& command) {
    using message::OperatorAction;
    const auto work = work_named(command.work_order);
    if (!work) return fail(work.error());
    switch (command.action) {
        case OperatorAction::accept:
            return accept_work(step, **work);
        case OperatorAction::decline:
            return decline_work(step, **work, command.text);
        case OperatorAction::inspect_good:
            return inspect(step, **work, true, command.text);
        case OperatorAction::inspect_bad:
            return inspect(step, **work, false, command.text);
        case OperatorAction::hand_over:
            return hand_over(step, **work);
        case OperatorAction::resolve:
            return resolve(step, **work, command.text);
        case OperatorAction::clear_bed:
        case OperatorAction::presence:
        case OperatorAction::drain:
        case OperatorAction::resume:
        case OperatorAction::pause_machine:
        case OperatorAction::resume_machine:
        case OperatorAction::load:
        case OperatorAction::unknown:
            break;
    }
    return fail(ErrorCode::internal, "a command for machines reached a work order", "");
}

Agent::Answer Agent::accept_work(Step& step, Work& work) {
    if (work.stage != Stage::seen) {
        return wrong_state(work, "waiting for a decision");
    }
    if (const auto reason = why_not_now(work.offer)) {
        return fail(
            ErrorCode::conflict,
            "work order " + work.key.work_order.text() + " cannot be accepted now: " + *reason,
            "remove the obstacle and accept again, or decline it");
    }
    reserve(step, work);
    return "accepted work order " + work.key.work_order.text() + " for machine " +
           work.offer.machine.text();
}

Agent::Answer Agent::wrong_state(const Work& work, const std::string& wanted) const {
    return fail(ErrorCode::conflict, describe(work) + ", not " + wanted, next_for(work));
}

Agent::Answer Agent::decline_work(Step& step, Work& work, const std::string& why) {
    const std::string id = work.key.work_order.text();
    const std::string reason = why.empty() ? "declined by the operator" : why;
    if (work.stage == Stage::seen) {
        record(step, fact::Declined{work.key, reason});
        decline(step, work.offer, reason);
        return "declined work order " + id;
    }
    if (is_waiting(work.stage)) {
        release(step, work, "given back by the operator: " + reason);
        return "gave work order " + id + " back";
    }
    Work& leader = leader_of(work);
    if (leader.gate_open) {
        if (!work.unwanted) {
            record(step, fact::Unwanted{work.key, "given back by the operator: " + reason, true});
        }
        recall_start(step, leader);
        return "taking back the start of work order " + id;
    }
    if (work.stage == Stage::running && work.unwanted) {
        if (!work.unwanted->stop) {
            record(step, fact::Unwanted{work.key, work.unwanted->reason, true});
        }
        if (!may_be_stopped(work)) {
            return "work order " + id + " ends with its plate: machine " +
                   work.offer.machine.text() + " goes on for the others on it";
        }
        leader.cancel_not_before = step.now.boot;  // A person need not wait for the next try.
        stop_machine(step, leader);
        return "stopping machine " + work.offer.machine.text();
    }
    return wrong_state(work, "waiting");
}

Agent::Answer Agent::inspect(Step& step, Work& work, bool good, const std::string& what) {
    const bool second_look = work.stage == Stage::inspected_good && !good;
    if (work.stage != Stage::produced && !second_look) {
        return wrong_state(work, "produced yet");
    }
    record(step, fact::Inspected{work.key, good, what});
    report(step, work);
    return "work order " + work.key.work_order.text() + " is inspected: " + (good ? "good" : "bad");
}

Agent::Answer Agent::hand_over(Step& step, Work& work) {
    if (work.stage != Stage::inspected_good) {
        return wrong_state(work, "inspected and good yet");
    }
    record(step, fact::HandedOver{work.key});
    report(step, work);
    return "work order " + work.key.work_order.text() + " is handed over";
}

Agent::Answer Agent::resolve(Step& step, Work& work, const std::string& verdict) {
    if (work.stage != Stage::in_doubt) return wrong_state(work, "in doubt");
    if (verdict == "made") {
        end(step, work, true, "the operator found the part");
    } else if (verdict == "failed") {
        end(step, work, false, "the operator found no usable part");
    } else if (verdict == "never_started") {
        if (some_ended_beside(work)) {
            return fail(ErrorCode::conflict,
                        "others of the same run were resolved as made or failed, so it was started",
                        "say failed if no usable part came of this one");
        }
        burn_run(step, work, "the operator found that nothing was started");
    } else {
        return fail(ErrorCode::invalid_argument,
                    "\"" + verdict + "\" does not say what became of work order " +
                        work.key.work_order.text(),
                    "say made, failed or never_started");
    }
    return "work order " + work.key.work_order.text() + " is now " + phase_of(work);
}

Agent::Answer Agent::clear_bed(Step& step, const MachineId& id) {
    const auto machine = machine_named(id);
    if (!machine) return fail(machine.error());
    Machine& m = **machine;
    const std::string name = "machine " + m.id().text();
    if (const Work* holder = holder_of(m.id());
        holder != nullptr && holder->stage != Stage::asked) {
        return fail(ErrorCode::conflict,
                    "the bed of " + name + " cannot be clear: " + describe(*holder),
                    next_for(*holder));
    }
    if (m.runs_other_than("")) {
        return fail(ErrorCode::conflict,
                    "the bed of " + name + " cannot be clear: it runs " + m.reading->file,
                    "wait until it is done and take the part off");
    }
    if (m.bed_clear) return "the bed of " + name + " was clear already";
    record(step, fact::BedCleared{m.id(), m.reading ? m.reading->history : std::nullopt});
    return "the bed of " + name + " is clear";
}

Agent::Answer Agent::presence(Step& step, const message::OperatorCommand& command) {
    const auto machine = machine_named(command.machine);
    if (!machine) return fail(machine.error());
    const std::string& code = (*machine)->options.presence_code;
    if (!code.empty() && command.text != code) {
        return fail(ErrorCode::unauthorised,
                    "that is not the code of machine " + (*machine)->id().text(),
                    "type the code that stands on the card at the machine");
    }
    const TimePoint until = step.now.boot + options_.intervals.presence_validity;
    (*machine)->presence_until = until;
    if ((*machine)->attended) {
        step.others.push_back(effect::TellPresence{(*machine)->id(), until});
    }
    const auto minutes =
        std::chrono::duration_cast<std::chrono::seconds>(options_.intervals.presence_validity);
    return "a person is at machine " + (*machine)->id().text() + " for the next " +
           std::to_string(minutes.count()) + " s";
}

Agent::Answer Agent::drain_or_resume(Step& step, const message::OperatorCommand& command) {
    const bool drain = command.action == message::OperatorAction::drain;
    std::vector<Machine*> wanted;
    if (command.machine.empty()) {
        for (auto& [id, machine] : machines_.all()) {
            if (machine.configured) wanted.push_back(&machine);
        }
    } else {
        const auto machine = machine_named(command.machine);
        if (!machine) return fail(machine.error());
        wanted.push_back(*machine);
    }
    std::vector<std::string> names;
    for (Machine* machine : wanted) {
        names.push_back(machine->id().text());
        if (drain && !machine->drained) {
            record(step, fact::Drained{machine->id()});
            release_waiting(step, machine->id(), "drained by the operator");
        } else if (!drain && (machine->drained || !machine->quarantine.empty())) {
            record(step, fact::Resumed{machine->id()});
        }
    }
    return (drain ? "drained: no new work and no new starts on " : "takes work again: ") +
           listed(names);
}

// The newest attempt of the one work order that begins like this.
Result<Work*> Agent::work_named(const WorkOrderId& prefix) {
    if (prefix.empty()) {
        return fail(ErrorCode::invalid_argument,
                    "no work order is named",
                    "give a work order or the beginning of one");
    }
    // "JOB-1" is a whole name, not the beginning of "JOB-10".
    const bool whole = prefix.text().find('-') != std::string::npos;
    std::vector<std::string> found;
    Work* newest = nullptr;
    for (auto& [key, work] : work_) {  // Epochs of one work order follow each other.
        if (!key.work_order.text().starts_with(prefix.text())) continue;
        if (whole && key.work_order != prefix) continue;
        if (key.work_order == prefix) found.clear();
        if (found.empty() || found.back() != key.work_order.text()) {
            found.push_back(key.work_order.text());
        }
        newest = &work;
        // An exact name wins over longer ones that begin alike.
        const auto later = work_.upper_bound(key);
        if (key.work_order == prefix &&
            (later == work_.end() || later->first.work_order != prefix)) {
            return newest;
        }
    }
    if (newest == nullptr) {
        return fail(ErrorCode::not_found,
                    "this agent has no work order that begins with " + prefix.text(),
                    "ask the agent for its status to see what it has");
    }
    if (found.size() > 1) {
        return fail(ErrorCode::conflict,
                    prefix.text() + " could mean " + std::to_string(found.size()) +
                        " work orders: " + listed(found),
                    "give more of the name");
    }
    return newest;
}

// Without a name: the only machine there is.
Result<Machine*> Agent::machine_named(const MachineId& id) {
    std::vector<std::string> names;
    for (auto& [name, machine] : machines_.all()) {
        if (!machine.configured) continue;
        if (name == id) return &machine;
        names.push_back(name.text());
    }
    if (id.empty() && names.size() == 1) return &machines_.get(MachineId{names.front()});
    if (id.empty()) {
        return fail(
            ErrorCode::invalid_argument, "no machine is named", "say which: " + listed(names));
    }
    return fail(
        ErrorCode::not_found, "this fab has no machine " + id.text(), "it has " + listed(names));
}

}  // namespace nearfab::agent
