// SPDX-License-Identifier: GPL-3.0-or-later
// turned_stances.hpp - a part that stands on none of its axes, and whether it fits so.
//
// A part drawn askew may fit only when it is laid on one of its flat sides or on a side of its
// smallest box. Each way up is answered exactly, for any turn about the vertical, as those on the
// axes are (fit/envelope_fit.hpp); ways up between them, such as a bar in the diagonal of a room,
// are not tried. Pure, deterministic.

#pragma once

#include "geometry/fit/envelope_fit.hpp"
#include "geometry/mesh.hpp"

#include <optional>
#include <vector>

namespace nearfab::geometry {

struct TurnedStance {
    Vec3 up;        // This direction of the part points up; of length one.
    Stance stance;  // Seen in frame_with_up(up); its axis means nothing.
};

struct TurnedFit {
    Vec3 up;
    StanceFit fit;
};

// REQUIRES: at least one vertex; up is not the zero vector.
[[nodiscard]] TurnedStance stance_with_up(const Mesh& mesh, const Vec3& up);

// The first that fits, otherwise the one with the smallest excess; none of none.
// REQUIRES: as fit_into.
[[nodiscard]] std::optional<TurnedFit> best_turned(const std::vector<TurnedStance>& stances,
                                                   const WorkEnvelope& envelope);

}  // namespace nearfab::geometry
