// SPDX-License-Identifier: GPL-3.0-or-later
// What operators tell their fabs from elsewhere. The router passes it on and decides nothing: the
// agent knows whom its fab listens to. Nothing waits here for a fab that is away.

#include "proto/model/limits.hpp"
#include "router/core/refusals.hpp"
#include "router/core/router.hpp"

#include <algorithm>
#include <fmt/format.h>

namespace nearfab::router {
namespace {

std::int64_t milliseconds_in(Duration span) {
    return std::chrono::duration_cast<std::chrono::milliseconds>(span).count();
}

std::string seconds_text(Duration span) {
    return fmt::format("{:g} s", static_cast<double>(milliseconds_in(span)) / 1000);
}

bool asks(const Relay& relay) {
    return std::holds_alternative<message::AskAgent>(relay.command.body);
}

// What may be said to this question, at this point of the conversation.
bool fits(const Relay& relay, const message::RelayedAnswer& answer) {
    if (std::holds_alternative<message::Failure>(answer.body)) return true;
    if (asks(relay)) return std::holds_alternative<message::AgentStatus>(answer.body);
    return relay.sent ? std::holds_alternative<message::OperatorAnswer>(answer.body)
                      : std::holds_alternative<message::Pass>(answer.body);
}

// Nobody knows what came of a command that was on its way.
Error outcome_unknown(const std::string& why) {
    return {ErrorCode::timed_out,
            why + ": whether the command was carried out is not known",
            "look at the fab's status, or say it again with the same key: it is carried out once"};
}

Error not_connected(const FabId& fab) {
    return {ErrorCode::unavailable,
            "fab " + fab.text() + " is not connected to this router, nothing was done",
            "look at `nearfab fabs`, and try again when its agent is back"};
}

}  // namespace

std::optional<message::Failure> Router::fault_of(const ClientSaid& from,
                                                 const message::RelayCommand& body) {
    if (from.role != Role::operator_) {
        return message::Failure{
            {ErrorCode::unauthorised,
             "a key with the role " + to_string(from.role) + " may not tell a fab anything",
             "ask the network's operator for a key with the role operator"}};
    }
    if (!fabs_.is_connected(body.fab)) return message::Failure{not_connected(body.fab)};
    const bool is_ask = std::holds_alternative<message::AskAgent>(body.body);
    // A person's word about one fab must not reach its copy.
    if (const std::string why = suspicion_of(body.fab); !is_ask && !why.empty()) {
        return message::Failure{{ErrorCode::conflict,
                                 "fab " + body.fab.text() + " is held back: " + why,
                                 "say it at the fab itself, with `nearfab fab`"}};
    }
    if (relays_.open_at(body.fab) >= limits::relays_per_fab_max ||
        relays_.open_of(from.who) >= limits::relays_per_asker_max) {
        const auto wait = std::chrono::ceil<std::chrono::seconds>(options_.relay_answer).count();
        return message::Failure{{ErrorCode::limit_reached,
                                 "too many commands wait for an answer already",
                                 fmt::format("try again in {} s", wait)},
                                wait};
    }
    const auto wait =
        is_ask ? operator_looks_.take(from.who, options_.operator_looks, 1, now_.boot)
               : operator_commands_.take(from.who, options_.operator_commands, 1, now_.boot);
    if (wait) return too_fast(is_ask ? "looks at fabs" : "commands", *wait);
    return std::nullopt;
}

void Router::hear(const ClientSaid& from, const message::RelayCommand& body) {
    if (auto fault = fault_of(from, body)) return answer(from, std::move(*fault));
    const std::uint64_t request = relays_.open({body.fab,
                                                from.session,
                                                from.correlation,
                                                from.who,
                                                body,
                                                now_.boot + options_.relay_answer});
    message::RelayedCommand question{request, from.who, message::AskPass{}};
    if (std::holds_alternative<message::AskAgent>(body.body)) question.body = message::AskAgent{};
    tell(body.fab, std::move(question));
}

void Router::hear(const FabId& fab, const message::RelayedAnswer& body) {
    Relay* relay = relays_.find(fab, body.request);
    // What comes when the asker was told that there is no answer means nothing any more.
    if (relay == nullptr || relay->until <= now_.boot || !fits(*relay, body)) return;
    if (const auto* pass = std::get_if<message::Pass>(&body.body)) {
        relay->sent = true;
        message::PassedCommand command;
        command.pass = *pass;
        command.valid_ms =
            std::min(milliseconds_in(relay->until - now_.boot), limits::relay_valid_ms_max);
        command.key = relay->command.key;
        command.command = std::get<message::OperatorCommand>(relay->command.body);
        tell(fab, message::RelayedCommand{body.request, relay->who, std::move(command)});
        return;
    }
    const std::uint64_t session = relay->session;
    const std::uint64_t correlation = relay->correlation;
    relays_.close(body.request);
    std::visit(
        [&](const auto& said) {
            if constexpr (std::is_constructible_v<Message, decltype(said)>) {
                effects_.push_back(Answer{session, correlation, said});
            }
        },
        body.body);
}

void Router::end_relay(const Relay& relay, Error error) {
    effects_.push_back(
        Answer{relay.session, relay.correlation, message::Failure{std::move(error)}});
}

void Router::end_late_relays() {
    for (const Relay& relay : relays_.take_due(now_.boot)) {
        const std::string why = fmt::format("fab {} did not answer within {}",
                                            relay.fab.text(),
                                            seconds_text(options_.relay_answer));
        end_relay(relay,
                  relay.sent
                      ? outcome_unknown(why)
                      : Error{ErrorCode::timed_out, why + ": nothing was done", "try again"});
    }
}

// Its session is over, and what was on its way to it is void.
void Router::end_relays_of(const FabId& fab) {
    for (const Relay& relay : relays_.take_of_fab(fab)) {
        end_relay(relay,
                  relay.sent ? outcome_unknown("fab " + fab.text() + " left meanwhile")
                             : not_connected(fab));
    }
}

}  // namespace nearfab::router
