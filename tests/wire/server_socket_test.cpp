// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/server_socket.hpp"

#include "host/file_descriptor.hpp"
#include "proto/model/limits.hpp"
#include "tests/host/scratch_directory.hpp"
#include "tests/wire/conversation.hpp"
#include "tests/wire/test_router.hpp"
#include "wire/client_socket.hpp"

#include <catch2/catch.hpp>

#include <arpa/inet.h>
#include <fstream>
#include <netinet/in.h>
#include <string>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace nearfab::wire::test {
namespace {

using std::chrono::milliseconds;

ClientSocket dialled(zmq::context_t& context,
                     const std::string& endpoint,
                     const std::string& server_key,
                     const KeyPair& own) {
    auto socket = ClientSocket::dial(context,
                                     {.endpoint = endpoint,
                                      .server_key = server_key,
                                      .keys = own,
                                      .reconnect_first = milliseconds{20},
                                      .reconnect_last = milliseconds{100}});
    REQUIRE(socket.has_value());
    return std::move(*socket);
}

bool send_soon(ClientSocket& socket, const Bytes& bytes) {
    return eventually([&] { return socket.send(bytes) == SendOutcome::sent; });
}

std::optional<Bytes> receive_soon(ClientSocket& socket) {
    std::optional<Bytes> bytes;
    CHECK(eventually([&] {
        bytes = socket.receive();
        return bytes.has_value();
    }));
    return bytes;
}

// A bare CURVE server, in this thread.
struct Server {
    KeyPair keys = generate_key_pair();
    KeyPair anna = generate_key_pair();
    zmq::context_t context;
    std::unique_ptr<Authenticator> authenticator;
    std::unique_ptr<ServerSocket> socket;

    Server() {
        auto started =
            Authenticator::start(context, allow("client anna " + anna.public_key), nullptr);
        REQUIRE(started.has_value());
        authenticator = std::move(*started);
        auto bound = ServerSocket::bind_tcp(context, "tcp://127.0.0.1:*", keys, *authenticator);
        REQUIRE(bound.has_value());
        socket = std::make_unique<ServerSocket>(std::move(*bound));
    }
    std::optional<ServerSocket::Received> receive() {
        std::optional<ServerSocket::Received> received;
        CHECK(eventually([&] {
            received = socket->receive();
            return received.has_value();
        }));
        return received;
    }
    ClientSocket dial() { return dialled(context, socket->endpoint(), keys.public_key, anna); }
};

std::size_t resident_bytes() {
    std::ifstream statm{"/proc/self/statm"};
    std::size_t total_pages = 0;
    std::size_t resident_pages = 0;
    statm >> total_pages >> resident_pages;
    return resident_pages * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
}

FileDescriptor tcp_connection(const std::string& endpoint) {
    const auto port =
        static_cast<std::uint16_t>(std::stoi(endpoint.substr(endpoint.rfind(':') + 1)));
    FileDescriptor made{::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)};
    REQUIRE(made.open());
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): how the call is made.
    REQUIRE(::connect(made.number(), reinterpret_cast<const sockaddr*>(&address), sizeof address) ==
            0);
    return made;
}

TEST_CASE("The largest message of the protocol passes under CURVE, both ways") {
    Server server;
    ClientSocket client = server.dial();
    const Bytes largest(limits::message_bytes_max, 0x5A);
    REQUIRE(send_soon(client, largest));
    const auto received = server.receive();
    REQUIRE(received.has_value());
    CHECK(received->bytes == largest);
    REQUIRE(server.socket->send(received->routing_id, largest) == SendOutcome::sent);
    CHECK(receive_soon(client) == largest);
}

TEST_CASE("A message over the limit ends the connection and is not delivered") {
    Server server;
    ClientSocket client = server.dial();
    REQUIRE(send_soon(client, {'1'}));
    const auto first = server.receive();
    REQUIRE(first.has_value());
    REQUIRE(send_soon(client, Bytes(2 * limits::message_bytes_max)));
    CHECK(eventually(
        [&] { return server.socket->send(first->routing_id, Bytes{'?'}) == SendOutcome::gone; }));
    CHECK_FALSE(server.socket->receive().has_value());
}

TEST_CASE("A stranger that announces 4 GiB before the handshake costs no memory") {
    Server server;
    const FileDescriptor stranger = tcp_connection(server.socket->endpoint());
    Bytes words(64);
    words[0] = 0xFF;
    words[9] = 0x7F;
    words[10] = 3;  // ZMTP 3.1
    words[11] = 1;
    const std::string mechanism = "CURVE";
    std::copy(mechanism.begin(), mechanism.end(), words.begin() + 12);
    // A long command frame of 2^32 bytes.
    words.insert(words.end(), {0x06, 0, 0, 0, 1, 0, 0, 0, 0});
    REQUIRE(::send(stranger.number(), words.data(), words.size(), MSG_NOSIGNAL) > 0);
    const std::size_t before = resident_bytes();
    const Bytes flood(64 * 1024);
    std::size_t taken = 0;
    bool thrown_out = false;
    while (!thrown_out && taken < 256 * limits::message_bytes_max) {
        const ssize_t sent = ::send(stranger.number(), flood.data(), flood.size(), MSG_NOSIGNAL);
        thrown_out = sent < 0;
        taken += thrown_out ? 0 : static_cast<std::size_t>(sent);
    }
    CHECK(thrown_out);
    CHECK(resident_bytes() < before + 32 * limits::message_bytes_max);
}

