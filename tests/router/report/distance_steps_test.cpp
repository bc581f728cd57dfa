// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/distance_steps.hpp"

#include "proto/model/limits.hpp"

#include <catch2/catch.hpp>

#include <initializer_list>
#include <numeric>

namespace nearfab::router {
namespace {

DistanceTally tally(std::initializer_list<double> distances_km) {
    DistanceTally tally;
    for (const double km : distances_km)
        ++tally[distance_step(km)];
    return tally;
}

TEST_CASE("distances are cut off after three digits", "[report]") {
    const auto cut = [](double km) { return km_of(distance_step(km)); };
    CHECK(cut(0) == 0);
    CHECK(cut(0.009) == 0);
    CHECK(cut(3.217) == Approx(3.21));
    CHECK(cut(3.29) == Approx(3.29));
    CHECK(cut(9.999) == Approx(9.99));
    CHECK(cut(10) == 10);
    CHECK(cut(12.39) == Approx(12.3));
    CHECK(cut(99.99) == Approx(99.9));
    CHECK(cut(100) == 100);
    CHECK(cut(812.9) == 812);
    CHECK(cut(1000) == 1000);
    CHECK(cut(5678) == 5670);
    CHECK(distance_step(limits::distance_km_max) == distance_step_max);
    CHECK(distance_step(1e9) == distance_step_max);
    CHECK(distance_step(-1) == 0);
}

TEST_CASE("every step begins where it says", "[report]") {
    for (DistanceStep step = 0; step <= distance_step_max; ++step) {
        INFO("step " << step);
        REQUIRE(distance_step(km_of(step)) == step);
        if (step > 0) REQUIRE(km_of(step) > km_of(static_cast<DistanceStep>(step - 1)));
    }
    for (const double bound : report_bounds_km)
        CHECK(km_of(distance_step(bound)) == bound);
}

TEST_CASE("percentiles are the nearest rank", "[report]") {
    CHECK(percentile_km({}, 0.5) == 0);
    CHECK(percentile_km(tally({4}), 0.5) == 4);
    CHECK(percentile_km(tally({4}), 0.9) == 4);
    // Rank 2 of 4: the lower of the two in the middle.
    CHECK(percentile_km(tally({1, 2, 3, 4}), 0.5) == 2);
    CHECK(percentile_km(tally({1, 2, 3}), 0.5) == 2);
    // The textbook's: 15, 20, 35, 40, 50; the 30th percentile is the 2nd, the 40th the 2nd, the
    // 50th the 3rd.
    const DistanceTally five = tally({15, 20, 35, 40, 50});
    CHECK(percentile_km(five, 0.3) == 20);
    CHECK(percentile_km(five, 0.4) == 20);
    CHECK(percentile_km(five, 0.5) == 35);
    CHECK(percentile_km(five, 1.0) == 50);
    // Nine of ten: the 9th of 10.
    CHECK(percentile_km(tally({1, 2, 3, 4, 5, 6, 7, 8, 9, 500}), 0.9) == 9);
    // Many at one distance.
    DistanceTally many;
    many[distance_step(2)] = 90;
    many[distance_step(300)] = 10;
    CHECK(percentile_km(many, 0.9) == 2);
    CHECK(percentile_km(many, 0.91) == 300);
}

TEST_CASE("the histogram has fixed bounds, each belongs to what is above it", "[report]") {
    const DistanceReport report =
        distance_report(tally({0, 0.99, 1, 1.99, 2, 49.9, 50, 4999, 5000, 20'000}), 3);
    CHECK(report.pieces == 10);
    CHECK(report.unknown == 3);
    CHECK(report.longest_km == 20'000);
    CHECK(report.histogram == DistanceCounts{2, 2, 1, 0, 0, 1, 1, 0, 0, 0, 0, 1, 2});
    CHECK(distance_report({}, 0) == DistanceReport{});
}

}  // namespace
}  // namespace nearfab::router
