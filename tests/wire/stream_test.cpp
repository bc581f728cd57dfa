// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/stream.hpp"

#include "tests/wire/conversation.hpp"

#include <catch2/catch.hpp>

namespace nearfab::wire::test {
namespace {

StreamOptions options() {
    StreamOptions made;
    made.session = 7;
    return made;
}

Message progress(double fraction) {
    return message::Progress{WorkOrderId{"j1-1"}, 1, "printing", fraction, 60};
}

std::vector<std::uint64_t> sequences(const std::vector<Stream::Frame>& frames) {
    std::vector<std::uint64_t> found;
    for (const Stream::Frame& frame : frames)
        found.push_back(frame.sequence);
    return found;
}

using Sequences = std::vector<std::uint64_t>;

TEST_CASE("A stream numbers its messages and names its session on each") {
    Stream stream{options(), start};
    REQUIRE(stream.send(question("a"), 31, Delivery::reliable));
    REQUIRE(stream.send(question("b"), 32, Delivery::reliable));
    const std::vector<Stream::Frame> frames = stream.take(start);
    REQUIRE(sequences(frames) == Sequences{1, 2});
    const Envelope first = read(frames[0].bytes);
    CHECK(first.session == 7);
    CHECK(first.sequence == 1);
    CHECK(first.correlation == 31);
    CHECK(word_of(first.body) == "a");
    CHECK(stream.take(start).empty());
}

TEST_CASE("What is not acknowledged is sent again after 1, 2, 4, 8, 10 and 10 s, all of it") {
    Stream stream{options(), start};
    REQUIRE(stream.send(question("a"), 1, Delivery::reliable));
    REQUIRE(stream.send(question("b"), 2, Delivery::reliable));
    TimePoint now = start;
    CHECK(sequences(stream.take(now)) == Sequences{1, 2});
    for (const Duration pause : {1s, 2s, 4s, 8s, 10s, 10s}) {
        CHECK(stream.next_deadline() == now + pause);
        CHECK(stream.take(now + pause - 1ms).empty());
        now += pause;
        CHECK(sequences(stream.take(now)) == Sequences{1, 2});
    }
    REQUIRE(stream.acknowledge(now, 1).has_value());
    CHECK(stream.take(now + 999ms).empty());
    CHECK(sequences(stream.take(now + 1s)) == Sequences{2});
    REQUIRE(stream.acknowledge(now + 1s, 2).has_value());
    CHECK(stream.next_deadline() == now + 1s + 10s);  // Only the keepalive is left.
}

TEST_CASE("Acknowledged messages give their tokens back, once") {
    Stream stream{options(), start};
    for (std::uint64_t token : {11U, 0U, 13U, 14U}) {
        REQUIRE(stream.send(question("a"), 1, Delivery::reliable, token));
    }
    CHECK(stream.take(start).size() == 4);
    CHECK(*stream.acknowledge(start, 3) == Sequences{11, 13});
    CHECK(stream.acknowledge(start, 3)->empty());
    CHECK(stream.acknowledge(start, 1)->empty());
    CHECK(stream.open_tokens() == Sequences{14});
}

TEST_CASE("To acknowledge what was never sent is a fault") {
    Stream stream{options(), start};
    CHECK_FALSE(stream.acknowledge(start, 1).has_value());
    REQUIRE(stream.send(question("a"), 1, Delivery::reliable));
    CHECK_FALSE(stream.acknowledge(start, 1).has_value());  // Queued, but not sent.
    CHECK(stream.take(start).size() == 1);
    CHECK(stream.acknowledge(start, 1).has_value());
    CHECK_FALSE(stream.acknowledge(start, UINT64_MAX).has_value());
}

TEST_CASE("No more than a window is on its way") {
    StreamOptions narrow = options();
    narrow.window = 3;
    Stream stream{narrow, start};
    for (int i = 0; i < 5; ++i)
        REQUIRE(stream.send(question("a"), 1, Delivery::reliable));
    CHECK(sequences(stream.take(start)) == Sequences{1, 2, 3});
    CHECK(stream.take(start).empty());
    REQUIRE(stream.acknowledge(start, 2).has_value());
    CHECK(sequences(stream.take(start)) == Sequences{4, 5});
}

TEST_CASE("An answer that grew over the largest message becomes a Failure, not an abort") {
    Stream stream{options(), start};
    Capability machine;
    machine.machine = MachineId{"m"};
    machine.model = std::string(200, 'x');
    machine.process = ProcessId{"fdm"};
    message::FabStatus fab;
    fab.fab = FabId{"f"};
    fab.advertisement.title = "F";
    fab.advertisement.machines.assign(256, machine);
    const message::Fabs fabs{std::vector<message::FabStatus>(200, fab)};
    REQUIRE(stream.send(fabs, 31, Delivery::reliable));
    const Envelope sent = read(stream.take(start).at(0).bytes);
    CHECK(sent.sequence == 1);
    CHECK(sent.correlation == 31);
    CHECK(std::get<message::Failure>(sent.body).error.code == ErrorCode::too_large);
}

TEST_CASE("The queue of a stream is limited in bytes") {
    StreamOptions small = options();
    small.queue_bytes_max = 1000;
    Stream stream{small, start};
    int accepted = 0;
    while (stream.send(question(std::string(50, 'a')), 1, Delivery::reliable))
        ++accepted;
    CHECK(accepted > 5);
    CHECK(accepted < 20);
    CHECK(stream.take(start).size() == static_cast<std::size_t>(accepted));
    CHECK_FALSE(stream.send(question("a"), 1, Delivery::reliable));
    REQUIRE(stream.acknowledge(start, 2).has_value());
    CHECK(stream.send(question("a"), 1, Delivery::reliable));
}

TEST_CASE("Messages come in once and in order") {
    Stream stream{options(), start};
    CHECK(stream.arrived(2) == Stream::Arrival::gap);
    CHECK(stream.arrived(1) == Stream::Arrival::deliver);
    CHECK(stream.arrived(1) == Stream::Arrival::duplicate);
    CHECK(stream.arrived(2) == Stream::Arrival::deliver);
    CHECK(stream.arrived(4) == Stream::Arrival::gap);
    CHECK(stream.arrived(0) == Stream::Arrival::deliver);
    CHECK(stream.arrived(3) == Stream::Arrival::deliver);
}

TEST_CASE("Nothing is acknowledged before the owner says that it is durable") {
    Stream stream{options(), start};
    REQUIRE(stream.arrived(1) == Stream::Arrival::deliver);
    REQUIRE(stream.arrived(2) == Stream::Arrival::deliver);
    CHECK(stream.take(start).empty());
    REQUIRE(stream.arrived(1) == Stream::Arrival::duplicate);
    CHECK(stream.take(start).empty());
    stream.handled(1);
    const std::vector<Stream::Frame> frames = stream.take(start);
    REQUIRE(frames.size() == 1);
    const Envelope envelope = read(frames[0].bytes);
    CHECK(std::holds_alternative<message::Keepalive>(envelope.body));
    CHECK(envelope.acknowledged == 1);
    CHECK(stream.take(start).empty());
    REQUIRE(stream.arrived(1) == Stream::Arrival::duplicate);  // The acknowledgement was lost.
    CHECK(stream.take(start).size() == 1);
}

TEST_CASE("An acknowledgement rides on an answer when there is one") {
    Stream stream{options(), start};
    REQUIRE(stream.arrived(1) == Stream::Arrival::deliver);
    stream.handled(1);
    REQUIRE(stream.send(question("answer"), 1, Delivery::reliable));
    const std::vector<Stream::Frame> frames = stream.take(start);
    REQUIRE(sequences(frames) == Sequences{1});
    CHECK(read(frames[0].bytes).acknowledged == 1);
}

TEST_CASE("A message that nobody could read does not hold up the others") {
    Stream stream{options(), start};
    for (std::uint64_t sequence = 1; sequence <= 4; ++sequence) {
        REQUIRE(stream.arrived(sequence) == Stream::Arrival::deliver);
    }
    stream.skip(2);
    stream.skip(3);
    CHECK(stream.take(start).empty());
    stream.handled(1);
    CHECK(read(stream.take(start).at(0).bytes).acknowledged == 3);
    stream.skip(4);
    CHECK(read(stream.take(start).at(0).bytes).acknowledged == 4);
}

TEST_CASE("A peer that sends without end does not fill our memory") {
    StreamOptions narrow = options();
    narrow.unhandled_max = 2;
    Stream stream{narrow, start};
    CHECK(stream.arrived(1) == Stream::Arrival::deliver);
    CHECK(stream.arrived(2) == Stream::Arrival::deliver);
    CHECK(stream.arrived(3) == Stream::Arrival::overrun);
    stream.handled(1);
    CHECK(stream.arrived(3) == Stream::Arrival::deliver);
}

TEST_CASE("A silent stream says a Keepalive every 10 s") {
    Stream stream{options(), start};
    CHECK(stream.take(start + 9999ms).empty());
    CHECK(stream.next_deadline() == start + 10s);
    const std::vector<Stream::Frame> frames = stream.take(start + 10s);
    REQUIRE(frames.size() == 1);
    CHECK(std::holds_alternative<message::Keepalive>(read(frames[0].bytes).body));
    CHECK(stream.next_deadline() == start + 20s);
}

TEST_CASE("A blocked message is given again, with those after it and in order") {
    Stream stream{options(), start};
    for (int i = 0; i < 3; ++i)
        REQUIRE(stream.send(question("a"), 1, Delivery::reliable));
    CHECK(sequences(stream.take(start)) == Sequences{1, 2, 3});
    stream.blocked(start, 2);
    stream.blocked(start, 3);
    CHECK(stream.take(start + 49ms).empty());
    CHECK(stream.next_deadline() == start + 50ms);
    const Sequences again = sequences(stream.take(start + 50ms));
    REQUIRE(again.size() >= 2);
    CHECK(again[0] == 2);
    CHECK(again[1] == 3);
    stream.blocked(start + 50ms, 2);
    stream.unblock();
    CHECK(sequences(stream.take(start + 50ms)).at(0) == 2);
}

TEST_CASE("A lossy message is dropped while the way is not free, and never overtakes") {
    StreamOptions narrow = options();
    narrow.window = 1;
    Stream stream{narrow, start};
    REQUIRE(stream.send(question("a"), 1, Delivery::reliable));
    REQUIRE(stream.send(progress(0.1), 0, Delivery::lossy));
    CHECK(sequences(stream.take(start)) == Sequences{1, 0});
    REQUIRE(stream.send(question("b"), 1, Delivery::reliable));
    REQUIRE(stream.send(progress(0.2), 0, Delivery::lossy));
    CHECK(stream.take(start).empty());
    REQUIRE(stream.acknowledge(start, 1).has_value());
    CHECK(sequences(stream.take(start)) == Sequences{2});
    stream.blocked(start, 2);
    REQUIRE(stream.send(progress(0.3), 0, Delivery::lossy));
    CHECK(stream.take(start + 1ms).empty());
    const std::vector<Stream::Frame> after = stream.take(start + 50ms);
    for (const Stream::Frame& frame : after) {
        CHECK_FALSE(std::holds_alternative<message::Progress>(read(frame.bytes).body));
    }
}

}  // namespace
}  // namespace nearfab::wire::test
