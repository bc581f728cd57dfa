// SPDX-License-Identifier: GPL-3.0-or-later

#include "wire/session_rules.hpp"

#include "proto/codec/codec.hpp"

#include <algorithm>
#include <string>
#include <variant>

namespace nearfab::wire {
namespace {

std::string range_text(std::uint32_t low, std::uint32_t high) {
    return low == high ? std::to_string(low) : std::to_string(low) + " to " + std::to_string(high);
}

}  // namespace

Numbering numbering_of(const Message& body) {
    if (std::holds_alternative<message::Hello>(body) ||
        std::holds_alternative<message::Welcome>(body) ||
        std::holds_alternative<message::Keepalive>(body)) {
        return Numbering::never;
    }
    if (std::holds_alternative<message::Progress>(body) ||
        std::holds_alternative<message::StartRequest>(body) ||
        std::holds_alternative<message::Failure>(body)) {
        return Numbering::either;
    }
    return Numbering::always;
}

std::optional<Error> numbering_fault(const Envelope& envelope) {
    const Numbering numbering = numbering_of(envelope.body);
    const std::string name{name_of(envelope.body)};
    if (numbering == Numbering::always && envelope.sequence == 0) {
        return Error{ErrorCode::malformed, name + " has no sequence number, it must have one", {}};
    }
    if (numbering == Numbering::never && envelope.sequence != 0) {
        return Error{ErrorCode::malformed,
                     name + " has the sequence number " + std::to_string(envelope.sequence) +
                         ", it must have none",
                     {}};
    }
    return std::nullopt;
}

Result<std::uint32_t> agree_on_version(const message::Hello& hello) {
    const std::uint32_t lowest = std::max(hello.version_min, protocol_version_oldest);
    const std::uint32_t highest = std::min(hello.version_max, protocol_version);
    if (lowest <= highest) return highest;
    return fail(ErrorCode::unsupported_version,
                "you speak protocol version " + range_text(hello.version_min, hello.version_max) +
                    ", this side speaks " + range_text(protocol_version_oldest, protocol_version),
                hello.version_min > protocol_version ? "update the side that answered"
                                                     : "update the side that dialled");
}

std::vector<std::uint8_t> encode_failure(Error error,
                                         std::uint64_t session,
                                         std::uint64_t correlation) {
    // The oldest version, because it may answer somebody with whom nothing is agreed yet.
    return encode(Envelope{.version = protocol_version_oldest,
                           .session = session,
                           .sequence = 0,
                           .acknowledged = 0,
                           .correlation = correlation,
                           .body = message::Failure{std::move(error)}});
}

}  // namespace nearfab::wire
