// SPDX-License-Identifier: GPL-3.0-or-later
// fuzz_target.hpp - what a file NAME_fuzz.cpp has to define to be fuzzed.
//
// nearfab_fuzz in CMakeLists.txt makes two programs of it. fuzz_NAME_runs exists in every
// build: it mutates the seeds a fixed number of times, always the same way, and is a test.
// fuzz_NAME is libFuzzer's, for long runs with scripts/fuzz, when NEARFAB_FUZZ is on.

#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace nearfab::fuzz {

using Bytes = std::vector<std::uint8_t>;

// Small inputs made by code, from which the mutations begin. At least one.
[[nodiscard]] std::vector<Bytes> seeds();

// Words of the format that mutations may put in.
[[nodiscard]] std::vector<std::string> words();

// Hands one input to the code under test and checks what must hold of any answer.
void run(std::span<const std::uint8_t> input);

// Makes bytes of text.
[[nodiscard]] inline Bytes bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

}  // namespace nearfab::fuzz
