// SPDX-License-Identifier: GPL-3.0-or-later
// exchange.hpp - carries what the sockets bring to the sessions, and what they say to the sockets.
//
// The two steps that every event loop with a session has in common. A turn of a server:
//
//     receive_all(socket, sessions, identify, now);
//     sessions.tick(now);
//     ... handle sessions.take_events(), write what must be durable, send(), handled() ...
//     send_all(sessions, socket, now);
//
// then zmq::poll until sessions.next_deadline(). A client's turn is the same.

#pragma once

#include "base/clock.hpp"
#include "wire/client_session.hpp"
#include "wire/client_socket.hpp"
#include "wire/server_sessions.hpp"
#include "wire/server_socket.hpp"

#include <cstddef>
#include <functional>
#include <optional>

namespace nearfab::wire {

// DEFAULT of both: other work gets its turn even while messages pour in.
inline constexpr std::size_t messages_per_turn_max = 1024;

// Whose message this is, now: Authenticator::find of its key, or the local operator over ipc.
using Identify = std::function<std::optional<Identity>(const ServerSocket::Received&)>;

// The number of messages. As many as the limit: there may be more.
std::size_t receive_all(ServerSocket& socket,
                        ServerSessions& sessions,
                        const Identify& identify,
                        TimePoint now,
                        std::size_t limit = messages_per_turn_max);
void send_all(ServerSessions& sessions, ServerSocket& socket, TimePoint now);

std::size_t receive_all(ClientSocket& socket,
                        ClientSession& session,
                        TimePoint now,
                        std::size_t limit = messages_per_turn_max);
void send_all(ClientSession& session, ClientSocket& socket, TimePoint now);

// How long to wait in zmq::poll for this deadline: within 0 .. `at_most`.
[[nodiscard]] Duration wait_until(TimePoint deadline, TimePoint now, Duration at_most);

}  // namespace nearfab::wire
