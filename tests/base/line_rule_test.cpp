// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/line_rule.hpp"

#include <catch2/catch.hpp>

namespace nearfab {
namespace {

using Catch::Matchers::Contains;

LineRule rule(std::string_view text) {
    const auto read = read_line_rule(text);
    INFO(text);
    REQUIRE(read);
    return *read;
}

std::string refusal(std::string_view text) {
    const auto read = read_line_rule(text);
    INFO(text);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == ErrorCode::invalid_argument);
    return read.error().message + ". " + read.error().next;
}

TEST_CASE("colours have the names of CAD programs, or are hexadecimal") {
    CHECK(rule("red=cut") == LineRule{0xFF0000, "", LineOperation::cut});
    CHECK(rule("Green=Score") == LineRule{0x00FF00, "", LineOperation::score});
    CHECK(rule("#00f=engrave") == LineRule{0x0000FF, "", LineOperation::engrave});
    CHECK(rule("#1A2b3C=ignore") == LineRule{0x1A2B3C, "", LineOperation::ignore});
    CHECK(rule("black=cut").colour == 0U);
}

TEST_CASE("a layer is anything behind the colon, up to the last sign") {
    CHECK(rule("layer:ENGRAVE=engrave") == LineRule{{}, "ENGRAVE", LineOperation::engrave});
    CHECK(rule("LAYER:a = b=cut").layer == "a = b");
    // As the readers keep names that are not plain ASCII.
    CHECK(rule("layer:Gr\xC3\xBCn=cut").layer == "Gr??n");
}

TEST_CASE("what is written is read again, and written the same") {
    for (const char* text : {"#ff0000=cut",
                             "#00ff7f=score",
                             "layer:Fold lines=score",
                             "layer:a=b=engrave",
                             "layer:#ff0000=ignore"}) {
        CHECK(to_string(rule(text)) == text);
        CHECK(rule(to_string(rule(text))) == rule(text));
    }
    CHECK(to_string(rule("Red=CUT")) == "#ff0000=cut");
}

TEST_CASE("what is no rule is told with what would be one") {
    CHECK_THAT(refusal("red"), Contains("red=cut"));
    CHECK_THAT(refusal(""), Contains("layer:Fold=score"));
    CHECK_THAT(refusal("red=etch"), Contains("cut, score, engrave or ignore"));
    CHECK_THAT(refusal("red=egrave"), Contains("did you mean engrave?"));
    CHECK_THAT(refusal("rad=cut"), Contains("\"rad\" is no colour") && Contains("red?"));
    CHECK_THAT(refusal("ENGRAVE=engrave"), Contains("layer:NAME"));
    CHECK_THAT(refusal("#ff=cut"), Contains("#rrggbb"));
    CHECK_THAT(refusal("#gggggg=cut"), Contains("#rrggbb"));
    CHECK_THAT(refusal("#-1f=cut"), Contains("no colour"));
    CHECK_THAT(refusal("layer:=cut"), Contains("names no layer"));
    CHECK_THAT(refusal("layer:" + std::string(layer_name_bytes_max + 1, 'x') + "=cut"),
               Contains("names no layer"));
    CHECK_THAT(refusal(std::string(10'000, 'x') + "=cut"), Contains("red=cut"));
    CHECK_THAT(refusal("=cut"), Contains("no colour"));
}

}  // namespace
}  // namespace nearfab
