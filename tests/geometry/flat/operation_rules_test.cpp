// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/operation_rules.hpp"

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

namespace nearfab::geometry {
namespace {

using namespace sample;

constexpr Colour red{255, 0, 0};
constexpr Colour green{0, 255, 0};

Drawing decided(std::vector<std::pair<std::string, std::optional<Colour>>> lines,
                const OperationRules& rules = {}) {
    Drawing drawing;
    for (const auto& [layer, colour] : lines) {
        Path path = line({0, 0}, {1, 0});
        path.layer = static_cast<std::uint32_t>(drawing.layers.size());
        path.colour = colour;
        drawing.layers.push_back(layer);
        drawing.paths.push_back(path);
    }
    flat::decide_operations(drawing, std::vector<bool>(drawing.paths.size(), false), rules);
    return drawing;
}

TEST_CASE("a word of the layer's name decides") {
    const Drawing drawing = decided({{"Engrave", red},
                                     {"02_SCORE lines", red},
                                     {"Layer-cut-3mm", green},
                                     {"construction", red},
                                     {"Gravur", red},
                                     {"haircut", red}});
    CHECK(drawing.paths[0].operation == Operation::engrave);
    CHECK(drawing.paths[1].operation == Operation::score);
    CHECK(drawing.paths[2].operation == Operation::cut);
    CHECK(drawing.paths[3].operation == Operation::ignore);
    CHECK(drawing.paths[4].operation == Operation::engrave);
    CHECK(drawing.paths[5].operation == Operation::cut);
    CHECK(says(drawing, "operations"));
}

TEST_CASE("a colour decides only where there is another one") {
    CHECK(decided({{"0", green}, {"1", green}}).paths[0].operation == Operation::cut);
    const Drawing two = decided({{"0", green}, {"1", red}});
    CHECK(two.paths[0].operation == Operation::engrave);
    CHECK(two.paths[1].operation == Operation::cut);
}

TEST_CASE("the given map comes first, and can be all there is") {
    OperationRules rules;
    rules.given = {{"", red, Operation::score}, {"ENGRAVE", {}, Operation::ignore}};
    const Drawing drawing = decided({{"Engrave", red}, {"engrave", green}, {"0", green}}, rules);
    CHECK(drawing.paths[0].operation == Operation::score);
    CHECK(drawing.paths[1].operation == Operation::ignore);
    CHECK(drawing.paths[2].operation == Operation::engrave);
    rules.given.clear();
    rules.conventions = false;
    CHECK(decided({{"Engrave", red}}, rules).paths[0].operation == Operation::cut);
}

TEST_CASE("a drawing without anything to cut says so") {
    CHECK(says(decided({{"engrave", red}}), "nothing_to_cut"));
    CHECK(decided({{"0", red}}).remarks.empty());
}

}  // namespace
}  // namespace nearfab::geometry
