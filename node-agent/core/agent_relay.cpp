// SPDX-License-Identifier: GPL-3.0-or-later
// Commands of people who are not at the fab's computer, by way of the router.
//
// The fab says whom it listens to. A command is for now: it needs a pass that this agent gave out
// seconds ago, so what lay in some buffer meanwhile means nothing. A pass is good once, and a key
// that was obeyed is not obeyed again, also after a restart.

#include "node-agent/core/agent.hpp"
#include "proto/model/limits.hpp"

#include <algorithm>

namespace nearfab::agent {
namespace {

// Codes are two words that a person reads off a card; so few tries find none of them by guessing.
constexpr std::size_t wrong_codes_max = 5;
constexpr Duration wrong_codes_window = std::chrono::hours{1};
constexpr std::size_t commands_remembered = 256;

// Codes are nobody's to read in a journal.
message::OperatorCommand without_code(message::OperatorCommand command) {
    if (command.action == message::OperatorAction::presence) command.text.clear();
    return command;
}

Error too_late(const std::string& why) {
    return {ErrorCode::timed_out,
            "the command came too late (" + why + "): nothing was done",
            "say it again if it is still right"};
}

}  // namespace

void Agent::take(Step& step, const message::RelayedCommand& message) {
    const auto reply = [&](auto body) {
        send(step, message::RelayedAnswer{message.request, std::move(body)}, true);
    };
    const auto& listened_to = options_.through_router;
    if (std::find(listened_to.begin(), listened_to.end(), message.operator_name) ==
        listened_to.end()) {
        return reply(message::Failure{
            {ErrorCode::unauthorised,
             "this fab does not listen to " + message.operator_name.text() + " by way of a router",
             "its operator lists those who may in agent.toml: [operators] through_router"}});
    }
    if (std::holds_alternative<message::AskAgent>(message.body)) {
        return reply(status(step.now.boot));
    }
    if (std::holds_alternative<message::AskPass>(message.body)) {
        const auto pass = give_pass(step.now.boot, message.request);
        if (!pass) return reply(message::Failure{pass.error()});
        return reply(*pass);
    }
    const auto& passed = std::get<message::PassedCommand>(message.body);
    const Asker asker{0,
                      FarAsker{sessions_,
                               message.request,
                               message.operator_name,
                               passed.key,
                               without_code(passed.command)}};
    if (auto done = obey_from_afar(step, *asker.far, passed)) {
        answer(step, asker, std::move(*done));
    }
}

const fact::Obeyed* Agent::obeyed(const FarAsker& asker) const {
    const auto at = std::find_if(obeyed_.begin(), obeyed_.end(), [&](const fact::Obeyed& o) {
        return o.said_as == asker.said_as && o.operator_name == asker.operator_name;
    });
    return at == obeyed_.end() ? nullptr : &*at;
}

void Agent::answer_far(Step& step, const FarAsker& asker, Answer done) {
    message::RelayedAnswer reply{asker.request, message::OperatorAnswer{}};
    if (done) {
        if (obeyed(asker) == nullptr) {
            record(step, fact::Obeyed{asker.operator_name, asker.said_as, asker.command, *done});
        }
        reply.body = message::OperatorAnswer{std::move(*done)};
    } else {
        message::Failure failure{std::move(done.error())};
        if (failure.error.code == ErrorCode::limit_reached) {
            failure.retry_after_s = seconds_until_code(step.now.boot, asker.command.machine);
        }
        reply.body = std::move(failure);
    }
    if (asker.session == sessions_) send(step, std::move(reply), true);
}

Result<message::Pass> Agent::give_pass(TimePoint now, std::uint64_t request) {
    std::erase_if(passes_, [&](const auto& pass) {
        return pass.second.given + Duration{limits::relay_valid_ms_max} <= now;
    });
    if (passes_.size() >= limits::relays_per_fab_max && !passes_.contains(request)) {
        return fail(ErrorCode::limit_reached,
                    "too many commands are on their way to this fab already",
                    "try again in a few seconds");
    }
    const GivenPass& given =
        passes_.insert_or_assign(request, GivenPass{fresh_nonce(), now}).first->second;
    return message::Pass{given.number};
}

std::optional<Agent::Answer> Agent::obey_from_afar(Step& step,
                                                   const FarAsker& asker,
                                                   const message::PassedCommand& passed) {
    // The pass is used up also by what is refused.
    const auto pass = passes_.extract(asker.request);
    if (const fact::Obeyed* known = obeyed(asker)) {
        if (known->command == asker.command) return known->answer;
        return fail(ErrorCode::conflict,
                    "the key \"" + passed.key + "\" was used for another command",
                    "say it with a new key");
    }
    if (pass.empty() || pass.mapped().number != passed.pass.number) {
        return fail(too_late("its pass is not one that is out"));
    }
    const std::int64_t valid_ms = std::min(passed.valid_ms, limits::relay_valid_ms_max);
    if (step.now.boot >= pass.mapped().given + Duration{valid_ms}) {
        return fail(too_late("its pass has run out"));
    }
    if (passed.command.action == message::OperatorAction::presence) {
        if (auto may = may_be_there(step.now.boot, passed.command); !may) {
            return fail(std::move(may.error()));
        }
    }
    return obey(step, passed.command, Asker{0, asker});
}

// Whoever says so is not at the fab's computer, so only the card at the machine can prove it.
Status Agent::may_be_there(TimePoint now, const message::OperatorCommand& command) {
    const auto machine = machine_named(command.machine);
    if (!machine) return fail(machine.error());
    const std::string name = "machine " + (*machine)->id().text();
    const std::string& code = (*machine)->options.presence_code;
    if (code.empty()) {
        return fail(ErrorCode::unauthorised,
                    name + " has no presence code, so nobody can prove from elsewhere to be there",
                    "say it at the fab's computer, or give the machine a presence_code in "
                    "agent.toml and put it on a card at the machine");
    }
    auto& wrong = (*machine)->wrong_codes;
    std::erase_if(wrong, [&](TimePoint at) { return at + wrong_codes_window <= now; });
    if (wrong.size() >= wrong_codes_max) {
        return fail(ErrorCode::limit_reached,
                    std::to_string(wrong.size()) + " wrong codes were said for " + name +
                        " within an hour, no more is heard from elsewhere",
                    "say it at the fab's computer, or wait");
    }
    // What is wrong with it is said by presence().
    if (command.text != code) wrong.push_back(now);
    return {};
}

std::int64_t Agent::seconds_until_code(TimePoint now, const MachineId& id) {
    const auto machine = machine_named(id);
    if (!machine || (*machine)->wrong_codes.empty()) return 0;
    const Duration left = (*machine)->wrong_codes.front() + wrong_codes_window - now;
    return std::chrono::ceil<std::chrono::seconds>(std::max(left, Duration::zero())).count();
}

void Agent::note(const fact::Obeyed& fact) {
    obeyed_.push_back(fact);
    if (obeyed_.size() > commands_remembered) obeyed_.pop_front();
}

}  // namespace nearfab::agent
