// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/sphere_cell.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace nearfab::router {
namespace {

constexpr std::uint32_t halvings = cell_level_max - 1;
constexpr std::uint32_t cells_across = 1U << halvings;
constexpr double quarter_pi = std::numbers::pi / 4;
constexpr std::uint32_t whole_earth_km = 20'016;  // Half way round, rounded up.
// No cell of level 1 has a smaller radius, and half of it holds for the next level, and so on.
constexpr double smallest_radius_km = 6080;

struct Vector {
    double x = 0;
    double y = 0;
    double z = 0;
};

// Which of the cells along one side of a face: `over` is the coordinate in the face's plane.
std::uint32_t step_at(double over) {
    const double share = (std::atan(over) / quarter_pi + 1) / 2;
    const auto step = static_cast<std::int64_t>(std::floor(share * cells_across));
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(step, 0, cells_across - 1));
}

// The inverse, for a share of the side from 0 to 1.
double over_at(double share) {
    return std::tan((share * 2 - 1) * quarter_pi);
}

// Faces 0, 1, 2 look along x, y, z; 3, 4, 5 the other way.
Vector on_face(std::uint32_t face, double u, double v) {
    const double sign = face < 3 ? 1 : -1;
    switch (face % 3) {
        case 0:
            return {sign, u, v};
        case 1:
            return {u, sign, v};
        default:
            return {u, v, sign};
    }
}

Place place_of(const Vector& v) {
    constexpr double degrees = 180 / std::numbers::pi;
    return {std::atan2(v.z, std::hypot(v.x, v.y)) * degrees, std::atan2(v.y, v.x) * degrees};
}

}  // namespace

std::uint32_t cell_path(const GlobePoint& at) {
    const auto x = static_cast<double>(at.x);
    const auto y = static_cast<double>(at.y);
    const auto z = static_cast<double>(at.z);
    const double longest = std::max({std::abs(x), std::abs(y), std::abs(z)});
    std::uint32_t face = 2;
    double u = x;
    double v = y;
    double along = z;
    if (std::abs(x) == longest) {
        face = 0;
        u = y;
        v = z;
        along = x;
    } else if (std::abs(y) == longest) {
        face = 1;
        v = z;
        along = y;
    }
    if (along < 0) face += 3;
    const std::uint32_t i = step_at(u / longest);
    const std::uint32_t j = step_at(v / longest);
    std::uint32_t path = face;
    for (std::uint32_t bit = halvings; bit-- > 0;)
        path = path << 2U | ((i >> bit) & 1U) << 1U | ((j >> bit) & 1U);
    return path;
}

std::uint32_t cell_at(std::uint32_t path, std::uint32_t level) {
    return level == 0 ? 0 : path >> (2 * (cell_level_max - level));
}

CellCap cap_of(std::uint32_t cell, std::uint32_t level) {
    if (level == 0) return {{0, 0}, whole_earth_km};
    std::uint32_t i = 0;
    std::uint32_t j = 0;
    for (std::uint32_t step = level - 1; step-- > 0;) {
        const std::uint32_t quarter = cell >> (2 * step) & 3U;
        i = i << 1U | quarter >> 1U;
        j = j << 1U | (quarter & 1U);
    }
    const std::uint32_t face = cell >> (2 * (level - 1));
    const double side = 1 / static_cast<double>(1U << (level - 1));
    const auto at = [&](double along_i, double along_j) {
        return place_of(
            on_face(face, over_at((i + along_i) * side), over_at((j + along_j) * side)));
    };
    // Four decimals are enough of a centre; the radius is measured from what is told.
    CellCap cap{at(0.5, 0.5), 0};
    cap.centre.latitude_deg = std::round(cap.centre.latitude_deg * 1e4) / 1e4;
    cap.centre.longitude_deg = std::round(cap.centre.longitude_deg * 1e4) / 1e4;
    double reach = 0;
    for (const double along_i : {0.0, 1.0}) {
        for (const double along_j : {0.0, 1.0})
            reach = std::max(reach, distance_km(cap.centre, at(along_i, along_j)));
    }
    // 20 m more than any rounding of points on the globe and of this line.
    cap.radius_km = static_cast<std::uint32_t>(std::ceil(reach + 0.02));
    return cap;
}

std::uint32_t finest_level_of(double radius_km) {
    std::uint32_t level = 0;
    double smallest = smallest_radius_km;
    while (level < cell_level_max && smallest >= radius_km) {
        ++level;
        smallest /= 2;
    }
    return level;
}

}  // namespace nearfab::router
