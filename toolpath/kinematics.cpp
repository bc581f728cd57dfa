// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/kinematics.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace nearfab::toolpath {

using geometry::Vec3;

double along_limit(const Vec3& unit, const std::array<double, 3>& axes) {
    const std::array shares{std::abs(unit.x), std::abs(unit.y), std::abs(unit.z)};
    double limit = std::numeric_limits<double>::infinity();
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (shares[axis] > 1e-9) limit = std::min(limit, axes[axis] / shares[axis]);
    }
    return limit;
}

double junction_mm_s(const Vec3& before, const Vec3& after, const MachineMotion& motion) {
    const double turned = -(before.x * after.x + before.y * after.y + before.z * after.z);
    if (turned > 0.999999) return 0;
    if (turned < -0.999999) return std::numeric_limits<double>::infinity();
    Vec3 change{after.x - before.x, after.y - before.y, after.z - before.z};
    const double far = std::sqrt(change.x * change.x + change.y * change.y + change.z * change.z);
    change = {change.x / far, change.y / far, change.z / far};
    const double acceleration = along_limit(change, motion.acceleration_mm_s2);
    const double half = std::sqrt(0.5 * (1 - turned));  // Sine of half the angle between them.
    return std::sqrt(acceleration * motion.junction_deviation_mm * half / (1 - half));
}

double ramp_s(const Ramp& ramp) {
    const double a = ramp.acceleration_mm_s2;
    const double v0 = ramp.in_mm_s;
    const double v1 = ramp.out_mm_s;
    const double top = ramp.top_mm_s;
    const double ramps_mm = (2 * top * top - v0 * v0 - v1 * v1) / (2 * a);
    if (ramps_mm <= ramp.length_mm) {
        return (2 * top - v0 - v1) / a + (ramp.length_mm - ramps_mm) / top;
    }
    const double peak = std::max({v0, v1, std::sqrt(a * ramp.length_mm + (v0 * v0 + v1 * v1) / 2)});
    return (2 * peak - v0 - v1) / a;
}

double arc_mm_s(double radius_mm, const MachineMotion& motion) {
    const double slack = std::min(grbl_arc_tolerance_mm / radius_mm, 1.0);
    const double step = 2 * std::acos(1 - slack);
    const double half = std::cos(step / 2);
    const double a = std::min(motion.acceleration_mm_s2[0], motion.acceleration_mm_s2[1]);
    return std::sqrt(a * motion.junction_deviation_mm * half / std::max(1 - half, 1e-12));
}

}  // namespace nearfab::toolpath
