// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/server_sessions.hpp"

#include "proto/model/limits.hpp"
#include "tests/wire/conversation.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

namespace nearfab::wire::test {
namespace {

using session_event::Closed;
using session_event::Delivered;
using session_event::Opened;

// Sessions under test, and one frame at a time.
struct Desk {
    ServerSessions sessions{server_options()};
    TimePoint now = start;

    // Says hello and gives back what the Welcome says.
    message::Welcome hello(const RoutingId& routing_id,
                           const Identity& who,
                           const std::string& boot_id = "boot-1",
                           std::uint64_t counter = 1) {
        sessions.receive(now, routing_id, who, hello_bytes(boot_id, counter));
        for (const auto& message : sessions.take_outgoing(now)) {
            const Envelope envelope = read(message.bytes);
            const auto* welcome = std::get_if<message::Welcome>(&envelope.body);
            if (welcome && message.routing_id == routing_id) return *welcome;
        }
        return {};
    }
    void say(const RoutingId& routing_id,
             const std::optional<Identity>& who,
             SessionId session,
             std::uint64_t sequence,
             const Message& body,
             std::uint64_t acknowledged = 0) {
        sessions.receive(now,
                         routing_id,
                         who,
                         encode(Envelope{.session = session,
                                         .sequence = sequence,
                                         .acknowledged = acknowledged,
                                         .correlation = 77,
                                         .body = body}));
    }
    // The Failures that go out now: where to, and what.
    std::vector<std::pair<RoutingId, Error>> failures() {
        std::vector<std::pair<RoutingId, Error>> found;
        for (const auto& message : sessions.take_outgoing(now)) {
            const Envelope envelope = read(message.bytes);
            if (const auto* failure = std::get_if<message::Failure>(&envelope.body)) {
                found.emplace_back(message.routing_id, failure->error);
            }
        }
        return found;
    }
    std::vector<SessionEvent> events() { return sessions.take_events(); }
    ErrorCode only_failure() {
        const auto found = failures();
        REQUIRE(found.size() == 1);
        return found[0].second.code;
    }
};

TEST_CASE("Hello is answered with a session, and says who the router takes one for") {
    Desk desk;
    const message::Welcome welcome = desk.hello("r1", agent("lyon"));
    CHECK(welcome.version == protocol_version);
    CHECK(welcome.session != 0);
    CHECK(welcome.role == Role::agent);
    CHECK(welcome.name == IdentityId{"lyon"});
    CHECK(welcome.router == "test-router");
    CHECK(welcome.keepalive_s == 10);
    const auto opened = all<Opened>(desk.events());
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].session == welcome.session);
    CHECK(opened[0].identity == agent("lyon"));
    CHECK(opened[0].boot_id == "boot-1");
    CHECK_FALSE(opened[0].clone_suspected);
    CHECK(desk.sessions.session_of(Role::agent, IdentityId{"lyon"}) == welcome.session);
}

TEST_CASE("A message is delivered with its name, and acknowledged when it is durable") {
    Desk desk;
    const SessionId session = desk.hello("r1", client("anna")).session;
    desk.say("r1", client("anna"), session, 1, question("j1"));
    const auto delivered = all<Delivered>(desk.events());
    REQUIRE(delivered.size() == 1);
    CHECK(delivered[0].session == session);
    CHECK(delivered[0].role == Role::client);
    CHECK(delivered[0].name == IdentityId{"anna"});
    CHECK(delivered[0].correlation == 77);
    CHECK(delivered[0].sequence == 1);
    CHECK(desk.sessions.take_outgoing(desk.now).empty());
    desk.sessions.handled(session, 1);
    REQUIRE(desk.sessions.send(desk.now, session, question("answer"), 77));
    const auto outgoing = desk.sessions.take_outgoing(desk.now);
    REQUIRE(outgoing.size() == 1);
    CHECK(outgoing[0].routing_id == "r1");
    const Envelope answer = read(outgoing[0].bytes);
    CHECK(answer.acknowledged == 1);
    CHECK(answer.correlation == 77);
    CHECK(answer.session == session);
}

TEST_CASE("A hello that is said again before anything else keeps its session") {
    Desk desk;
    const SessionId first = desk.hello("r1", agent("lyon"), "boot-1", 1).session;
    CHECK(desk.hello("r1", agent("lyon"), "boot-1", 2).session == first);
    CHECK(all<Opened>(desk.events()).size() == 1);
    desk.say("r1", agent("lyon"), first, 1, question("j1"));
    CHECK(desk.hello("r1", agent("lyon"), "boot-1", 3).session != first);
    const auto closed = all<Closed>(desk.events());
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].why == CloseReason::renewed);
}

