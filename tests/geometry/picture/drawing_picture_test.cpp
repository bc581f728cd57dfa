// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/picture/drawing_picture.hpp"

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <string_view>

namespace nearfab::geometry {
namespace {

using namespace sample;

constexpr DrawingPictureOptions small{.longest_px = 200};

DrawingPicture drawn(const Drawing& drawing, const DrawingPictureOptions& options = small) {
    const auto facts = flat_facts(drawing);
    REQUIRE(facts);
    return picture_of(drawing, *facts, options);
}

bool near(const Colour& a, const Colour& b) {
    return std::abs(a.red - b.red) < 12 && std::abs(a.green - b.green) < 12 &&
           std::abs(a.blue - b.blue) < 12;
}

std::size_t pixels_like(const Picture& picture, LineMark mark) {
    return static_cast<std::size_t>(
        std::count_if(picture.pixels.begin(), picture.pixels.end(), [&](const Colour& colour) {
            return near(colour, colour_of(mark));
        }));
}

const Colour& pixel(const Picture& picture, std::uint32_t x, std::uint32_t y) {
    return picture.pixels[std::size_t{y} * picture.width + x];
}

TEST_CASE("material is filled, holes are not, and each has its line") {
    const DrawingPicture picture = drawn(drawing({rectangle(0, 0, 100, 50), circle(25, 25, 15)}));
    CHECK(picture.complete);
    CHECK(picture.seen == std::set{LineMark::outer, LineMark::inner});
    REQUIRE(picture.picture.width == 200);
    REQUIRE(picture.picture.height < 200);
    const auto middle = picture.picture.height / 2;
    const Colour paper = pixel(picture.picture, 0, 0);
    CHECK(near(pixel(picture.picture, 54, middle), paper));         // In the hole, on the left.
    CHECK_FALSE(near(pixel(picture.picture, 140, middle), paper));  // Material on the right.
    CHECK(pixels_like(picture.picture, LineMark::outer) > 100);
    CHECK(pixels_like(picture.picture, LineMark::inner) > 50);
    CHECK(pixels_like(picture.picture, LineMark::open) == 0);
}

TEST_CASE("open ends, copies and crossings are marked over everything") {
    const DrawingPicture open = drawn(drawing({line({0, 0}, {100, 0}), line({50, -50}, {50, 50})}));
    CHECK(open.seen == std::set{LineMark::open, LineMark::crossing});
    CHECK(pixels_like(open.picture, LineMark::crossing) > 4);
    CHECK(pixels_like(open.picture, LineMark::open) > 100);
    const DrawingPicture twice = drawn(drawing({rectangle(0, 0, 50, 50), rectangle(0, 0, 50, 50)}));
    CHECK(twice.seen == std::set{LineMark::outer, LineMark::doubled});
    CHECK(pixels_like(twice.picture, LineMark::doubled) > 100);
}

TEST_CASE("what is engraved or scored has colours of its own, what is ignored is not drawn") {
    Drawing page = drawing({rectangle(0, 0, 50, 50),
                            line({10, 10}, {40, 10}),
                            line({10, 20}, {40, 20}),
                            line({10, 30}, {40, 30})});
    page.paths[1].operation = Operation::engrave;
    page.paths[2].operation = Operation::score;
    page.paths[3].operation = Operation::ignore;
    const DrawingPicture picture = drawn(page);
    CHECK(picture.seen == std::set{LineMark::outer, LineMark::score, LineMark::engrave});
    CHECK(pixels_like(picture.picture, LineMark::engrave) > 20);
    CHECK(pixels_like(picture.picture, LineMark::score) > 20);
}

TEST_CASE("a drawing without width still gets a strip, and too many lines are cut short") {
    const DrawingPicture strip = drawn(drawing({line({0, 0}, {0, 1000})}));
    CHECK(strip.picture.width >= 15);
    CHECK(strip.picture.height == 200);
    DrawingPictureOptions little = small;
    little.stroke_px = 100;
    CHECK_FALSE(drawn(drawing({rectangle(0, 0, 50, 50)}), little).complete);
}

TEST_CASE("every mark has its own colour and name") {
    std::set<Colour> colours;
    std::set<std::string_view> names;
    for (int i = 1; i <= 7; ++i) {
        colours.insert(colour_of(static_cast<LineMark>(i)));
        names.insert(colour_name(static_cast<LineMark>(i)));
    }
    CHECK(colours.size() == 7);
    CHECK(names.size() == 7);
}

}  // namespace
}  // namespace nearfab::geometry
