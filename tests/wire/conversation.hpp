// SPDX-License-Identifier: GPL-3.0-or-later
// conversation.hpp - short ways to write down messages, for the tests of the pure sessions.

#pragma once

#include "proto/codec/codec.hpp"
#include "proto/model/message.hpp"
#include "wire/client_session.hpp"
#include "wire/server_sessions.hpp"

#include <catch2/catch.hpp>

#include <cstdint>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::wire::test {

using namespace std::chrono_literals;
using Bytes = std::vector<std::uint8_t>;

inline constexpr TimePoint start{1h};

inline Message question(const std::string& word) {
    return message::AskWhy{JobId{word}};
}

inline std::string word_of(const Message& body) {
    return std::get<message::AskWhy>(body).job.text();
}

inline Envelope read(const Bytes& bytes) {
    Result<Envelope> envelope = decode(bytes);
    REQUIRE(envelope.has_value());
    return std::move(*envelope);
}

inline Bytes hello_bytes(const std::string& boot_id,
                         std::uint64_t counter,
                         std::uint32_t version_min = protocol_version_oldest,
                         std::uint32_t version_max = protocol_version) {
    return encode(
        Envelope{.version = protocol_version_oldest,
                 .correlation = counter,
                 .body = message::Hello{version_min, version_max, "test 1", boot_id, counter}});
}

inline Identity agent(const std::string& name) {
    return {Role::agent, IdentityId{name}, "key-of-" + name};
}
inline Identity client(const std::string& name) {
    return {Role::client, IdentityId{name}, "key-of-" + name};
}

// The events of one kind, in their order.
template <typename Kind, typename Event>
std::vector<Kind> all(const std::vector<Event>& events) {
    std::vector<Kind> found;
    for (const Event& event : events) {
        if (const Kind* one = std::get_if<Kind>(&event)) found.push_back(*one);
    }
    return found;
}

inline ServerSessionsOptions server_options() {
    ServerSessionsOptions options;
    options.name = "test-router";
    options.random = [engine = std::mt19937_64{42}]() mutable { return engine(); };
    return options;
}

inline ClientSessionOptions client_options(const std::string& boot_id = "boot-1") {
    ClientSessionOptions options;
    options.software = "test 1";
    options.boot_id = boot_id;
    return options;
}

}  // namespace nearfab::wire::test
