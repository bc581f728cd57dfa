// SPDX-License-Identifier: GPL-3.0-or-later
// message.hpp - every message of every conversation, as plain values.
//
// proto/PROTOCOL.md tells who may send what and when. A Message that comes out of the codec has
// passed every check that one message alone can be given (sizes, ranges, known words); what it may
// do follows from the session it came in on, never from what it claims.

#pragma once

#include "base/alternative.hpp"
#include "base/content_hash.hpp"
#include "base/id.hpp"
#include "base/result.hpp"
#include "proto/model/capability.hpp"
#include "proto/model/job.hpp"
#include "proto/model/match.hpp"
#include "proto/model/part.hpp"
#include "proto/model/plan.hpp"
#include "proto/model/region.hpp"
#include "proto/model/report.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

namespace nearfab {

inline constexpr std::uint32_t protocol_version = 1;
inline constexpr std::uint32_t protocol_version_oldest = 1;

// Who a key belongs to; given by the router's list of keys, never by the peer.
enum class Role : std::uint8_t { unknown = 0, agent = 1, client = 2, operator_ = 3, peer = 4 };
[[nodiscard]] std::string to_string(Role role);

namespace message {

// ---- Session ------------------------------------------------------------------------------

struct Hello {  // First words of whoever dials.
    std::uint32_t version_min = protocol_version_oldest;
    std::uint32_t version_max = protocol_version;
    std::string software;               // "nearfab-agent 0.1.0"
    std::string boot_id;                // Of this run of the program; random.
    std::uint64_t session_counter = 0;  // Grows with every hello of this run: newest wins.
    Role role = Role::unknown;          // What this program is; unknown: see `software`.
    friend bool operator==(const Hello&, const Hello&) = default;
};

struct Welcome {
    std::uint32_t version = 0;  // The one to speak from now on.
    std::uint64_t session = 0;  // To be put on every envelope from now on.
    Role role = Role::unknown;
    IdentityId name;                // What the router calls you.
    std::string router;             // The router's own name.
    std::int64_t keepalive_s = 10;  // Say something at least this often.
    friend bool operator==(const Welcome&, const Welcome&) = default;
};

struct Keepalive {  // Carries only the envelope's acknowledgement.
    friend bool operator==(const Keepalive&, const Keepalive&) = default;
};

struct Failure {  // The answer to a request that cannot be met, or to words that are no message.
    Error error;
    std::int64_t retry_after_s = 0;  // The same request may succeed then; 0: nothing is promised.
    friend bool operator==(const Failure&, const Failure&) = default;
};

// ---- Agent -> router ------------------------------------------------------------------------

struct Advertise {
    Advertisement advertisement;
    friend bool operator==(const Advertise&, const Advertise&) = default;
};

struct AcceptOffer {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    friend bool operator==(const AcceptOffer&, const AcceptOffer&) = default;
};

struct DeclineOffer {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    std::string reason;
    friend bool operator==(const DeclineOffer&, const DeclineOffer&) = default;
};

struct StartRequest {  // Asked at the moment the machine is ready; never queued.
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    MachineId machine;
    std::uint64_t nonce = 0;   // Fresh for every question.
    ContentHash design;        // The bytes that were sliced.
    ContentHash machine_code;  // The bytes that will run.
    bool bed_clear = false;
    bool operator_present = false;
    friend bool operator==(const StartRequest&, const StartRequest&) = default;
};

// Where an attempt stands, as the agent's journal says.
enum class AttemptState : std::uint8_t {
    unknown = 0,
    seen = 1,        // Offer received, nobody has decided.
    reserved = 2,    // Accepted; design and machine code are being prepared.
    authorised = 3,  // Holds a start right.
    starting = 4,    // The machine was told, or may have been told, to start.
    running = 5,
    produced = 6,  // The machine says it is done: a claim until inspected.
    failed = 7,
    never_started = 8,  // The right is burnt; nothing was made.
    in_doubt = 9,       // Cannot tell; a person must look.
    inspected_good = 10,
    inspected_bad = 11,
    delivered = 12,
    released = 13,  // Given back before a start right was used.
};
[[nodiscard]] std::string to_string(AttemptState state);

struct AttemptReport {  // A state reached; repeated until acknowledged.
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    AttemptState state = AttemptState::unknown;
    MachineId machine;
    std::string machine_file;
    std::string detail;   // For people: why failed, what is in doubt.
    bool unsafe = false;  // The failure may be a danger: never again on this machine.
    friend bool operator==(const AttemptReport&, const AttemptReport&) = default;
};

struct Progress {  // May be lost; the next one replaces it.
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    std::string phase;
    double fraction = 0;  // 0..1 of the making.
    std::int64_t remaining_s = 0;
    friend bool operator==(const Progress&, const Progress&) = default;
};

struct Inventory {  // Everything the agent holds; said at each new session and every 30 s.
    std::vector<AttemptReport> attempts;
    // Also all that is over and still remembered, acknowledged or not: the answer to AskInventory.
    bool with_ended = false;
    friend bool operator==(const Inventory&, const Inventory&) = default;
};

// ---- Router -> agent ------------------------------------------------------------------------

struct Offer {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    MachineId machine;
    PartSpec part;  // quantity = pieces in this work order.
    PartFacts facts;
    Placement placement;
    std::string licence;
    std::string title;
    IdentityId submitter;
    double distance_km = 0;
    std::int64_t expires_s = 0;  // From now.
    friend bool operator==(const Offer&, const Offer&) = default;
};

struct ConfirmReservation {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    friend bool operator==(const ConfirmReservation&, const ConfirmReservation&) = default;
};

struct WithdrawWork {  // Offer or reservation is void; a start right was not given, or is over.
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    std::string reason;
    friend bool operator==(const WithdrawWork&, const WithdrawWork&) = default;
};

struct StartRight {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    std::uint64_t nonce = 0;
    ContentHash machine_code;
    std::int64_t window_ms = 0;  // Counted by the agent from the moment it sent the request.
    friend bool operator==(const StartRight&, const StartRight&) = default;
};

struct StartRefused {
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    std::uint64_t nonce = 0;
    std::string reason;
    bool withdrawn = false;  // The work order is no longer yours.
    friend bool operator==(const StartRefused&, const StartRefused&) = default;
};

struct StopWork {  // Please stop making this: cancelled by the designer. The fab decides how.
    WorkOrderId work_order;
    std::uint64_t epoch = 0;
    std::string reason;
    friend bool operator==(const StopWork&, const StopWork&) = default;
};

struct AskInventory {  // Say everything that you remember, also what is over.
    friend bool operator==(const AskInventory&, const AskInventory&) = default;
};

// ---- Designs, both ways -----------------------------------------------------------------------

struct OpenUpload {  // Client -> router. Answered by UploadStatus.
    ContentHash design;
    std::uint64_t size = 0;
    friend bool operator==(const OpenUpload&, const OpenUpload&) = default;
};

struct UploadChunk {  // At most limits::chunks_outstanding_max unanswered. Answered by
                      // UploadStatus.
    ContentHash design;
    std::uint64_t offset = 0;
    std::vector<std::uint8_t> bytes;
    friend bool operator==(const UploadChunk&, const UploadChunk&) = default;
};

struct UploadStatus {
    ContentHash design;
    std::uint64_t received = 0;  // Bytes that came so far; durable once complete.
    bool complete = false;       // The whole is here and its hash is right.
    friend bool operator==(const UploadStatus&, const UploadStatus&) = default;
};

struct ReadChunk {  // Agent -> router, only for designs of work offered to it.
    ContentHash design;
    std::uint64_t offset = 0;
    friend bool operator==(const ReadChunk&, const ReadChunk&) = default;
};

struct DesignChunk {
    ContentHash design;
    std::uint64_t offset = 0;
    std::uint64_t size = 0;  // Of the whole design.
    std::vector<std::uint8_t> bytes;
    friend bool operator==(const DesignChunk&, const DesignChunk&) = default;
};

// ---- Client <-> router --------------------------------------------------------------------------

struct SubmitJob {
    std::string idempotency_key;  // Made and kept by the client before the first try.
    JobSpec spec;
    friend bool operator==(const SubmitJob&, const SubmitJob&) = default;
};

struct JobAccepted {  // Sent after the job is durable.
    JobId job;
    bool existed = false;  // This key was used before with the same body.
    friend bool operator==(const JobAccepted&, const JobAccepted&) = default;
};

struct AskQuote {  // Nothing is kept. The facts are the client's own analysis.
    JobSpec spec;
    PartFacts facts;                      // Of spec.parts[0].
    std::vector<PartFacts> more_facts{};  // Of the other parts; all of them or none.
    friend bool operator==(const AskQuote&, const AskQuote&) = default;
};

struct Quote {
    MatchReport report;  // For one piece of the first part.
    // For the whole job, when it has more than one piece and the facts of all its parts are known.
    std::optional<JobPlan> plan{};  // At most limits::page_rows_max rows.
    // For one piece of each of the other parts, when their facts are known; shorter ones.
    std::vector<MatchReport> more_reports{};
    std::vector<FootprintBasis> bases{};  // Of the first report; limits::footprint_bases_max.
    friend bool operator==(const Quote&, const Quote&) = default;
};

struct AskJobs {  // Own jobs; an operator sees all. Empty prefix: all, newest first.
    std::string id_prefix;
    bool include_final = true;
    // The next page: both of the last row of the page before. Empty: the first page.
    JobId after_job{};
    WallTime after_submitted_at{};
    friend bool operator==(const AskJobs&, const AskJobs&) = default;
};

struct Jobs {
    std::vector<JobStatus> jobs;
    bool more = false;
    friend bool operator==(const Jobs&, const Jobs&) = default;
};

struct WatchJob {  // Answered by JobUpdate at once and at each change, until the job is final.
    JobId job;
    std::uint64_t after_event = 0;
    friend bool operator==(const WatchJob&, const WatchJob&) = default;
};

struct JobUpdate {
    JobStatus status;
    std::vector<JobEvent> events;
    bool more = false;  // Later events follow at once; until then `status` lacks the work orders.
    friend bool operator==(const JobUpdate&, const JobUpdate&) = default;
};

struct AskWhy {
    JobId job;
    WorkOrderId after_work_order{};  // The next page: the last one of the page before.
    friend bool operator==(const AskWhy&, const AskWhy&) = default;
};

struct FabWord {  // What a fab itself said about a work order: its slicer, its operator.
    FabId fab;
    std::string text;
    friend bool operator==(const FabWord&, const FabWord&) = default;
};

struct WorkOrderReason {
    WorkOrderId work_order;
    FabId chosen;  // Empty while nobody has it.
    WallTime at;   // When this was decided.
    MatchReport report;
    std::vector<FabWord> words{};  // At most limits::match_rows_max.
    FabId planned{};               // While it is queued: who is to make it by the job's plan.
    std::uint32_t part = 0;        // Index into the job's parts.
    friend bool operator==(const WorkOrderReason&, const WorkOrderReason&) = default;
};

struct Why {
    JobId job;
    std::vector<WorkOrderReason> work_orders;
    bool more = false;
    friend bool operator==(const Why&, const Why&) = default;
};

struct CancelJob {
    JobId job;
    std::string reason;
    friend bool operator==(const CancelJob&, const CancelJob&) = default;
};

struct CancelAnswer {
    JobStatus status;
    std::string text;  // "cancelled", or what is already being made and how far it is.
    friend bool operator==(const CancelAnswer&, const CancelAnswer&) = default;
};

struct AskFabs {
    std::optional<Place> near;  // Sorts by distance when given.
    // The next page: both of the last row of the page before. Empty: the first page.
    FabId after_fab{};
    double after_distance_km = 0;
    friend bool operator==(const AskFabs&, const AskFabs&) = default;
};

struct FabStatus {
    FabId fab;
    Advertisement advertisement;
    bool connected = false;
    std::int64_t age_s = 0;  // Of the advertisement.
    double distance_km = 0;  // From AskFabs::near; 0 without.
    std::uint32_t failures_in_row = 0;
    std::string held_back{};              // Why it gets no work now; empty: it does.
    std::uint32_t machines_left_out = 0;  // Because one message cannot hold them.
    friend bool operator==(const FabStatus&, const FabStatus&) = default;
};

struct Fabs {
    std::vector<FabStatus> fabs;
    bool more = false;
    friend bool operator==(const Fabs&, const Fabs&) = default;
};

struct AskReport {
    std::uint32_t days =
        0;  // Whole days, today among them, at most limits::report_days_max; 0: 30.
    friend bool operator==(const AskReport&, const AskReport&) = default;
};

struct NetworkReport {
    ReportOfNetwork report;
    friend bool operator==(const NetworkReport&, const NetworkReport&) = default;
};

// ---- Operator <-> agent (the agent's own control socket) ----------------------------------------

enum class OperatorAction : std::uint8_t {
    unknown = 0,
    accept = 1,           // work_order
    decline = 2,          // work_order, text = reason
    clear_bed = 3,        // machine
    inspect_good = 4,     // work_order
    inspect_bad = 5,      // work_order, text = what is wrong
    hand_over = 6,        // work_order
    drain = 7,            // machine, or all when empty
    resume = 8,           // machine, or all when empty
    presence = 9,         // machine: a person stands at it now
    resolve = 10,         // work_order in doubt, text = "made", "failed" or "never_started"
    pause_machine = 11,   // machine: holds the run of ours that it makes
    resume_machine = 12,  // machine: goes on with it
    load = 13,            // machine, material, grams: so much is there now
};
[[nodiscard]] std::string to_string(OperatorAction action);

struct OperatorCommand {
    OperatorAction action = OperatorAction::unknown;
    WorkOrderId work_order;  // May be a unique prefix.
    MachineId machine;
    std::string text;
    // Of load:
    MaterialId material = {};
    double grams = 0;           // 0 to limits::mass_g_max.
    bool nothing_else = false;  // Other materials of the machine are not there any more.
    friend bool operator==(const OperatorCommand&, const OperatorCommand&) = default;
};

struct OperatorAnswer {
    std::string text;  // What was done, for people.
    friend bool operator==(const OperatorAnswer&, const OperatorAnswer&) = default;
};

struct AskAgent {
    friend bool operator==(const AskAgent&, const AskAgent&) = default;
};

struct AgentMachine {
    Capability capability;
    WorkOrderId work_order;  // What it makes or holds; empty if nothing.
    std::string detail;
    friend bool operator==(const AgentMachine&, const AgentMachine&) = default;
};

struct AgentWork {
    AttemptReport report;
    std::string title;
    std::string phase;
    double progress = 0;
    friend bool operator==(const AgentWork&, const AgentWork&) = default;
};

struct AgentStatus {
    std::string fab_title;
    bool connected = false;  // To its router.
    std::string router;
    std::vector<AgentMachine> machines;
    std::vector<AgentWork> work;
    friend bool operator==(const AgentStatus&, const AgentStatus&) = default;
};

// ---- Operator -> router -> agent
// -----------------------------------------------------------------

struct RelayCommand {  // Answered by OperatorAnswer, AgentStatus or Failure.
    FabId fab;
    std::string key;  // An id; a command that was carried out is not carried out again with it.
    std::variant<AskAgent, OperatorCommand> body;
    friend bool operator==(const RelayCommand&, const RelayCommand&) = default;
};

struct AskPass {  // May a command come now?
    friend bool operator==(const AskPass&, const AskPass&) = default;
};

struct Pass {  // For one command; never 0.
    std::uint64_t number = 0;
    friend bool operator==(const Pass&, const Pass&) = default;
};

struct PassedCommand {
    Pass pass;
    std::int64_t valid_ms = 0;  // Counted by the agent from the moment it gave the pass.
    std::string key;
    OperatorCommand command;
    friend bool operator==(const PassedCommand&, const PassedCommand&) = default;
};

struct RelayedCommand {         // Router -> agent.
    std::uint64_t request = 0;  // Names this conversation within the session; never 0.
    IdentityId operator_name;   // What the router calls who asks.
    std::variant<AskPass, PassedCommand, AskAgent> body;
    friend bool operator==(const RelayedCommand&, const RelayedCommand&) = default;
};

struct RelayedAnswer {  // Agent -> router.
    std::uint64_t request = 0;
    std::variant<Pass, OperatorAnswer, AgentStatus, Failure> body;
    friend bool operator==(const RelayedAnswer&, const RelayedAnswer&) = default;
};

// ---- Peer -> router ------------------------------------------------------------------------

struct StateRegions {
    RegionDigest digest;
    friend bool operator==(const StateRegions&, const StateRegions&) = default;
};

}  // namespace message

using MessageKinds = std::variant<message::Hello,
                                  message::Welcome,
                                  message::Keepalive,
                                  message::Failure,
                                  message::Advertise,
                                  message::AcceptOffer,
                                  message::DeclineOffer,
                                  message::StartRequest,
                                  message::AttemptReport,
                                  message::Progress,
                                  message::Inventory,
                                  message::Offer,
                                  message::ConfirmReservation,
                                  message::WithdrawWork,
                                  message::StartRight,
                                  message::StartRefused,
                                  message::StopWork,
                                  message::AskInventory,
                                  message::OpenUpload,
                                  message::UploadChunk,
                                  message::UploadStatus,
                                  message::ReadChunk,
                                  message::DesignChunk,
                                  message::SubmitJob,
                                  message::JobAccepted,
                                  message::AskQuote,
                                  message::Quote,
                                  message::AskJobs,
                                  message::Jobs,
                                  message::WatchJob,
                                  message::JobUpdate,
                                  message::AskWhy,
                                  message::Why,
                                  message::CancelJob,
                                  message::CancelAnswer,
                                  message::AskFabs,
                                  message::Fabs,
                                  message::AskReport,
                                  message::NetworkReport,
                                  message::OperatorCommand,
                                  message::OperatorAnswer,
                                  message::AskAgent,
                                  message::AgentStatus,
                                  message::RelayCommand,
                                  message::RelayedCommand,
                                  message::RelayedAnswer,
                                  message::StateRegions>;

// Not only a name for the variant: what copies, moves and compares all kinds is compiled once, in
// message.cpp, and not wherever one is used.
struct Message : MessageKinds {
    Message();
    template <AlternativeOf<MessageKinds> Kind>
    Message(Kind&& kind)
        : MessageKinds(std::in_place_type<std::remove_cvref_t<Kind>>, std::forward<Kind>(kind)) {}
    Message(const Message& other);
    Message(Message&& other) noexcept;
    Message& operator=(const Message& other);
    Message& operator=(Message&& other) noexcept;
    ~Message();
    friend bool operator==(const Message& one, const Message& other);
};

// The name of the message's type, for logs and error texts: "StartRequest".
[[nodiscard]] std::string_view name_of(const Message& message);

// What travels: one message and its place in the session.
struct Envelope {
    std::uint32_t version = protocol_version;
    std::uint64_t session = 0;       // From Welcome; 0 only in Hello and in answers to strangers.
    std::uint64_t sequence = 0;      // 1, 2, 3 ... per direction and session; 0: may be lost.
    std::uint64_t acknowledged = 0;  // Everything up to here is durable at the sender of this.
    std::uint64_t correlation = 0;   // Of a request, chosen by the asker; repeated in the answer.
    Message body;
    friend bool operator==(const Envelope&, const Envelope&) = default;
};

}  // namespace nearfab
