// SPDX-License-Identifier: GPL-3.0-or-later
// match.hpp - the answer to "who can make this, and why not the others".

#pragma once

#include "base/id.hpp"
#include "proto/model/footprint.hpp"
#include "proto/model/money.hpp"
#include "proto/model/part.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace nearfab {

enum class Objective : std::uint8_t {
    unknown = 0,
    nearest = 1,
    soonest = 2,
    cheapest = 3,
    greenest = 4,
};
[[nodiscard]] std::string to_string(Objective objective);

// The hard requirements, in the order in which they are checked (cheapest first).
enum class Requirement : std::uint8_t {
    unknown = 0,
    process = 1,
    available = 2,  // Connected, not drained, not faulty, advertisement not stale.
    material = 3,
    envelope = 4,
    material_amount = 5,
    feature = 6,
    tolerance = 7,
    licence = 8,    // The fab's terms.
    submitter = 9,  // The fab's terms.
    deadline = 10,
    not_declined = 11,  // This fab already said no to this work order, or failed it too often.
    trusted = 12,       // The fab failed several times in a row and must be looked at first.
};
[[nodiscard]] std::string to_string(Requirement requirement);

// A machine that can make the part.
struct Candidate {
    FabId fab;
    MachineId machine;
    double distance_km = 0;
    std::int64_t finish_s = 0;  // From now: backlog and estimated making time.
    std::int64_t making_s = 0;  // Estimated making time alone.
    std::int64_t recent_work_s =
        0;                   // The fab's recent work per machine, for the neighbourhood rule.
    bool neighbour = false;  // Counts as equally near as the best.
    // Of one piece; router/matching/figures.hpp.
    std::optional<Money> price;  // In the fab's own currency; none: it states no rates.
    std::optional<Footprint> footprint;
    Placement placement;
    double mass_g = 0;
    std::string reason;  // Why it stands where it stands: "nearest: 3.2 km", ...
    friend bool operator==(const Candidate&, const Candidate&) = default;
};

// A machine that cannot, and the first requirement that decided, with both sides of it.
struct Rejection {
    FabId fab;
    MachineId machine;
    double distance_km = 0;
    Requirement requirement = Requirement::unknown;
    std::string needed;   // "262.0 mm in Y", "pa12", ">= 41 g"
    std::string offered;  // "250.0 mm", "pla, petg", "12 g"
    std::string text;     // One sentence with both.
    friend bool operator==(const Rejection&, const Rejection&) = default;
};

// Something that would let a machine make the part, were it alone otherwise.
struct Alternative {
    Requirement requirement = Requirement::unknown;
    FabId fab;  // The nearest.
    MachineId machine;
    double distance_km = 0;
    std::uint32_t fabs = 0;
    bool at_least = false;  // There may be more fabs.
    std::string needed;     // As it is: "pa12", "262.0 mm in Y". Of the nearest.
    std::string offered;    // As it would have to be: "petg", "250.0 mm".
    std::string text;       // "in petg instead of pa12: 3 fabs, nearest 4.0 km".
    friend bool operator==(const Alternative&, const Alternative&) = default;
};

// Best first; rejections nearest first. Both bounded by limits::match_rows_max.
struct MatchReport {
    std::vector<Candidate> candidates;
    std::vector<Rejection> rejections;
    std::vector<Alternative> alternatives;  // Only when nobody can; nearest first.
    std::uint32_t machines_seen = 0;
    friend bool operator==(const MatchReport&, const MatchReport&) = default;
};

}  // namespace nearfab
