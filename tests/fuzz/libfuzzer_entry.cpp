// SPDX-License-Identifier: GPL-3.0-or-later
// libFuzzer's way into a target.

#include "tests/fuzz/fuzz_target.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    nearfab::fuzz::run({data, size});
    return 0;
}
