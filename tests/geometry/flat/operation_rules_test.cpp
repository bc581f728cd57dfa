// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/operation_rules.hpp"

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <algorithm>

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

TEST_CASE("a designer's own words come before the conventions, and are told") {
    const LineRules said{{0xFF0000, "", LineOperation::engrave}, {{}, "FOLD", LineOperation::cut}};
    const Drawing drawing =
        decided({{"cut", red}, {"Fold", green}, {"etch", green}}, operation_rules_of(said));
    CHECK(drawing.paths[0].operation == Operation::engrave);
    CHECK(drawing.paths[1].operation == Operation::cut);
    CHECK(drawing.paths[2].operation == Operation::engrave);
    CHECK(says(drawing, "operations"));
    CHECK_FALSE(says(drawing, "operation_unmatched"));
}

TEST_CASE("a word that fits no line is an error that lists what there is") {
    const LineRules said{{0x0000FF, "", LineOperation::engrave},
                         {{}, "Fold", LineOperation::score},
                         {0xFF0000, "", LineOperation::cut}};
    const Drawing drawing = decided({{"plan", red}, {"", green}}, operation_rules_of(said));
    std::vector<std::string> errors;
    for (const Remark& remark : drawing.remarks) {
        if (remark.rule != "operation_unmatched") continue;
        CHECK(remark.level == RemarkLevel::error);
        errors.push_back(remark.message);
    }
    REQUIRE(errors.size() == 2);
    CHECK(errors[0].find("nothing is drawn in #0000ff") != std::string::npos);
    CHECK(errors[0].find("#00ff00 (1 line), #ff0000 (1 line)") != std::string::npos);
    CHECK(errors[0].find("\"plan\" (1 line)") != std::string::npos);
    CHECK(errors[1].find("on a layer named \"Fold\"") != std::string::npos);
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

const Remark& remark(const Drawing& drawing, std::string_view rule) {
    const auto found = std::find_if(drawing.remarks.begin(),
                                    drawing.remarks.end(),
                                    [&](const Remark& one) { return one.rule == rule; });
    REQUIRE(found != drawing.remarks.end());
    return *found;
}

TEST_CASE("a drawing without anything to cut says so") {
    const Drawing one = decided({{"engrave", red}});
    REQUIRE(says(one, "nothing_to_cut"));
    CHECK(remark(one, "nothing_to_cut").level == RemarkLevel::error);
    CHECK(remark(one, "nothing_to_cut").message ==
          "the drawing has 1 line, but it is not to be cut, so nothing would come off the sheet");
    CHECK(remark(one, "operations").message ==
          "what is done along which lines was decided by convention: 1 line in #ff0000 on layer "
          "engrave is engraved");
    const Drawing two = decided({{"engrave", {}}, {"engrave", {}}, {"", green}, {"", red}});
    CHECK(remark(two, "operations").message ==
          "what is done along which lines was decided by convention: 1 line in #00ff00 is "
          "engraved; 1 line in #ff0000 is cut; 2 lines on layer engrave are engraved");
    CHECK(decided({{"0", red}}).remarks.empty());
}

TEST_CASE("where nothing is stroked, what is filled is cut, with a warning") {
    Drawing drawing;
    drawing.layers = {"", "engrave", "cut"};
    drawing.paths = {line({0, 0}, {1, 0}), line({0, 1}, {1, 1})};
    drawing.paths[0].closed = drawing.paths[1].closed = true;
    drawing.paths[1].layer = 1;
    const Drawing filled = drawing;
    flat::decide_operations(drawing, {true, true}, {});
    CHECK(drawing.paths[0].operation == Operation::cut);
    CHECK(drawing.paths[1].operation == Operation::engrave);  // Its layer says so.
    CHECK(remark(drawing, "fills_cut").message.ends_with(": 1 outline"));
    CHECK_FALSE(says(drawing, "nothing_to_cut"));

    Drawing stroked = filled;  // Beside a stroke, a fill is engraved.
    flat::decide_operations(stroked, {true, false}, {});
    CHECK(stroked.paths[0].operation == Operation::engrave);
    CHECK(says(stroked, "nothing_to_cut"));

    Drawing named = filled;  // Beside what is cut by its layer's name as well.
    named.paths[1].layer = 2;
    flat::decide_operations(named, {true, true}, {});
    CHECK(named.paths[0].operation == Operation::engrave);
    CHECK(named.paths[1].operation == Operation::cut);
    CHECK_FALSE(says(named, "fills_cut"));
}

}  // namespace
}  // namespace nearfab::geometry
