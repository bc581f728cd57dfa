// SPDX-License-Identifier: GPL-3.0-or-later

#include "footprint/estimate.hpp"

#include "proto/model/limits.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace nearfab::footprint {

TEST_CASE("the material counts by its mass") {
    const Range grams = material_g(100, *material_factor("petg"));
    CHECK(grams.typical == Approx(403));
    CHECK(grams.low == Approx(290));
    CHECK(grams.high == Approx(410));
}

TEST_CASE("energy is power, time and grid, each with its doubt") {
    const Range sure = energy_g({100, 100, 100}, 2, 0, 56);
    CHECK(sure.low == Approx(11.2));
    CHECK(sure.high == Approx(11.2));
    const Range doubted = energy_g({70, 100, 160}, 2, 0.25, 56);
    CHECK(doubted.low == Approx(0.07 * 1.6 * 56));
    CHECK(doubted.typical == Approx(11.2));
    CHECK(doubted.high == Approx(0.16 * 2.5 * 56));
}

TEST_CASE("the way goes by van, or better, or worse") {
    const Range kilogram = transport_g(1000, 100);
    CHECK(kilogram.typical == Approx(0.75543 * 1.3 * 100));
    CHECK(kilogram.low == Approx(0.13348 * 1.3 * 100));
    CHECK(kilogram.high == Approx(1.01 * 1.4 * 100));
    CHECK(typical_transport_g(1000, 100) == Approx(kilogram.typical));
    CHECK(transport_g(1000, 0).high == 0);
}

TEST_CASE("rounded figures stay within what a message may carry") {
    CHECK(rounded({0.0004, 0.0006, 1.2345}) == CarbonRange{0, 1, 1235});
    const double infinite = std::numeric_limits<double>::infinity();
    CHECK(rounded({1e300, 1e300, infinite}).high_mg == limits::carbon_mg_max);
}

TEST_CASE("each share says by what method and from which source") {
    CHECK(material_basis(*material_factor("petg")).source.starts_with("data/materials.csv petg: "));
    CHECK(material_basis(*material_factor("petg")).confidence == "read-proxy");
    CHECK(transport_basis().source.find("van_avg") != std::string::npos);
    CHECK(energy_basis("fdm_open_220 (read)", "FRA 2023 (read)").confidence == "read");
    CHECK(energy_basis("stated by the fab", "FRA 2023 (read)").confidence == "stated, read");
    CHECK(energy_basis("", "").source ==
          "power: stated by the fab; electricity: stated by the fab");
}

}  // namespace nearfab::footprint
