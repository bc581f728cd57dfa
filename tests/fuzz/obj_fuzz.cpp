// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/obj.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/soup_rules.hpp"

namespace nearfab::fuzz {

using namespace geometry;

std::vector<Bytes> seeds() {
    return {bytes_of("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\n"),
            bytes_of("# c\no a\nv 0 0 0 1 1 1\nv 10 0 0\nv 2 2 0\nv 0 10 0\nvt 0 0\nvn 0 0 1\n"
                     "g b\nusemtl m\nf 1/1/1 2//1 3/1 4\nf -1 \\\n -2 -3\n"),
            bytes_of("v 0 0 0\r\nv 5 0 0\r\nv 9 0 1\r\nv 9 9 0\r\nv 4 1 0\r\nv 0 9 0\r\nl 1 2\r\n"
                     "f 1 2 3 4 5 6\r\nf 1 2 1 2 1 2\r\n")};
}

std::vector<std::string> words() {
    return {"f 1 2 3\n",
            "v 1 2 3\n",
            "f -1 -2 -3\n",
            "o ",
            "g ",
            "\\\n",
            "#",
            "/",
            "//",
            "1e38",
            "9999",
            "-5",
            "surf",
            "vt ",
            "\r",
            std::string(1, '\0')};
}

void run(std::span<const std::uint8_t> input) {
    const ReadLimits limits = small_limits();
    const std::string_view text{reinterpret_cast<const char*>(input.data()), input.size()};
    static_cast<void>(looks_like_obj(text));
    check(read_obj(text, limits), limits);
}

}  // namespace nearfab::fuzz