TEST_CASE("The newest hello of an agent wins and the older session is told") {
    Desk desk;
    const SessionId old_session = desk.hello("r1", agent("lyon"), "boot-1", 1).session;
    CHECK(all<Opened>(desk.events()).size() == 1);
    desk.now += 1h;
    desk.sessions.tick(desk.now - 1h);
    desk.sessions.receive(desk.now, "r2", agent("lyon"), hello_bytes("boot-2", 1));
    const auto failures = desk.failures();
    REQUIRE(failures.size() == 1);
    CHECK(failures[0].first == "r1");
    CHECK(failures[0].second.code == ErrorCode::conflict);
    const auto events = desk.events();
    REQUIRE(all<Closed>(events).size() == 1);
    CHECK(all<Closed>(events)[0].session == old_session);
    CHECK(all<Closed>(events)[0].why == CloseReason::replaced);
    REQUIRE(all<Opened>(events).size() == 1);
    CHECK_FALSE(all<Opened>(events)[0].clone_suspected);
    CHECK(desk.sessions.size() == 1);
}

TEST_CASE("Frames of a session that was replaced are void, also those that come late") {
    Desk desk;
    const SessionId old_session = desk.hello("r1", agent("lyon"), "boot-1", 1).session;
    const SessionId new_session = desk.hello("r2", agent("lyon"), "boot-1", 2).session;
    CHECK(old_session != new_session);
    (void)desk.events();
    desk.now += 2s;
    desk.say("r1", agent("lyon"), old_session, 1, question("late"));
    CHECK(desk.only_failure() == ErrorCode::session_unknown);
    desk.say("r2", agent("lyon"), old_session, 1, question("late"));
    CHECK(desk.only_failure() == ErrorCode::session_unknown);
    desk.sessions.receive(desk.now, "r1", agent("lyon"), hello_bytes("boot-1", 1));
    CHECK(desk.events().empty());
    CHECK(desk.sessions.session_of(Role::agent, IdentityId{"lyon"}) == new_session);
    CHECK(desk.sessions.counters().void_frames == 3);
}

TEST_CASE("Nobody can speak in the session of another") {
    Desk desk;
    const SessionId lyon = desk.hello("r1", agent("lyon")).session;
    const SessionId paris = desk.hello("r2", agent("paris")).session;
    (void)desk.events();
    desk.say("r2", agent("paris"), lyon, 1, question("as-lyon"));
    CHECK(desk.only_failure() == ErrorCode::session_unknown);
    desk.say("r1", agent("paris"), lyon, 1, question("on-the-connection-of-lyon"));
    CHECK(all<Delivered>(desk.events()).empty());
    CHECK(desk.sessions.session_of(Role::agent, IdentityId{"paris"}) == paris);
}

TEST_CASE("A stranger is answered once a second and never heard") {
    Desk desk;
    for (int i = 0; i < 100; ++i) {
        desk.sessions.receive(desk.now, "r1", std::nullopt, hello_bytes("boot-1", 1));
    }
    CHECK(desk.only_failure() == ErrorCode::unauthorised);
    CHECK(desk.events().empty());
    CHECK(desk.sessions.size() == 0);
    CHECK(desk.sessions.counters().strangers == 100);
    CHECK(desk.sessions.counters().answers_withheld == 99);
    desk.now += 1s;
    desk.sessions.receive(desk.now, "r1", std::nullopt, hello_bytes("boot-1", 1));
    CHECK(desk.only_failure() == ErrorCode::unauthorised);
}

TEST_CASE("A key that left the list is cut off at its next message, or before it by revoke") {
    Desk desk;
    const SessionId lyon = desk.hello("r1", agent("lyon")).session;
    desk.hello("r2", agent("paris"));
    desk.hello("r3", agent("nice"));
    (void)desk.events();
    desk.say("r1", std::nullopt, lyon, 1, question("j1"));
    CHECK(desk.only_failure() == ErrorCode::unauthorised);
    auto closed = all<Closed>(desk.events());
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].why == CloseReason::revoked);
    desk.sessions.revoke(desk.now, [](const Identity& who) { return who == agent("paris"); });
    closed = all<Closed>(desk.events());
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].name == IdentityId{"paris"});
    CHECK(desk.only_failure() == ErrorCode::unauthorised);
    CHECK(desk.sessions.size() == 1);
}

