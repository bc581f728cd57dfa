// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/client_socket.hpp"

#include "base/check.hpp"

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
    socket.connect(options.endpoint);
    return socket;
}

}  // namespace

Result<ClientSocket> ClientSocket::dial(zmq::context_t& context, ClientSocketOptions options) {
    if (Status checked = check_options(options); !checked) return fail(std::move(checked.error()));
    try {
        zmq::socket_t socket = make_socket(context, options);
        return ClientSocket{context, std::move(options), std::move(socket)};
    } catch (const zmq::error_t& error) {
        return fail_socket("dial", options.endpoint, error);
    }
}

Status ClientSocket::redial() {
    try {
        socket_ = make_socket(*context_, options_);
        return {};
    } catch (const zmq::error_t& error) {
        return fail_socket("dial", options_.endpoint, error);
    }
}

std::optional<std::vector<std::uint8_t>> ClientSocket::receive() {
    for (;;) {
        zmq::message_t data;
        if (!socket_.recv(data, zmq::recv_flags::dontwait)) return std::nullopt;
        bool more = data.more();
        if (!more) {
            const auto* begin = data.data<std::uint8_t>();
            return std::vector<std::uint8_t>{begin, begin + data.size()};
        }
        ++dropped_;
        while (more) {
            const zmq::recv_result_t size = socket_.recv(data, zmq::recv_flags::dontwait);
            NEARFAB_CHECK(size.has_value(), "the frames of a message arrive together");
            more = data.more();
        }
    }
}

SendOutcome ClientSocket::send(std::span<const std::uint8_t> bytes) {
    const zmq::send_result_t sent =
        socket_.send(zmq::const_buffer{bytes.data(), bytes.size()}, zmq::send_flags::dontwait);
    return sent ? SendOutcome::sent : SendOutcome::would_block;
}

}  // namespace nearfab::wire
