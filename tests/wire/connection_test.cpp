// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/connection.hpp"

#include "host/clock.hpp"
#include "tests/wire/conversation.hpp"
#include "tests/wire/test_router.hpp"
#include "wire/authenticator.hpp"
#include "wire/client_socket.hpp"
#include "wire/server_socket.hpp"
#include "wire/session_rules.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace nearfab::wire::test {
namespace {

struct Network {
    KeyPair anna = generate_key_pair();
    KeyPair ben = generate_key_pair();
    TestRouterOptions options;
    std::unique_ptr<TestRouter> router;

    Network() { options.list = both(); }
    [[nodiscard]] AllowList both() const {
        return allow("client anna " + anna.public_key + "\nclient ben " + ben.public_key);
    }
    void start() {
        router = std::make_unique<TestRouter>(options);
        options.endpoint = router->endpoint();  // The same place after a restart.
    }
    void restart() {
        router.reset();
        start();
    }
    [[nodiscard]] ConnectionOptions as(const KeyPair& keys) const {
        ConnectionOptions made;
        made.endpoint = router->endpoint();
        made.server_key = router->public_key();
        made.keys = keys;
        made.software = "test 1";
        made.connect_timeout = patience;
        return made;
    }
    // Sockets of the pure layers, for those who do not keep the rules.
    [[nodiscard]] ClientSocketOptions socket_as(const KeyPair& keys) const {
        return {.endpoint = router->endpoint(),
                .server_key = router->public_key(),
                .keys = keys,
                .reconnect_first = std::chrono::milliseconds{20},
                .reconnect_last = std::chrono::milliseconds{100}};
    }
};

Message jobs() {
    return message::AskJobs{};
}
Message fabs() {
    return message::AskFabs{};
}

TEST_CASE("A connection asks and is answered") {
    Network network;
    network.start();
    auto connection = Connection::open(network.as(network.anna));
    REQUIRE(connection.has_value());
    CHECK(connection->welcome().name == IdentityId{"anna"});
    CHECK(connection->welcome().role == Role::client);
    CHECK(connection->welcome().router == "test-router");
    const auto answer = connection->ask(jobs(), patience);
    REQUIRE(answer.has_value());
    CHECK(std::holds_alternative<message::Jobs>(*answer));
    const auto failure = connection->ask(message::AskWhy{JobId{"j1"}}, patience);
    REQUIRE_FALSE(failure.has_value());
    CHECK(failure.error() == Error{ErrorCode::not_found, "there is no such job", "look again"});
    CHECK(network.router->heard() == std::vector<std::string>{"anna AskJobs", "anna AskWhy"});
}

TEST_CASE("Answers of several questions are matched to them") {
    Network network;
    network.start();
    auto connection = Connection::open(network.as(network.anna));
    REQUIRE(connection.has_value());
    const std::uint64_t first = connection->send(jobs());
    const std::uint64_t second = connection->send(fabs());
    const std::uint64_t unwanted = connection->send(jobs());
    connection->forget(unwanted);
    CHECK(connection->ask(fabs(), patience).has_value());
    const auto one = connection->next(patience);
    const auto two = connection->next(patience);
    REQUIRE((one.has_value() && one->has_value() && two.has_value() && two->has_value()));
    CHECK((*one)->correlation == first);
    CHECK((*two)->correlation == second);
    const auto nothing = connection->next(0ms);
    REQUIRE(nothing.has_value());
    CHECK_FALSE(nothing->has_value());
}

TEST_CASE("A question without an answer times out and says so") {
    Network network;
    network.options.answers_fabs = false;
    network.start();
    auto connection = Connection::open(network.as(network.anna));
    REQUIRE(connection.has_value());
    const auto answer = connection->ask(fabs(), 50ms);
    REQUIRE_FALSE(answer.has_value());
    CHECK(answer.error().code == ErrorCode::timed_out);
    CHECK(answer.error().message.find("did not answer AskFabs within 50 ms") != std::string::npos);
}

TEST_CASE("A key that the router does not know is told as soon as it is refused, with the key") {
    Network network;
    network.start();
    const KeyPair mallory = generate_key_pair();
    const auto connection = Connection::open(network.as(mallory));
    REQUIRE_FALSE(connection.has_value());
    CHECK(connection.error() ==
          Error{ErrorCode::unauthorised,
                "the router at " + network.router->endpoint() + " does not know this key",
                "give this public key to the operator of the router: " + mallory.public_key});
    CHECK(network.router->messages() == 0);
    CHECK(network.router->opened() == 0);
}

TEST_CASE("A router with another key than the expected one is told apart from an empty house") {
    Network network;
    network.start();
    ConnectionOptions options = network.as(network.anna);
    options.server_key = generate_key_pair().public_key;
    const auto connection = Connection::open(options);
    REQUIRE_FALSE(connection.has_value());
    CHECK(connection.error().code == ErrorCode::unauthorised);
    CHECK(connection.error().message == "the router at " + options.endpoint +
                                            " does not have the key in your settings, " +
                                            options.server_key);
    CHECK(network.router->opened() == 0);
}

TEST_CASE("Nobody listens, no such host, something silent: each says what it is") {
    Network network;
    network.start();
    ConnectionOptions options = network.as(network.anna);
    network.router.reset();
    options.connect_timeout = 300ms;
    const auto told = [&] {
        const auto connection = Connection::open(options);
        REQUIRE_FALSE(connection.has_value());
        CHECK(connection.error().code == ErrorCode::unavailable);
        CHECK_FALSE(connection.error().next.empty());
        return connection.error().message;
    };
    CHECK(told() == "nobody listens at " + options.endpoint + " (waited 300 ms)");
    // No name may have so long a label, so no resolver is asked, however slow it may be.
    options.endpoint = "tcp://" + std::string(70, 'x') + ".invalid:7440";
    options.connect_timeout = 2s;
    CHECK(told().starts_with("no way leads to " + options.endpoint + ": "));
    options.connect_timeout = 300ms;
    zmq::context_t context;
    zmq::socket_t mute{context, zmq::socket_type::stream};
    mute.bind("tcp://127.0.0.1:*");
    options.endpoint = mute.get(zmq::sockopt::last_endpoint);
    CHECK(told().starts_with("something takes connections at " + options.endpoint));
}

TEST_CASE("A server without keys is told apart from an empty house") {
    zmq::context_t context;
    zmq::socket_t keyless{context, zmq::socket_type::router};
    keyless.bind("tcp://127.0.0.1:*");
    ConnectionOptions options;
    options.endpoint = keyless.get(zmq::sockopt::last_endpoint);
    options.server_key = generate_key_pair().public_key;
    options.keys = generate_key_pair();
    options.connect_timeout = patience;
    const auto connection = Connection::open(options);
    REQUIRE_FALSE(connection.has_value());
    // Whoever notices first hangs up, so it is one of these.
    const std::string& message = connection.error().message;
    const bool no_router = message == "what answers at " + options.endpoint +
                                          " does not speak as a nearfab router does";
    const bool other_key =
        message.starts_with("the router at " + options.endpoint + " does not have the key");
    CHECK((no_router || other_key));
}

TEST_CASE("A router of another protocol version is named with what it says") {
    const KeyPair anna = generate_key_pair();
    const KeyPair keys = generate_key_pair();
    zmq::context_t context;
    auto authenticator =
        Authenticator::start(context, allow("client anna " + anna.public_key), nullptr);
    REQUIRE(authenticator.has_value());
    auto socket = ServerSocket::bind_tcp(context, "tcp://127.0.0.1:*", keys, **authenticator);
    REQUIRE(socket.has_value());
    std::atomic<bool> stop{false};
    std::thread newer_router{[&] {
        while (!stop) {
            const auto received = socket->receive();
            if (!received) {
                std::this_thread::sleep_for(1ms);
                continue;
            }
            const Error why{ErrorCode::unsupported_version, "you speak 1, this side 7 to 9", "x"};
            (void)socket->send(received->routing_id,
                               encode_failure(why, 0, read(received->bytes).correlation));
        }
    }};
    ConnectionOptions options;
    options.endpoint = socket->endpoint();
    options.server_key = keys.public_key;
    options.keys = anna;
    options.connect_timeout = patience;
    const auto connection = Connection::open(options);
    stop = true;
    newer_router.join();
    REQUIRE_FALSE(connection.has_value());
    CHECK(connection.error().code == ErrorCode::unsupported_version);
    CHECK(connection.error().message == options.endpoint + " says: you speak 1, this side 7 to 9");
}

TEST_CASE("A local socket that is not there is told at once, whatever the time-out") {
    ConnectionOptions options;
    options.endpoint = "ipc:///tmp/nearfab-no-such-socket";
    options.connect_timeout = 1h;
    const auto connection = Connection::open(options);
    REQUIRE_FALSE(connection.has_value());
    CHECK(connection.error().code == ErrorCode::unavailable);
}

TEST_CASE("A socket whose key was refused dials again by itself, and gets in once it is listed") {
    Network network;
    network.start();
    const KeyPair carl = generate_key_pair();
    zmq::context_t context;
    ClientSocketOptions options = network.socket_as(carl);
    options.refused_pause = 20ms;
    auto socket = ClientSocket::dial(context, options);
    REQUIRE(socket.has_value());
    const SystemClock clock;
    CHECK(eventually([&] { return socket->attend(clock.read().boot).has_value(); }));
    CHECK(socket->trouble() == DialTrouble::key_refused);
    network.router->replace(allow("client carl " + carl.public_key));
    CHECK(eventually([&] {
        (void)socket->attend(clock.read().boot);
        return socket->send(hello_bytes("boot-carl", 1)) == SendOutcome::sent;
    }));
    CHECK(socket->trouble() == DialTrouble::none);
}

TEST_CASE("Addresses and keys that cannot be right are refused at once") {
    Network network;
    network.start();
    ConnectionOptions options = network.as(network.anna);
    options.server_key = "short";
    CHECK(Connection::open(options).error().code == ErrorCode::invalid_argument);
    options = network.as(network.anna);
    options.endpoint = "http://router";
    CHECK(Connection::open(options).error().code == ErrorCode::invalid_argument);
    options = network.as(network.anna);
    options.keys.reset();
    CHECK(Connection::open(options).error().code == ErrorCode::invalid_argument);
}

TEST_CASE("A router that restarts while a connection waits is asked again, and answers") {
    Network network;
    network.options.answers_fabs = false;
    network.start();
    std::atomic<int> lost{0};
    std::atomic<int> back{0};
    ConnectionOptions options = network.as(network.anna);
    options.on_reachable = [&](bool reachable) { ++(reachable ? back : lost); };
    auto connection = Connection::open(std::move(options));
    REQUIRE(connection.has_value());
    std::thread operator_of_router{[&] {
        // Restart only after the first router has heard the question and stayed silent.
        if (!eventually([&] { return !network.router->heard().empty(); })) return;
        network.options.answers_fabs = true;
        network.restart();
    }};
    const auto answer = connection->ask(fabs(), patience);
    operator_of_router.join();
    REQUIRE(answer.has_value());
    CHECK(std::holds_alternative<message::Fabs>(*answer));
    CHECK(network.router->heard() == std::vector<std::string>{"anna AskFabs"});
    CHECK(lost == 1);
    CHECK(back == 1);
}

TEST_CASE("A watch goes on after a restart, from the event where it was") {
    Network network;
    network.options.watch_events = 2;
    network.start();
    auto connection = Connection::open(network.as(network.anna));
    REQUIRE(connection.has_value());
    const std::uint64_t watch = connection->send(message::WatchJob{JobId{"j1"}, 0});
    std::vector<std::uint64_t> seen;
    while (seen.size() < 4) {
        if (seen.size() == 2) {
            network.restart();
        }
        const auto received = connection->next(patience);
        REQUIRE((received.has_value() && received->has_value()));
        CHECK((*received)->correlation == watch);
        const auto& update = std::get<message::JobUpdate>((*received)->body);
        seen.push_back(update.events.at(0).number);
    }
    CHECK(seen == std::vector<std::uint64_t>{1, 2, 3, 4});
}

TEST_CASE("A connection that waits for a long time is kept alive by both sides") {
    Network network;
    network.options.keepalive = 1s;
    network.options.silence = 3s;
    network.start();
    std::atomic<int> lost{0};
    ConnectionOptions options = network.as(network.anna);
    options.on_reachable = [&](bool reachable) { lost += reachable ? 0 : 1; };
    auto connection = Connection::open(std::move(options));
    REQUIRE(connection.has_value());
    CHECK_FALSE(connection->next(4s)->has_value());
    CHECK(connection->ask(jobs(), patience).has_value());
    CHECK(lost == 0);
    CHECK(network.router->opened() == 1);
    CHECK(network.router->closed() == 0);
}

TEST_CASE("A key that is taken off the list is cut off while it is connected") {
    Network network;
    network.start();
    auto anna = Connection::open(network.as(network.anna));
    auto ben = Connection::open(network.as(network.ben));
    REQUIRE(anna.has_value());
    REQUIRE(ben.has_value());
    network.router->replace(allow("client ben " + network.ben.public_key));
    const auto end = anna->next(patience);
    REQUIRE_FALSE(end.has_value());
    CHECK(end.error().code == ErrorCode::unauthorised);
    CHECK_FALSE(anna->ask(jobs(), 100ms).has_value());
    CHECK(ben->ask(jobs(), patience).has_value());
    CHECK(network.router->heard() == std::vector<std::string>{"ben AskJobs"});
    CHECK(network.router->closed() == 1);
}

TEST_CASE("A known key cannot speak in the session of another, even if it knows its number") {
    Network network;
    network.start();
    zmq::context_t context;
    auto anna = ClientSocket::dial(context, network.socket_as(network.anna));
    auto ben = ClientSocket::dial(context, network.socket_as(network.ben));
    REQUIRE((anna.has_value() && ben.has_value()));
    const auto answer = [](ClientSocket& socket, const Bytes& bytes) {
        REQUIRE(eventually([&] { return socket.send(bytes) == SendOutcome::sent; }));
        std::optional<Bytes> received;
        REQUIRE(eventually([&] {
            received = socket.receive();
            return received.has_value();
        }));
        return read(*received);
    };
    const Envelope welcome = answer(*anna, hello_bytes("boot-anna", 1));
    REQUIRE(std::holds_alternative<message::Welcome>(welcome.body));
    CHECK(std::get<message::Welcome>(answer(*ben, hello_bytes("boot-ben", 1)).body).name ==
          IdentityId{"ben"});
    const Envelope stolen{
        .session = welcome.session, .sequence = 1, .correlation = 3, .body = jobs()};
    const Envelope refused = answer(*ben, encode(stolen));
    REQUIRE(std::holds_alternative<message::Failure>(refused.body));
    CHECK(std::get<message::Failure>(refused.body).error.code == ErrorCode::session_unknown);
    CHECK(network.router->heard().empty());
    CHECK(std::holds_alternative<message::Jobs>(answer(*anna, encode(stolen)).body));
    CHECK(network.router->heard() == std::vector<std::string>{"anna AskJobs"});
}

TEST_CASE("Many connections at once are all served") {
    Network network;
    network.start();
    std::vector<Connection> connections;
    for (int i = 0; i < 20; ++i) {
        auto one = Connection::open(network.as(i % 2 == 0 ? network.anna : network.ben));
        REQUIRE(one.has_value());
        connections.push_back(std::move(*one));
    }
    for (Connection& connection : connections) {
        for (int i = 0; i < 10; ++i)
            connection.send(jobs());
    }
    for (Connection& connection : connections) {
        for (int i = 0; i < 10; ++i) {
            const auto received = connection.next(patience);
            REQUIRE((received.has_value() && received->has_value()));
        }
    }
    CHECK(network.router->heard().size() == 200);
}

}  // namespace
}  // namespace nearfab::wire::test