TEST_CASE("A key that now belongs to somebody else does not keep the old session") {
    Desk desk;
    const SessionId session = desk.hello("r1", agent("lyon")).session;
    Identity renamed = agent("lyon");
    renamed.name = IdentityId{"villeurbanne"};
    desk.say("r1", renamed, session, 1, question("j1"));
    const auto events = desk.events();
    CHECK(all<Delivered>(events).empty());
    REQUIRE(all<Closed>(events).size() == 1);
    CHECK(all<Closed>(events)[0].why == CloseReason::revoked);
}

TEST_CASE("Two runs of one agent at once look like a clone, a restart does not") {
    Desk desk;
    const auto suspected = [&](const RoutingId& routing_id, const std::string& boot_id) {
        (void)desk.events();
        desk.sessions.receive(desk.now, routing_id, agent("lyon"), hello_bytes(boot_id, 1));
        const auto opened = all<Opened>(desk.events());
        REQUIRE(opened.size() == 1);
        return opened[0].clone_suspected;
    };
    CHECK_FALSE(suspected("r1", "boot-a"));
    desk.now += 30min;
    CHECK_FALSE(suspected("r2", "boot-b"));  // A restart after half an hour.
    desk.now += 30min;
    CHECK(suspected("r3", "boot-a"));  // But the first run is still there.
    desk.now += 10s;
    CHECK(suspected("r4", "boot-c"));  // Another run, only 10 s later.
}

TEST_CASE("A person may hold many sessions, and the quietest gives way to one too many") {
    Desk desk;
    std::vector<SessionId> held;
    for (int i = 0; i < 64; ++i) {
        desk.now += 10ms;
        held.push_back(desk.hello("r" + std::to_string(i), client("anna")).session);
    }
    desk.say("r0", client("anna"), held[0], 0, message::Keepalive{});
    CHECK(all<Closed>(desk.events()).empty());
    CHECK(desk.sessions.size() == 64);
    desk.hello("r64", client("anna"));
    const auto closed = all<Closed>(desk.events());
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].session == held[1]);
    CHECK(closed[0].why == CloseReason::crowded_out);
    CHECK(desk.sessions.size() == 64);
}

TEST_CASE("A session ends after 35 s of silence, and a Keepalive prevents it") {
    Desk desk;
    const SessionId lyon = desk.hello("r1", agent("lyon")).session;
    desk.hello("r2", agent("paris"));
    (void)desk.events();
    for (int i = 0; i < 35; ++i) {
        desk.now += 1s;
        desk.say("r1", agent("lyon"), lyon, 0, message::Keepalive{});
        desk.sessions.tick(desk.now);
        (void)desk.sessions.take_outgoing(desk.now);
    }
    const auto closed = all<Closed>(desk.events());
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].name == IdentityId{"paris"});
    CHECK(closed[0].why == CloseReason::silent);
    CHECK(desk.sessions.session_of(Role::agent, IdentityId{"lyon"}) == lyon);
}

TEST_CASE("Nobody is silent while the router does not read") {
    Desk desk;
    desk.sessions.listen(desk.now);
    const SessionId lyon = desk.hello("r1", agent("lyon")).session;
    desk.hello("r2", agent("paris"));
    (void)desk.events();
    desk.now += 5s;
    desk.sessions.listen(desk.now);
    // Its disk stalls for two minutes: it writes its keepalives and reads nothing.
    int looks = 0;
    for (const TimePoint end = desk.now + 120s; desk.now < end; ++looks) {
        desk.now = std::min(end, std::max(desk.now, desk.sessions.next_deadline()));
        desk.sessions.tick(desk.now);
        (void)desk.sessions.take_outgoing(desk.now);
        REQUIRE(looks < 1000);  // It does not spin meanwhile.
    }
    CHECK(desk.events().empty());
    // It reads again, a few in each turn: who is not in the first ones has time left.
    for (int i = 0; i < 40; ++i) {
        desk.sessions.listen(desk.now);
        if (i > 2) desk.say("r1", agent("lyon"), lyon, 0, message::Keepalive{});
        desk.sessions.tick(desk.now);
        (void)desk.sessions.take_outgoing(desk.now);
        desk.now += 1s;
        const auto closed = all<Closed>(desk.events());
        // 5 s before the stall and 30 s behind it.
        CHECK(closed.size() == (i == 30 ? 1 : 0));
        if (!closed.empty()) CHECK(closed[0].name == IdentityId{"paris"});
    }
    CHECK(desk.sessions.session_of(Role::agent, IdentityId{"lyon"}) == lyon);
}

