// SPDX-License-Identifier: GPL-3.0-or-later
// body.hpp - which member of the schema's `oneof body` belongs to which message.
//
// One line per message; read_body and write_body in codec.cpp are made from them, and a missing or
// doubled line does not compile. Internal to proto/codec.

#pragma once

#include "proto/codec/wire.hpp"

#include <variant>

namespace nearfab::codec {

// Ties a message to its member of the oneof.
template <typename Value>
struct Body;

#define NEARFAB_BODY(Name, name)                                                            \
    template <>                                                                             \
    struct Body<message::Name> {                                                            \
        static constexpr auto body_case = v1::Envelope::k##Name;                            \
        static constexpr std::string_view field = #name;                                    \
        static const v1::Name& in(const v1::Envelope& envelope) { return envelope.name(); } \
        static v1::Name& in(v1::Envelope& envelope) { return *envelope.mutable_##name(); }  \
    }

NEARFAB_BODY(Hello, hello);
NEARFAB_BODY(Welcome, welcome);
NEARFAB_BODY(Keepalive, keepalive);
NEARFAB_BODY(Failure, failure);
NEARFAB_BODY(Advertise, advertise);
NEARFAB_BODY(AcceptOffer, accept_offer);
NEARFAB_BODY(DeclineOffer, decline_offer);
NEARFAB_BODY(StartRequest, start_request);
NEARFAB_BODY(AttemptReport, attempt_report);
NEARFAB_BODY(Progress, progress);
NEARFAB_BODY(Inventory, inventory);
NEARFAB_BODY(Offer, offer);
NEARFAB_BODY(ConfirmReservation, confirm_reservation);
NEARFAB_BODY(WithdrawWork, withdraw_work);
NEARFAB_BODY(StartRight, start_right);
NEARFAB_BODY(StartRefused, start_refused);
NEARFAB_BODY(StopWork, stop_work);
NEARFAB_BODY(AskInventory, ask_inventory);
NEARFAB_BODY(OpenUpload, open_upload);
NEARFAB_BODY(UploadChunk, upload_chunk);
NEARFAB_BODY(UploadStatus, upload_status);
NEARFAB_BODY(ReadChunk, read_chunk);
NEARFAB_BODY(DesignChunk, design_chunk);
NEARFAB_BODY(SubmitJob, submit_job);
NEARFAB_BODY(JobAccepted, job_accepted);
NEARFAB_BODY(AskQuote, ask_quote);
NEARFAB_BODY(Quote, quote);
NEARFAB_BODY(AskJobs, ask_jobs);
NEARFAB_BODY(Jobs, jobs);
NEARFAB_BODY(WatchJob, watch_job);
NEARFAB_BODY(JobUpdate, job_update);
NEARFAB_BODY(AskWhy, ask_why);
NEARFAB_BODY(Why, why);
NEARFAB_BODY(CancelJob, cancel_job);
NEARFAB_BODY(CancelAnswer, cancel_answer);
NEARFAB_BODY(AskFabs, ask_fabs);
NEARFAB_BODY(Fabs, fabs);
NEARFAB_BODY(AskReport, ask_report);
NEARFAB_BODY(NetworkReport, network_report);
NEARFAB_BODY(OperatorCommand, operator_command);
NEARFAB_BODY(OperatorAnswer, operator_answer);
NEARFAB_BODY(AskAgent, ask_agent);
NEARFAB_BODY(AgentStatus, agent_status);
NEARFAB_BODY(RelayCommand, relay_command);
NEARFAB_BODY(RelayedCommand, relayed_command);
NEARFAB_BODY(RelayedAnswer, relayed_answer);
NEARFAB_BODY(StateRegions, state_regions);

#undef NEARFAB_BODY

}  // namespace nearfab::codec
