// SPDX-License-Identifier: GPL-3.0-or-later
// codec.hpp - bytes to envelopes and back; the one door for what comes from outside.
//
// decode() checks everything that can be known from one message: size, version, known body, every
// number finite and in range, every text within its limit and valid UTF-8, every list within its
// limit, every id well formed. Unknown fields are tolerated; an unknown enumerator becomes
// `unknown`, which every reader treats as the most cautious value. Nothing else in nearfab includes
// the generated Protobuf headers.

#pragma once

#include "base/result.hpp"
#include "proto/model/message.hpp"
#include "proto/model/text.hpp"  // is_well_formed_id

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab {

// Errors: too_large, malformed (names the field), unsupported_version (names both versions),
// unsupported (a body that a newer program knows).
[[nodiscard]] Result<Envelope> decode(std::span<const std::uint8_t> bytes);

// What can still be known about a message that decode() refuses: enough to acknowledge it and to
// answer with a Failure that the asker can match to its request.
struct EnvelopeHead {
    std::uint32_t version = 0;
    std::uint64_t session = 0;
    std::uint64_t sequence = 0;
    std::uint64_t acknowledged = 0;
    std::uint64_t correlation = 0;
    friend bool operator==(const EnvelopeHead&, const EnvelopeHead&) = default;
};

// Looks at nothing inside the body. Errors: too_large, malformed.
[[nodiscard]] Result<EnvelopeHead> decode_head(std::span<const std::uint8_t> bytes);

// REQUIRES: the envelope keeps the limits (proto/model/limits.hpp); a breach is our own fault.
// Lists that can grow (Jobs, Fabs, Why, Inventory) are kept below message_bytes_max with
// encoded_size. Words that often come from elsewhere (reasons, details, errors) are cleaned and cut
// on the way (proto/model/text.hpp), so that no machine's odd answer can make a report unsendable.
[[nodiscard]] std::vector<std::uint8_t> encode(const Envelope& envelope);

// The same for a message whose size depends on what others said (a list of all fabs): error
// too_large, to be sent as a Failure instead.
[[nodiscard]] Result<std::vector<std::uint8_t>> try_encode(const Envelope& envelope);

// The bytes that encode() would make of an envelope with this body, never more than 64 too many.
[[nodiscard]] std::size_t encoded_size(const Message& body);

// Single values in the same encoding, for durable records (router/shell, node-agent/shell).
[[nodiscard]] std::string encode_job_spec(const JobSpec& spec);
[[nodiscard]] Result<JobSpec> decode_job_spec(std::string_view bytes);
[[nodiscard]] std::string encode_part_facts(const PartFacts& facts);
[[nodiscard]] Result<PartFacts> decode_part_facts(std::string_view bytes);
[[nodiscard]] std::string encode_match_report(const MatchReport& report);
[[nodiscard]] Result<MatchReport> decode_match_report(std::string_view bytes);
[[nodiscard]] std::string encode_job_plan(const JobPlan& plan);
[[nodiscard]] Result<JobPlan> decode_job_plan(std::string_view bytes);
[[nodiscard]] std::string encode_offer(const message::Offer& offer);
[[nodiscard]] Result<message::Offer> decode_offer(std::string_view bytes);

}  // namespace nearfab