TEST_CASE("Short gaps between two readings count as silence") {
    Desk desk;
    desk.sessions.listen(desk.now);
    desk.hello("r1", agent("lyon"));
    (void)desk.events();
    for (int i = 1; i <= 5; ++i) {
        desk.now += 9s;
        desk.sessions.listen(desk.now);
        desk.sessions.tick(desk.now);
        (void)desk.sessions.take_outgoing(desk.now);
        CHECK(all<Closed>(desk.events()).size() == (i == 4 ? 1 : 0));
    }
}

TEST_CASE("The router says a Keepalive every 10 s and wakes up just for that") {
    Desk desk;
    desk.hello("r1", agent("lyon"));
    (void)desk.events();
    CHECK(desk.sessions.next_deadline() == start + 10s);
    desk.now = start + 10s;
    desk.sessions.tick(desk.now);
    const auto outgoing = desk.sessions.take_outgoing(desk.now);
    REQUIRE(outgoing.size() == 1);
    CHECK(std::holds_alternative<message::Keepalive>(read(outgoing[0].bytes).body));
    CHECK(desk.sessions.next_deadline() == start + 20s);
}

TEST_CASE("What was not acknowledged is sent again by tick") {
    Desk desk;
    const SessionId session = desk.hello("r1", agent("lyon")).session;
    REQUIRE(desk.sessions.send(desk.now, session, question("j1")));
    CHECK(desk.sessions.take_outgoing(desk.now).size() == 1);
    (void)desk.events();
    CHECK(desk.sessions.next_deadline() == start + 1s);
    desk.now = start + 1s;
    desk.sessions.tick(desk.now);
    CHECK(desk.sessions.take_outgoing(desk.now).size() == 1);
    desk.say("r1", agent("lyon"), session, 0, message::Keepalive{}, 1);
    desk.now = start + 5s;
    desk.sessions.tick(desk.now);
    CHECK(desk.sessions.take_outgoing(desk.now).empty());
}

TEST_CASE("A peer that does not keep up loses its session, not the router its memory") {
    Desk desk;
    const SessionId session = desk.hello("r1", agent("lyon")).session;
    (void)desk.events();
    message::DesignChunk chunk;
    chunk.size = limits::chunk_bytes_max;
    chunk.bytes.resize(limits::chunk_bytes_max);
    int accepted = 0;
    while (desk.sessions.send(desk.now, session, chunk))
        ++accepted;
    CHECK(accepted == 31);
    const auto closed = all<Closed>(desk.events());
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].why == CloseReason::slow_consumer);
    CHECK(desk.only_failure() == ErrorCode::limit_reached);
    CHECK_FALSE(desk.sessions.send(desk.now, session, chunk));
}

TEST_CASE("A blocked message is tried again, a connection that is gone ends its session") {
    Desk desk;
    const SessionId session = desk.hello("r1", agent("lyon")).session;
    REQUIRE(desk.sessions.send(desk.now, session, question("j1")));
    const auto outgoing = desk.sessions.take_outgoing(desk.now);
    REQUIRE(outgoing.size() == 1);
    desk.sessions.blocked(desk.now, outgoing[0]);
    (void)desk.events();
    CHECK(desk.sessions.next_deadline() == start + 50ms);
    desk.now += 50ms;
    desk.sessions.tick(desk.now);
    const auto again = desk.sessions.take_outgoing(desk.now);
    REQUIRE_FALSE(again.empty());
    CHECK(again[0].bytes == outgoing[0].bytes);
    desk.sessions.gone(desk.now, "r1");
    const auto closed = all<Closed>(desk.events());
    REQUIRE(closed.size() == 1);
    CHECK(closed[0].why == CloseReason::gone);
    CHECK(desk.sessions.next_deadline() == TimePoint::max());
}

TEST_CASE("Versions that do not meet are refused with both ranges") {
    Desk desk;
    desk.sessions.receive(desk.now, "r1", agent("lyon"), hello_bytes("boot-1", 1, 2, 3));
    const auto failures = desk.failures();
    REQUIRE(failures.size() == 1);
    CHECK(failures[0].second.code == ErrorCode::unsupported_version);
    CHECK(failures[0].second.message == "you speak protocol version 2 to 3, this side speaks 1");
    CHECK(desk.events().empty());
}

