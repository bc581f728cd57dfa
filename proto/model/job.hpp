// SPDX-License-Identifier: GPL-3.0-or-later
// job.hpp - what a designer submits, and how its life looks from outside.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "proto/model/match.hpp"
#include "proto/model/part.hpp"
#include "proto/model/place.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab {

// What may happen when a fab falls silent after it got the right to start. The designer chooses at
// submission, because only the designer can accept that the part may come to exist twice.
struct RedoRule {
    enum class Kind : std::uint8_t { unknown = 0, never = 1, after = 2, at_once = 3 };
    Kind kind = Kind::never;
    std::int64_t after_s = 0;  // Only for `after`.
    friend bool operator==(const RedoRule&, const RedoRule&) = default;
};

struct JobSpec {
    std::string title;
    std::string licence;  // SPDX expression of the design.
    std::vector<PartSpec> parts;
    Place place_of_use;
    std::optional<WallTime> deadline;
    Objective objective = Objective::nearest;
    RedoRule redo;
    std::string currency{};  // In which `cheapest` compares; empty otherwise, or not known.
    // What `cheapest` adds for the footprint, smallest units of the currency per tonne of CO2e.
    std::int64_t carbon_price_per_t = 0;
    friend bool operator==(const JobSpec&, const JobSpec&) = default;
};

enum class JobState : std::uint8_t {
    unknown = 0,
    analysing = 1,
    matching = 2,       // Work waits for a fab.
    in_production = 3,  // At least one work order is with a fab.
    ready = 4,          // Every part is made and inspected.
    closed = 5,         // Every part is in the user's hands.
    rejected = 6,
    cancelled = 7,
    failed = 8,
};
[[nodiscard]] std::string to_string(JobState state);
[[nodiscard]] bool is_final(JobState state);

enum class WorkOrderState : std::uint8_t {
    unknown = 0,
    queued = 1,
    offered = 2,
    reserved = 3,
    authorised = 4,
    producing = 5,
    produced = 6,
    inspected = 7,
    delivered = 8,
    in_doubt = 9,  // A start right was given and nobody can say what came of it.
    cancelled = 10,
    failed_final = 11,
};
[[nodiscard]] std::string to_string(WorkOrderState state);
[[nodiscard]] bool is_final(WorkOrderState state);
// A start right may have been used: no second attempt may be authorised.
[[nodiscard]] bool may_exist(WorkOrderState state);

struct WorkOrderStatus {
    WorkOrderId id;
    std::uint32_t part = 0;  // Index into the job's parts.
    WorkOrderState state = WorkOrderState::unknown;
    std::uint64_t epoch = 0;
    std::uint32_t attempts = 0;
    FabId fab;  // Empty while queued.
    MachineId machine;
    double distance_km = 0;
    bool disconnected = false;  // The fab is silent; nothing is decided by that.
    std::string phase;    // "slicing", "waiting for the bed", "printing": the fab's last word.
    double progress = 0;  // 0..1 of the making.
    std::int64_t remaining_s = 0;
    std::string next{};   // In doubt, or made and missing: what will happen, and who can end that.
    FabId planned_fab{};  // While it is queued: who is to make it by the job's plan.
    MachineId planned_machine{};
    friend bool operator==(const WorkOrderStatus&, const WorkOrderStatus&) = default;
};

// One part of a job, for people.
struct JobPart {
    std::string file_name;
    ProcessId process;
    MaterialId material;
    std::uint32_t quantity = 1;
    friend bool operator==(const JobPart&, const JobPart&) = default;
};

struct JobStatus {
    JobId id;
    IdentityId submitter;
    std::string title;
    JobState state = JobState::unknown;
    std::string reason;  // Why rejected, cancelled or failed; what it waits for otherwise.
    bool cancel_wanted = false;
    WallTime submitted_at;
    WallTime changed_at;
    std::vector<WorkOrderStatus> work_orders;
    std::uint64_t last_event = 0;
    std::vector<std::string> remarks{};  // What the analysis remarked on the parts.
    std::vector<JobPart> parts{};  // WorkOrderStatus::part counts them; older routers tell none.
    std::optional<Place> place_of_use{};  // Older routers do not tell it.
    friend bool operator==(const JobStatus&, const JobStatus&) = default;
};

// One line of a job's history. Numbers count from 1 without gaps within the job.
struct JobEvent {
    std::uint64_t number = 0;
    WallTime at;
    WorkOrderId work_order;  // Empty when it concerns the whole job.
    std::string text;
    friend bool operator==(const JobEvent&, const JobEvent&) = default;
};

}  // namespace nearfab
