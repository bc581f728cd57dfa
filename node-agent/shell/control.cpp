// SPDX-License-Identifier: GPL-3.0-or-later

#include "node-agent/shell/control.hpp"

#include "host/random.hpp"
#include "wire/exchange.hpp"

#include <spdlog/spdlog.h>

namespace nearfab::agent {
namespace {

// The file mode of the socket has decided already.
std::optional<wire::Identity> local_operator(const wire::ServerSocket::Received&) {
    return wire::Identity{Role::operator_, IdentityId{"local"}, ""};
}

Error not_for_agents(const Message& body) {
    return {ErrorCode::unsupported,
            "an agent does not answer " + std::string{name_of(body)},
            "ask the router, or use the operator's commands"};
}

}  // namespace

Result<Control> Control::open(zmq::context_t& context,
                              const std::filesystem::path& path,
                              const std::string& name) {
    auto socket = wire::ServerSocket::bind_ipc(context, path);
    if (!socket) return fail(socket.error());
    wire::ServerSessionsOptions options;
    options.name = name;
    options.random = [] { return random_u64(); };
    return Control{std::move(*socket), wire::ServerSessions{std::move(options)}};
}

std::vector<event::OperatorAsked> Control::receive(TimePoint now, const StatusNow& status) {
    // What comes now was not there at the last look.
    const std::optional<TimePoint> said_after = std::exchange(last_look_, now);
    wire::receive_all(socket_, sessions_, local_operator, now);
    sessions_.tick(now);
    std::vector<event::OperatorAsked> asked;
    for (const wire::SessionEvent& event : sessions_.take_events()) {
        const auto* delivered = std::get_if<wire::session_event::Delivered>(&event);
        if (delivered == nullptr) continue;
        if (const auto* command = std::get_if<message::OperatorCommand>(&delivered->body)) {
            open_[++reply_ids_] = {delivered->session, delivered->correlation};
            asked.push_back({reply_ids_, *command, said_after});
        } else if (std::holds_alternative<message::AskAgent>(delivered->body)) {
            sessions_.send(now, delivered->session, status(), delivered->correlation);
        } else {
            sessions_.send(now,
                           delivered->session,
                           message::Failure{not_for_agents(delivered->body)},
                           delivered->correlation);
        }
        if (delivered->sequence != 0) {
            handled_.emplace_back(delivered->session, delivered->sequence);
        }
    }
    return asked;
}

void Control::answer(TimePoint now,
                     std::uint64_t reply_id,
                     const Result<message::OperatorAnswer>& answer) {
    const auto at = open_.find(reply_id);
    if (at == open_.end()) return;
    const Question question = at->second;
    open_.erase(at);
    Message body = answer ? Message{*answer} : Message{message::Failure{answer.error()}};
    // The operator may have left; the command was carried out all the same.
    if (!sessions_.send(now, question.session, body, question.correlation)) {
        spdlog::info("an operator left before the answer: {}",
                     answer ? answer->text : answer.error().message);
    }
}

void Control::send(TimePoint now) {
    for (const auto& [session, sequence] : std::exchange(handled_, {})) {
        sessions_.handled(session, sequence);
    }
    wire::send_all(sessions_, socket_, now);
}

}  // namespace nearfab::agent