TEST_CASE("What is no message is counted and answered with the reason, once a second") {
    Desk desk;
    const SessionId session = desk.hello("r1", agent("lyon")).session;
    (void)desk.events();
    const Bytes noise{0xFF, 0xFF, 0xFF, 0xFF};
    for (int i = 0; i < 50; ++i) {
        desk.sessions.receive(desk.now, "r1", agent("lyon"), noise);
        desk.sessions.receive(desk.now, "r1", agent("lyon"), {});
    }
    CHECK(desk.only_failure() == ErrorCode::malformed);
    CHECK(desk.sessions.counters().malformed == 100);
    CHECK(desk.events().empty());
    desk.say("r1", agent("lyon"), session, 1, question("j1"));
    CHECK(all<Delivered>(desk.events()).size() == 1);
}

TEST_CASE("Messages that break the rules of the session are not delivered") {
    Desk desk;
    const SessionId session = desk.hello("r1", agent("lyon")).session;
    (void)desk.events();
    const auto refused =
        [&](std::uint64_t sequence, const Message& body, std::uint64_t acknowledged) {
            desk.now += 2s;
            desk.say("r1", agent("lyon"), session, sequence, body, acknowledged);
            CHECK(desk.events().empty());
            return desk.only_failure();
        };
    CHECK(refused(0, question("j1"), 0) == ErrorCode::malformed);
    CHECK(refused(1, message::Keepalive{}, 0) == ErrorCode::malformed);
    CHECK(refused(1, question("j1"), 9) == ErrorCode::malformed);
    const message::Welcome welcome{1, 1, Role::agent, IdentityId{"x"}, "x", 10};
    CHECK(refused(0, welcome, 0) == ErrorCode::malformed);
}

// An envelope whose body has a number that no present program knows (field 1000, one byte).
Bytes from_the_future(SessionId session, std::uint64_t sequence) {
    Bytes bytes = encode(Envelope{
        .session = session, .sequence = sequence, .correlation = 5, .body = message::Keepalive{}});
    REQUIRE(bytes.size() > 3);
    bytes.resize(bytes.size() - 3);  // The empty Keepalive: a tag of two bytes, and its size.
    bytes.insert(bytes.end(), {0xC2, 0x3E, 0x01, 0x00});
    return bytes;
}

TEST_CASE("A numbered message that cannot be read is answered and does not block the next") {
    Desk desk;
    const SessionId session = desk.hello("r1", agent("lyon")).session;
    (void)desk.events();
    desk.sessions.receive(desk.now, "r1", agent("lyon"), from_the_future(session, 1));
    const auto outgoing = desk.sessions.take_outgoing(desk.now);
    REQUIRE(outgoing.size() >= 1);
    const Envelope answer = read(outgoing[0].bytes);
    CHECK(answer.correlation == 5);
    CHECK(answer.sequence == 1);
    REQUIRE(std::holds_alternative<message::Failure>(answer.body));
    CHECK(std::get<message::Failure>(answer.body).error.code == ErrorCode::unsupported);
    CHECK(read(outgoing.back().bytes).acknowledged == 1);
    desk.say("r1", agent("lyon"), session, 2, question("j1"));
    CHECK(all<Delivered>(desk.events()).size() == 1);
}

TEST_CASE("Random bytes and damaged messages never break the sessions") {
    Desk desk;
    std::mt19937_64 random{7};
    const SessionId session = desk.hello("r1", agent("lyon")).session;
    for (int i = 0; i < 20'000; ++i) {
        Bytes bytes = i % 2 == 0 ? hello_bytes("boot-1", random())
                                 : encode(Envelope{.session = session,
                                                   .sequence = random() % 5,
                                                   .acknowledged = random() % 3,
                                                   .body = question("j1")});
        for (std::uint64_t flips = random() % 4; flips > 0; --flips) {
            bytes[random() % bytes.size()] ^= static_cast<std::uint8_t>(1U << (random() % 8));
        }
        bytes.resize(bytes.size() - random() % 2 * (random() % bytes.size()));
        desk.now += 10ms;
        desk.sessions.receive(desk.now, "r1", agent("lyon"), bytes);
        desk.sessions.tick(desk.now);
        (void)desk.events();
        (void)desk.sessions.take_outgoing(desk.now);
        CHECK(desk.sessions.size() <= 1);
    }
}

}  // namespace
}  // namespace nearfab::wire::test
