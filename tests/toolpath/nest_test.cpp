// SPDX-License-Identifier: GPL-3.0-or-later

#include "toolpath/nest.hpp"

#include "tests/toolpath/sample_sheets.hpp"
#include "toolpath/outlines.hpp"

#include <catch2/catch.hpp>

#include <map>

namespace nearfab::toolpath {
namespace {

using sample::box;
using sample::square;

const Polygon angle_part{{0, 0}, {80, 0}, {80, 15}, {15, 15}, {15, 80}, {0, 80}};

NestPart part(Polygon outline, std::uint32_t quantity = 1) {
    return {{std::move(outline)}, quantity, true};
}

// Every copy of every part once, inside the margins, and no two nearer than the gap.
void check_layout(const std::vector<NestPart>& parts,
                  const NestOptions& options,
                  const Nesting& nesting) {
    std::map<std::uint32_t, std::vector<Region>> sheets;
    std::size_t copies = 0;
    for (const NestPart& p : parts)
        copies += p.quantity;
    REQUIRE(nesting.placed.size() == copies);
    for (const PlacedPart& placed : nesting.placed) {
        Outlines work;
        work.loops = parts[placed.part].loops;
        const Outlines there = moved(work, placed.angle, placed.by);
        const auto bounds = there.bounds();
        CHECK(bounds.min.x >= options.margin_mm - 1e-3);
        CHECK(bounds.min.y >= options.margin_mm - 1e-3);
        CHECK(bounds.max.x <= options.sheet_mm.x - options.margin_mm + 1e-3);
        CHECK(bounds.max.y <= options.sheet_mm.y - options.margin_mm + 1e-3);
        const Region lane = grown(even_odd(there.loops), options.gap_mm / 2 - 2e-3, 0.01);
        for (const Region& other : sheets[placed.sheet])
            CHECK(area_of(common(lane, other)) < 1e-3);
        sheets[placed.sheet].push_back(lane);
    }
    CHECK(sheets.size() == nesting.sheets);
}

TEST_CASE("parts lie apart, inside the margins, each once", "[nest]") {
    std::vector<NestPart> parts{part(angle_part, 6), part(square(0, 0, 30), 5)};
    for (std::uint64_t seed = 0; seed < 6; ++seed)
        parts.push_back(part(sample::star(seed, {0, 0}, 10, 40, 9)));
    NestOptions options;
    options.steps = 600'000;
    const auto nesting = nest(parts, options);
    REQUIRE(nesting);
    check_layout(parts, options, *nesting);
    const auto shelf = shelf_nest(parts, options);
    REQUIRE(shelf);
    check_layout(parts, options, *shelf);
    CHECK(nesting->used_share > 1.1 * shelf->used_share);
}

TEST_CASE("angles are laid into each other's bays", "[nest]") {
    const std::vector<NestPart> parts{part(angle_part, 8)};
    NestOptions options;
    options.steps = 400'000;
    const auto nesting = nest(parts, options);
    REQUIRE(nesting);
    const auto shelf = shelf_nest(parts, options);
    REQUIRE(shelf);
    CHECK(nesting->used_share > 1.3 * shelf->used_share);
}

TEST_CASE("a small part goes into a large hole", "[nest]") {
    const std::vector<NestPart> parts{{{square(0, 0, 100), square(10, 10, 80)}, 1, true},
                                      part(square(0, 0, 60))};
    NestOptions options;
    options.sheet_mm = {110, 110};
    options.margin_mm = 4;
    options.steps = 500'000;
    const auto nesting = nest(parts, options);
    REQUIRE(nesting);
    CHECK(nesting->sheets == 1);
    check_layout(parts, options, *nesting);
}

TEST_CASE("what does not fit on one sheet goes on to the next", "[nest]") {
    const std::vector<NestPart> parts{part(box(0, 0, 180, 90), 5)};
    NestOptions options;
    options.sheet_mm = {200, 200};
    options.steps = 200'000;
    const auto nesting = nest(parts, options);
    REQUIRE(nesting);
    CHECK(nesting->sheets == 3);
    check_layout(parts, options, *nesting);
}

TEST_CASE("a part as large as the sheet fits, a larger one is refused with its size", "[nest]") {
    NestOptions options;
    options.sheet_mm = {100, 50};
    options.margin_mm = 0;
    options.gap_mm = 0;
    options.simplify_mm = 0;
    CHECK(nest({part(box(0, 0, 100, 50))}, options));
    const auto no = nest({part(box(0, 0, 120, 50))}, options);
    REQUIRE_FALSE(no);
    CHECK(no.error().message.find("120 mm x 50 mm") != std::string::npos);
    CHECK_FALSE(shelf_nest({part(box(0, 0, 120, 50))}, options));
    CHECK_FALSE(nest({}, options));
}

TEST_CASE("material with a grain keeps its parts as they are drawn", "[nest]") {
    NestOptions options;
    options.steps = 100'000;
    const auto nesting = nest({{{box(0, 0, 80, 20)}, 5, false}}, options);
    REQUIRE(nesting);
    for (const PlacedPart& placed : nesting->placed)
        CHECK(placed.angle == 0);
}

TEST_CASE("the same parts are laid out the same way again", "[nest]") {
    const std::vector<NestPart> parts{part(angle_part, 4),
                                      part(sample::star(1, {0, 0}, 10, 30, 8), 4)};
    NestOptions options;
    options.steps = 500'000;
    const auto a = nest(parts, options);
    const auto b = nest(parts, options);
    REQUIRE((a && b));
    REQUIRE(a->placed.size() == b->placed.size());
    for (std::size_t i = 0; i < a->placed.size(); ++i) {
        CHECK(a->placed[i].by == b->placed[i].by);
        CHECK(a->placed[i].angle == b->placed[i].angle);
    }
}

}  // namespace
}  // namespace nearfab::toolpath
