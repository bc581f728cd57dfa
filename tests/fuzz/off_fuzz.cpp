// SPDX-License-Identifier: GPL-3.0-or-later

#include "geometry/readers/off.hpp"
#include "tests/fuzz/fuzz_target.hpp"
#include "tests/fuzz/soup_rules.hpp"

namespace nearfab::fuzz {

using namespace geometry;

std::vector<Bytes> seeds() {
    return {bytes_of("OFF\n4 4 6\n0 0 0\n6 0 0\n0 6 0\n0 0 6\n3 0 2 1\n3 0 1 3\n3 1 2 3\n"
                     "3 2 0 3\n"),
            bytes_of("# c\nSTCNOFF 3 1\n0 0 0 1 2 3 4\n1 0 0 # d\n\n0 1 0\r\n3 0 1 2 0.5 0 1\r\n"),
            bytes_of("COFF 6 1 0\n0 0 0 1\n4 0 0 1\n4 4 0 1\n2 1 0 1\n1 3 0 1\n0 4 0 1\n"
                     "6 0 1 2 3 4 5\n"),
            bytes_of("OFF BINARY\n123"),
            bytes_of("4OFF 1 1 1")};
}

std::vector<std::string> words() {
    return {"OFF",
            "COFF",
            "NOFF",
            "BINARY",
            "#",
            "4294967295",
            "-1",
            "nan",
            "1e5 ",
            "\n",
            "\r\n",
            "3 0 1 2\n",
            "0 0 0\n"};
}

void run(std::span<const std::uint8_t> input) {
    const ReadLimits limits = small_limits();
    const std::string_view text{reinterpret_cast<const char*>(input.data()), input.size()};
    static_cast<void>(looks_like_off(text));
    check(read_off(text, limits), limits);
}

}  // namespace nearfab::fuzz
