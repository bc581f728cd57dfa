// SPDX-License-Identifier: GPL-3.0-or-later
// A fab as its operators see it, and what they tell it. The router passes on; the fab decides whom
// it listens to.

#include "json/answers.hpp"
#include "proto/model/limits.hpp"
#include "router/gateway/json_body.hpp"
#include "router/gateway/problem.hpp"
#include "router/gateway/resources/names.hpp"
#include "router/gateway/resources/resources.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace nearfab::gateway::resources {
namespace {

using message::OperatorAction;

constexpr std::array all_actions{OperatorAction::accept,
                                 OperatorAction::decline,
                                 OperatorAction::clear_bed,
                                 OperatorAction::inspect_good,
                                 OperatorAction::inspect_bad,
                                 OperatorAction::hand_over,
                                 OperatorAction::drain,
                                 OperatorAction::resume,
                                 OperatorAction::presence,
                                 OperatorAction::resolve,
                                 OperatorAction::pause_machine,
                                 OperatorAction::resume_machine,
                                 OperatorAction::load};

std::optional<OperatorAction> action_of(const std::string& word) {
    const auto* const found =
        std::find_if(all_actions.begin(), all_actions.end(), [&](OperatorAction action) {
            return message::to_string(action) == word;
        });
    return found == all_actions.end() ? std::nullopt : std::optional{*found};
}

std::string words_of_actions() {
    std::string words;
    for (const OperatorAction action : all_actions)
        words += (words.empty() ? "" : ", ") + message::to_string(action);
    return words;
}

// The fab of the path, when the token is good for it; nothing after it has replied.
std::optional<FabId> own_fab(const ExchangePtr& exchange) {
    auto fab = fab_named(exchange);
    if (!fab || acts_for(exchange->caller, *fab)) return fab;
    exchange->reply(problem(
        403,
        {ErrorCode::unauthorised,
         "this token may not act for fab " + fab->text(),
         "ask the operator of the router for a token with fabs=" + fab->text() + " in its line"}));
    return std::nullopt;
}

Result<message::OperatorCommand> read_command(const std::string& text) {
    auto body = JsonBody::parse(text);
    if (!body) return fail(std::move(body.error()));
    JsonTable root = body->root();
    message::OperatorCommand command;
    const std::string word = root.needed_text("action");
    if (const auto action = action_of(word)) {
        command.action = *action;
    } else {
        root.complain("action", "is none of those that there are", "use " + words_of_actions());
    }
    command.work_order = WorkOrderId{root.text("work_order").value_or("")};
    command.machine = MachineId{root.text("machine").value_or("")};
    command.text = root.text("text").value_or("");
    command.material = MaterialId{root.text("material").value_or("")};
    command.nothing_else = root.truth("nothing_else").value_or(false);
    const auto grams = root.number("grams", 0, limits::mass_g_max);
    command.grams = grams.value_or(0);
    const bool loads = command.action == OperatorAction::load;
    if (loads && command.material.empty()) {
        root.complain("material", "is missing", "say what is loaded");
    } else if (loads && !grams) {
        root.complain("grams", "is missing", "say how many grams are there, 0 for none");
    } else if (!loads && (grams || command.nothing_else || !command.material.empty())) {
        root.complain("action", "takes no material", "leave material, grams and nothing_else out");
    }
    // In the message the code takes the place of the words.
    if (const auto code = root.text("presence_code")) {
        if (command.action != OperatorAction::presence) {
            root.complain("presence_code", "belongs to presence alone", "leave it out");
        } else if (!command.text.empty()) {
            root.complain("text", "says nothing beside a presence_code", "leave it out");
        }
        command.text = *code;
    }
    if (auto fine = body->finish(); !fine) return fail(std::move(fine.error()));
    return command;
}

}  // namespace

void get_board(const ExchangePtr& exchange) {
    if (!query_is_known(exchange, {})) return;
    auto fab = own_fab(exchange);
    if (!fab) return;
    exchange->desk.relay(exchange->caller,
                         message::RelayCommand{std::move(*fab), "", message::AskAgent{}},
                         [exchange](const Message& answer) {
                             const auto* status = std::get_if<message::AgentStatus>(&answer);
                             if (status == nullptr) return exchange->reply(unexpected(answer));
                             Response response;
                             response.body = json::json_of_agent(*status);
                             exchange->reply(std::move(response));
                         });
}

void post_action(const ExchangePtr& exchange) {
    auto fab = own_fab(exchange);
    if (!fab) return;
    auto key = key_for_router(exchange);
    if (!key) return;
    auto command = read_command(exchange->request.body);
    if (!command) return exchange->reply(problem(command.error()));
    exchange->desk.relay(
        exchange->caller,
        message::RelayCommand{std::move(*fab), std::move(*key), std::move(*command)},
        [exchange](const Message& answer) {
            const auto* done = std::get_if<message::OperatorAnswer>(&answer);
            if (done == nullptr) return exchange->reply(unexpected(answer));
            Response response;
            response.body = json::json_of_answer(*done);
            exchange->reply(std::move(response));
        });
}

}  // namespace nearfab::gateway::resources
