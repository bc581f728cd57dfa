// SPDX-License-Identifier: GPL-3.0-or-later
// Where a refusal points to, for programs: of each reader of meshes.

#include "tests/geometry/readers/package_writer.hpp"
#include "tests/geometry/readers/soup_checks.hpp"
#include "tests/geometry/sample_parts.hpp"

#include <catch2/catch.hpp>

#include <cstring>
#include <limits>

namespace nearfab::geometry {
namespace {

using namespace sample;
using namespace std::string_view_literals;
using Catch::Matchers::Contains;

TEST_CASE("a broken binary STL is refused at its facet or byte") {
    auto file = binary(cube(20));
    const float nan = std::numeric_limits<float>::quiet_NaN();
    std::memcpy(file.data() + 84 + 50 * 2 + 12, &nan, sizeof nan);
    CHECK(refusal_of(file).where == "facet 3");
    file.resize(file.size() - 10);
    CHECK(refusal_of(file).where == "byte " + std::to_string(file.size()));
    auto longer = binary(cube(20));
    const std::size_t end = longer.size();
    longer.resize(end + 7);
    CHECK(refusal_of(longer).where == "byte " + std::to_string(end));
    CHECK(refusal_of(""sv).where.empty());
}

TEST_CASE("a broken text STL is refused at its line and facet, or byte") {
    const Error error = refusal_of("solid a\nfacet normal 0 0 1\nouter lop\n");
    CHECK(error.where == "line 3, facet 1");
    CHECK(error.message.starts_with("line 3, facet 1: expected \"loop\""));
    const Error number = refusal_of(
        "solid a\nfacet normal 0 0 1\nouter loop\nvertex 0 zero 0\nendloop\nendfacet\nendsolid\n");
    CHECK(number.where == "line 4, facet 1");
    CHECK(number.message.starts_with("line 4, facet 1: \"zero\""));
    CHECK(refusal_of("solid a\nfacet \0"sv).where == "byte 14");
}

TEST_CASE("a broken OFF or OBJ is refused at its line") {
    const Error vertex = refusal_of("OFF\n3 1 0\n0 0 0\n1 x 0\n0 1 0\n3 0 1 2\n");
    CHECK(vertex.where == "line 4");
    CHECK(vertex.message.starts_with("line 4: vertex 1: \"x\""));
    CHECK(refusal_of("OFF\n3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 9\n").where == "line 6");
    CHECK(refusal_of("OFF\n3 4000000000 0\n0 0 0\n").where == "line 2");
    CHECK(refusal_of("OFF\n4000000000 3 0\n0 0 0\n").where == "line 2");
    CHECK(refusal_of("\xFF\xFEs\0o\0"sv).where == "byte 0");
    const Error face = refusal_of("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 4\n");
    CHECK(face.where == "line 4");
    CHECK(face.message.starts_with("line 4: \"4\" names a vertex"));
    CHECK(refusal_of("v 0 0 0\nv 1 0\n").where == "line 2");
    CHECK(refusal_of("v 0 0 0\nbevel on\ncall x.obj\n").where == "line 3");
    CHECK(refusal_of("v 0 0 0\n\0"sv).where == "byte 8");
}

TEST_CASE("a broken 3MF is refused at the part and line, the object or the entry") {
    std::string broken = model_of(cube_object(1, 20), "<item objectid=\"1\"/>");
    broken.replace(broken.find("v3=\""), 5, "v3=\"9");
    const Error triangle = refusal_of(package_of(broken));
    CHECK_THAT(triangle.where, Contains("part /3D/part.model, line "));
    CHECK(triangle.message.starts_with(triangle.where + ": triangle "));
    const Error object =
        refusal_of(package_of(model_of(cube_object(1, 20), "<item objectid=\"7\"/>")));
    CHECK(object.where == "object 7 of part /3D/part.model");
    const Error xml = refusal_of(package_of("<model>"));
    CHECK_THAT(xml.where, Contains("part /3D/part.model, line 1"));
    auto types = content_types();
    types.crc = 1;
    CHECK(refusal_of(zip_of({types})).where == "entry \"[Content_Types].xml\"");
    auto cut = package_of(model_of(cube_object(1, 20), "<item objectid=\"1\"/>"));
    cut.resize(cut.size() - 30);
    CHECK(refusal_of(cut).where == "byte " + std::to_string(cut.size()));
}

}  // namespace
}  // namespace nearfab::geometry
