// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/fuzz/soup_rules.hpp"

#include "base/check.hpp"
#include "geometry/readers/stl.hpp"

#include <algorithm>
#include <cmath>

namespace nearfab::fuzz {

geometry::ReadLimits small_limits() {
    geometry::ReadLimits limits;
    limits.file_bytes = 1024 * 1024;
    limits.triangles = 5000;
    limits.inflated_bytes = 1024 * 1024;
    limits.entries = 64;
    limits.instances = 500;
    return limits;
}

void check(const Result<geometry::TriangleSoup>& answer, const geometry::ReadLimits& limits) {
    if (!answer) {
        NEARFAB_CHECK(!answer.error().message.empty(), "an error has a message");
        NEARFAB_CHECK(!answer.error().next.empty(), "an error has a next step");
        NEARFAB_CHECK(answer.error().code == ErrorCode::invalid_file ||
                          answer.error().code == ErrorCode::too_large,
                      "the file is to blame");
        return;
    }
    NEARFAB_CHECK(!answer->triangles.empty(), "there are triangles");
    NEARFAB_CHECK(answer->triangles.size() <= limits.triangles, "not too many");
    for (const auto& triangle : answer->triangles) {
        for (const float value : triangle) {
            NEARFAB_CHECK(std::abs(static_cast<double>(value)) <= limits.coordinate_mm,
                          "coordinates are finite and near");
            NEARFAB_CHECK(value != 0 || !std::signbit(value), "there is no -0");
        }
    }
    std::size_t next = 0;
    for (const geometry::SoupObject& object : answer->objects) {
        NEARFAB_CHECK(object.first_triangle == next, "objects follow each other");
        NEARFAB_CHECK(object.triangles > 0, "objects are not empty");
        NEARFAB_CHECK(object.name.size() <= 120, "names are short");
        next += object.triangles;
    }
    NEARFAB_CHECK(answer->objects.empty() || next == answer->triangles.size(),
                  "objects cover all triangles");
    NEARFAB_CHECK(answer->objects.size() <= geometry::most_objects, "objects are bounded");
}

std::vector<std::uint8_t> stl_seed(std::string_view header) {
    geometry::Mesh mesh;
    mesh.vertices = {{0, 0, 0}, {20, 0, 0}, {20, 20, 0}, {0, 20, 5}};
    mesh.triangles = {{0, 1, 2}, {0, 2, 3}};
    std::vector<std::uint8_t> file = geometry::write_stl(mesh);
    std::copy(header.begin(), header.end(), file.begin());
    return file;
}

std::string stl_text_seed(std::string_view line_end) {
    std::string text = "solid part";
    for (const char* line : {"facet normal 0 0 1",
                             " outer loop",
                             "  vertex 0 0 0",
                             "  vertex 2.5e1 0 -0.0",
                             "  vertex 20 +20 0",
                             " endloop",
                             "endfacet",
                             "FACET NORMAL nan nan nan",
                             "OUTER LOOP",
                             "VERTEX 0 0 0",
                             "VERTEX 20 20 0",
                             "VERTEX 0 20 5",
                             "ENDLOOP",
                             "ENDFACET",
                             "endsolid part"}) {
        text.append(line_end).append(line);
    }
    return text.append(line_end);
}

}  // namespace nearfab::fuzz
