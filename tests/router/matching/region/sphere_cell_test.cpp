// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/matching/region/sphere_cell.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <random>
#include <set>
#include <vector>

namespace nearfab::router {
namespace {

std::vector<Place> edges_and_others() {
    std::vector<Place> places{{90, 0},
                              {90, 77},
                              {-90, -12},
                              {0, 180},
                              {0, -180},
                              {0.00001, 179.99999},
                              {0, 45},
                              {35.26439, 45},
                              {-35.26439, -135},
                              {45, 0},
                              {45.764, 4.8357}};
    std::mt19937_64 random{7};
    for (int i = 0; i < 3000; ++i) {
        places.push_back({static_cast<double>(random() % 180'001) / 1000 - 90,
                          static_cast<double>(random() % 360'001) / 1000 - 180});
    }
    return places;
}

TEST_CASE("every place lies within the circle of its cell, on every level", "[region]") {
    for (const Place& place : edges_and_others()) {
        const std::uint32_t path = cell_path(globe_point(place));
        for (std::uint32_t level = 0; level <= cell_level_max; ++level) {
            const CellCap cap = cap_of(cell_at(path, level), level);
            INFO(to_string(place) << " level " << level << " centre " << to_string(cap.centre));
            REQUIRE(is_valid(cap.centre));
            CHECK(distance_km(place, cap.centre) <= cap.radius_km);
        }
    }
}

TEST_CASE("no cell is smaller than its level may be, nor much larger", "[region]") {
    for (const Place& place : edges_and_others()) {
        const std::uint32_t path = cell_path(globe_point(place));
        for (const double least : {1.0, 5.0, 20.0, 45.0, 800.0}) {
            const std::uint32_t level = finest_level_of(least);
            const CellCap cap = cap_of(cell_at(path, level), level);
            CHECK(cap.radius_km >= least);
            CHECK(cap.radius_km <= 2.7 * least + 1);
        }
    }
    CHECK(finest_level_of(10'000) == 0);
}

TEST_CASE("a pole and the date line are one place, however they are written", "[region]") {
    CHECK(cell_path(globe_point({90, 0})) == cell_path(globe_point({90, 123})));
    CHECK(cell_path(globe_point({12, 180})) == cell_path(globe_point({12, -180})));
}

TEST_CASE("cells of a level are of similar size", "[region]") {
    std::set<std::uint32_t> radii;
    for (const Place& place : edges_and_others()) {
        const std::uint32_t path = cell_path(globe_point(place));
        radii.insert(cap_of(cell_at(path, 8), 8).radius_km);
    }
    CHECK(*radii.begin() >= 48);
    CHECK(*radii.rbegin() <= 64);
}

}  // namespace
}  // namespace nearfab::router
