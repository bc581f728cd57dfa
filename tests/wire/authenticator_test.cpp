// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/authenticator.hpp"

#include "host/clock.hpp"
#include "tests/wire/test_router.hpp"
#include "wire/client_socket.hpp"
#include "wire/server_socket.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace nearfab::wire::test {
namespace {

using std::chrono::milliseconds;

const std::vector<std::uint8_t> knock{'k', 'n', 'o', 'c', 'k'};

// A server without sessions: what comes out of the bare socket.
struct Gate {
    KeyPair keys = generate_key_pair();
    std::mutex mutex;
    std::vector<Refusal> refusals;  // Under mutex.
    zmq::context_t context;
    std::unique_ptr<Authenticator> authenticator;
    std::unique_ptr<ServerSocket> socket;

    explicit Gate(AllowList list) {
        auto started =
            Authenticator::start(context, std::move(list), [this](const Refusal& refusal) {
                const std::lock_guard lock{mutex};
                refusals.push_back(refusal);
            });
        REQUIRE(started.has_value());
        authenticator = std::move(*started);
        auto bound = ServerSocket::bind_tcp(context, "tcp://127.0.0.1:*", keys, *authenticator);
        REQUIRE(bound.has_value());
        socket = std::make_unique<ServerSocket>(std::move(*bound));
    }
    ~Gate() { socket.reset(); }

