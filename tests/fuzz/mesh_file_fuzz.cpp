// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/mesh_file.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/soup_rules.hpp"
#include "tests/geometry/readers/package_writer.hpp"

namespace nearfab::fuzz {

using namespace geometry;

std::vector<Bytes> seeds() {
    return {
        stl_seed(""),
        bytes_of(stl_text_seed("\n")),
        bytes_of("OFF 3 1 0\n0 0 0\n1 0 0\n0 1 0\n3 0 1 2\n"),
        bytes_of("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"),
        sample::package_of(sample::model_of(sample::cube_object(1, 2), "<item objectid=\"1\"/>")),
        bytes_of("ISO-10303-21;\nHEADER;"),
        bytes_of("<?xml version=\"1.0\"?><svg/>"),
        bytes_of("  0\nSECTION\n"),
        bytes_of("%\n(c)\nG21\n")};
}

std::vector<std::string> words() {
    return {"solid ",
            "OFF ",
            "PK\x03\x04",
            "\xEF\xBB\xBF",
            "\xFF\xFE",
            "#",
            "%",
            "(",
            "<",
            " ",
            "\n",
            "v ",
            "G1"};
}

void run(std::span<const std::uint8_t> input) {
    const ReadLimits limits = small_limits();
    check(read_soup(input, limits), limits);
}

}  // namespace nearfab::fuzz
