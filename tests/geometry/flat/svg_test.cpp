// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/flat/svg.hpp"

#include "tests/geometry/flat/sample_drawings.hpp"

#include <catch2/catch.hpp>

#include <cmath>
#include <numbers>

namespace nearfab::geometry {
namespace {

using namespace sample;
using Catch::Matchers::Contains;
constexpr double pi = std::numbers::pi;

std::string page(std::string_view attributes, std::string_view inside) {
    return "<svg xmlns=\"http://www.w3.org/2000/svg\" stroke=\"#000\" fill=\"none\" " +
           std::string{attributes} + ">" + std::string{inside} + "</svg>";
}

const std::string ten = "<rect x=\"10\" y=\"20\" width=\"10\" height=\"10\"/>";

Vec2 size_of(std::string_view file) {
    return bounds_of(drawing_of_svg(file))->size();
}

TEST_CASE("shapes have their true lengths and places") {
    const Drawing drawing = drawing_of_svg(
        svg("<rect x='10' y='20' width='30' height='40'/><circle cx='50' cy='50' r='5'/>"
            "<line x1='0' y1='0' x2='3' y2='4'/><polyline points='0,0 1,0 1,1'/>"
            "<polygon points='0 0 2 0 2 2'/><rect width='20' height='10' rx='2'/>"
            "<ellipse cx='50' cy='50' rx='10' ry='5'/>"));
    REQUIRE(drawing.paths.size() == 7);
    CHECK(length_of(drawing.paths[0]) == Approx(140));
    CHECK(drawing.paths[0].points[0].at == Vec2{10, 80});  // y is turned up.
    CHECK(length_of(drawing.paths[1]) == Approx(10 * pi));
    CHECK(drawing.paths[1].points.size() == 2);
    CHECK(length_of(drawing.paths[2]) == Approx(5));
    CHECK(length_of(drawing.paths[3]) == Approx(2));
    CHECK(length_of(drawing.paths[4]) == Approx(4 + std::sqrt(8.0)));
    CHECK(length_of(drawing.paths[5]) == Approx(2 * 16 + 2 * 6 + 4 * pi));
    CHECK(drawing.paths[5].closed);
    CHECK(std::abs(signed_area_of(drawing.paths[6])) == Approx(50 * pi).epsilon(2e-3));
    CHECK(drawing.unit.stated);
    CHECK(drawing.remarks.empty());
}

TEST_CASE("a page with physical size and viewBox has exact millimetres") {
    CHECK(size_of(page("width='50mm' height='50mm' viewBox='0 0 100 100'", ten)).x == Approx(5));
    CHECK(size_of(page("width='1in' height='1in' viewBox='5 5 100 100'", ten)).x == Approx(2.54));
    CHECK(size_of(page("width='10cm' viewBox='0 0 21000 29700'", ten)).x ==
          Approx(10 * 100.0 / 21000));
    CHECK(size_of(page("width='72pt' height='6pc' viewBox='0 0 10 10'", ten)).x == Approx(25.4));
    // What is too wide or too high is centred, not stretched, unless it says so.
    CHECK(size_of(page("width='200mm' height='100mm' viewBox='0 0 100 100'", ten)).x == Approx(10));
    const std::string stretched =
        page("width='200mm' height='100mm' viewBox='0 0 100 100' preserveAspectRatio='none'", ten);
    CHECK(size_of(stretched).x == Approx(20));
    CHECK(size_of(stretched).y == Approx(10));
}

TEST_CASE("without a physical size the unit is unstated, and a given one counts") {
    for (const char* attributes : {"width='100' height='100'",
                                   "viewBox='0 0 100 100'",
                                   "",
                                   "width='100px' height='100px' viewBox='0 0 100 100'",
                                   "width='100mm' height='100mm'"}) {
        INFO(attributes);
        const Drawing drawing = drawing_of_svg(page(attributes, ten));
        CHECK_FALSE(drawing.unit.stated);
        CHECK(says(drawing, "unit_unstated"));
        CHECK(bounds_of(drawing)->size().x == Approx(10 * 25.4 / 96));
    }
    DrawingOptions options;
    options.unit = LengthUnit::millimetre;
    const Drawing given = drawing_of_svg(page("width='100' height='100'", ten), options);
    CHECK(given.unit.stated);
    CHECK(bounds_of(given)->size().x == Approx(10));
    CHECK(given.unit.given);
    CHECK_FALSE(says(given, "unit_unstated"));
    options.unit = LengthUnit::point;
    CHECK(bounds_of(drawing_of_svg(page("width='100'", ten), options))->size().x ==
          Approx(10 * 25.4 / 72));
}

TEST_CASE("a page that states its size is not given another one") {
    DrawingOptions options;
    options.unit = LengthUnit::millimetre;
    const Error error =
        error_of_svg(page("width='100mm' height='100mm' viewBox='0 0 100 100'", ten), options);
    CHECK(error.code == ErrorCode::invalid_file);
    CHECK_THAT(error.message, Contains("states its physical size"));
    CHECK(error.where == "line 1");
}

TEST_CASE("programs that count other pixels are known, and it is still asked") {
    const Drawing illustrator = drawing_of_svg("<!-- Generator: Adobe Illustrator 13.0 -->" +
                                               page("width='100' height='100'", ten));
    CHECK(bounds_of(illustrator)->size().x == Approx(10 * 25.4 / 72));
    CHECK(says(illustrator, "unit_unstated"));
    const std::string inkscape = "xmlns:inkscape='http://www.inkscape.org/namespaces/inkscape' ";
    CHECK(size_of(page(inkscape + "inkscape:version='0.91 r13725' width='9'", ten)).x ==
          Approx(10 * 25.4 / 90));
    CHECK(size_of(page(inkscape + "inkscape:version='0.92.4' width='9'", ten)).x ==
          Approx(10 * 25.4 / 96));
    CHECK(size_of(page(inkscape + "inkscape:version='1.2' width='9'", ten)).x ==
          Approx(10 * 25.4 / 96));
}

TEST_CASE("transforms of all kinds apply from right to left") {
    const auto corner = [](std::string_view transform) {
        const Drawing drawing = drawing_of_svg(svg("<g transform='" + std::string{transform} +
                                                   "'><line x1='1' y1='2' x2='1' y2='2.5'/></g>"));
        const Vec2 at = drawing.paths.at(0).points.at(0).at;
        return Vec2{at.x, 100 - at.y};
    };
    const auto is = [&](std::string_view transform, double x, double y) {
        INFO(transform);
        CHECK(corner(transform).x == Approx(x).margin(1e-12));
        CHECK(corner(transform).y == Approx(y).margin(1e-12));
    };
    is("translate(10)", 11, 2);
    is("translate(10,20)", 11, 22);
    is("scale(2)", 2, 4);
    is("scale(2 3)", 2, 6);
    is("rotate(90)", -2, 1);
    is("rotate(90 1 1)", 0, 1);
    is("skewX(45)", 3, 2);
    is("skewY(45)", 1, 3);
    is("matrix(1 2 3 4 5 6)", 12, 16);
    is("translate(10 0) scale(2),rotate(90)", 6, 2);
    is("", 1, 2);
    CHECK_THAT(error_of_svg(svg("<g transform='rotate(1 2)'/>")).message, Contains("transform"));
    CHECK_THAT(error_of_svg(svg("<g transform='spin(1)'/>")).message, Contains("transform"));
}

TEST_CASE("symbols and uses are drawn where they are used, with their style") {
    const Drawing drawing = drawing_of_svg(
        svg("<defs><rect id='r' width='2' height='2'/><g id='two'><use href='#r'/>"
            "<use xlink:href='#r' x='10'/></g></defs>"
            "<symbol id='s' viewBox='0 0 1 1'><rect width='1' height='1'/></symbol>"
            "<use href='#two' x='20' y='5'/><use href='#s' x='50' width='8' height='8'/>"));
    REQUIRE(drawing.paths.size() == 3);
    CHECK(drawing.paths[1].points[0].at == Vec2{30, 95});
    CHECK(length_of(drawing.paths[2]) == Approx(32));
    // A nested page scales what it holds.
    const Drawing nested = drawing_of_svg(
        svg("<svg x='10' width='50%' height='50' viewBox='0 0 10 10'><rect width='1' "
            "height='1'/></svg>"));
    CHECK(length_of_all(nested) == Approx(20));
}

TEST_CASE("uses that use themselves, other files or too much are refused") {
    CHECK_THAT(
        error_of_svg(svg("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g>")).message,
        Contains("uses itself"));
    CHECK_THAT(error_of_svg(svg("<use href='other.svg#a'/>")).message, Contains("never opened"));
    CHECK_THAT(error_of_svg(svg("<use href='#nobody'/>")).message, Contains("does not exist"));
    std::string bomb = "<g id='l0'><line x2='1'/></g>";
    for (int i = 1; i < 12; ++i) {
        bomb += "<g id='l" + std::to_string(i) + "'>";
        for (int k = 0; k < 10; ++k)
            bomb += "<use href='#l" + std::to_string(i - 1) + "'/>";
        bomb += "</g>";
    }
    DrawingOptions options;
    options.limits.entities = 20'000;
    CHECK(error_of_svg(svg(bomb), options).code == ErrorCode::too_large);
    std::string deep;
    for (int i = 0; i < 200; ++i)
        deep += "<g>";
    CHECK(error_of_svg(svg(deep)).code == ErrorCode::too_large);
}

TEST_CASE("entities are refused, a named document type is not") {
    CHECK_THAT(error_of_svg("<!DOCTYPE svg [<!ENTITY x 'y'>]>" + svg("")).message,
               Contains("document type"));
    CHECK_THAT(error_of_svg("<!DOCTYPE svg SYSTEM 'x.dtd' [<!ENTITY % p SYSTEM 'file:///x'> %p;]>" +
                            svg(""))
                   .message,
               Contains("document type"));
    const Drawing drawing = drawing_of_svg(
        "<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" "
        "\"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd\">" +
        svg(ten));
    CHECK(drawing.paths.size() == 1);
    CHECK_THAT(error_of_svg("<!DOCTYPE svg SYSTEM \"x.dtd\">" + svg("<g>&x;</g>")).message,
               Contains("entity \"x\""));
    CHECK_THAT(error_of_svg(svg("<g>")).message, Contains("well-formed"));
    CHECK_THAT(error_of_svg("<html/>").message, Contains("begins with"));
}

TEST_CASE("style comes from attributes, rules and parents, in that strength") {
    const Drawing drawing = drawing_of_svg(
        svg("<style>.red { stroke: #ff0000 } rect.red{stroke:rgb(0,0,255)} #x {stroke: lime} "
            "line, .none{display:none} /* p */ a:hover{fill:red}</style>"
            "<rect class='red' width='1' height='1'/>"
            "<circle class='red' r='1'/>"
            "<rect id='x' class='red' width='1' height='1'/>"
            "<rect id='y' class='red' style='stroke : #010203' width='1' height='1'/>"
            "<line x2='9'/><g class='none'><rect width='1' height='1'/></g>"
            "<g stroke='#0ff'><rect width='1' height='1'/></g>"));
    REQUIRE(drawing.paths.size() == 5);
    CHECK(drawing.paths[0].colour == Colour{0, 0, 255});
    CHECK(drawing.paths[1].colour == Colour{255, 0, 0});
    CHECK(drawing.paths[2].colour == Colour{0, 255, 0});
    CHECK(drawing.paths[3].colour == Colour{1, 2, 3});
    CHECK(drawing.paths[4].colour == Colour{0, 255, 255});
    CHECK(says(drawing, "style_ignored"));
    CHECK(says(drawing, "hidden"));
}

TEST_CASE("what is filled only is engraved, what has neither stroke nor fill is hidden") {
    const Drawing drawing = drawing_of_svg(
        svg("<rect stroke='none' fill='black' width='5' height='5'/><rect width='5' height='5'/>"
            "<rect stroke='none' width='5' height='5'/>"
            "<path stroke='none' fill='#123' d='M0 0h5v5'/>"));
    REQUIRE(drawing.paths.size() == 3);
    CHECK(drawing.paths[0].operation == Operation::engrave);
    CHECK(drawing.paths[1].operation == Operation::cut);
    CHECK(drawing.paths[2].closed);
    CHECK(says(drawing, "hidden"));
    const Drawing plain = drawing_of_svg(
        "<svg xmlns='http://www.w3.org/2000/svg'><rect width='5' height='5'/></svg>");
    CHECK(plain.paths[0].operation == Operation::cut);
    CHECK(says(plain, "fills_cut"));
}

TEST_CASE("colours are read in every form of CSS, whatever their letters", "[colour]") {
    const auto colour = [](const std::string& text) {
        const Drawing one =
            drawing_of_svg(svg("<rect width='9' height='9' stroke='" + text + "'/>"));
        REQUIRE(one.paths.size() == 1);
        return one.paths[0].colour ? to_string(*one.paths[0].colour) : std::string{"none"};
    };
    for (const char* lime : {"Lime",
                             "LIME",
                             "#0f0",
                             "#0F0C",
                             "#00ff0080",
                             "rgb(0,255,0)",
                             "RGB( 0 , 255 , 0 )",
                             "rgb(0 255 0 / 50%)",
                             "rgb(0% 100% 0%)",
                             "rgba(0,255,0,1)",
                             "rgba(0,255,0,.5)",
                             "hsl(120,100%,50%)",
                             "hsl(480deg 100% 50%)",
                             "hsl(-240 100% 50%)",
                             "hsla(0.3333333333turn, 100%, 50%, 0.9)",
                             "hsl(2.0943951rad 100% 50% / 1)"}) {
        INFO(lime);
        CHECK(colour(lime) == "#00ff00");
    }
    CHECK(colour("RebeccaPurple") == "#663399");
    CHECK(colour("aliceblue") == "#f0f8ff");
    CHECK(colour("YellowGreen") == "#9acd32");
    CHECK(colour("lightgoldenrodyellow") == "#fafad2");
    CHECK(colour("hsl(30, 50%, 40%)") == "#996633");
    CHECK(colour("hsl(none 0% 50%)") == "#808080");
    CHECK(colour("rgb(300, -5, 127.6)") == "#ff0080");
    CHECK(colour("url(#gradient)") == "none");
    for (const char* broken :
         {"#ggg", "#12345", "rgb(1,2)", "rgb(1,2,3", "hsl(1em,2%,3%)", "limee"}) {
        INFO(broken);
        CHECK(colour(broken) == "none");
        CHECK(says(drawing_of_svg(
                       svg(std::string{"<rect width='9' height='9' stroke='"} + broken + "'/>")),
                   "colour_unknown"));
    }
}

TEST_CASE("a colour asked for in one form is found in any other", "[colour]") {
    DrawingOptions options;
    options.operations.given.push_back({"", Colour{255, 0, 0}, Operation::engrave});
    const Drawing drawing = drawing_of_svg(svg("<rect width='9' height='9'/>"
                                               "<rect width='5' height='5' stroke='RED'/>"),
                                           options);
    CHECK_FALSE(says(drawing, "operation_unmatched"));
    CHECK(drawing.paths[1].operation == Operation::engrave);
}

TEST_CASE("words of CSS are known in capital letters too") {
    const std::string box = "<rect width='9' height='9' ";
    CHECK(drawing_of_svg(svg(box + "/>" + box + "stroke='None'/>")).paths.size() == 1);
    CHECK(drawing_of_svg(svg(box + "/>" + box + "style='DISPLAY:NONE'/>")).paths.size() == 1);
    CHECK(drawing_of_svg(svg(box + "/>" + box + "visibility='HIDDEN'/>")).paths.size() == 1);
    CHECK(
        drawing_of_svg(svg(box + "style='stroke:#f00 !IMPORTANT;stroke:#00f'/>")).paths[0].colour ==
        Colour{255, 0, 0});
    CHECK(drawing_of_svg(svg("<g color='#f00'>" + box + "stroke='CurrentColor'/></g>"))
              .paths[0]
              .colour == Colour{255, 0, 0});
}

TEST_CASE("what is not to be seen is not cut, and told") {
    const std::string box = "<rect width='9' height='9' ";
    for (const char* unseen : {"opacity='0'",
                               "style='opacity:0%'",
                               "stroke-opacity='0'",
                               "stroke-width='0'",
                               "stroke-width='0px'",
                               "stroke='transparent'",
                               "stroke='rgba(0,0,0,0)'",
                               "stroke='#0000'"}) {
        INFO(unseen);
        const Drawing drawing = drawing_of_svg(svg(box + "/>" + box + unseen + "/>"));
        CHECK(drawing.paths.size() == 1);
        CHECK(says(drawing, "hidden"));
        CHECK(drawing_of_svg(svg(box + "/><g " + unseen + ">" + "<circle r='3'/></g>"))
                  .paths.size() == 1);
    }
    // Opacity is not undone by what is inside, width and opacity of the stroke are.
    CHECK(drawing_of_svg(svg(box + "/><g opacity='0'>" + box + "opacity='1'/></g>")).paths.size() ==
          1);
    CHECK(
        drawing_of_svg(svg("<g stroke-width='0'>" + box + "stroke-width='1'/></g>")).paths.size() ==
        1);
    CHECK(drawing_of_svg(svg(box + "opacity='0.01' stroke-width='1e-3'/>")).paths.size() == 1);
    const auto one = drawing_of_svg(svg(box + "/>" + box + "opacity='0'/>"));
    CHECK_THAT(one.remarks.back().message, Contains("1 element is hidden"));
}

TEST_CASE("a style may hold the transform, with the units of CSS") {
    const auto bounds = [](const std::string& attributes) {
        return *bounds_of(drawing_of_svg(svg("<rect width='20' height='10' " + attributes + "/>")));
    };
    CHECK(bounds("style='transform:rotate(90deg)'").size().x == Approx(10));
    CHECK(bounds("style='transform: rotate(0.25turn) scale(2)'").size().x == Approx(20));
    CHECK(bounds("style='transform:rotate(100grad)'").size().y == Approx(20));
    CHECK(bounds("style='transform:translate(10px, 5px)'").min.x == Approx(10));
    CHECK(bounds("style='transform:translateX(1in)'").min.x == Approx(96));
    CHECK(bounds("style='transform:scaleY(3)'").size().y == Approx(30));
    // The style goes before the attribute, and the origin is for both.
    CHECK(bounds("transform='scale(5)' style='transform:scale(2)'").size().x == Approx(40));
    CHECK(bounds("transform='rotate(180)' style='transform-origin:10px 5px'").min.x ==
          Approx(0).margin(1e-9));
    const std::string box = "<rect width='20' height='10' ";
    for (const char* broken : {"style='transform:rotate(45px)'",
                               "style='transform:translate(50%)'",
                               "style='transform:rotate3d(1,1,1,45deg)'",
                               "transform='scale(2)' style='transform-origin:center'"}) {
        INFO(broken);
        const Error error = error_of_svg(svg(box + broken + "/>"));
        CHECK_THAT(error.message, Contains("cannot be understood"));
        CHECK(error.where == "line 1");
    }
}

TEST_CASE("of a switch the first child that asks for nothing is read, and the others told") {
    const Drawing drawing =
        drawing_of_svg(svg("<switch><foreignObject requiredExtensions='http://ns.adobe.com/x'/>"
                           "<g><rect width='9' height='9'/></g><g><circle r='3'/></g></switch>"));
    REQUIRE(drawing.paths.size() == 1);
    CHECK(length_of(drawing.paths[0]) == Approx(36));
    CHECK(says(drawing, "switch"));
    const Drawing german = drawing_of_svg(
        svg("<switch><circle r='3' systemLanguage='de'/><rect width='9' height='9'/></switch>"));
    REQUIRE(german.paths.size() == 1);
    CHECK(length_of(german.paths[0]) == Approx(36));
}

TEST_CASE("layers come from Inkscape, or from named groups of the page") {
    const Drawing drawing =
        drawing_of_svg(svg("<g inkscape:groupmode='layer' inkscape:label='Engraving' id='l1'>" +
                           ten + "</g>" + "<g id='cut'><g id='inner'>" + ten + "</g></g>" + ten));
    REQUIRE(drawing.paths.size() == 3);
    CHECK(drawing.layers[drawing.paths[0].layer] == "Engraving");
    CHECK(drawing.paths[0].operation == Operation::engrave);
    CHECK(drawing.layers[drawing.paths[1].layer] == "cut");
    CHECK(drawing.layers[drawing.paths[2].layer].empty());
}

TEST_CASE("texts, pictures, clip paths and masks are remarked") {
    const Drawing drawing = drawing_of_svg(
        svg(ten + "<text>hi</text><image href='data:,'/><g clip-path='url(#c)'>" + ten + "</g>"));
    CHECK(says(drawing, "not_drawn"));
    CHECK(says(drawing, "clip_ignored"));
    CHECK_THAT(error_of_svg(svg("<text>only</text>")).message, Contains("1 text"));
}

TEST_CASE("broken lengths and sizes are refused with their place") {
    CHECK_THAT(error_of_svg(svg("<rect width='3em' height='1'/>")).message,
               Contains("width=\"3em\""));
    CHECK_THAT(error_of_svg(svg("<rect width='-3' height='1'/>")).message, Contains("negative"));
    CHECK_THAT(error_of_svg(page("width='0mm'", ten)).message, Contains("width"));
    CHECK_THAT(error_of_svg(page("viewBox='0 0 0 5'", ten)).message, Contains("viewBox"));
    CHECK(error_of_svg(svg("<line x2='1e9'/>")).code == ErrorCode::too_large);
    CHECK(error_of_svg(svg("<g transform='scale(1e200)'><g transform='scale(1e200)'>"
                           "<line x2='1'/></g></g>"))
              .code == ErrorCode::invalid_file);
}

}  // namespace
}  // namespace nearfab::geometry
