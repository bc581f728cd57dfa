// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/codec.hpp"

#include "base/check.hpp"
#include "proto/codec/body.hpp"
#include "proto/codec/parsing.hpp"
#include "proto/codec/wire.hpp"

#include <google/protobuf/arena.h>
#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/unknown_field_set.h>
#include <google/protobuf/wire_format_lite.h>

#include <array>
#include <optional>
#include <utility>

namespace nearfab {
namespace {

using codec::Body;
using codec::FieldCheck;

constexpr int first_body_number = 16;
constexpr std::size_t head_bytes_max = 64;

// Most messages fit into the first block, so that making one asks for little other memory.
class ScratchArena {
public:
    ScratchArena() : arena_{options(block_)} {}
    google::protobuf::Arena* get() { return &arena_; }

private:
    using Block = std::array<char, 4096>;
    static google::protobuf::ArenaOptions options(Block& block) {
        google::protobuf::ArenaOptions options;
        options.initial_block = block.data();
        options.initial_block_size = block.size();
        return options;
    }
    alignas(std::max_align_t) Block block_;
    google::protobuf::Arena arena_;
};

// Tries the kinds of body one after the other; false if none of them is it.
template <std::size_t Index = 0>
bool read_body(const v1::Envelope& from, Message& to, std::optional<Error>& fault) {
    if constexpr (Index == std::variant_size_v<MessageKinds>) {
        return false;
    } else {
        using Value = std::variant_alternative_t<Index, MessageKinds>;
        if (from.body_case() != Body<Value>::body_case) {
            return read_body<Index + 1>(from, to, fault);
        }
        FieldCheck check{Body<Value>::field};
        codec::read_wire(Body<Value>::in(from), to.emplace<Value>(), check);
        fault = check.fault();
        return true;
    }
}

void write_body(const Message& from, v1::Envelope& to) {
    std::visit([&to]<typename Value>(
                   const Value& value) { codec::write_wire(value, Body<Value>::in(to)); },
               from);
}

tl::unexpected<Error> unknown_body(const v1::Envelope& envelope) {
    const auto& unknown = v1::Envelope::GetReflection()->GetUnknownFields(envelope);
    for (int i = 0; i < unknown.field_count(); ++i) {
        if (unknown.field(i).number() < first_body_number) continue;
        return fail(ErrorCode::unsupported,
                    "this program does not know messages of kind " +
                        std::to_string(unknown.field(i).number()),
                    "use a newer nearfab on this side, or do without");
    }
    return fail(ErrorCode::malformed,
                "body: the envelope holds no message",
                "put one message into every envelope");
}

Status check_version(std::uint32_t version) {
    if (version == 0) {
        return fail(ErrorCode::malformed,
                    "version: 0 is no protocol version",
                    "put the version of the protocol on every envelope");
    }
    if (version < protocol_version_oldest || version > protocol_version) {
        return fail(ErrorCode::unsupported_version,
                    "version: the other side speaks protocol version " + std::to_string(version) +
                        ", this program " + std::to_string(protocol_version_oldest) + " to " +
                        std::to_string(protocol_version),
                    "bring the older of the two programs up to date");
    }
    return {};
}

}  // namespace

Result<Envelope> decode(std::span<const std::uint8_t> bytes) {
    ScratchArena arena;
    auto& wire = *google::protobuf::Arena::CreateMessage<v1::Envelope>(arena.get());
    if (auto parsed = codec::parse(bytes, limits::message_bytes_max, "the message", wire);
        !parsed) {
        return fail(std::move(parsed.error()));
    }
    if (auto known = check_version(wire.version()); !known) return fail(std::move(known.error()));
    Envelope envelope;
    envelope.version = wire.version();
    envelope.session = wire.session();
    envelope.sequence = wire.sequence();
    envelope.acknowledged = wire.acknowledged();
    envelope.correlation = wire.correlation();
    std::optional<Error> fault;
    if (!read_body(wire, envelope.body, fault)) return unknown_body(wire);
    if (fault) return fail(std::move(*fault));
    return envelope;
}

Result<EnvelopeHead> decode_head(std::span<const std::uint8_t> bytes) {
    using google::protobuf::internal::WireFormatLite;
    using google::protobuf::io::CodedInputStream;
    if (bytes.size() > limits::message_bytes_max) {
        return fail(ErrorCode::too_large,
                    "the message has " + std::to_string(bytes.size()) + " bytes, more than " +
                        std::to_string(limits::message_bytes_max));
    }
    CodedInputStream stream{bytes.data(), static_cast<int>(bytes.size())};
    EnvelopeHead head;
    const auto varint = [&stream](std::uint64_t& value) { return stream.ReadVarint64(&value); };
    bool good = true;
    while (const std::uint32_t tag = good ? stream.ReadTag() : 0) {
        std::uint64_t version = 0;
        if (tag == 0x08) {
            good = varint(version);
            head.version = static_cast<std::uint32_t>(version);
        } else if (tag == 0x11) {
            good = stream.ReadLittleEndian64(&head.session);
        } else if (tag == 0x18) {
            good = varint(head.sequence);
        } else if (tag == 0x20) {
            good = varint(head.acknowledged);
        } else if (tag == 0x28) {
            good = varint(head.correlation);
        } else {
            good = WireFormatLite::SkipField(&stream, tag);
        }
    }
    if (good && stream.ConsumedEntireMessage() && head.version != 0) return head;
    return fail(ErrorCode::malformed,
                "the bytes are no envelope",
                "check that both programs speak the nearfab protocol");
}

Result<std::vector<std::uint8_t>> try_encode(const Envelope& envelope) {
    NEARFAB_CHECK(envelope.version != 0, "an envelope without a version was to be sent");
    ScratchArena arena;
    auto& wire = *google::protobuf::Arena::CreateMessage<v1::Envelope>(arena.get());
    wire.set_version(envelope.version);
    wire.set_session(envelope.session);
    wire.set_sequence(envelope.sequence);
    wire.set_acknowledged(envelope.acknowledged);
    wire.set_correlation(envelope.correlation);
    write_body(envelope.body, wire);
    const std::size_t size = wire.ByteSizeLong();
    if (size > limits::message_bytes_max) {
        return fail(ErrorCode::too_large,
                    std::string{name_of(envelope.body)} + " would have " + std::to_string(size) +
                        " bytes, more than " + std::to_string(limits::message_bytes_max),
                    "ask for less at once");
    }
    std::vector<std::uint8_t> bytes(size);
    wire.SerializeWithCachedSizesToArray(bytes.data());
    return bytes;
}

std::vector<std::uint8_t> encode(const Envelope& envelope) {
    auto bytes = try_encode(envelope);
    NEARFAB_CHECK(bytes.has_value(), "a message over the limit was made");
    return std::move(*bytes);
}

std::size_t encoded_size(const Message& body) {
    ScratchArena arena;
    auto& wire = *google::protobuf::Arena::CreateMessage<v1::Envelope>(arena.get());
    write_body(body, wire);
    return wire.ByteSizeLong() + head_bytes_max;
}

}  // namespace nearfab
