// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/client_socket.hpp"

#include "base/check.hpp"
#include "host/random.hpp"

#include <zmq.h>

#include <atomic>
#include <cstring>
#include <utility>

namespace nearfab::wire {
namespace {

Status check_options(const ClientSocketOptions& options) {
    if (is_ipc(options.endpoint)) return {};
    if (!is_tcp(options.endpoint)) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + options.endpoint + "\" is no address",
                    "write it as tcp://HOST:PORT or ipc:///PATH");
    }
    if (!options.keys) {
        return fail(ErrorCode::invalid_argument,
                    "a key of one's own is needed for " + options.endpoint,
                    "make one, and give its public half to the operator of the router");
    }
    if (!is_well_formed_key(options.server_key)) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + options.server_key + "\" is no public key of a router",
                    "copy the 40 characters that the operator of the router gives you");
    }
    return {};
}

zmq::socket_t make_socket(zmq::context_t& context, const ClientSocketOptions& options) {
    zmq::socket_t socket{context, zmq::socket_type::dealer};
    apply_common_settings(socket);
    // Nothing is queued for a connection that is not there: what was meant for yesterday must not
    // be delivered today. No routing id is ever set either, the other side makes them.
    socket.set(zmq::sockopt::immediate, true);
    socket.set(zmq::sockopt::reconnect_ivl, static_cast<int>(options.reconnect_first.count()));
    socket.set(zmq::sockopt::reconnect_ivl_max, static_cast<int>(options.reconnect_last.count()));
    if (is_tcp(options.endpoint)) {
        apply_keys(socket, *options.keys);
        socket.set(zmq::sockopt::curve_serverkey, options.server_key);
    }
    return socket;
}

// The end where libzmq's reports about `socket` arrive.
zmq::socket_t make_monitor(zmq::context_t& context, zmq::socket_t& socket) {
    static std::atomic<std::uint64_t> made{0};
    const std::string name = "inproc://nearfab.dial." + std::to_string(++made);
    constexpr int wanted = ZMQ_EVENT_CONNECT_DELAYED | ZMQ_EVENT_CONNECTED | ZMQ_EVENT_CLOSED |
                           ZMQ_EVENT_CONNECT_RETRIED | ZMQ_EVENT_HANDSHAKE_FAILED_NO_DETAIL |
                           ZMQ_EVENT_HANDSHAKE_FAILED_PROTOCOL | ZMQ_EVENT_HANDSHAKE_FAILED_AUTH |
                           ZMQ_EVENT_HANDSHAKE_SUCCEEDED;
    if (zmq_socket_monitor(socket.handle(), name.c_str(), wanted) != 0) throw zmq::error_t{};
    zmq::socket_t monitor{context, zmq::socket_type::pair};
    // libzmq's own thread would wait for room here, and everything else with it.
    monitor.set(zmq::sockopt::rcvhwm, 0);
    monitor.set(zmq::sockopt::linger, 0);
    monitor.connect(name);
    return monitor;
}

struct Report {
    std::uint16_t event = 0;
    std::uint32_t value = 0;
};

// Two frames: 16 bits event with 32 bits value, both as this machine writes them; and the address.
std::optional<Report> next_report(zmq::socket_t& monitor) {
    zmq::message_t numbers;
    if (!monitor.recv(numbers, zmq::recv_flags::dontwait)) return std::nullopt;
    zmq::message_t address;
    const bool has_address =
        numbers.more() && monitor.recv(address, zmq::recv_flags::dontwait).has_value();
    Report report;
    NEARFAB_CHECK(has_address && numbers.size() == sizeof report.event + sizeof report.value,
                  "reports of libzmq have this form");
    std::memcpy(&report.event, numbers.data(), sizeof report.event);
    std::memcpy(
        &report.value, numbers.data<std::uint8_t>() + sizeof report.event, sizeof report.value);
    return report;
}

}  // namespace

// Watched before it dials, so that no report is missed.
ClientSocket::Line ClientSocket::make_line(zmq::context_t& context,
                                           const ClientSocketOptions& options) {
    zmq::socket_t socket = make_socket(context, options);
    zmq::socket_t monitor = make_monitor(context, socket);
    socket.connect(options.endpoint);
    return {std::move(socket), std::move(monitor)};
}

Result<ClientSocket> ClientSocket::dial(zmq::context_t& context, ClientSocketOptions options) {
    if (Status checked = check_options(options); !checked) return fail(std::move(checked.error()));
    try {
        Line line = make_line(context, options);
        return ClientSocket{context, std::move(options), std::move(line)};
    } catch (const zmq::error_t& error) {
        return fail_socket("dial", options.endpoint, error);
    }
}

Status ClientSocket::redial() {
    reports_ = DialReports{};
    dial_again_at_.reset();
    try {
        line_ = make_line(*context_, options_);
        return {};
    } catch (const zmq::error_t& error) {
        return fail_socket("dial", options_.endpoint, error);
    }
}

void ClientSocket::read_reports() {
    while (const std::optional<Report> report = next_report(line_.monitor)) {
        reports_.take(report->event, report->value);
    }
}

DialTrouble ClientSocket::trouble() {
    read_reports();
    return reports_.trouble();
}

Error ClientSocket::explain(DialTrouble trouble) const {
    return dial_error(trouble,
                      {.endpoint = options_.endpoint,
                       .server_key = options_.server_key,
                       .own_public_key = options_.keys ? options_.keys->public_key : ""});
}

std::optional<Error> ClientSocket::attend(TimePoint now) {
    const DialTrouble found = trouble();
    if (!is_final(found)) {
        dial_again_at_.reset();
        if (found != DialTrouble::wrong_router_key) return std::nullopt;
        return explain(found);
    }
    if (!dial_again_at_) {
        const auto spread = static_cast<std::uint64_t>(options_.refused_pause.count()) / 2 + 1;
        dial_again_at_ = now + options_.refused_pause +
                         Duration{static_cast<std::int64_t>(random_u64() % spread)};
    }
    if (now < *dial_again_at_) return explain(found);
    if (Status dialled = redial(); !dialled) return std::move(dialled.error());
    return std::nullopt;
}

std::optional<std::vector<std::uint8_t>> ClientSocket::receive() {
    for (;;) {
        zmq::message_t data;
        if (!line_.socket.recv(data, zmq::recv_flags::dontwait)) return std::nullopt;
        bool more = data.more();
        if (!more) {
            const auto* begin = data.data<std::uint8_t>();
            return std::vector<std::uint8_t>{begin, begin + data.size()};
        }
        ++dropped_;
        while (more) {
            const zmq::recv_result_t size = line_.socket.recv(data, zmq::recv_flags::dontwait);
            NEARFAB_CHECK(size.has_value(), "the frames of a message arrive together");
            more = data.more();
        }
    }
}

SendOutcome ClientSocket::send(std::span<const std::uint8_t> bytes) {
    const zmq::send_result_t sent =
        line_.socket.send(zmq::const_buffer{bytes.data(), bytes.size()}, zmq::send_flags::dontwait);
    return sent ? SendOutcome::sent : SendOutcome::would_block;
}

}  // namespace nearfab::wire
