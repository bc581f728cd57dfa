// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/codec.hpp"
#include "tests/proto/codec/samples.hpp"

#include <catch2/catch.hpp>

#include "nearfab/v1/envelope.pb.h"
#include <random>

using namespace nearfab;

namespace {

std::vector<std::uint8_t> raw(std::string_view bytes) {
    return {bytes.begin(), bytes.end()};
}

v1::Envelope wire_of(Message body) {
    const auto bytes = encode(samples::around(std::move(body)));
    v1::Envelope wire;
    REQUIRE(wire.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())));
    return wire;
}

Result<Envelope> receive(const v1::Envelope& wire) {
    return decode(raw(wire.SerializeAsString()));
}

// A field of the given number that holds `payload` as bytes.
std::string extra_field(unsigned number, std::string_view payload) {
    const unsigned tag = number << 3U | 2U;
    std::string out;
    out += static_cast<char>((tag & 0x7FU) | 0x80U);
    out += static_cast<char>(tag >> 7U);
    out += static_cast<char>(payload.size());
    return out + std::string{payload};
}

}  // namespace

TEST_CASE("no bytes at all are no message") {
    const auto received = decode({});
    REQUIRE_FALSE(received);
    CHECK(received.error().code == ErrorCode::malformed);
}

TEST_CASE("a message cut off anywhere is refused or read, but never breaks the program") {
    for (const Envelope& sent : samples::all()) {
        const auto bytes = encode(sent);
        for (std::size_t length = 0; length < bytes.size(); ++length) {
            // A copy of exactly this size, so that reading one byte too far is noticed.
            const std::vector<std::uint8_t> cut(
                bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
            const auto received = decode(cut);
            const auto head = decode_head(cut);
            if (received) CHECK(head);
        }
    }
}

TEST_CASE("random bytes and randomly damaged messages never break the program") {
    std::mt19937 random{20'240'517};
    std::uniform_int_distribution<int> byte{0, 255};
    std::size_t refused = 0;
    for (int round = 0; round < 20'000; ++round) {
        std::vector<std::uint8_t> noise(static_cast<std::size_t>(byte(random)));
        for (auto& b : noise)
            b = static_cast<std::uint8_t>(byte(random));
        if (!decode(noise)) ++refused;
        static_cast<void>(decode_head(noise));
    }
    CHECK(refused == 20'000);
    for (const Envelope& sent : samples::all()) {
        const auto bytes = encode(sent);
        for (int round = 0; round < 500; ++round) {
            auto damaged = bytes;
            for (int hits = 0; hits < 3; ++hits) {
                const std::size_t at = random() % damaged.size();
                damaged[at] = static_cast<std::uint8_t>(byte(random));
            }
            const auto received = decode(damaged);
            // What is let in can be sent on.
            if (received) CHECK(decode(encode(*received)));
        }
    }
}

TEST_CASE("a word from a newer program is read as unknown") {
    auto report = wire_of(samples::sample<message::AttemptReport>());
    report.mutable_attempt_report()->set_state(static_cast<v1::AttemptState>(99));
    const auto received = receive(report);
    REQUIRE(received);
    CHECK(std::get<message::AttemptReport>(received->body).state == message::AttemptState::unknown);

    auto negative = wire_of(samples::sample<message::AttemptReport>());
    negative.mutable_attempt_report()->set_state(static_cast<v1::AttemptState>(-1));
    CHECK(std::get<message::AttemptReport>(receive(negative)->body).state ==
          message::AttemptState::unknown);

    auto failure = wire_of(samples::sample<message::Failure>());
    failure.mutable_failure()->set_code(static_cast<v1::ErrorCode>(77));
    CHECK(std::get<message::Failure>(receive(failure)->body).error.code == ErrorCode::internal);
}

TEST_CASE("a field from a newer program is tolerated") {
    const Envelope sent = samples::around(samples::sample<message::Progress>());
    auto bytes = encode(sent);
    for (const char c : extra_field(900, "from tomorrow")) {
        bytes.push_back(static_cast<std::uint8_t>(c));
    }
    CHECK(decode(bytes) == sent);
}

TEST_CASE("a kind of message from a newer program is unsupported, an empty envelope malformed") {
    const auto newer = decode(raw("\x08\x01" + extra_field(90, "from tomorrow")));
    REQUIRE_FALSE(newer);
    CHECK(newer.error().code == ErrorCode::unsupported);
    CHECK(newer.error().message == "this program does not know messages of kind 90");

    const auto empty = decode(raw("\x08\x01"));
    REQUIRE_FALSE(empty);
    CHECK(empty.error().code == ErrorCode::malformed);
    CHECK(empty.error().message == "body: the envelope holds no message");
}

TEST_CASE("a version that is none or not ours is refused, naming both sides") {
    auto wire = wire_of(message::Keepalive{});
    wire.set_version(0);
    REQUIRE_FALSE(receive(wire));
    CHECK(receive(wire).error().code == ErrorCode::malformed);
    CHECK(receive(wire).error().message == "version: 0 is no protocol version");
    wire.set_version(99);
    REQUIRE_FALSE(receive(wire));
    CHECK(receive(wire).error().code == ErrorCode::unsupported_version);
    CHECK(receive(wire).error().message ==
          "version: the other side speaks protocol version 99, this program 1 to 1");
}

TEST_CASE("a text that is not UTF-8 is refused by the name of its field") {
    auto wire = wire_of(samples::sample<message::SubmitJob>());
    wire.mutable_submit_job()->mutable_spec()->set_title("caf\xe9");
    const auto received = receive(wire);
    REQUIRE_FALSE(received);
    CHECK(received.error().code == ErrorCode::malformed);
    CHECK(received.error().message == "JobSpec.title: is not valid UTF-8");
}

TEST_CASE("a message over the limit is refused before it is parsed") {
    const std::vector<std::uint8_t> bytes(limits::message_bytes_max + 1, 0);
    REQUIRE_FALSE(decode(bytes));
    CHECK(decode(bytes).error().code == ErrorCode::too_large);
    CHECK(decode(bytes).error().message == "the message has 1048577 bytes, more than 1048576");
    CHECK(decode_head(bytes).error().code == ErrorCode::too_large);
}

TEST_CASE("a message that holds another body twice is read as the last one") {
    auto first = encode(samples::around(samples::sample<message::Progress>()));
    const auto second = encode(samples::around(message::Keepalive{}));
    first.insert(first.end(), second.begin(), second.end());
    const auto received = decode(first);
    REQUIRE(received);
    CHECK(name_of(received->body) == "Keepalive");
}
