// SPDX-License-Identifier: GPL-3.0-or-later
// question.hpp - what is asked of the matcher: one part, one place of use, the fabs as they are
// now.

#pragma once

#include "base/id.hpp"
#include "geometry/fit/fit_test.hpp"
#include "proto/model/capability.hpp"
#include "proto/model/licence.hpp"
#include "proto/model/match.hpp"
#include "proto/model/part.hpp"
#include "proto/model/place.hpp"

#include "footprint/tables.hpp"
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::router {

// A machine seen together with what the router itself knows about it.
struct MachineView {
    const Capability* capability = nullptr;
    std::int64_t promised_s = 0;  // Work the router has given it that is not made yet, seconds.
    std::vector<MaterialStock> promised;  // Material of that work; each at most once.
    std::uint32_t queued = 0;             // Work orders offered to it or reserved on it.
};

struct FabView {
    FabId fab;
    const Advertisement* advertisement = nullptr;
    std::vector<MachineView> machines;  // One for each of advertisement->machines, same order.
    bool connected = false;
    bool stale = false;              // Connected, but its advertisement has run out.
    std::int64_t recent_work_s = 0;  // Work given to the whole fab in the recent window.
    std::string distrust;            // Why the fab gets no work now; empty: it does.
};

// What happened to one piece of work so far, as far as it bars fabs from it.
struct WorkHistory {
    std::map<FabId, std::string> refusals;                      // Why a fab is not asked again.
    std::map<std::pair<FabId, MachineId>, std::string> unsafe;  // Why a machine must not try again.
    std::map<FabId, std::uint32_t>
        waiting_of_job;  // Work of the same job that waits for its start.

    [[nodiscard]] bool empty() const {
        return refusals.empty() && unsafe.empty() && waiting_of_job.empty();
    }
};

// Skirt, brim, support and purge, over the mass of the solid part: an upper bound for the amount of
// material a machine must have, since no slicer fills a part with more than its volume.
inline constexpr double mass_allowance = 1.10;

// What an estimate from the volume and a machine's rate alone may be off, relative.
inline constexpr double unmeasured_time_error = 1;

struct Question {
    PartSpec part;
    geometry::FitTest room;  // What the part needs of an envelope.
    double mass_g = 0;       // Of one piece, solid, with the allowance below.
    double volume_cm3 = 0;
    double mass_over_volume = mass_allowance;  // Over the material's density.
    std::optional<LicenceExpression> licence;
    Place place_of_use;
    IdentityId submitter;
    std::optional<std::int64_t> deadline_s;  // From now.
    Objective objective = Objective::nearest;
    std::string currency;  // In which `cheapest` compares; rates in others count as unknown.
    std::int64_t carbon_price_per_t = 0;  // That it adds; see figures.hpp.
    WorkHistory history;
    // The finest thing measured in the part, for part.process; none when nothing was measured or
    // the designer said in part.min_feature_mm what matters.
    std::optional<NeededFeature> finest;
    std::set<ProcessId>
        impossible;  // Processes whose machines never make it, whatever their limits.
    // Of one piece on a typical machine; none: the volume and the machine's rate are all we know.
    std::optional<double> typical_time_s;
    // typical_time_s grows and shrinks with the machine's own rate.
    bool time_follows_rate = false;
    double time_error = unmeasured_time_error;   // Relative.
    std::optional<footprint::Range> material_g;  // CO2e of its material; none: no factor is known.
    // What it was made from, for the same part by another process; null: nothing more is known.
    std::shared_ptr<const PartFacts> facts;
};

struct MatchingRules {
    // Candidates this much farther than the nearest count as equally near: the larger of the two.
    double neighbourhood_km = 1.0;
    double neighbourhood_fraction = 0.1;
    // No fab shall have more than this share of a region's recent work, where others could make it
    // who are at most this much farther than the nearest. It counts from so much work on, because
    // the first job always makes all of it.
    double share_max = 0.5;
    double share_extra_km = 2.0;
    double share_extra_fraction = 0.2;
    std::int64_t share_counts_from_s = 24 * 3600;
    // So many work orders may wait at one machine before others get the work.
    std::uint32_t queue_per_machine_max = 8;
    // So many work orders of one job may be offered to or reserved at one fab at a time. What has
    // its right to start does not count, so a long job moves on piece by piece and other jobs find
    // places between its pieces.
    std::uint32_t waiting_per_job_and_fab_max = 4;
};

// Fixed part of the estimated making time: heating, homing, first moves.
inline constexpr std::int64_t setup_s = 300;

// The rate that the printer behind the estimates of filament printing (geometry/process/
// print_settings.hpp) would advertise: that of examples/three_fabs/lyon.toml, which runs it.
inline constexpr double typical_fdm_rate_cm3_per_h = 12;
// Widths are measured within two per cent, so what misses a limit by less meets it.
inline constexpr double width_doubt = 0.02;

// A sheet process, and any process that gets a drawing, takes the part lying flat: only that stance
// is tried, its height is the sheet's, and its material is the smallest rectangle round it (0 g
// when nobody says how thick the sheet is). Times: for fdm the estimate from the geometry, scaled
// by the machine's rate; for mills and cutters the estimate as it is, because a rate in cm3/h says
// nothing of them; for other printers, or without an estimate, the volume over the machine's rate.
//
// REQUIRES: the material of `part` is known.
[[nodiscard]] Question make_question(const PartSpec& part, std::shared_ptr<const PartFacts> facts);
// Keeps a copy of the facts.
[[nodiscard]] Question make_question(const PartSpec& part, const PartFacts& facts);

// The same part in another material: its own mass.
// REQUIRES: the material is known.
void ask_in(Question& question, const MaterialId& material);
// The same question about the same part made by another process: what it needs of an envelope, the
// amount, the finest thing and the time are those of that process.
[[nodiscard]] Question asked_by(const Question& question, const ProcessId& process);

}  // namespace nearfab::router
