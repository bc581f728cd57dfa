// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/stl.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/soup_rules.hpp"

namespace nearfab::fuzz {

using namespace geometry;

std::vector<Bytes> seeds() {
    return {stl_seed(""),
            stl_seed("solid of a program"),
            bytes_of(stl_text_seed("\n")),
            bytes_of(stl_text_seed("\r\n") + stl_text_seed("\r"))};
}

std::vector<std::string> words() {
    return {"solid",
            "endsolid",
            "facet normal 0 0 0\n",
            "outer loop",
            "vertex",
            "endloop",
            "endfacet",
            " 1e30 ",
            " nan ",
            "-0",
            "\r",
            std::string(1, '\0')};
}

void run(std::span<const std::uint8_t> input) {
    const ReadLimits limits = small_limits();
    check(read_stl(input, limits), limits);
}

}  // namespace nearfab::fuzz
