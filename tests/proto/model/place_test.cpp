// SPDX-License-Identifier: GPL-3.0-or-later

#include "proto/model/place.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <limits>

using namespace nearfab;

TEST_CASE("a place is read as people write it, latitude first") {
    CHECK(parse_place("45.7640,4.8357") == Place{45.764, 4.8357});
    CHECK(parse_place(" -33.8688 , +151.2093 ") == Place{-33.8688, 151.2093});
    CHECK(parse_place("-90,180") == Place{-90, 180});
    CHECK(to_string(Place{45.764, 4.8357}) == "45.7640,4.8357");
    CHECK(to_string(Place{-0.5, -120}) == "-0.5000,-120.0000");
}

TEST_CASE("a place that is none says which part is wrong") {
    REQUIRE_FALSE(parse_place("Lyon"));
    CHECK(parse_place("Lyon").error().code == ErrorCode::invalid_argument);
    REQUIRE_FALSE(parse_place("45.7,east"));
    CHECK(parse_place("45.7,east").error().message.find("longitude") != std::string::npos);
    REQUIRE_FALSE(parse_place("north,4.8"));
    CHECK(parse_place("north,4.8").error().message.find("latitude") != std::string::npos);
    for (const char* bad : {"",
                            ",",
                            "1,",
                            ",1",
                            "1,2,3",
                            "nan,0",
                            "inf,0",
                            "0,1e400",
                            "91,181",
                            "0x10,1",
                            "1;2",
                            "12.3 4.5"}) {
        INFO(bad);
        CHECK_FALSE(parse_place(bad));
    }
}

TEST_CASE("swapped latitude and longitude are noticed") {
    const auto swapped = parse_place("151.2093,-33.8688");
    REQUIRE_FALSE(swapped);
    CHECK(swapped.error().next.find("swapped") != std::string::npos);
    const auto nowhere = parse_place("200,300");
    REQUIRE_FALSE(nowhere);
    CHECK(nowhere.error().next.find("swapped") == std::string::npos);
}

TEST_CASE("a place must be finite and on the earth") {
    constexpr double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(is_valid(Place{90, -180}));
    CHECK_FALSE(is_valid(Place{90.01, 0}));
    CHECK_FALSE(is_valid(Place{0, 180.01}));
    CHECK_FALSE(is_valid(Place{nan, 0}));
    CHECK_FALSE(is_valid(Place{0, nan}));
}

TEST_CASE("distances between cities agree with geodesics to 0.6 percent") {
    struct Pair {
        Place a, b;
        double km;  // On the WGS 84 ellipsoid.
    };
    const Place lyon{45.7640, 4.8357}, paris{48.8566, 2.3522}, sydney{-33.8688, 151.2093};
    const Place london{51.5074, -0.1278}, new_york{40.7128, -74.0060}, fiji{-18.1416, 178.4419};
    const Place samoa{-13.8333, -171.7667};
    for (const Pair& pair : {Pair{lyon, paris, 392.2},
                             Pair{london, new_york, 5585.2},
                             Pair{paris, london, 343.9},
                             Pair{fiji, samoa, 1147.0}}) {
        CHECK(distance_km(pair.a, pair.b) == Approx(pair.km).epsilon(0.006));
        CHECK(distance_km(pair.a, pair.b) == Approx(distance_km(pair.b, pair.a)));
    }
    CHECK(distance_km(sydney, sydney) == 0);
    CHECK(distance_km({0, 0}, {0, 180}) == Approx(20015.1).epsilon(1e-5));
    CHECK(distance_km({90, 0}, {-90, 77}) == Approx(20015.1).epsilon(1e-5));
    CHECK(distance_km({0, 179.9}, {0, -179.9}) == Approx(22.239).epsilon(1e-3));
}
