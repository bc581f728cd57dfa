// SPDX-License-Identifier: GPL-3.0-or-later
// large_block.hpp - zeroed memory in large pages, for what is walked in no order.
//
// With pages of 4 KiB nearly every step of a walk through hundreds of megabytes costs a walk
// through the page tables as well. The block asks for large pages for itself only; the rest of the
// program keeps its allocator and its pages. Where the system has none, it is plain memory.

#pragma once

#include <cstddef>
#include <utility>

namespace nearfab {

inline constexpr std::size_t large_page_bytes = std::size_t{2} << 20;

class LargeBlock {
public:
    // Address space at first; pages come when they are touched. The first `small_bytes` are left in
    // small pages, so that who uses little of a block takes little. Throws std::bad_alloc.
    // REQUIRES: both are multiples of large_page_bytes, bytes > 0.
    LargeBlock(std::size_t bytes, std::size_t small_bytes);
    LargeBlock(LargeBlock&& other) noexcept
        : data_{std::exchange(other.data_, nullptr)}, bytes_{other.bytes_} {}
    LargeBlock(const LargeBlock&) = delete;
    LargeBlock& operator=(const LargeBlock&) = delete;
    LargeBlock& operator=(LargeBlock&&) = delete;
    ~LargeBlock();

    // Aligned to large_page_bytes.
    [[nodiscard]] std::byte* data() const { return data_; }

private:
    std::byte* data_ = nullptr;
    std::size_t bytes_ = 0;
};

}  // namespace nearfab
