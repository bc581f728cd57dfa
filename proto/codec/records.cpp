// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/codec/codec.hpp"
#include "proto/codec/parsing.hpp"
#include "proto/codec/wire.hpp"

#include <google/protobuf/arena.h>

#include <array>

namespace nearfab {
namespace {

template <typename Wire, typename Value>
std::string encode_record(const Value& value) {
    // Most records are small and written often, so their parts lie on the stack.
    std::array<char, 2048> room;
    google::protobuf::ArenaOptions options;
    options.initial_block = room.data();
    options.initial_block_size = room.size();
    google::protobuf::Arena arena{options};
    auto& wire = *google::protobuf::Arena::CreateMessage<Wire>(&arena);
    codec::write_wire(value, wire);
    return wire.SerializeAsString();
}

// A record that we wrote ourselves is read as carefully as a stranger's message: disks err too.
template <typename Wire, typename Value>
Result<Value> decode_record(std::string_view bytes, std::string_view name) {
    const std::span data{reinterpret_cast<const std::uint8_t*>(bytes.data()), bytes.size()};
    Wire wire;
    const Status parsed = codec::parse(data, limits::message_bytes_max, name, wire);
    if (!parsed) return fail(parsed.error());
    codec::FieldCheck check{name};
    Value value;
    codec::read_wire(wire, value, check);
    if (check.fault()) return fail(*check.fault());
    return value;
}

}  // namespace

std::string encode_job_spec(const JobSpec& spec) {
    return encode_record<v1::JobSpec>(spec);
}

Result<JobSpec> decode_job_spec(std::string_view bytes) {
    return decode_record<v1::JobSpec, JobSpec>(bytes, "job_spec");
}

std::string encode_part_facts(const PartFacts& facts) {
    return encode_record<v1::PartFacts>(facts);
}

Result<PartFacts> decode_part_facts(std::string_view bytes) {
    return decode_record<v1::PartFacts, PartFacts>(bytes, "part_facts");
}

std::string encode_match_report(const MatchReport& report) {
    return encode_record<v1::MatchReport>(report);
}

Result<MatchReport> decode_match_report(std::string_view bytes) {
    return decode_record<v1::MatchReport, MatchReport>(bytes, "match_report");
}

std::string encode_job_plan(const JobPlan& plan) {
    return encode_record<v1::JobPlan>(plan);
}

Result<JobPlan> decode_job_plan(std::string_view bytes) {
    return decode_record<v1::JobPlan, JobPlan>(bytes, "job_plan");
}

std::string encode_offer(const message::Offer& offer) {
    return encode_record<v1::Offer>(offer);
}

Result<message::Offer> decode_offer(std::string_view bytes) {
    return decode_record<v1::Offer, message::Offer>(bytes, "offer");
}

}  // namespace nearfab
