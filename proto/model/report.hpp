// SPDX-License-Identifier: GPL-3.0-or-later
// report.hpp - a network as a whole over some days: who makes how much, how far from its use, what
// hangs on one fab, what it emitted, what waits.
//
// docs/REPORT.md says of each number how it is found and what it does not say. A piece is a work
// order that was handed over. No designer and no place of use is in it.

#pragma once

#include "base/clock.hpp"
#include "base/id.hpp"
#include "proto/model/footprint.hpp"
#include "proto/model/match.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab {

// What queued work waits for, or what alone stands between a part and everybody.
enum class WaitsFor : std::uint8_t {
    unknown = 0,
    not_tried = 1,   // Nobody was asked yet.
    a_place = 2,     // It is planned for a fab and waits for its turn there.
    restored = 3,    // Older records were restored: a fab that may be making it is not heard yet.
    no_machine = 4,  // No machine is known at all.
    process = 5,     // From here on: that requirement of matching, in its order.
    available = 6,
    material = 7,
    envelope = 8,
    material_amount = 9,
    feature = 10,
    tolerance = 11,
    licence = 12,
    submitter = 13,
    deadline = 14,
    not_declined = 15,
    trusted = 16,
};
inline constexpr std::size_t waits_for_count = 17;
[[nodiscard]] std::string to_string(WaitsFor what);
[[nodiscard]] WaitsFor waits_for(Requirement requirement);
// What is in the way of somebody about whom the report says this: what alone would have to be
// different, else the requirement of the machine that came closest.
[[nodiscard]] WaitsFor lacking(const MatchReport& nobody_can);

// The bounds of the histogram of distances, km; each belongs to what is above it.
inline constexpr std::array<double, 12> report_bounds_km{
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000};
using DistanceCounts = std::array<std::uint64_t, report_bounds_km.size() + 1>;

// Along the great circle, cut off after three digits.
struct DistanceReport {
    std::uint64_t pieces = 0;   // Of known distance.
    std::uint64_t unknown = 0;  // Of the others.
    double median_km = 0;       // At least half of the pieces are at most so far. 0 without pieces.
    double p90_km = 0;
    double longest_km = 0;
    DistanceCounts histogram{};
    friend bool operator==(const DistanceReport&, const DistanceReport&) = default;
};

struct FabShare {
    FabId fab;
    std::string title;   // Empty: it has not advertised since the router started.
    std::string owner;   // As the fab says; empty: it does not.
    bool there = false;  // Connected, and its advertisement counts.
    std::uint64_t pieces = 0;
    std::int64_t machine_s = 0;
    friend bool operator==(const FabShare&, const FabShare&) = default;
};

struct ShareReport {
    // Herfindahl-Hirschman index, 0 .. 10000; 0: there is nothing to measure.
    double hhi_pieces = 0;
    double hhi_machine_time = 0;
    std::uint32_t fabs = 0;       // That delivered anything.
    std::vector<FabShare> rows;   // Most pieces first; limits::report_fabs_max.
    std::uint64_t rest_pieces{};  // Of the fabs that are in no row.
    std::int64_t rest_machine_s = 0;
    friend bool operator==(const ShareReport&, const ShareReport&) = default;
};

struct ProcessUse {
    ProcessId process;
    std::uint64_t pieces = 0;
    std::int64_t machine_s = 0;
    std::uint32_t fabs_there = 0;  // That can work by it now.
    std::uint32_t owners_there = 0;
    std::uint32_t machines_there = 0;
    friend bool operator==(const ProcessUse&, const ProcessUse&) = default;
};

struct ReportSize {
    double x_mm = 0;
    double y_mm = 0;
    double z_mm = 0;
    friend bool operator==(const ReportSize&, const ReportSize&) = default;
};

enum class HangsOn : std::uint8_t {
    unknown = 0,
    fab = 1,    // No other fab that is there has it.
    owner = 2,  // Several have it, and all of them say that they have one owner.
    size = 3,   // Others have it, but smaller.
};
[[nodiscard]] std::string to_string(HangsOn what);

// A process and a material that one fab or owner alone has, or has largest.
struct HangingCapability {
    ProcessId process;
    MaterialId material;
    HangsOn hangs_on = HangsOn::unknown;
    FabId fab;          // Empty: it hangs on an owner.
    std::string owner;  // Empty: the fab does not say.
    ReportSize envelope;
    std::optional<ReportSize> elsewhere;  // The largest of all others; none: nobody has it.
    std::uint32_t fabs_there = 0;
    std::uint32_t fabs_away = 0;  // That advertised it and are not there now.
    std::uint64_t pieces = 0;     // Delivered of it.
    friend bool operator==(const HangingCapability&, const HangingCapability&) = default;
};

