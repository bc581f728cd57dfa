// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/outlines.hpp"

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

namespace nearfab::toolpath {
namespace {

namespace flat = geometry::sample;

Result<Outlines> outlines(std::vector<geometry::Path> paths, const OutlineOptions& options = {}) {
    return outlines_of(flat::drawing(std::move(paths)), options);
}

TEST_CASE("lines that meet become a loop", "[outlines]") {
    const auto out = outlines({flat::line({0, 0}, {10, 0}),
                               flat::line({10, 10}, {10, 0.03}),
                               flat::line({10, 10}, {0, 10}),
                               flat::line({0, 10}, {0, 0})});
    REQUIRE(out);
    REQUIRE(out->loops.size() == 1);
    CHECK(signed_area(out->loops[0]) == Approx(100).epsilon(0.01));
}

TEST_CASE("a cut that does not close is refused, with its ends and its gap", "[outlines]") {
    const auto out = outlines({flat::line({0, 0}, {10, 0}),
                               flat::line({10, 0}, {10, 10}),
                               flat::line({10, 10}, {0, 10}),
                               flat::line({0, 10}, {0, 0.7})});
    REQUIRE_FALSE(out);
    CHECK(out.error().code == ErrorCode::invalid_file);
    CHECK(out.error().message.find("a gap of 0.7 mm") != std::string::npos);
    CHECK(out.error().next.find("layer named score") != std::string::npos);
}

TEST_CASE("a spiral is an open cut, not a part", "[outlines]") {
    geometry::Path spiral = flat::outline({{0, 0}, {20, 0}, {20, 20}, {2, 20}, {2, 2}, {18, 2}});
    spiral.closed = false;
    CHECK_FALSE(outlines({spiral}));
    CHECK_FALSE(outlines({spiral}, {{}, 0.003, true}));  // Nor a slit: no material round it.
}

TEST_CASE("slits are allowed in the material when the profile says so", "[outlines]") {
    const std::vector<geometry::Path> hinge{flat::rectangle(0, 0, 50, 50),
                                            flat::line({10, 10}, {10, 40})};
    CHECK_FALSE(outlines(hinge));
    const auto allowed = outlines(hinge, {{}, 0.003, true});
    REQUIRE(allowed);
    CHECK(allowed->slits.size() == 1);
}

TEST_CASE("what is a slit is what geometry says, and no slit cuts a piece off", "[outlines]") {
    const auto plate = flat::rectangle(0, 0, 50, 50);
    const OutlineOptions slits{{}, 0.003, true};
    const auto agree = [&](std::vector<geometry::Path> paths) {
        const geometry::FlatFacts facts = flat::facts_of(paths);
        const bool makeable = facts.open_ends + facts.dividing + facts.touching == 0;
        const auto out = outlines(std::move(paths), slits);
        CHECK(out.has_value() == makeable);
        if (out) CHECK(out->slits.size() == facts.slits);
        return makeable;
    };
    CHECK(agree({plate, flat::line({10, 0}, {10, 40})}));  // From the edge inwards.
    CHECK(agree({plate, flat::line({10, 10}, {30, 30}), flat::line({10, 30}, {30, 10})}));
    CHECK_FALSE(agree({plate, flat::line({10, 0}, {10, 50})}));
    CHECK(agree({plate, flat::line({10, -5}, {10, 40})}));  // From beyond the edge.
    CHECK_FALSE(agree({plate, flat::line({10, -5}, {10, 55})}));
    CHECK_FALSE(agree({plate, flat::line({60, 0}, {60, 40})}));
    CHECK_FALSE(agree({plate, flat::rectangle(10, 10, 20, 20), flat::line({15, 15}, {20, 20})}));
    CHECK_FALSE(agree({plate, flat::rectangle(25, 25, 50, 50)}));
    CHECK_FALSE(agree({plate, flat::rectangle(50, 0, 50, 50)}));
    // What lies beyond the edge is not cut: the neighbour on the sheet may be there.
    const auto beyond = outlines({plate, flat::line({10, -5}, {10, 40})}, slits);
    REQUIRE(beyond);
    REQUIRE(beyond->slits.size() == 1);
    REQUIRE(beyond->slits[0].size() == 1);
    CHECK(beyond->slits[0][0].from.y == Approx(0).margin(1e-9));
    CHECK(beyond->slits[0][0].to.y == Approx(40));
    const auto halves = outlines({plate, flat::line({10, 0}, {10, 50})}, slits);
    REQUIRE_FALSE(halves);
    CHECK(halves.error().message.find("cut a piece off the part") != std::string::npos);
}

TEST_CASE("cuts that cross are refused at their place", "[outlines]") {
    const auto out = outlines({flat::rectangle(0, 0, 10, 10), flat::rectangle(5, 5, 10, 10)});
    REQUIRE_FALSE(out);
    CHECK(out.error().message.find("cross") != std::string::npos);
}

TEST_CASE("a line drawn twice is cut once", "[outlines]") {
    const auto out = outlines({flat::rectangle(0, 0, 10, 10), flat::rectangle(0, 0, 10, 10)});
    REQUIRE(out);
    CHECK(out->loops.size() == 1);
}

TEST_CASE("more lines than the limit are refused, not waited for", "[outlines]") {
    OutlineOptions options;
    options.joining.pieces = 3;
    const auto out = outlines({flat::rectangle(0, 0, 10, 10)}, options);
    REQUIRE_FALSE(out);
    CHECK(out.error().code == ErrorCode::too_large);
    options.joining.pieces = 1000;
    options.joining.tests = 5;
    const auto tangled = outlines({flat::rectangle(0, 0, 10, 10), flat::circle(5, 5, 2)}, options);
    REQUIRE_FALSE(tangled);
    CHECK(tangled.error().code == ErrorCode::too_large);
}

TEST_CASE("what is scored and engraved is kept apart", "[outlines]") {
    geometry::Path score = flat::line({1, 1}, {5, 5});
    score.operation = geometry::Operation::score;
    geometry::Path area = flat::rectangle(2, 2, 3, 3);
    area.operation = geometry::Operation::engrave;
    area.filled = true;
    geometry::Path line = flat::circle(7, 7, 1);
    line.operation = geometry::Operation::engrave;
    const auto out = outlines({flat::rectangle(0, 0, 10, 10), score, area, line});
    REQUIRE(out);
    CHECK(out->loops.size() == 1);
    CHECK(out->scores.size() == 1);
    CHECK(out->engraved.size() == 1);
    CHECK(out->engravings.size() == 1);
}

TEST_CASE("turned and moved outlines keep their areas and lengths", "[outlines]") {
    const auto out = outlines({flat::rectangle(0, 0, 20, 10)});
    REQUIRE(out);
    const Outlines other = moved(*out, 0.7, {100, 50});
    CHECK(signed_area(other.loops[0]) == Approx(200));
    CHECK(other.bounds().min.x > 90);
}

}  // namespace
}  // namespace nearfab::toolpath
