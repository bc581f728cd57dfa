// SPDX-License-Identifier: GPL-3.0-or-later
// mutator.hpp - changes inputs in small ways, the same ways for the same seed.

#pragma once

#include "tests/fuzz/fuzz_target.hpp"

#include <cstdint>
#include <vector>

namespace nearfab::fuzz {

class Mutator {
public:
    // REQUIRES: at least one seed.
    Mutator(std::vector<Bytes> seeds, std::vector<std::string> words)
        : seeds_(std::move(seeds)), words_(std::move(words)) {}

    // The input of a run; runs do not depend on each other.
    [[nodiscard]] Bytes input(std::uint64_t run);

private:
    static constexpr std::size_t largest_input = 64 * 1024;

    std::uint64_t next();
    // From 0 to limit - 1; 0 for a limit of 0.
    std::size_t below(std::size_t limit);
    const Bytes& any_seed() { return seeds_[below(seeds_.size())]; }
    void change(Bytes& input);
    void insert(Bytes& input, std::span<const std::uint8_t> what);
    void write_number(Bytes& input);

    std::vector<Bytes> seeds_;
    std::vector<std::string> words_;
    std::uint64_t state_ = 0;
};

}  // namespace nearfab::fuzz
