// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/client_session.hpp"

#include "tests/wire/conversation.hpp"

#include <catch2/catch.hpp>

namespace nearfab::wire::test {
namespace {

using namespace client_event;

constexpr std::uint64_t session_number = 99;

// The other side, as bytes.
struct Desk {
    TimePoint now = start;
    ClientSession session{client_options(), start};

    std::vector<Envelope> turn() {
        session.tick(now);
        std::vector<Envelope> said;
        for (const Stream::Frame& frame : session.take_outgoing(now)) {
            said.push_back(read(frame.bytes));
        }
        return said;
    }
    std::uint64_t hello() {
        const std::vector<Envelope> said = turn();
        REQUIRE(said.size() == 1);
        REQUIRE(std::holds_alternative<message::Hello>(said[0].body));
        return said[0].correlation;
    }
    void hear(std::uint64_t number,
              std::uint64_t sequence,
              std::uint64_t correlation,
              const Message& body,
              std::uint64_t acknowledged = 0) {
        session.receive(now,
                        encode(Envelope{.session = number,
                                        .sequence = sequence,
                                        .acknowledged = acknowledged,
                                        .correlation = correlation,
                                        .body = body}));
    }
    void welcome(std::uint64_t number, std::uint64_t correlation) {
        const message::Welcome body{1, number, Role::agent, IdentityId{"lyon"}, "router", 10};
        hear(number, 0, correlation, body);
    }
    void open() {
        welcome(session_number, hello());
        REQUIRE(session.is_open());
        (void)session.take_events();
    }
    void fail_with(ErrorCode code,
                   std::uint64_t number = session_number,
                   std::uint64_t correlation = 0) {
        hear(number, 0, correlation, message::Failure{Error{code, "no", {}}});
    }
};

TEST_CASE("Hello is repeated every 2 s, each with a higher counter, until there is a Welcome") {
    Desk desk;
    CHECK(desk.hello() == 1);
    CHECK(desk.session.next_deadline() == start + 2s);
    desk.now += 1999ms;
    CHECK(desk.turn().empty());
    desk.now += 1ms;
    CHECK(desk.hello() == 2);
    desk.welcome(session_number, 2);
    const auto opened = all<Opened>(desk.session.take_events());
    REQUIRE(opened.size() == 1);
    CHECK(opened[0].welcome.session == session_number);
    CHECK(desk.session.is_open());
}

TEST_CASE("A Welcome to an older hello is not taken") {
    Desk desk;
    CHECK(desk.hello() == 1);
    desk.now += 2s;
    CHECK(desk.hello() == 2);
    desk.welcome(55, 1);
    CHECK_FALSE(desk.session.is_open());
    desk.welcome(session_number, 2);
    CHECK(desk.session.is_open());
}

TEST_CASE("Nothing can be sent before the session is open") {
    Desk desk;
    CHECK_FALSE(desk.session.send(desk.now, question("j1")));
    desk.open();
    CHECK(desk.session.send(desk.now, question("j1")));
    const auto said = desk.turn();
    REQUIRE(said.size() == 1);
    CHECK(said[0].session == session_number);
    CHECK(said[0].sequence == 1);
}

TEST_CASE("Tokens come back acknowledged, and those of a lost session dropped") {
    Desk desk;
    desk.open();
    for (const std::uint64_t token : {11U, 12U, 13U}) {
        REQUIRE(desk.session.send(desk.now, question("j1"), 0, Delivery::reliable, token));
    }
    CHECK(desk.turn().size() == 3);
    desk.hear(session_number, 0, 0, message::Keepalive{}, 1);
    const auto acknowledged = all<Acknowledged>(desk.session.take_events());
    REQUIRE(acknowledged.size() == 1);
    CHECK(acknowledged[0].token == 11);
    desk.fail_with(ErrorCode::session_unknown);
    const auto events = desk.session.take_events();
    REQUIRE(all<Dropped>(events).size() == 2);
    CHECK(all<Dropped>(events)[0].token == 12);
    CHECK(all<Dropped>(events)[1].token == 13);
    CHECK(all<Lost>(events).size() == 1);
    desk.now += 200ms;
    CHECK(desk.hello() == 2);  // At once, and nothing of the old session comes with it.
    desk.welcome(100, 2);
    CHECK(desk.turn().empty());
}

TEST_CASE("Messages of another session are void") {
    Desk desk;
    desk.open();
    desk.hear(98, 1, 0, question("late"));
    CHECK(desk.session.take_events().empty());
    CHECK(desk.session.void_frames() == 1);
    desk.fail_with(ErrorCode::session_unknown, 98);
    CHECK(desk.session.is_open());
}

TEST_CASE("What comes in is delivered once, and acknowledged when the owner says so") {
    Desk desk;
    desk.open();
    desk.hear(session_number, 1, 5, question("a"));
    desk.hear(session_number, 1, 5, question("a"));
    desk.hear(session_number, 3, 5, question("c"));
    const auto delivered = all<Delivered>(desk.session.take_events());
    REQUIRE(delivered.size() == 1);
    CHECK(delivered[0].correlation == 5);
    CHECK(desk.turn().empty());
    desk.session.handled(98, 1);
    CHECK(desk.turn().empty());
    desk.session.handled(session_number, 1);
    const auto said = desk.turn();
    REQUIRE(said.size() == 1);
    CHECK(said[0].acknowledged == 1);
}

TEST_CASE("35 s without a word is the end of a session, and a Keepalive prevents it") {
    Desk desk;
    desk.open();
    for (int i = 0; i < 10; ++i) {
        desk.now += 10s;
        desk.hear(session_number, 0, 0, message::Keepalive{});
        CHECK(desk.turn().size() == 1);  // And says its own.
    }
    desk.now += 34'999ms;
    desk.session.tick(desk.now);
    CHECK(desk.session.is_open());
    desk.now += 1ms;
    CHECK(desk.hello() == 2);
    const auto lost = all<Lost>(desk.session.take_events());
    REQUIRE(lost.size() == 1);
    CHECK(lost[0].why.code == ErrorCode::timed_out);
}

TEST_CASE("A session that can neither send nor hear for 5 s is lost sooner") {
    Desk desk;
    desk.open();
    REQUIRE(desk.session.send(desk.now, question("j1")));
    for (int i = 0; i <= 100 && desk.session.is_open(); ++i) {
        desk.session.tick(desk.now);
        for (const Stream::Frame& frame : desk.session.take_outgoing(desk.now)) {
            desk.session.blocked(desk.now, frame);
        }
        desk.now += 50ms;
    }
    CHECK_FALSE(desk.session.is_open());
    CHECK(desk.now <= start + 5100ms);
    CHECK(all<Lost>(desk.session.take_events()).at(0).why.code == ErrorCode::unavailable);
}

TEST_CASE("A blocked hello goes out as soon as the socket is writable") {
    Desk desk;
    desk.session.tick(desk.now);
    const auto frames = desk.session.take_outgoing(desk.now);
    REQUIRE(frames.size() == 1);
    CHECK_FALSE(desk.session.wants_writable());
    desk.session.blocked(desk.now, frames[0]);
    CHECK(desk.session.wants_writable());
    CHECK(desk.turn().empty());
    desk.session.writable(desk.now);
    CHECK(desk.hello() == 2);
    CHECK_FALSE(desk.session.wants_writable());
}

TEST_CASE("A refusal is reported, and hello is said again only after a pause") {
    Desk desk;
    const std::uint64_t counter = desk.hello();
    desk.fail_with(ErrorCode::unsupported_version, 0, counter);
    const auto refused = all<Refused>(desk.session.take_events());
    REQUIRE(refused.size() == 1);
    CHECK(refused[0].why.code == ErrorCode::unsupported_version);
    CHECK(desk.session.next_deadline() == start + 30s);
    desk.now += 30s;
    CHECK(desk.hello() == 2);
}

TEST_CASE("Complaints about the old session do not refuse the hello of the new one") {
    Desk desk;
    desk.open();
    desk.fail_with(ErrorCode::session_unknown);
    desk.now += 1s;
    const std::uint64_t counter = desk.hello();
    (void)desk.session.take_events();
    desk.fail_with(ErrorCode::session_unknown);
    desk.fail_with(ErrorCode::conflict);
    CHECK(desk.session.take_events().empty());
    desk.welcome(100, counter);
    CHECK(desk.session.is_open());
}

TEST_CASE("Two programs with one key do not quarrel: the one that lost waits 30 s") {
    Desk desk;
    desk.open();
    desk.fail_with(ErrorCode::conflict);
    CHECK(all<Lost>(desk.session.take_events()).size() == 1);
    desk.now += 29s;
    CHECK(desk.turn().empty());
    desk.now += 1s;
    CHECK(desk.hello() == 2);
}

TEST_CASE("A Failure about a message is handed to the owner with its correlation") {
    Desk desk;
    desk.open();
    desk.fail_with(ErrorCode::malformed, session_number, 12);
    const auto delivered = all<Delivered>(desk.session.take_events());
    REQUIRE(delivered.size() == 1);
    CHECK(delivered[0].correlation == 12);
    CHECK(desk.session.is_open());
}

TEST_CASE("The time spent seeking is known, so that the owner can dial anew") {
    Desk desk;
    CHECK(desk.session.seeking(start + 30s) == 30s);
    desk.open();
    CHECK(desk.session.seeking(start + 30s) == 0s);
}

TEST_CASE("Being shut out is reported once, then at growing intervals, and anew for a new reason") {
    Desk desk;
    const Error refused{ErrorCode::unauthorised, "the router does not know this key", "ask"};
    const Error other{ErrorCode::unauthorised, "the router has another key", "compare"};
    std::vector<Duration> reported;
    for (Duration at = 0s; at <= 10h; at += 10s) {
        desk.session.shut_out(start + at, refused);
        for (const Refused& event : all<Refused>(desk.session.take_events())) {
            CHECK(event.why == refused);
            reported.push_back(at);
        }
    }
    // After 1, 2, 4 ... minutes more, and then once an hour.
    const std::vector<Duration> expected{0min,
                                         1min,
                                         3min,
                                         7min,
                                         15min,
                                         31min,
                                         63min,
                                         123min,
                                         183min,
                                         243min,
                                         303min,
                                         363min,
                                         423min,
                                         483min,
                                         543min};
    CHECK(reported == expected);
    desk.session.shut_out(start + 10h, other);
    CHECK(all<Refused>(desk.session.take_events()).size() == 1);
    // Dialling anew is the socket's business while it knows the reason.
    CHECK(desk.session.seeking(start + 10h + 20s) == 20s);
}

TEST_CASE("Once a session was open, being shut out is news again") {
    Desk desk;
    const Error refused{ErrorCode::unauthorised, "the router does not know this key", "ask"};
    desk.session.shut_out(desk.now, refused);
    CHECK(all<Refused>(desk.session.take_events()).size() == 1);
    desk.open();
    desk.session.shut_out(desk.now, refused);
    CHECK(desk.session.is_open());
    CHECK(desk.session.take_events().empty());
    desk.fail_with(ErrorCode::session_unknown);
    (void)desk.session.take_events();
    desk.session.shut_out(desk.now, refused);
    CHECK(all<Refused>(desk.session.take_events()).size() == 1);
}

}  // namespace
}  // namespace nearfab::wire::test
