// SPDX-License-Identifier: GPL-3.0-or-later
// envelope_fit.hpp - does a part fit a work envelope, and turned how.
//
// A part may lie on any of its six axis sides and be turned about the vertical by any angle. For
// the fit only its outline seen from above matters: the convex hull of the part projected along
// the vertical axis (lying on the opposite side mirrors the outline and changes nothing), and the
// height along that axis. So a part is described for this question by three "stances".
//
// The answer is exact, not sampled: between two neighbouring critical directions of the hull the
// width in a direction is a single sinusoid, so the angles at which the outline fits are intervals
// with closed-form ends (see envelope_fit.cpp).

#pragma once

#include "geometry/vector.hpp"

#include <array>
#include <cstdint>
#include <vector>

namespace nearfab::geometry {

// Which axis of the part's own coordinates points up.
enum class UpAxis : std::uint8_t { z = 0, x = 1, y = 2 };

// The part standing with one axis up.
struct Stance {
    UpAxis up = UpAxis::z;
    double height_mm = 0;
    // Convex, counter-clockwise, no repeated points, millimetres; (x,y) for z up, (y,z) for x up,
    // (z,x) for y up. Never understates the part: when simplified it contains the true hull.
    std::vector<Vec2> outline_mm;

    friend bool operator==(const Stance&, const Stance&) = default;
};

using Stances = std::array<Stance, 3>;  // In the order z, x, y up.

// A box-shaped room to work in, millimetres; x and y horizontal, z up.
struct WorkEnvelope {
    double x_mm = 0;
    double y_mm = 0;
    double z_mm = 0;

    friend bool operator==(const WorkEnvelope&, const WorkEnvelope&) = default;
};

// How far one stance misses, or how it fits.
struct StanceFit {
    UpAxis up = UpAxis::z;
    bool fits = false;
    // Turn about the vertical, degrees in [0, 180), counter-clockwise. When it fits: the turn
    // nearest to 0 (0 itself if possible, then 90). When not: the turn with the smallest excess.
    double turn_deg = 0;
    // Size of the outline at that turn, and the height.
    double x_mm = 0;
    double y_mm = 0;
    double z_mm = 0;
    // The largest overshoot over the envelope in any direction at that turn; 0 when it fits.
    double excess_mm = 0;
};

struct EnvelopeFit {
    bool fits = false;
    // If it fits: the preferred stance (fits without lying down first: z up, then x, then y).
    // If not: the stance with the smallest excess.
    StanceFit best;
    std::array<StanceFit, 3> stances;
};

// Lengths that differ by less count as equal: float32 coordinates at 500 mm resolve about 0.03 um.
inline constexpr double fit_tolerance_mm = 1e-4;

// REQUIRES: every outline has at least 3 points or is a degenerate hull of 1 or 2 points;
//           envelope sizes are finite and >= 0.
[[nodiscard]] EnvelopeFit fit_into(const Stances& stances, const WorkEnvelope& envelope);

}  // namespace nearfab::geometry
