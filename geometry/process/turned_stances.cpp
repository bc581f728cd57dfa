// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/process/turned_stances.hpp"

#include "geometry/fit/outline.hpp"
#include "geometry/process/frame.hpp"

#include <algorithm>

namespace nearfab::geometry {

TurnedStance stance_with_up(const Mesh& mesh, const Vec3& up) {
    const Frame frame = frame_with_up(up);
    std::vector<Vec2> seen;
    seen.reserve(mesh.vertices.size());
    double low = vec::dot(frame.up, mesh.vertices[0]);
    double high = low;
    for (const Vec3& p : mesh.vertices) {
        const Vec3 q = frame.turned(p);
        seen.push_back({q.x, q.y});
        low = std::min(low, q.z);
        high = std::max(high, q.z);
    }
    return {frame.up, {UpAxis::z, high - low, outline_of(seen).points}};
}

std::optional<TurnedFit> best_turned(const std::vector<TurnedStance>& stances,
                                     const WorkEnvelope& envelope) {
    std::optional<TurnedFit> best;
    for (const TurnedStance& one : stances) {
        const StanceFit fit = fit_into({one.stance, one.stance, one.stance}, envelope).stances[0];
        if (!best || fit.fits || fit.excess_mm < best->fit.excess_mm) best = {one.up, fit};
        if (fit.fits) break;
    }
    return best;
}

}  // namespace nearfab::geometry
