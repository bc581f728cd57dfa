// SPDX-License-Identifier: GPL-3.0-or-later
// control.hpp - the operators' socket: who may open its file may command.
//
// Questions about the status are answered here; commands go through the core, and their answers
// come back through answer(), after the core's records are safe.
//
// Belongs to the event loop's thread.

#pragma once

#include "base/result.hpp"
#include "node-agent/core/event.hpp"
#include "proto/model/message.hpp"
#include "wire/server_sessions.hpp"
#include "wire/server_socket.hpp"

#include <zmq.hpp>

#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::agent {

class Control {
public:
    using StatusNow = std::function<message::AgentStatus()>;

    [[nodiscard]] static Result<Control> open(zmq::context_t& context,
                                              const std::filesystem::path& path,
                                              const std::string& name);

    // What operators asked for since the last turn.
    [[nodiscard]] std::vector<event::OperatorAsked> receive(TimePoint now, const StatusNow& status);
    void answer(TimePoint now,
                std::uint64_t reply_id,
                const Result<message::OperatorAnswer>& answer);
    // Call when everything that follows from receive() is durable.
    void send(TimePoint now);

    [[nodiscard]] void* handle() { return socket_.handle(); }
    [[nodiscard]] TimePoint next_deadline() const { return sessions_.next_deadline(); }

private:
    Control(wire::ServerSocket socket, wire::ServerSessions sessions)
        : socket_{std::move(socket)}, sessions_{std::move(sessions)} {}

    struct Question {
        wire::SessionId session = 0;
        std::uint64_t correlation = 0;
    };

    wire::ServerSocket socket_;
    wire::ServerSessions sessions_;
    std::uint64_t reply_ids_ = 0;
    std::map<std::uint64_t, Question> open_;  // By reply id.
    std::vector<std::pair<wire::SessionId, std::uint64_t>> handled_;
    std::optional<TimePoint> last_look_;
};

}  // namespace nearfab::agent
