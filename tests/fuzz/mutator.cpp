// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/fuzz/mutator.hpp"

#include <algorithm>
#include <array>

namespace nearfab::fuzz {
namespace {

// Where programs count wrongly.
constexpr std::array<std::uint64_t, 12> edge_numbers{0,
                                                     1,
                                                     0x7F,
                                                     0x80,
                                                     0xFF,
                                                     0x7FFF,
                                                     0xFFFF,
                                                     0x7FFFFFFF,
                                                     0x80000000,
                                                     0xFFFFFFFF,
                                                     0x7FC00000,   // NaN as float.
                                                     0xFF800000};  // Minus infinity as float.

}  // namespace

// SplitMix64 (G. L. Steele and others, "Fast splittable pseudorandom number generators", 2014).
std::uint64_t Mutator::next() {
    state_ += 0x9E3779B97F4A7C15ULL;
    std::uint64_t z = state_;
    z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27U)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31U);
}

std::size_t Mutator::below(std::size_t limit) {
    return limit == 0 ? 0 : static_cast<std::size_t>(next() % limit);
}

Bytes Mutator::input(std::uint64_t run) {
    if (run < seeds_.size()) return seeds_[run];
    state_ = run * 0xD1342543DE82EF95ULL;
    Bytes input = any_seed();
    const std::size_t changes = 1 + below(6);
    for (std::size_t i = 0; i < changes; ++i)
        change(input);
    if (input.size() > largest_input) input.resize(largest_input);
    return input;
}

void Mutator::insert(Bytes& input, std::span<const std::uint8_t> what) {
    const auto at = static_cast<std::ptrdiff_t>(below(input.size() + 1));
    input.insert(input.begin() + at, what.begin(), what.end());
}

void Mutator::write_number(Bytes& input) {
    const std::uint64_t number = edge_numbers[below(edge_numbers.size())];
    const std::size_t bytes = std::size_t{1} << below(4);
    const std::size_t at = below(input.size());
    for (std::size_t i = 0; i < bytes && at + i < input.size(); ++i)
        input[at + i] = static_cast<std::uint8_t>(number >> (8 * i));
}

void Mutator::change(Bytes& input) {
    const std::size_t at = below(input.size());
    const std::size_t length = std::min(1 + below(1 + below(64)), input.size() - at);
    const auto begin = input.begin() + static_cast<std::ptrdiff_t>(at);
    const auto end = begin + static_cast<std::ptrdiff_t>(length);
    switch (below(9)) {
        case 0:
            if (!input.empty()) input[at] ^= static_cast<std::uint8_t>(1U << below(8));
            break;
        case 1:
            if (!input.empty()) input[at] = static_cast<std::uint8_t>(next());
            break;
        case 2:
            write_number(input);
            break;
        case 3:
            input.erase(begin, end);
            break;
        case 4:
            insert(input, Bytes(begin, end));
            break;
        case 5:
            input.resize(at);
            break;
        case 6: {  // A piece of another seed.
            const Bytes& other = any_seed();
            const std::size_t from = below(other.size());
            insert(input, std::span{other}.subspan(from, std::min(length, other.size() - from)));
            break;
        }
        case 7: {  // The same piece many times.
            const Bytes piece(begin, end);
            for (std::size_t i = below(200); i > 0; --i)
                insert(input, piece);
            break;
        }
        default:
            if (!words_.empty()) {
                const std::string& word = words_[below(words_.size())];
                insert(input, bytes_of(word));
            }
    }
}

}  // namespace nearfab::fuzz
