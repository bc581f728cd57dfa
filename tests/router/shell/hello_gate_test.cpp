// SPDX-License-Identifier: GPL-3.0-or-later
// A program with a key of another kind is told so before it takes anybody's session.

#include "router/shell/hello_gate.hpp"

#include "proto/codec/codec.hpp"

#include <catch2/catch.hpp>

namespace nearfab::router {
namespace {

wire::Identity identity(Role role) {
    return {role, IdentityId{"lyon"}, "the key"};
}

message::Hello hello(const std::string& software, Role role = Role::unknown) {
    return {1, 1, software, "run", 1, role};
}

TEST_CASE("a designer's program may not use an agent's key, nor an agent a designer's", "[gate]") {
    for (const Role person : {Role::client, Role::operator_}) {
        CHECK(fault_of(identity(Role::agent), hello("other 1", person)));
        CHECK(fault_of(identity(person), hello("other 1", Role::agent)));
        for (const Role program : {Role::client, Role::operator_})
            CHECK_FALSE(fault_of(identity(person), hello("other 1", program)));
    }
    CHECK_FALSE(fault_of(identity(Role::agent), hello("other 1", Role::agent)));
    CHECK(fault_of(identity(Role::peer), hello("other 1", Role::agent)));
}

TEST_CASE("our own programs are known by their names, others by what they say", "[gate]") {
    CHECK(fault_of(identity(Role::agent), hello("nearfab 0.1.0")));
    CHECK(fault_of(identity(Role::client), hello("nearfab-agent 0.1.0")));
    CHECK_FALSE(fault_of(identity(Role::agent), hello("nearfab-agent 0.1.0")));
    CHECK_FALSE(fault_of(identity(Role::client), hello("nearfab 0.1.0")));
    CHECK_FALSE(fault_of(identity(Role::agent), hello("somebody-elses 2")));
    CHECK_FALSE(fault_of(identity(Role::agent), hello("")));
    CHECK(fault_of(identity(Role::agent), hello("nearfab-agent 0.1.0", Role::client)));
}

TEST_CASE("the refusal answers the hello, names both sides and what to do", "[gate]") {
    Envelope envelope;
    envelope.correlation = 17;
    envelope.body = hello("nearfab 0.1.0");
    const auto refusal = refusal_of_hello(identity(Role::agent), encode(envelope));
    REQUIRE(refusal);
    const auto answer = decode(*refusal);
    REQUIRE(answer);
    CHECK(answer->correlation == 17);
    CHECK(answer->session == 0);
    const auto& failure = std::get<message::Failure>(answer->body);
    CHECK(failure.error.code == ErrorCode::unauthorised);
    CHECK(failure.error.message.find("lyon (agent)") != std::string::npos);
    CHECK(failure.error.next.find("key of your own") != std::string::npos);
    CHECK_FALSE(refusal_of_hello(identity(Role::client), encode(envelope)));
}

TEST_CASE("everything but a hello goes on to the sessions", "[gate]") {
    Envelope envelope;
    envelope.body = message::Keepalive{};
    CHECK_FALSE(refusal_of_hello(identity(Role::agent), encode(envelope)));
    envelope.session = 5;
    envelope.body = hello("nearfab 0.1.0");  // Void there: a hello has no session.
    CHECK_FALSE(refusal_of_hello(identity(Role::agent), encode(envelope)));
    const std::vector<std::uint8_t> noise{0xff, 0x17, 0x00};
    CHECK_FALSE(refusal_of_hello(identity(Role::agent), noise));
}

}  // namespace
}  // namespace nearfab::router
