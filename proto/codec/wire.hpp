// SPDX-License-Identifier: GPL-3.0-or-later
// wire.hpp - every value to its generated Protobuf message and back.
//
// read_wire copies out of a message that came from outside and hands each field through a
// FieldCheck; write_wire fills a fresh message. One pair per value, defined in the file of its
// conversation. Internal to proto/codec.

#pragma once

#include "proto/codec/field_check.hpp"
#include "proto/model/message.hpp"

#include "nearfab/v1/envelope.pb.h"
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::codec {

// part.cpp
void read_wire(const v1::PartSpec& from, PartSpec& to, FieldCheck& check);
void write_wire(const PartSpec& from, v1::PartSpec& to);
void read_wire(const v1::OutlinePoint& from, OutlinePoint& to, FieldCheck& check);
void write_wire(const OutlinePoint& from, v1::OutlinePoint& to);
void read_wire(const v1::PartStance& from, PartStance& to, FieldCheck& check);
void write_wire(const PartStance& from, v1::PartStance& to);
void read_wire(const v1::PartFacts& from, PartFacts& to, FieldCheck& check);
void write_wire(const PartFacts& from, v1::PartFacts& to);
void read_wire(const v1::Placement& from, Placement& to, FieldCheck& check);
void write_wire(const Placement& from, v1::Placement& to);

// part_details.cpp
void read_wire(const v1::PartPoint& from, PartPoint& to, FieldCheck& check);
void write_wire(const PartPoint& from, v1::PartPoint& to);
void read_wire(const v1::MeasuredLength& from, MeasuredLength& to, FieldCheck& check);
void write_wire(const MeasuredLength& from, v1::MeasuredLength& to);
void read_wire(const v1::NeededFeature& from, NeededFeature& to, FieldCheck& check);
void write_wire(const NeededFeature& from, v1::NeededFeature& to);
void read_wire(const v1::ProcessReason& from, ProcessReason& to, FieldCheck& check);
void write_wire(const ProcessReason& from, v1::ProcessReason& to);
void read_wire(const v1::ProcessFacts& from, ProcessFacts& to, FieldCheck& check);
void write_wire(const ProcessFacts& from, v1::ProcessFacts& to);
void read_wire(const v1::SheetFacts& from, SheetFacts& to, FieldCheck& check);
void write_wire(const SheetFacts& from, v1::SheetFacts& to);

// match.cpp
void read_wire(const v1::Money& from, Money& to, FieldCheck& check);
void write_wire(const Money& from, v1::Money& to);
void read_wire(const v1::CarbonRange& from, CarbonRange& to, FieldCheck& check);
void write_wire(const CarbonRange& from, v1::CarbonRange& to);
void read_wire(const v1::Footprint& from, Footprint& to, FieldCheck& check);
void write_wire(const Footprint& from, v1::Footprint& to);
void read_wire(const v1::FootprintBasis& from, FootprintBasis& to, FieldCheck& check);
void write_wire(const FootprintBasis& from, v1::FootprintBasis& to);
void read_wire(const v1::Alternative& from, Alternative& to, FieldCheck& check);
void write_wire(const Alternative& from, v1::Alternative& to);
void read_wire(const v1::Candidate& from, Candidate& to, FieldCheck& check);
void write_wire(const Candidate& from, v1::Candidate& to);
void read_wire(const v1::Rejection& from, Rejection& to, FieldCheck& check);
void write_wire(const Rejection& from, v1::Rejection& to);
void read_wire(const v1::MatchReport& from, MatchReport& to, FieldCheck& check);
void write_wire(const MatchReport& from, v1::MatchReport& to);

// plan.cpp
void read_wire(const v1::PlanRow& from, PlanRow& to, FieldCheck& check);
void write_wire(const PlanRow& from, v1::PlanRow& to);
void read_wire(const v1::PlanPart& from, PlanPart& to, FieldCheck& check);
void write_wire(const PlanPart& from, v1::PlanPart& to);
void read_wire(const v1::JobPlan& from, JobPlan& to, FieldCheck& check);
void write_wire(const JobPlan& from, v1::JobPlan& to);

// capability.cpp
void read_wire(const v1::Place& from, Place& to, FieldCheck& check);
void write_wire(const Place& from, v1::Place& to);
void read_wire(const v1::MaterialStock& from, MaterialStock& to, FieldCheck& check);
void write_wire(const MaterialStock& from, v1::MaterialStock& to);
void read_wire(const v1::MaterialRate& from, MaterialRate& to, FieldCheck& check);
void write_wire(const MaterialRate& from, v1::MaterialRate& to);
void read_wire(const v1::Rates& from, Rates& to, FieldCheck& check);
void write_wire(const Rates& from, v1::Rates& to);
void read_wire(const v1::Energy& from, Energy& to, FieldCheck& check);
void write_wire(const Energy& from, v1::Energy& to);
void read_wire(const v1::Capability& from, Capability& to, FieldCheck& check);
void write_wire(const Capability& from, v1::Capability& to);
void read_wire(const v1::FabTerms& from, FabTerms& to, FieldCheck& check);
void write_wire(const FabTerms& from, v1::FabTerms& to);
void read_wire(const v1::Advertisement& from, Advertisement& to, FieldCheck& check);
void write_wire(const Advertisement& from, v1::Advertisement& to);
void read_wire(const v1::Advertise& from, message::Advertise& to, FieldCheck& check);
void write_wire(const message::Advertise& from, v1::Advertise& to);
void read_wire(const v1::AskFabs& from, message::AskFabs& to, FieldCheck& check);
void write_wire(const message::AskFabs& from, v1::AskFabs& to);
void read_wire(const v1::FabStatus& from, message::FabStatus& to, FieldCheck& check);
void write_wire(const message::FabStatus& from, v1::FabStatus& to);
void read_wire(const v1::Fabs& from, message::Fabs& to, FieldCheck& check);
void write_wire(const message::Fabs& from, v1::Fabs& to);

// session.cpp
void read_wire(const v1::Hello& from, message::Hello& to, FieldCheck& check);
void write_wire(const message::Hello& from, v1::Hello& to);
void read_wire(const v1::Welcome& from, message::Welcome& to, FieldCheck& check);
void write_wire(const message::Welcome& from, v1::Welcome& to);
void read_wire(const v1::Keepalive& from, message::Keepalive& to, FieldCheck& check);
void write_wire(const message::Keepalive& from, v1::Keepalive& to);
void read_wire(const v1::Failure& from, message::Failure& to, FieldCheck& check);
void write_wire(const message::Failure& from, v1::Failure& to);

// work.cpp
void read_wire(const v1::Offer& from, message::Offer& to, FieldCheck& check);
void write_wire(const message::Offer& from, v1::Offer& to);
void read_wire(const v1::ConfirmReservation& from,
               message::ConfirmReservation& to,
               FieldCheck& check);
void write_wire(const message::ConfirmReservation& from, v1::ConfirmReservation& to);
void read_wire(const v1::WithdrawWork& from, message::WithdrawWork& to, FieldCheck& check);
void write_wire(const message::WithdrawWork& from, v1::WithdrawWork& to);
void read_wire(const v1::StartRight& from, message::StartRight& to, FieldCheck& check);
void write_wire(const message::StartRight& from, v1::StartRight& to);
void read_wire(const v1::StartRefused& from, message::StartRefused& to, FieldCheck& check);
void write_wire(const message::StartRefused& from, v1::StartRefused& to);
void read_wire(const v1::StopWork& from, message::StopWork& to, FieldCheck& check);
void write_wire(const message::StopWork& from, v1::StopWork& to);
void read_wire(const v1::AskInventory& from, message::AskInventory& to, FieldCheck& check);
void write_wire(const message::AskInventory& from, v1::AskInventory& to);
void read_wire(const v1::AcceptOffer& from, message::AcceptOffer& to, FieldCheck& check);
void write_wire(const message::AcceptOffer& from, v1::AcceptOffer& to);
void read_wire(const v1::DeclineOffer& from, message::DeclineOffer& to, FieldCheck& check);
void write_wire(const message::DeclineOffer& from, v1::DeclineOffer& to);
void read_wire(const v1::StartRequest& from, message::StartRequest& to, FieldCheck& check);
void write_wire(const message::StartRequest& from, v1::StartRequest& to);
void read_wire(const v1::AttemptReport& from, message::AttemptReport& to, FieldCheck& check);
void write_wire(const message::AttemptReport& from, v1::AttemptReport& to);
void read_wire(const v1::Progress& from, message::Progress& to, FieldCheck& check);
void write_wire(const message::Progress& from, v1::Progress& to);
void read_wire(const v1::Inventory& from, message::Inventory& to, FieldCheck& check);
void write_wire(const message::Inventory& from, v1::Inventory& to);

// design.cpp
void read_wire(const v1::OpenUpload& from, message::OpenUpload& to, FieldCheck& check);
void write_wire(const message::OpenUpload& from, v1::OpenUpload& to);
void read_wire(const v1::UploadChunk& from, message::UploadChunk& to, FieldCheck& check);
void write_wire(const message::UploadChunk& from, v1::UploadChunk& to);
void read_wire(const v1::UploadStatus& from, message::UploadStatus& to, FieldCheck& check);
void write_wire(const message::UploadStatus& from, v1::UploadStatus& to);
void read_wire(const v1::ReadChunk& from, message::ReadChunk& to, FieldCheck& check);
void write_wire(const message::ReadChunk& from, v1::ReadChunk& to);
void read_wire(const v1::DesignChunk& from, message::DesignChunk& to, FieldCheck& check);
void write_wire(const message::DesignChunk& from, v1::DesignChunk& to);

// job.cpp
void read_wire(const v1::JobSpec& from, JobSpec& to, FieldCheck& check);
void write_wire(const JobSpec& from, v1::JobSpec& to);
void read_wire(const v1::WorkOrderStatus& from, WorkOrderStatus& to, FieldCheck& check);
void write_wire(const WorkOrderStatus& from, v1::WorkOrderStatus& to);
void read_wire(const v1::JobPart& from, JobPart& to, FieldCheck& check);
void write_wire(const JobPart& from, v1::JobPart& to);
void read_wire(const v1::JobStatus& from, JobStatus& to, FieldCheck& check);
void write_wire(const JobStatus& from, v1::JobStatus& to);
void read_wire(const v1::JobEvent& from, JobEvent& to, FieldCheck& check);
void write_wire(const JobEvent& from, v1::JobEvent& to);

// client.cpp
void read_wire(const v1::FabWord& from, message::FabWord& to, FieldCheck& check);
void write_wire(const message::FabWord& from, v1::FabWord& to);
void read_wire(const v1::SubmitJob& from, message::SubmitJob& to, FieldCheck& check);
void write_wire(const message::SubmitJob& from, v1::SubmitJob& to);
void read_wire(const v1::JobAccepted& from, message::JobAccepted& to, FieldCheck& check);
void write_wire(const message::JobAccepted& from, v1::JobAccepted& to);
void read_wire(const v1::AskQuote& from, message::AskQuote& to, FieldCheck& check);
void write_wire(const message::AskQuote& from, v1::AskQuote& to);
void read_wire(const v1::Quote& from, message::Quote& to, FieldCheck& check);
void write_wire(const message::Quote& from, v1::Quote& to);
void read_wire(const v1::AskJobs& from, message::AskJobs& to, FieldCheck& check);
void write_wire(const message::AskJobs& from, v1::AskJobs& to);
void read_wire(const v1::Jobs& from, message::Jobs& to, FieldCheck& check);
void write_wire(const message::Jobs& from, v1::Jobs& to);
void read_wire(const v1::WatchJob& from, message::WatchJob& to, FieldCheck& check);
void write_wire(const message::WatchJob& from, v1::WatchJob& to);
void read_wire(const v1::JobUpdate& from, message::JobUpdate& to, FieldCheck& check);
void write_wire(const message::JobUpdate& from, v1::JobUpdate& to);
void read_wire(const v1::AskWhy& from, message::AskWhy& to, FieldCheck& check);
void write_wire(const message::AskWhy& from, v1::AskWhy& to);
void read_wire(const v1::WorkOrderReason& from, message::WorkOrderReason& to, FieldCheck& check);
void write_wire(const message::WorkOrderReason& from, v1::WorkOrderReason& to);
void read_wire(const v1::Why& from, message::Why& to, FieldCheck& check);
void write_wire(const message::Why& from, v1::Why& to);
void read_wire(const v1::CancelJob& from, message::CancelJob& to, FieldCheck& check);
void write_wire(const message::CancelJob& from, v1::CancelJob& to);
void read_wire(const v1::CancelAnswer& from, message::CancelAnswer& to, FieldCheck& check);
void write_wire(const message::CancelAnswer& from, v1::CancelAnswer& to);

// operator.cpp
void read_wire(const v1::OperatorCommand& from, message::OperatorCommand& to, FieldCheck& check);
void write_wire(const message::OperatorCommand& from, v1::OperatorCommand& to);
void read_wire(const v1::OperatorAnswer& from, message::OperatorAnswer& to, FieldCheck& check);
void write_wire(const message::OperatorAnswer& from, v1::OperatorAnswer& to);
void read_wire(const v1::AskAgent& from, message::AskAgent& to, FieldCheck& check);
void write_wire(const message::AskAgent& from, v1::AskAgent& to);
void read_wire(const v1::AgentMachine& from, message::AgentMachine& to, FieldCheck& check);
void write_wire(const message::AgentMachine& from, v1::AgentMachine& to);
void read_wire(const v1::AgentWork& from, message::AgentWork& to, FieldCheck& check);
void write_wire(const message::AgentWork& from, v1::AgentWork& to);
void read_wire(const v1::AgentStatus& from, message::AgentStatus& to, FieldCheck& check);
void write_wire(const message::AgentStatus& from, v1::AgentStatus& to);

// relay.cpp
void read_wire(const v1::RelayCommand& from, message::RelayCommand& to, FieldCheck& check);
void write_wire(const message::RelayCommand& from, v1::RelayCommand& to);
void read_wire(const v1::AskPass& from, message::AskPass& to, FieldCheck& check);
void write_wire(const message::AskPass& from, v1::AskPass& to);
void read_wire(const v1::PassedCommand& from, message::PassedCommand& to, FieldCheck& check);
void write_wire(const message::PassedCommand& from, v1::PassedCommand& to);
void read_wire(const v1::RelayedCommand& from, message::RelayedCommand& to, FieldCheck& check);
void write_wire(const message::RelayedCommand& from, v1::RelayedCommand& to);
void read_wire(const v1::RelayedAnswer& from, message::RelayedAnswer& to, FieldCheck& check);
void write_wire(const message::RelayedAnswer& from, v1::RelayedAnswer& to);

// region.cpp
void read_wire(const v1::RegionKind& from, RegionKind& to, FieldCheck& check);
void write_wire(const RegionKind& from, v1::RegionKind& to);
void read_wire(const v1::RegionProcess& from, RegionProcess& to, FieldCheck& check);
void write_wire(const RegionProcess& from, v1::RegionProcess& to);
void read_wire(const v1::RegionTerms& from, RegionTerms& to, FieldCheck& check);
void write_wire(const RegionTerms& from, v1::RegionTerms& to);
void read_wire(const v1::RegionPrice& from, RegionPrice& to, FieldCheck& check);
void write_wire(const RegionPrice& from, v1::RegionPrice& to);
void read_wire(const v1::RegionCarbon& from, RegionCarbon& to, FieldCheck& check);
void write_wire(const RegionCarbon& from, v1::RegionCarbon& to);
void read_wire(const v1::RegionStock& from, RegionStock& to, FieldCheck& check);
void write_wire(const RegionStock& from, v1::RegionStock& to);
void read_wire(const v1::RegionOffer& from, RegionOffer& to, FieldCheck& check);
void write_wire(const RegionOffer& from, v1::RegionOffer& to);
void read_wire(const v1::RegionCell& from, RegionCell& to, FieldCheck& check);
void write_wire(const RegionCell& from, v1::RegionCell& to);
void read_wire(const v1::RegionDigest& from, RegionDigest& to, FieldCheck& check);
void write_wire(const RegionDigest& from, v1::RegionDigest& to);
void read_wire(const v1::StateRegions& from, message::StateRegions& to, FieldCheck& check);
void write_wire(const message::StateRegions& from, v1::StateRegions& to);

// report.cpp
void read_wire(const v1::DistanceReport& from, DistanceReport& to, FieldCheck& check);
void write_wire(const DistanceReport& from, v1::DistanceReport& to);
void read_wire(const v1::FabShare& from, FabShare& to, FieldCheck& check);
void write_wire(const FabShare& from, v1::FabShare& to);
void read_wire(const v1::ShareReport& from, ShareReport& to, FieldCheck& check);
void write_wire(const ShareReport& from, v1::ShareReport& to);
void read_wire(const v1::ProcessUse& from, ProcessUse& to, FieldCheck& check);
void write_wire(const ProcessUse& from, v1::ProcessUse& to);
void read_wire(const v1::ReportSize& from, ReportSize& to, FieldCheck& check);
void write_wire(const ReportSize& from, v1::ReportSize& to);
void read_wire(const v1::HangingCapability& from, HangingCapability& to, FieldCheck& check);
void write_wire(const HangingCapability& from, v1::HangingCapability& to);
void read_wire(const v1::CapabilityReport& from, CapabilityReport& to, FieldCheck& check);
void write_wire(const CapabilityReport& from, v1::CapabilityReport& to);
void read_wire(const v1::LostWork& from, LostWork& to, FieldCheck& check);
void write_wire(const LostWork& from, v1::LostWork& to);
void read_wire(const v1::LostCapability& from, LostCapability& to, FieldCheck& check);
void write_wire(const LostCapability& from, v1::LostCapability& to);
void read_wire(const v1::WithoutFab& from, WithoutFab& to, FieldCheck& check);
void write_wire(const WithoutFab& from, v1::WithoutFab& to);
void read_wire(const v1::ConfidenceCount& from, ConfidenceCount& to, FieldCheck& check);
void write_wire(const ConfidenceCount& from, v1::ConfidenceCount& to);
void read_wire(const v1::EmissionShare& from, EmissionShare& to, FieldCheck& check);
void write_wire(const EmissionShare& from, v1::EmissionShare& to);
void read_wire(const v1::EmissionReport& from, EmissionReport& to, FieldCheck& check);
void write_wire(const EmissionReport& from, v1::EmissionReport& to);
void read_wire(const v1::WaitReason& from, WaitReason& to, FieldCheck& check);
void write_wire(const WaitReason& from, v1::WaitReason& to);
void read_wire(const v1::WaitingReport& from, WaitingReport& to, FieldCheck& check);
void write_wire(const WaitingReport& from, v1::WaitingReport& to);
void read_wire(const v1::ReportDay& from, ReportDay& to, FieldCheck& check);
void write_wire(const ReportDay& from, v1::ReportDay& to);
void read_wire(const v1::AskReport& from, message::AskReport& to, FieldCheck& check);
void write_wire(const message::AskReport& from, v1::AskReport& to);
void read_wire(const v1::NetworkReport& from, message::NetworkReport& to, FieldCheck& check);
void write_wire(const message::NetworkReport& from, v1::NetworkReport& to);

// Hashes travel as their 32 bytes.
[[nodiscard]] std::string wire_hash(const ContentHash& hash);
[[nodiscard]] std::int64_t wire_time(WallTime time);

// Reads a required message field with the read_wire that belongs to its type.
template <typename Wire, typename Value>
void read_field(
    FieldCheck& check, std::string_view field, bool present, const Wire& from, Value& to) {
    if (!present) {
        check.refuse(ErrorCode::malformed, field, "is missing");
        return;
    }
    const auto inside = check.inside(field);
    read_wire(from, to, check);
}

// Reads a list of messages of at most `max` entries; stops at the first fault.
template <typename WireList, typename Value>
void read_list(FieldCheck& check,
               std::string_view field,
               const WireList& from,
               std::size_t max,
               std::vector<Value>& to) {
    const auto size = static_cast<std::size_t>(from.size());
    if (!check.at_most(field, size, max, "entries")) return;
    to.reserve(size);
    for (const auto& entry : from) {
        if (check.fault()) return;
        const auto inside = check.inside(field, to.size());
        read_wire(entry, to.emplace_back(), check);
    }
}

template <typename Value, typename WireList>
void write_list(const std::vector<Value>& from, WireList* to) {
    to->Reserve(static_cast<int>(from.size()));
    for (const Value& entry : from)
        write_wire(entry, *to->Add());
}

}  // namespace nearfab::codec