    [[nodiscard]] ClientSocketOptions dial_options(const KeyPair& own) const {
        return {.endpoint = socket->endpoint(),
                .server_key = keys.public_key,
                .keys = own,
                .reconnect_first = milliseconds{20},
                .reconnect_last = milliseconds{100}};
    }
    // The next message, while `client` keeps knocking until it is heard.
    std::optional<ServerSocket::Received> hear(ClientSocket& client) {
        std::optional<ServerSocket::Received> received;
        bool sent = false;
        CHECK(eventually([&] {
            if (!sent) sent = client.send(knock) == SendOutcome::sent;
            received = socket->receive();
            return received.has_value();
        }));
        return received;
    }
};

TEST_CASE("A key on the list gets in, and its messages carry it") {
    const KeyPair anna = generate_key_pair();
    Gate gate{allow("client anna " + anna.public_key)};
    auto client = ClientSocket::dial(gate.context, gate.dial_options(anna));
    REQUIRE(client.has_value());
    const auto received = gate.hear(*client);
    REQUIRE(received.has_value());
    CHECK(received->key == anna.public_key);
    CHECK(received->address == "127.0.0.1");
    CHECK(received->bytes == knock);
    CHECK(gate.authenticator->find(*received->key)->name == IdentityId{"anna"});
    REQUIRE(gate.socket->send(received->routing_id, knock) == SendOutcome::sent);
    std::optional<std::vector<std::uint8_t>> answer;
    CHECK(eventually([&] {
        answer = client->receive();
        return answer.has_value();
    }));
    CHECK(answer == knock);
    CHECK(gate.authenticator->refused() == 0);
}

TEST_CASE("An unknown key gets nothing in, and is reported with its address") {
    const KeyPair anna = generate_key_pair();
    const KeyPair mallory = generate_key_pair();
    Gate gate{allow("client anna " + anna.public_key)};
    auto intruder = ClientSocket::dial(gate.context, gate.dial_options(mallory));
    REQUIRE(intruder.has_value());
    CHECK(eventually([&] { return gate.authenticator->refused() > 0; }));
    CHECK(intruder->send(knock) == SendOutcome::would_block);
    auto client = ClientSocket::dial(gate.context, gate.dial_options(anna));
    REQUIRE(client.has_value());
    const auto received = gate.hear(*client);
    REQUIRE(received.has_value());
    CHECK(received->key == anna.public_key);
    CHECK_FALSE(gate.socket->receive().has_value());
    const std::lock_guard lock{gate.mutex};
    REQUIRE_FALSE(gate.refusals.empty());
    CHECK(gate.refusals[0].key == mallory.public_key);
    CHECK(gate.refusals[0].address == "127.0.0.1");
}

TEST_CASE("Refusals are reported at most once a second, however many knock") {
    Gate gate{AllowList{}};
    const auto begin = std::chrono::steady_clock::now();
    std::vector<ClientSocket> intruders;
    for (int i = 0; i < 20; ++i) {
        auto one = ClientSocket::dial(gate.context, gate.dial_options(generate_key_pair()));
        REQUIRE(one.has_value());
        intruders.push_back(std::move(*one));
    }
    CHECK(eventually([&] { return gate.authenticator->refused() >= 20; }));
    const auto passed = std::chrono::steady_clock::now() - begin;
    const std::lock_guard lock{gate.mutex};
    CHECK(gate.refusals.size() >= 1);
    CHECK(gate.refusals.size() <= static_cast<std::size_t>(passed / std::chrono::seconds{1}) + 1);
}

TEST_CASE("A key that is added to the list gets in without a restart") {
    const KeyPair late = generate_key_pair();
    Gate gate{AllowList{}};
    auto client = ClientSocket::dial(gate.context, gate.dial_options(late));
    REQUIRE(client.has_value());
    CHECK(eventually([&] { return gate.authenticator->refused() > 0; }));
    gate.authenticator->replace(allow("client late " + late.public_key));
    REQUIRE(client->redial().has_value());
    const auto received = gate.hear(*client);
    REQUIRE(received.has_value());
    CHECK(received->key == late.public_key);
}

TEST_CASE("A client without CURVE gets nothing in") {
    const KeyPair anna = generate_key_pair();
    Gate gate{allow("client anna " + anna.public_key)};
    zmq::socket_t plain{gate.context, zmq::socket_type::dealer};
    plain.set(zmq::sockopt::linger, 0);
    plain.set(zmq::sockopt::reconnect_ivl, 10);
    zmq::socket_t monitor{gate.context, zmq::socket_type::pair};
    REQUIRE(zmq_socket_monitor(
                plain.handle(), "inproc://plain", ZMQ_EVENT_DISCONNECTED | ZMQ_EVENT_CLOSED) == 0);
    monitor.connect("inproc://plain");
    plain.connect(gate.socket->endpoint());
    REQUIRE(plain.send(zmq::buffer(knock), zmq::send_flags::dontwait).has_value());
    zmq::message_t thrown_out;
    CHECK(eventually(
        [&] { return monitor.recv(thrown_out, zmq::recv_flags::dontwait).has_value(); }));
    auto client = ClientSocket::dial(gate.context, gate.dial_options(anna));
    REQUIRE(client.has_value());
    CHECK(gate.hear(*client)->key == anna.public_key);
    CHECK_FALSE(gate.socket->receive().has_value());
}

TEST_CASE("A client that knows a wrong key of the server gets nothing in") {
    const KeyPair anna = generate_key_pair();
    Gate gate{allow("client anna " + anna.public_key)};
    ClientSocketOptions wrong = gate.dial_options(anna);
    wrong.server_key = generate_key_pair().public_key;
    auto client = ClientSocket::dial(gate.context, wrong);
    REQUIRE(client.has_value());
    auto honest = ClientSocket::dial(gate.context, gate.dial_options(anna));
    REQUIRE(honest.has_value());
    CHECK(gate.hear(*honest).has_value());
    CHECK(client->send(knock) == SendOutcome::would_block);
}

TEST_CASE("There is one key check per context") {
    Gate gate{AllowList{}};
    const auto second = Authenticator::start(gate.context, AllowList{}, nullptr);
    REQUIRE_FALSE(second.has_value());
    CHECK(second.error().code == ErrorCode::conflict);
}

TEST_CASE("The list can be replaced while others read it") {
    const std::string first = generate_key_pair().public_key;
    const std::string second = generate_key_pair().public_key;
    Gate gate{allow("client anna " + first)};
    std::atomic<bool> stop{false};
    std::atomic<int> wrong{0};
    std::vector<std::thread> readers;
    for (int i = 0; i < 3; ++i) {
        readers.emplace_back([&] {
            while (!stop) {
                const auto list = gate.authenticator->list();
                if (list->find(first).has_value() == list->find(second).has_value()) ++wrong;
            }
        });
    }
    for (int i = 0; i < 500; ++i) {
        gate.authenticator->replace(allow("client anna " + (i % 2 == 0 ? second : first)));
    }
    stop = true;
    for (std::thread& reader : readers)
        reader.join();
    CHECK(wrong == 0);
}

}  // namespace
}  // namespace nearfab::wire::test
