// SPDX-License-Identifier: GPL-3.0-or-later
// router_link.hpp - a conversation with the router, or the agent, of the settings.

#pragma once

#include "base/result.hpp"
#include "cli/desk.hpp"
#include "proto/model/message.hpp"
#include "wire/connection.hpp"
#include "wire/keys.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace nearfab::cli {

inline constexpr Duration answer_timeout = std::chrono::seconds{30};

// Who talks to whom; known before anything is dialled.
struct RouterKeys {
    wire::KeyPair own;
    std::string router;  // Public key.
};

// Errors: config when no router key is set or it is none; unauthorised when the own key is missing
// or unsafe, with the way to make one.
[[nodiscard]] Result<RouterKeys> router_keys(const Desk& desk);

[[nodiscard]] Result<wire::Connection> open_router(const Desk& desk, const RouterKeys& keys);

// router_keys and open_router in one.
[[nodiscard]] Result<wire::Connection> open_router(const Desk& desk);

// The agent's control socket; its file mode says who may.
[[nodiscard]] Result<wire::Connection> open_agent(const Desk& desk);

// Says which answer came instead of the one the protocol promises.
[[nodiscard]] Error unexpected_answer(const Message& answer, const Message& question);

// Asks, and takes the answer apart: it is an Answer, or an error.
template <typename Answer>
[[nodiscard]] Result<Answer> ask_for(wire::Connection& connection, const Message& question) {
    auto answer = connection.ask(question, answer_timeout);
    if (!answer) return fail(std::move(answer.error()));
    if (auto* wanted = std::get_if<Answer>(&*answer)) return std::move(*wanted);
    return fail(unexpected_answer(*answer, question));
}

// Every page of these answers, as one. A list that grows while it is read is cut at ten thousand
// rows, and says so with `more`.
[[nodiscard]] Result<message::Jobs> ask_all(wire::Connection& connection,
                                            message::AskJobs question);
[[nodiscard]] Result<message::Why> ask_all(wire::Connection& connection, message::AskWhy question);
[[nodiscard]] Result<message::Fabs> ask_all(wire::Connection& connection,
                                            message::AskFabs question);

// The one job whose id begins like this. Errors: invalid_argument when that is no beginning of an
// id, not_found, conflict when several do (and which).
[[nodiscard]] Result<JobStatus> find_job(wire::Connection& connection, std::string_view prefix);

}  // namespace nearfab::cli