struct CapabilityReport {
    std::uint32_t fabs_known = 0;  // That advertised since the router started.
    std::uint32_t fabs_there = 0;
    std::uint32_t owners_there = 0;  // A fab that names none counts as its own.
    std::uint32_t machines_there = 0;
    std::uint32_t all = 0;  // Pairs of process and material that somebody has now.
    std::uint32_t single_fab = 0;
    std::uint32_t single_owner = 0;  // Those of a single fab among them.
    std::uint32_t single_size = 0;
    std::vector<HangingCapability> rows;  // limits::report_rows_max.
    std::uint32_t left_out = 0;
    friend bool operator==(const CapabilityReport&, const CapabilityReport&) = default;
};

// Work that nobody could make now but the fab that is thought away.
struct LostWork {
    ProcessId process;
    MaterialId material;
    ReportSize size;  // Of the part as it was drawn, whole millimetres.
    std::uint64_t pieces = 0;
    WaitsFor lacks = WaitsFor::unknown;
    friend bool operator==(const LostWork&, const LostWork&) = default;
};

struct LostCapability {
    ProcessId process;
    MaterialId material;
    ReportSize envelope;
    std::optional<ReportSize> elsewhere;  // None: it would be gone.
    friend bool operator==(const LostCapability&, const LostCapability&) = default;
};

// What would still be possible without one fab.
struct WithoutFab {
    FabId fab;
    std::string title;
    bool by_machines = false;  // Nothing was delivered: it is the one with the most machines.
    std::uint64_t pieces = 0;
    std::int64_t machine_s = 0;
    // Of its pieces, an even sample when there are too many: asked for again as they are now.
    std::uint64_t asked_pieces = 0;
    std::uint32_t asked_parts = 0;
    std::uint64_t elsewhere_pieces = 0;
    std::uint64_t nobody_pieces = 0;
    std::uint32_t nobody_parts = 0;
    std::optional<double> median_km_now;  // Of those that somebody else could make.
    std::optional<double> median_km_elsewhere;
    std::vector<LostWork> rows;  // limits::report_rows_max.
    std::uint32_t rows_left_out = 0;
    std::uint32_t capabilities_lost = 0;
    std::uint32_t capabilities_smaller = 0;
    std::vector<LostCapability> capabilities;  // limits::report_rows_max.
    std::uint32_t capabilities_left_out = 0;
    friend bool operator==(const WithoutFab&, const WithoutFab&) = default;
};

struct ConfidenceCount {
    std::string confidence;  // As in FootprintBasis; "not known": nobody wrote it down.
    std::uint64_t pieces = 0;
    friend bool operator==(const ConfidenceCount&, const ConfidenceCount&) = default;
};

struct EmissionShare {
    std::uint64_t pieces = 0;  // With a figure; nothing is assumed of the others.
    CarbonRange sum;
    std::string method;
    std::vector<ConfidenceCount> confidence;  // Most pieces first; limits::report_rows_max.
    friend bool operator==(const EmissionShare&, const EmissionShare&) = default;
};

struct EmissionReport {
    EmissionShare material;
    EmissionShare energy;
    EmissionShare transport;
    std::uint64_t complete = 0;  // Pieces with all three figures, and their sum.
    CarbonRange complete_sum;
    friend bool operator==(const EmissionReport&, const EmissionReport&) = default;
};

struct WaitReason {
    WaitsFor what = WaitsFor::unknown;
    std::uint32_t jobs = 0;  // A job whose pieces wait for several things counts for each.
    std::uint32_t pieces = 0;
    friend bool operator==(const WaitReason&, const WaitReason&) = default;
};

struct WaitingReport {
    std::uint32_t analysing = 0;  // Jobs by state.
    std::uint32_t matching = 0;
    std::uint32_t in_production = 0;
    std::uint32_t ready = 0;
    std::uint32_t jobs = 0;  // With at least one piece in the queue.
    std::uint32_t pieces = 0;
    std::optional<std::int64_t> longest_s;  // Since its job was submitted; none: nothing waits.
    std::vector<WaitReason> reasons;        // Most pieces first.
    friend bool operator==(const WaitingReport&, const WaitingReport&) = default;
};

// One day of the period; days without a piece are there too.
struct ReportDay {
    std::uint64_t pieces = 0;
    std::int64_t machine_s = 0;       // Of its pieces of known machine time.
    std::optional<double> median_km;  // Of its pieces of known distance; none: there is none.
    friend bool operator==(const ReportDay&, const ReportDay&) = default;
};

struct ReportOfNetwork {
    std::uint32_t days = 0;
    WallTime from;  // Begin of the first day.
    WallTime to;    // Now.
    std::uint64_t pieces = 0;
    std::uint64_t timed = 0;  // Pieces of known machine time, and that time.
    std::int64_t machine_s = 0;
    std::uint64_t weighed = 0;  // Pieces of known mass.
    double mass_g = 0;
    DistanceReport distance;
    ShareReport shares;
    std::vector<ProcessUse> processes;  // Most pieces first; limits::report_rows_max.
    CapabilityReport capabilities;
    std::optional<WithoutFab> without_largest;  // None: there is no fab.
    EmissionReport emissions;
    WaitingReport waiting;
    std::vector<ReportDay> by_day;  // From the first to today; empty from older routers.
    friend bool operator==(const ReportOfNetwork&, const ReportOfNetwork&) = default;
};

}  // namespace nearfab
