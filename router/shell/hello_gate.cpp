// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/hello_gate.hpp"

#include "proto/codec/codec.hpp"
#include "wire/session_rules.hpp"

#include <string>
#include <variant>

namespace nearfab::router {
namespace {

Role same_kind(Role role) {
    return role == Role::operator_ ? Role::client : role;
}

std::string owner_of(Role kind) {
    switch (kind) {
        case Role::agent:
            return "a fab's agent";
        case Role::client:
        case Role::operator_:
            return "a person";
        case Role::peer:
            return "another router";
        case Role::unknown:
            break;
    }
    return "nobody known here";
}

}  // namespace

Role kind_of(const message::Hello& hello) {
    if (hello.role != Role::unknown) return same_kind(hello.role);
    const std::string name = hello.software.substr(0, hello.software.find(' '));
    if (name == "nearfab-agent") return Role::agent;
    if (name == "nearfab-router") return Role::peer;
    if (name == "nearfab") return Role::client;
    return Role::unknown;
}

std::optional<Error> fault_of(const wire::Identity& sender, const message::Hello& hello) {
    const Role kind = kind_of(hello);
    if (kind == Role::unknown || kind == same_kind(sender.role)) return std::nullopt;
    return Error{ErrorCode::unauthorised,
                 "the key of " + sender.name.text() + " (" + to_string(sender.role) +
                     ") belongs to " + owner_of(same_kind(sender.role)) +
                     ", but this is a program for " + owner_of(kind),
                 "use a key of your own, with the right role in the router's list of keys"};
}

std::optional<std::vector<std::uint8_t>> refusal_of_hello(const wire::Identity& sender,
                                                          std::span<const std::uint8_t> bytes) {
    // Hello has no session yet; everything else of an open session is not looked into twice.
    const auto head = decode_head(bytes);
    if (!head || head->session != 0) return std::nullopt;
    const auto envelope = decode(bytes);
    if (!envelope) return std::nullopt;
    const auto* hello = std::get_if<message::Hello>(&envelope->body);
    if (hello == nullptr) return std::nullopt;
    auto fault = fault_of(sender, *hello);
    if (!fault) return std::nullopt;
    return wire::encode_failure(std::move(*fault), 0, envelope->correlation);
}

}  // namespace nearfab::router
