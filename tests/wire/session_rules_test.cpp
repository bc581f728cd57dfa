// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/session_rules.hpp"

#include "tests/wire/conversation.hpp"

#include <catch2/catch.hpp>

namespace nearfab::wire::test {
namespace {

message::Hello speaks(std::uint32_t low, std::uint32_t high) {
    return {low, high, "test 1", "boot-1", 1};
}

TEST_CASE("The highest version that both sides speak is agreed") {
    CHECK(agree_on_version(speaks(1, 1)) == protocol_version);
    CHECK(agree_on_version(speaks(1, 99)) == protocol_version);
}

TEST_CASE("Sides without a common version are told both ranges") {
    const Result<std::uint32_t> newer = agree_on_version(speaks(7, 9));
    REQUIRE_FALSE(newer.has_value());
    CHECK(newer.error().code == ErrorCode::unsupported_version);
    CHECK(newer.error().message == "you speak protocol version 7 to 9, this side speaks 1");
}

TEST_CASE("Every message that must arrive carries a number, and those of the session none") {
    const auto fault = [](Message body, std::uint64_t sequence) {
        return numbering_fault(
                   Envelope{.session = 1, .sequence = sequence, .body = std::move(body)})
            .has_value();
    };
    CHECK(fault(question("j1"), 0));
    CHECK_FALSE(fault(question("j1"), 1));
    CHECK(fault(message::Keepalive{}, 1));
    CHECK_FALSE(fault(message::Keepalive{}, 0));
    CHECK(fault(message::Hello{}, 1));
    CHECK(fault(message::Welcome{}, 1));
    CHECK(fault(message::AttemptReport{}, 0));
    CHECK_FALSE(fault(message::StartRequest{}, 0));
    CHECK_FALSE(fault(message::Progress{}, 0));
    CHECK_FALSE(fault(message::Progress{}, 1));
    CHECK_FALSE(fault(message::Failure{}, 0));
    CHECK_FALSE(fault(message::Failure{}, 1));
}

}  // namespace
}  // namespace nearfab::wire::test
