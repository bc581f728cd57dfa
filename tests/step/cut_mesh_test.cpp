// SPDX-License-Identifier: GPL-3.0-or-later

#include "step/cut_mesh.hpp"

#include "geometry/readers/mesh_file.hpp"

#include <catch2/catch.hpp>

#include <limits>

namespace nearfab::step {
namespace {

CutMesh tetrahedron() {
    CutMesh mesh;
    mesh.vertices = {{0, 0, 0}, {1.1F, 0, 0}, {0, 1e-20F, 3.3333333F}, {0, 1, -0.0F}};
    mesh.bodies = {{{0, 2, 1}, {0, 1, 3}}, {{1, 2, 3}, {0, 3, 2}}};
    return mesh;
}

TEST_CASE("the ordinary reader reads the OBJ again, bit for bit, each solid as an object") {
    const CutFacts facts{geometry::Unit::inch, {0.05, 7.5}, 2, 3};
    const std::string text = write_obj(tetrahedron(), facts);
    const auto soup =
        geometry::read_soup({reinterpret_cast<const std::uint8_t*>(text.data()), text.size()});
    REQUIRE(soup);
    CHECK(soup->triangles.size() == 4);
    REQUIRE(soup->objects.size() == 2);
    CHECK(soup->objects[1].name == "solid_2");
    CHECK(soup->triangles[0] == std::array<float, 9>{0, 0, 0, 0, 1e-20F, 3.3333333F, 1.1F, 0, 0});
    const auto again = read_head(text);
    REQUIRE(again);
    CHECK(again->unit == geometry::Unit::inch);
    CHECK(again->deflection.linear_mm == 0.05);
    CHECK(again->deflection.angular_deg == 7.5);
    CHECK(again->solids == 2);
    CHECK(again->left_out == 3);
}

TEST_CASE("another head is refused") {
    const std::string text = write_obj(tetrahedron(), {});
    CHECK(read_head(text));
    for (std::size_t size = 0; size < text.find("\nv "); ++size)
        CHECK_FALSE(read_head(std::string_view{text}.substr(0, size)));
    CHECK_FALSE(read_head("v 0 0 0\n"));
    for (const char* const broken :
         {"nearfab-step 2", "unit ell", "linear_mm 99", "linear_mm 0.01x"}) {
        std::string other = text;
        const std::string word{broken};
        const std::size_t at = other.find("# " + word.substr(0, word.find(' ') + 1)) + 2;
        other.replace(at, other.find('\n', at) - at, word);
        INFO(other);
        CHECK_FALSE(read_head(other));
    }
}

TEST_CASE("a deflection has a range") {
    CHECK(check_deflection({}));
    CHECK(check_deflection({linear_mm_min, angular_deg_max}));
    for (const Deflection& wrong : {Deflection{0, 10},
                                    Deflection{11, 10},
                                    Deflection{0.01, 0.5},
                                    Deflection{0.01, 91},
                                    Deflection{std::numeric_limits<double>::quiet_NaN(), 10}}) {
        const Status status = check_deflection(wrong);
        REQUIRE_FALSE(status);
        CHECK(status.error().code == ErrorCode::invalid_argument);
    }
}

}  // namespace
}  // namespace nearfab::step
