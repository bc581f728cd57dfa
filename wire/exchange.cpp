// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/exchange.hpp"

#include <algorithm>

namespace nearfab::wire {

std::size_t receive_all(ServerSocket& socket,
                        ServerSessions& sessions,
                        const Identify& identify,
                        TimePoint now,
                        std::size_t limit) {
    std::size_t count = 0;
    while (count < limit) {
        const std::optional<ServerSocket::Received> received = socket.receive();
        if (!received) break;
        ++count;
        sessions.receive(now, received->routing_id, identify(*received), received->bytes);
    }
    return count;
}

void send_all(ServerSessions& sessions, ServerSocket& socket, TimePoint now) {
    for (const ServerSessions::Outgoing& message : sessions.take_outgoing(now)) {
        switch (socket.send(message.routing_id, message.bytes)) {
            case SendOutcome::sent:
                break;
            case SendOutcome::would_block:
                sessions.blocked(now, message);
                break;
            case SendOutcome::gone:
                sessions.gone(now, message.routing_id);
                break;
        }
    }
}

std::size_t receive_all(ClientSocket& socket,
                        ClientSession& session,
                        TimePoint now,
                        std::size_t limit) {
    if (const std::optional<Error> why = socket.attend(now)) session.shut_out(now, *why);
    std::size_t count = 0;
    while (count < limit) {
        const std::optional<std::vector<std::uint8_t>> bytes = socket.receive();
        if (!bytes) break;
        ++count;
        session.receive(now, *bytes);
    }
    return count;
}

void send_all(ClientSession& session, ClientSocket& socket, TimePoint now) {
    for (const Stream::Frame& frame : session.take_outgoing(now)) {
        if (socket.send(frame.bytes) != SendOutcome::sent) session.blocked(now, frame);
    }
}

Duration wait_until(TimePoint deadline, TimePoint now, Duration at_most) {
    if (deadline <= now) return Duration::zero();
    return deadline >= now + at_most ? at_most : deadline - now;
}

}  // namespace nearfab::wire
