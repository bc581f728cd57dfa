// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/server_socket.hpp"

#include "base/check.hpp"
#include "wire/local_socket.hpp"

#include <zmq.h>

#include <cerrno>
#include <string_view>
#include <sys/stat.h>
#include <utility>

namespace nearfab::wire {
namespace {

// Debian's library has this option, its header shows it only to users of the draft API.
constexpr zmq::sockopt::integral_option<93, int, true> zap_enforce_domain{};

// Names of properties that libzmq gives to received messages; as above.
constexpr const char* user_id = "User-Id";  // What the authenticator answered.
constexpr const char* peer_address = "Peer-Address";

class NarrowUmask {
public:
    explicit NarrowUmask(mode_t mask) : previous_{::umask(mask)} {}
    ~NarrowUmask() { ::umask(previous_); }
    NarrowUmask(const NarrowUmask&) = delete;
    NarrowUmask& operator=(const NarrowUmask&) = delete;

private:
    mode_t previous_;
};

void apply_server_settings(zmq::socket_t& socket) {
    apply_common_settings(socket);
    // A message to a slow peer is refused instead of silently thrown away, and one to a peer that
    // left says so.
    socket.set(zmq::sockopt::router_mandatory, true);
    // A second connection can never take over the name of a first one.
    socket.set(zmq::sockopt::router_handover, false);
    // Ten thousand agents may come back in the same second.
    socket.set(zmq::sockopt::backlog, 1024);
}

// libzmq writes properties in a thread of its own and hands them over in a way that
// ThreadSanitizer cannot see, because Debian's library is not instrumented.
[[gnu::no_sanitize_thread]] std::string copy_of(const char* text) {
    std::string copy;
    for (; *text != '\0'; ++text)
        copy.push_back(*text);
    return copy;
}

// A property of a message, if it has it. zmq::message_t::gets throws when it has not.
std::optional<std::string> property(zmq::message_t& message, const char* name) {
    const char* value = zmq_msg_gets(message.handle(), name);
    if (value == nullptr) return std::nullopt;
    return copy_of(value);
}

// Takes the frames after `first` away; how many there were.
std::size_t skip_rest(zmq::socket_t& socket, const zmq::message_t& first) {
    std::size_t skipped = 0;
    bool more = first.more();
    while (more) {
        zmq::message_t frame;
        const zmq::recv_result_t size = socket.recv(frame, zmq::recv_flags::dontwait);
        NEARFAB_CHECK(size.has_value(), "the frames of a message arrive together");
        more = frame.more();
        ++skipped;
    }
    return skipped;
}

}  // namespace

Result<ServerSocket> ServerSocket::bind_tcp(zmq::context_t& context,
                                            const std::string& endpoint,
                                            const KeyPair& keys,
                                            const Authenticator& /*is_running*/) {
    if (!is_tcp(endpoint)) {
        return fail(ErrorCode::invalid_argument,
                    "\"" + endpoint + "\" is no tcp address",
                    "write it as tcp://HOST:PORT, for example tcp://*:7440");
    }
    try {
        zmq::socket_t socket{context, zmq::socket_type::router};
        apply_server_settings(socket);
        apply_keys(socket, keys);
        socket.set(zmq::sockopt::curve_server, true);
        socket.set(zmq::sockopt::zap_domain, std::string{zap_domain});
        // Should the key check ever be missing, nobody gets in, instead of everybody.
        socket.set(zap_enforce_domain, true);
        socket.bind(endpoint);
        std::string bound = socket.get(zmq::sockopt::last_endpoint);
        return ServerSocket{std::move(socket), std::move(bound)};
    } catch (const zmq::error_t& error) {
        return fail_socket("listen at", endpoint, error);
    }
}

Result<ServerSocket> ServerSocket::bind_ipc(zmq::context_t& context,
                                            const std::filesystem::path& path) {
    const std::string endpoint = "ipc://" + path.string();
    if (const Status free = can_bind(path); !free) return fail(free.error());
    try {
        zmq::socket_t socket{context, zmq::socket_type::router};
        apply_server_settings(socket);
        constexpr mode_t only_owner_reads_and_writes = 0177;
        const NarrowUmask narrow{only_owner_reads_and_writes};
        socket.bind(endpoint);
        return ServerSocket{std::move(socket), endpoint};
    } catch (const zmq::error_t& error) {
        return fail_socket("listen at", endpoint, error);
    }
}

std::optional<ServerSocket::Received> ServerSocket::receive() {
    for (;;) {
        zmq::message_t routing_id;
        if (!socket_.recv(routing_id, zmq::recv_flags::dontwait)) return std::nullopt;
        zmq::message_t data;
        const bool has_data =
            routing_id.more() && socket_.recv(data, zmq::recv_flags::dontwait).has_value();
        if (!has_data || skip_rest(socket_, data) > 0) {
            ++dropped_;
            continue;
        }
        const auto* begin = data.data<std::uint8_t>();
        return Received{.routing_id = routing_id.to_string(),
                        .key = property(data, user_id),
                        .address = readable_address(property(data, peer_address).value_or("")),
                        .bytes = {begin, begin + data.size()}};
    }
}

SendOutcome ServerSocket::send(const RoutingId& routing_id, std::span<const std::uint8_t> bytes) {
    const auto dontwait = zmq::send_flags::dontwait;
    try {
        const zmq::send_result_t named =
            socket_.send(zmq::buffer(routing_id), dontwait | zmq::send_flags::sndmore);
        if (!named) return SendOutcome::would_block;
    } catch (const zmq::error_t& error) {
        if (error.num() == EHOSTUNREACH) return SendOutcome::gone;
        throw;
    }
    const zmq::send_result_t sent =
        socket_.send(zmq::const_buffer{bytes.data(), bytes.size()}, dontwait);
    NEARFAB_CHECK(sent.has_value(), "the name was taken, so there is room for the message");
    return SendOutcome::sent;
}

}  // namespace nearfab::wire
