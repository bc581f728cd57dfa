// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/report/work_log.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace nearfab::router {
namespace {

DeliveredPiece piece(int number, const std::string& fab = "lyon") {
    DeliveredPiece piece;
    piece.work_order = WorkOrderId{"3f9c01d2a4b86e57-" + std::to_string(number)};
    piece.fab = FabId{fab};
    piece.process = ProcessId{"fdm"};
    piece.material = MaterialId{"pla"};
    piece.distance_km = 3.5;
    piece.making_s = 600;
    piece.mass_g = 20.5;
    piece.footprint = {CarbonRange{1, 2, 3}, CarbonRange{10, 20, 30}, CarbonRange{100, 200, 300}};
    piece.energy_confidence = "read";
    return piece;
}

WallTime at(DayNumber day, int hour = 0) {
    return begin_of(day) + std::chrono::hours{hour};
}

TEST_CASE("what is not known is counted as not known, and nothing is assumed", "[report]") {
    WorkSums sums;
    sums.add(piece(1));
    DeliveredPiece bare = piece(2, "paris");
    bare.distance_km.reset();
    bare.making_s.reset();
    bare.mass_g.reset();
    bare.footprint = {std::nullopt, CarbonRange{5, 5, 5}, std::nullopt};
    bare.energy_confidence.clear();
    sums.add(bare);
    CHECK(sums.pieces == 2);
    CHECK(sums.timed == 1);
    CHECK(sums.machine_s == 600);
    CHECK(sums.weighed == 1);
    CHECK(sums.mass_mg == 20'500);
    CHECK(sums.distances == DistanceTally{{distance_step(3.5), 1}});
    CHECK(sums.fabs.at(FabId{"paris"}) == FabSum{1, 0});
    CHECK(sums.kinds.begin()->second == KindSum{2, 600, 1});
    CHECK(sums.material == CarbonSum{1, {1, 2, 3}});
    CHECK(sums.energy == CarbonSum{2, {15, 25, 35}});
    CHECK(sums.transport == CarbonSum{1, {100, 200, 300}});
    CHECK(sums.complete == CarbonSum{1, {111, 222, 333}});
    CHECK(sums.energy_confidence == std::map<std::string, std::uint64_t>{{"", 1}, {"read", 1}});
}

TEST_CASE("sums do not overflow, in whatever order they are added up", "[report]") {
    DeliveredPiece huge = piece(1);
    huge.footprint.energy = CarbonRange{1, limits::carbon_mg_max, limits::carbon_mg_max};
    WorkSums sums;
    for (int i = 0; i < 20; ++i)
        sums.add(huge);
    sums.add(piece(2));
    CHECK(sums.energy.sum == CarbonRange{30, limits::carbon_mg_max, limits::carbon_mg_max});
    WorkSums twice = sums;
    twice.add_sums(sums);
    CHECK(twice.energy.sum == CarbonRange{60, limits::carbon_mg_max, limits::carbon_mg_max});
    CHECK(twice.energy.pieces == 42);
}

TEST_CASE("a period is whole days, both ends with it", "[report]") {
    WorkLog log;
    log.add(at(100, 23), piece(1));
    log.add(at(101), piece(2, "paris"));
    log.add(at(101, 23), piece(3, "paris"));
    log.add(at(102), piece(4));
    CHECK(day_of(at(101) - Duration{1}) == 100);
    CHECK(day_of(WallTime{} - Duration{1}) == -1);
    CHECK(log.over(101, 101).sums.pieces == 2);
    CHECK(log.over(101, 101).sums.fabs.size() == 1);
    CHECK(log.over(100, 102).sums.pieces == 4);
    CHECK(log.over(103, 200).sums == WorkSums{});
    CHECK(log.over(100, 102).sample.size() == 4);
}

TEST_CASE("each day by itself, quiet ones too", "[report]") {
    WorkLog log;
    DeliveredPiece far = piece(1);
    far.distance_km = 41;
    DeliveredPiece bare = piece(2);
    bare.distance_km.reset();
    bare.making_s.reset();
    log.add(at(101), far);
    log.add(at(101, 23), piece(3));
    log.add(at(101, 23), piece(4));
    log.add(at(103), bare);
    CHECK(log.by_day(100, 103) ==
          std::vector<ReportDay>{
              {0, 0, std::nullopt}, {3, 1800, 3.5}, {0, 0, std::nullopt}, {1, 0, std::nullopt}});
    CHECK(WorkLog{}.by_day(7, 7) == std::vector<ReportDay>{{}});
}

TEST_CASE("days beyond the longest report are forgotten, whenever they come", "[report]") {
    const DayNumber last = 20'000;
    const DayNumber first = last - DayNumber{limits::report_days_max} + 1;
    WorkLog forward;
    WorkLog backward;
    for (const DayNumber day : {first - 1, first, last})
        forward.add(at(day), piece(static_cast<int>(day)));
    for (const DayNumber day : {last, first, first - 1})
        backward.add(at(day), piece(static_cast<int>(day)));
    CHECK(forward == backward);
    CHECK(forward.days().size() == 2);
    CHECK(forward.over(first, last).sums.pieces == 2);
}

TEST_CASE("the log is the same in whatever order pieces come", "[report]") {
    std::vector<std::pair<WallTime, DeliveredPiece>> pieces;
    for (int i = 0; i < 2000; ++i) {
        DeliveredPiece one = piece(i, "fab" + std::to_string(i % 7));
        one.distance_km = i * 0.37;
        pieces.emplace_back(at(500 + i % 5), std::move(one));
    }
    WorkLog one;
    for (const auto& [when, what] : pieces)
        one.add(when, what);
    std::shuffle(pieces.begin(), pieces.end(), std::mt19937{4});
    WorkLog other;
    for (const auto& [when, what] : pieces)
        other.add(when, what);
    CHECK(one == other);
}

// A busy day has its sample up to a lower draw than a quiet one; the sample of both is even.
TEST_CASE("the sample of several days is even over all their pieces", "[report]") {
    WorkLog log;
    const int busy = 20'000;
    const int quiet = 1000;
    for (int i = 0; i < busy; ++i)
        log.add(at(700), piece(i, "busy"));
    for (int i = 0; i < quiet; ++i)
        log.add(at(701), piece(busy + i, "quiet"));
    const auto period = log.over(700, 701);
    const auto of = [&](const char* fab) {
        return std::count_if(period.sample.begin(), period.sample.end(), [&](const auto& p) {
            return p.fab == FabId{fab};
        });
    };
    CHECK(of("busy") == static_cast<std::ptrdiff_t>(sample_max));
    // A twentieth of the busy day's 128 is 6.4.
    CHECK(of("quiet") >= 1);
    CHECK(of("quiet") <= 16);
    CHECK(std::is_sorted(period.sample.begin(), period.sample.end()));
    // All of them, when there are few.
    WorkLog few;
    for (int i = 0; i < 100; ++i)
        few.add(at(700 + i % 3), piece(i));
    CHECK(few.over(700, 702).sample.size() == 100);
}

TEST_CASE("a report over many pieces looks at as much as one over fewer", "[report]") {
    WorkLog log;
    std::mt19937 random{1};
    const auto pick = [&](int below) {
        return std::uniform_int_distribution<int>{0, below - 1}(random);
    };
    DeliveredPiece one = piece(0);
    const int days = 30;
    const int fabs = 200;
    const int distances = 1000;
    std::size_t before = 0;
    for (int i = 0; i < 200'000; ++i) {
        one.work_order = WorkOrderId{"j" + std::to_string(i)};
        one.fab = FabId{"fab" + std::to_string(pick(fabs))};
        one.distance_km = pick(distances);
        log.add(at(900 + pick(days)), one);
        if (i == 100'000) before = log.over(900, 900 + days - 1).looked_at;
    }
    const auto period = log.over(900, 900 + days - 1);
    CHECK(period.sums.pieces == 200'000);
    // Per day: fabs, distances to three digits, one kind, one word, the sample.
    CHECK(period.looked_at <= days * (fabs + distances + 2 + sample_max));
    CHECK(period.looked_at <= before + before / 20);
    CHECK(period.sample.size() >= sample_max);
}

}  // namespace
}  // namespace nearfab::router
