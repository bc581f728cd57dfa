// SPDX-License-Identifier: GPL-3.0-or-later
// polygon.hpp - cuts the polygons of a mesh file into triangles.
//
// A polygon of n corners always gives n - 2 triangles with the polygon's own corners and sense of
// rotation, so that a closed mesh stays closed whatever the polygon looks like. Convex polygons
// become a fan around their first corner; others lose one ear after the other (a corner whose
// triangle holds no other corner), as in G. H. Meisters, "Polygons have ears", 1975. The plane is
// the one of Newell's method, seen along its largest axis. Quadrilaterals that are bent are
// cut along the diagonal that gives the smaller surface.
//
// Cutting n corners takes up to n^3 steps in bad cases, so there is a budget for a whole file.

#pragma once

#include "base/result.hpp"

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace nearfab::geometry {

using Corner = std::array<float, 3>;

class PolygonCutter {
public:
    // Looking at one corner is a step; the default takes about a second.
    static constexpr std::uint64_t steps_per_file = 500'000'000;
    explicit PolygonCutter(std::uint64_t steps = steps_per_file)
        : steps_left_(steps), step_limit_(steps) {}

    // The triangles as numbers of corners, valid until the next call. Fails with too_large when
    // the budget of the file is used up. Deterministic.
    // REQUIRES: at least three corners, finite.
    [[nodiscard]] Result<std::span<const std::array<std::uint32_t, 3>>> cut(
        std::span<const Corner> corners);

    // Polygons that leave their plane by more than a thousandth of their size.
    struct Bent {
        std::uint64_t count = 0;
        double worst_mm = 0;
    };
    [[nodiscard]] const Bent& bent() const { return bent_; }

    // Polygons without an ear: they cross themselves.
    [[nodiscard]] std::uint64_t tangled() const { return tangled_; }

private:
    struct Flat {
        double u = 0;
        double v = 0;
    };
    struct Diagonals {
        double first = 0;   // From corner 0 to corner 2.
        double second = 0;  // From corner 1 to corner 3.
    };
    enum class Shape : std::uint8_t { no_area, convex, concave };

    Shape flatten(std::span<const Corner> corners);
    void measure_bend(std::span<const Corner> corners, const std::array<double, 3>& normal);
    [[nodiscard]] bool is_convex() const;
    [[nodiscard]] double turn(std::uint32_t a, std::uint32_t b, std::uint32_t c) const;
    [[nodiscard]] bool is_ear(std::uint32_t at);
    void fan(std::uint32_t n);
    [[nodiscard]] static Diagonals diagonals_of(std::span<const Corner> corners);
    void cut_quad(std::span<const Corner> corners);
    void cut_ears();
    void take(std::uint32_t at);

    std::vector<Flat> flat_;
    std::vector<std::uint32_t> before_;
    std::vector<std::uint32_t> after_;
    std::vector<std::array<std::uint32_t, 3>> triangles_;
    std::uint64_t steps_left_;
    std::uint64_t step_limit_;
    double rounding_ = 0;   // Turns no larger than this are none.
    bool is_bent_ = false;  // The polygon looked at last.
    Bent bent_;
    std::uint64_t tangled_ = 0;
};

}  // namespace nearfab::geometry
