// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/fit/envelope_fit.hpp"

#include "geometry/detail/hull.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cmath>
#include <numbers>
#include <random>

namespace nearfab::geometry {
namespace {

constexpr double degree = std::numbers::pi / 180;

Stance block(UpAxis up, double x, double y, double z) {
    return {up, z, {{0, 0}, {x, 0}, {x, y}, {0, y}}};
}

Stances bar(double x, double y, double z) {
    return {block(UpAxis::z, x, y, z), block(UpAxis::x, y, z, x), block(UpAxis::y, z, x, y)};
}

// The plain way: turn every point and take the box.
Vec2 size_at(const std::vector<Vec2>& outline, double turn) {
    Vec2 low{1e300, 1e300};
    Vec2 high{-1e300, -1e300};
    for (const Vec2& p : outline) {
        const Vec2 q{p.x * std::cos(turn) - p.y * std::sin(turn),
                     p.x * std::sin(turn) + p.y * std::cos(turn)};
        low = {std::min(low.x, q.x), std::min(low.y, q.y)};
        high = {std::max(high.x, q.x), std::max(high.y, q.y)};
    }
    return {high.x - low.x, high.y - low.y};
}

double from_zero(double turn_deg) {
    return std::min(turn_deg, 180 - turn_deg);
}

TEST_CASE("a part that fits as it stands is not turned") {
    const EnvelopeFit fit = fit_into(bar(100, 50, 20), {.x_mm = 100, .y_mm = 50, .z_mm = 20});
    CHECK(fit.fits);
    CHECK(fit.best.up == UpAxis::z);
    CHECK(fit.best.turn_deg == 0);
    CHECK(fit.best.excess_mm == 0);
    CHECK(fit.best.x_mm == 100);
}

TEST_CASE("a part that fits only across is turned by 90 degrees exactly") {
    const EnvelopeFit fit = fit_into(bar(100, 50, 20), {.x_mm = 50, .y_mm = 100, .z_mm = 20});
    CHECK(fit.fits);
    CHECK(fit.best.turn_deg == 90);
    CHECK(fit.best.x_mm == 50);
    CHECK(fit.best.y_mm == 100);
}

TEST_CASE("a 300 x 10 bar fits a 220 x 220 bed near 45 degrees, where its extents fit") {
    const EnvelopeFit fit = fit_into(bar(300, 10, 10), {.x_mm = 220, .y_mm = 220, .z_mm = 200});
    REQUIRE(fit.fits);
    // 300 cos t + 10 sin t = 220: t = acos(220 / |(300, 10)|) + atan(10 / 300).
    const double expected =
        std::acos(220 / std::hypot(300, 10)) / degree + std::atan2(10, 300) / degree;
    CHECK(fit.best.turn_deg == Approx(expected).margin(1e-8));
    CHECK(expected == Approx(44.777).margin(0.001));
    CHECK(fit.best.x_mm == Approx(220).margin(1e-6));
    CHECK(fit.best.y_mm < 220);
}

TEST_CASE("the smallest square bed for a 300 x 10 bar has sides of 310 / sqrt 2") {
    const double side = 310 / std::sqrt(2.0);  // 219.2031
    const EnvelopeFit fits = fit_into(bar(300, 10, 10), {side, side, 10});
    CHECK(fits.fits);
    CHECK(fits.best.turn_deg == Approx(45).margin(1e-3));
    const EnvelopeFit misses = fit_into(bar(300, 10, 10), {side - 0.01, side - 0.01, 10});
    CHECK_FALSE(misses.fits);
    CHECK(misses.best.turn_deg == Approx(45).margin(1e-9));
    CHECK(misses.best.excess_mm == Approx(0.01).margin(1e-9));
}

TEST_CASE("a 262 mm wide part misses a 250 mm bed by 12 mm and lying down is tried") {
    const EnvelopeFit fit = fit_into(bar(262, 262, 262), {250, 250, 250});
    CHECK_FALSE(fit.fits);
    CHECK(fit.best.up == UpAxis::z);
    CHECK(fit.best.turn_deg == 0);
    CHECK(fit.best.excess_mm == Approx(12));
    const EnvelopeFit tall = fit_into(bar(50, 60, 300), {400, 100, 100});
    CHECK(tall.fits);
    CHECK(tall.best.up == UpAxis::x);
    CHECK_FALSE(tall.stances[0].fits);
    CHECK(tall.stances[0].excess_mm == Approx(200));
    CHECK(tall.stances[0].turn_deg == 0);
}

TEST_CASE("a tenth of a micrometre counts as equal and a micrometre does not") {
    CHECK(fit_into(bar(100, 100, 100), {99.99995, 100, 99.99995}).fits);
    CHECK_FALSE(fit_into(bar(100, 100, 100), {99.999, 100, 100}).fits);
    CHECK_FALSE(fit_into(bar(100, 100, 100), {100, 100, 99.999}).fits);
}

TEST_CASE("points and lines have outlines too") {
    const Stances point{Stance{UpAxis::z, 5, {{3, 3}}},
                        Stance{UpAxis::x, 5, {{3, 3}}},
                        Stance{UpAxis::y, 5, {{3, 3}}}};
    CHECK(fit_into(point, {0, 0, 5}).fits);
    Stances line = point;
    line[0].outline_mm = {{0, 0}, {10, 0}};
    const EnvelopeFit fit = fit_into({line[0], line[0], line[0]}, {8, 8, 5});
    CHECK(fit.fits);
    CHECK(fit.best.turn_deg == Approx(std::acos(0.8) / degree).margin(1e-8));
}

std::vector<Vec2> random_outline(std::mt19937& random) {
    std::uniform_real_distribution<double> place(-1, 1);
    std::uniform_int_distribution<int> count(3, 40);
    const double stretch = std::pow(10, 1.5 * place(random));
    const double tilt = place(random) * std::numbers::pi;
    std::vector<Vec2> cloud(static_cast<std::size_t>(count(random)));
    for (Vec2& p : cloud) {
        const double x = 100 * place(random);
        const double y = 100 * place(random) * stretch;
        p = {x * std::cos(tilt) - y * std::sin(tilt), x * std::sin(tilt) + y * std::cos(tilt)};
    }
    return detail::convex_hull(cloud);
}

struct Sampled {
    bool fits = false;
    double nearest_deg = 180;  // Distance from 0 of the nearest sampled turn that fits.
    double least_excess_mm = 1e300;
};

Sampled sampled(const std::vector<Vec2>& outline, double x_mm, double y_mm) {
    Sampled out;
    for (int i = 0; i < 3600; ++i) {
        const double turn_deg = i * 0.05;
        const Vec2 size = size_at(outline, turn_deg * degree);
        const double excess = std::max(size.x - x_mm, size.y - y_mm);
        out.least_excess_mm = std::min(out.least_excess_mm, excess);
        if (excess > 0) continue;
        out.fits = true;
        out.nearest_deg = std::min(out.nearest_deg, from_zero(turn_deg));
    }
    return out;
}

double diameter_of(const std::vector<Vec2>& outline) {
    double most = 0;
    for (const Vec2& a : outline) {
        for (const Vec2& b : outline)
            most = std::max(most, std::hypot(a.x - b.x, a.y - b.y));
    }
    return most;
}

TEST_CASE("the exact answer agrees with dense sampling, for 800 random outlines and beds") {
    std::mt19937 random(42);
    std::uniform_real_distribution<double> scale(0.35, 1.05);
    int fitting = 0;
    for (int round = 0; round < 800; ++round) {
        const std::vector<Vec2> outline = random_outline(random);
        const double diameter = diameter_of(outline);
        const double x_mm = diameter * scale(random);
        const double y_mm = diameter * scale(random);
        const Stance stance{UpAxis::z, 1, outline};
        const StanceFit fit = fit_into({stance, stance, stance}, {x_mm, y_mm, 1}).stances[0];
        const Sampled plain = sampled(outline, x_mm, y_mm);
        // How much a width can change within half a sampling step.
        const double step_mm = diameter * 0.025 * degree;
        INFO("round " << round << " turn " << fit.turn_deg << " excess " << fit.excess_mm);

        const Vec2 at_turn = size_at(outline, fit.turn_deg * degree);
        REQUIRE(fit.x_mm == Approx(at_turn.x).margin(1e-8));
        REQUIRE(fit.y_mm == Approx(at_turn.y).margin(1e-8));
        REQUIRE(fit.turn_deg >= 0);
        REQUIRE(fit.turn_deg < 180);
        if (plain.fits) REQUIRE(fit.fits);
        if (plain.least_excess_mm > step_mm) REQUIRE_FALSE(fit.fits);
        if (fit.fits) {
            ++fitting;
            REQUIRE(fit.excess_mm == 0);
            REQUIRE(std::max(at_turn.x - x_mm, at_turn.y - y_mm) <= 2 * fit_tolerance_mm);
            const bool square = fit.turn_deg == 0 || fit.turn_deg == 90;
            if (!square && plain.fits) {
                REQUIRE(from_zero(fit.turn_deg) <= plain.nearest_deg + 1e-6);
            }
        } else {
            REQUIRE(fit.excess_mm > 0);
            REQUIRE(fit.excess_mm <= plain.least_excess_mm + 1e-8);
            REQUIRE(fit.excess_mm >= plain.least_excess_mm - step_mm);
        }
    }
    CHECK(fitting > 200);
    CHECK(fitting < 700);
}

}  // namespace
}  // namespace nearfab::geometry
