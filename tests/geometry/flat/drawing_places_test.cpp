// SPDX-License-Identifier: GPL-3.0-or-later
// Where a refusal points to, for programs: of each reader of drawings.

#include "geometry/flat/drawing_file.hpp"

#include <catch2/catch.hpp>

namespace nearfab::geometry {
namespace {

Error refusal_of(std::string_view text) {
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(text.data());
    const auto drawing = read_drawing({bytes, text.size()});
    REQUIRE_FALSE(drawing);
    return drawing.error();
}

TEST_CASE("a broken DXF is refused at its line") {
    const std::string head = "0\nSECTION\n2\nENTITIES\n";
    const Error number =
        refusal_of(head + "0\nCIRCLE\n10\n1\n20\n2\n40\nround\n0\nENDSEC\n0\nEOF\n");
    CHECK(number.where == "line 5");
    CHECK(number.message.starts_with("line 5 (CIRCLE): \"round\" in line 12"));
    const Error code = refusal_of(head + "zero\nCIRCLE\n");
    CHECK(code.where == "line 5");
    CHECK(code.message.starts_with("line 5: \"zero\" is not a DXF group code"));
    CHECK(refusal_of(head).where == "line 5");
}

TEST_CASE("a broken SVG is refused at its line") {
    const std::string head = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"9mm\">\n";
    const Error path = refusal_of(head + "<path d=\"L1 1\"/></svg>");
    CHECK(path.where == "line 2");
    CHECK(path.message.starts_with("line 2 (path), character 1"));
    const Error radius = refusal_of(head + "\n<circle r=\"-1\"/></svg>");
    CHECK(radius.where == "line 3");
    CHECK(radius.message.starts_with("line 3 (circle): r is negative"));
    const Error xml = refusal_of(head + "<path></svg>");
    CHECK(xml.where == "line 2");
    CHECK(xml.message.starts_with("line 2: the file is not well-formed XML"));
}

}  // namespace
}  // namespace nearfab::geometry