TEST_CASE("A message of several frames is dropped and counted") {
    Server server;
    ClientSocket client = server.dial();
    zmq::socket_t chatty{server.context, zmq::socket_type::dealer};
    chatty.set(zmq::sockopt::linger, 0);
    chatty.set(zmq::sockopt::curve_serverkey, server.keys.public_key);
    chatty.set(zmq::sockopt::curve_publickey, server.anna.public_key);
    chatty.set(zmq::sockopt::curve_secretkey, server.anna.secret_key);
    chatty.connect(server.socket->endpoint());
    for (int frame = 0; frame < 3; ++frame) {
        const auto more = frame < 2 ? zmq::send_flags::sndmore : zmq::send_flags::none;
        REQUIRE(chatty.send(zmq::str_buffer("x"), more).has_value());
    }
    REQUIRE(chatty.send(zmq::str_buffer("good"), zmq::send_flags::none).has_value());
    CHECK(server.receive()->bytes == Bytes{'g', 'o', 'o', 'd'});
    CHECK(server.socket->dropped() == 1);
}

TEST_CASE("A routing id that a client chooses does not change who it is") {
    Server server;
    zmq::socket_t pretender{server.context, zmq::socket_type::dealer};
    pretender.set(zmq::sockopt::linger, 0);
    pretender.set(zmq::sockopt::routing_id, "fab-lyon");
    pretender.set(zmq::sockopt::curve_serverkey, server.keys.public_key);
    pretender.set(zmq::sockopt::curve_publickey, server.anna.public_key);
    pretender.set(zmq::sockopt::curve_secretkey, server.anna.secret_key);
    pretender.connect(server.socket->endpoint());
    REQUIRE(pretender.send(zmq::str_buffer("I am Lyon"), zmq::send_flags::none).has_value());
    const auto received = server.receive();
    CHECK(received->routing_id == "fab-lyon");
    CHECK(received->key == server.anna.public_key);
}

TEST_CASE("A peer that does not read blocks at the high-water mark and nothing is thrown away") {
    Server server;
    ClientSocket client = server.dial();
    REQUIRE(send_soon(client, {'1'}));
    const auto first = server.receive();
    REQUIRE(first.has_value());
    const Bytes big(200'000);
    std::size_t accepted = 0;
    SendOutcome outcome = SendOutcome::sent;
    while (outcome == SendOutcome::sent && accepted < 10'000) {
        outcome = server.socket->send(first->routing_id, big);
        if (outcome == SendOutcome::sent) ++accepted;
    }
    CHECK(outcome == SendOutcome::would_block);
    for (std::size_t i = 0; i < accepted; ++i)
        REQUIRE(receive_soon(client) == big);
    CHECK(eventually(
        [&] { return server.socket->send(first->routing_id, Bytes{'!'}) == SendOutcome::sent; }));
}

TEST_CASE("A name that no connection has is gone") {
    Server server;
    CHECK(server.socket->send("nobody", Bytes{'?'}) == SendOutcome::gone);
}

TEST_CASE("An address in use, and one that is none, are refused with a remedy") {
    Server server;
    const auto again = ServerSocket::bind_tcp(
        server.context, server.socket->endpoint(), server.keys, *server.authenticator);
    REQUIRE_FALSE(again.has_value());
    CHECK(again.error().code == ErrorCode::conflict);
    const auto nonsense =
        ServerSocket::bind_tcp(server.context, "udp://x", server.keys, *server.authenticator);
    REQUIRE_FALSE(nonsense.has_value());
    CHECK(nonsense.error().code == ErrorCode::invalid_argument);
    const auto keyless = ClientSocket::dial(
        server.context, {.endpoint = "tcp://127.0.0.1:1", .server_key = "", .keys = std::nullopt});
    REQUIRE_FALSE(keyless.has_value());
    CHECK(keyless.error().code == ErrorCode::invalid_argument);
}

TEST_CASE("A local socket needs no key and is open to its owner only") {
    const nearfab::test::ScratchDirectory directory;
    const auto path = directory / "control";
    zmq::context_t context;
    auto server = ServerSocket::bind_ipc(context, path);
    REQUIRE(server.has_value());
    struct stat about {};
    REQUIRE(::stat(path.c_str(), &about) == 0);
    CHECK((about.st_mode & 0777U) == 0600U);
    auto client = ClientSocket::dial(
        context, {.endpoint = server->endpoint(), .server_key = "", .keys = std::nullopt});
    REQUIRE(client.has_value());
    REQUIRE(send_soon(*client, {'h', 'i'}));
    std::optional<ServerSocket::Received> received;
    CHECK(eventually([&] {
        received = server->receive();
        return received.has_value();
    }));
    CHECK_FALSE(received->key.has_value());
    CHECK(received->bytes == Bytes{'h', 'i'});
}

}  // namespace
}  // namespace nearfab::wire::test
