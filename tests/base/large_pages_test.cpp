// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/large_pages.hpp"

#include <catch2/catch.hpp>

#include <cstddef>
#include <cstdint>
#include <new>

namespace nearfab {
namespace {

using Numbers = LargeArray<std::uint32_t>;
constexpr std::size_t per_block = large_block_bytes / sizeof(std::uint32_t);

TEST_CASE("an array keeps its entries while it grows into large blocks and out of them") {
    Numbers numbers;
    for (std::uint32_t i = 0; i < 5 * per_block; ++i)
        numbers.push_back(i);
    numbers.resize(per_block / 4);
    numbers.shrink_to_fit();
    Numbers other = numbers;
    other.insert(other.end(), 3 * per_block, 7U);
    REQUIRE(numbers.size() == per_block / 4);
    for (std::uint32_t i = 0; i < numbers.size(); ++i)
        REQUIRE((numbers[i] == i && other[i] == i));
    CHECK(other.size() == 3 * per_block + per_block / 4);
    CHECK(other.back() == 7);
    numbers.swap(other);
    CHECK(numbers.back() == 7);
    CHECK(other.back() == per_block / 4 - 1);
}

TEST_CASE("a large block is fresh memory of the size asked for, whole to its last byte") {
    for (const std::size_t bytes : {large_block_bytes, large_block_bytes + 1, 9'999'999UL}) {
        auto* const block = static_cast<std::uint8_t*>(take_large_block(bytes));
        CHECK(reinterpret_cast<std::uintptr_t>(block) % alignof(std::max_align_t) == 0);
        block[0] = 1;
        block[bytes - 1] = 2;
        CHECK(block[0] + block[bytes - 1] == 3);
        give_large_block(block, bytes);
    }
}

TEST_CASE("a count whose size does not fit is refused and not wrapped around") {
    LargePages<std::uint64_t> pages;
    CHECK_THROWS_AS(static_cast<void>(pages.allocate(SIZE_MAX / 4)), std::bad_alloc);
    CHECK_THROWS_AS(static_cast<void>(pages.allocate(SIZE_MAX / 8 + 1)), std::bad_alloc);
}

}  // namespace
}  // namespace nearfab
