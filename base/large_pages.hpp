// SPDX-License-Identifier: GPL-3.0-or-later
// large_pages.hpp - memory of millions of entries in large pages: arrays, and blocks of nodes.
//
// Memory that is touched for the first time is given out page by page, and every access needs the
// place of its page. With pages of 2 MiB instead of 4 KiB both happen 500 times as rarely; for
// passes over large meshes that is a third of the time. Only the blocks that are asked for here get
// such pages, one by one, and each goes back to the system when it is freed: the setting of the
// process stays what it is. Where the system has no large pages, or none left, a block gets plain
// ones. Under AddressSanitizer and ThreadSanitizer arrays are plain, so that they are watched.

#pragma once

#include <cstddef>
#include <limits>
#include <memory>
#include <new>
#include <type_traits>
#include <utility>
#include <vector>

namespace nearfab {

inline constexpr std::size_t large_page_bytes = std::size_t{2} << 20U;
// Smaller arrays are left to operator new.
inline constexpr std::size_t large_block_bytes = large_page_bytes;

// Throws std::bad_alloc. REQUIRES: bytes >= large_block_bytes.
[[nodiscard]] void* take_large_block(std::size_t bytes);
// REQUIRES: the block was taken with this size.
void give_large_block(void* block, std::size_t bytes) noexcept;

// An allocator for std::vector. A trivial entry that is made without a value has none yet: after
// resize(n) new numbers must be written before they are read.
template <class T>
struct LargePages {
    using value_type = T;
    using is_always_equal = std::true_type;

    LargePages() = default;
    template <class U>
    LargePages(const LargePages<U>& /*other*/) noexcept {}  // NOLINT: a conversion by design.

    [[nodiscard]] T* allocate(std::size_t count) {
        static_assert(alignof(T) <= large_block_bytes);
        if (count > std::numeric_limits<std::size_t>::max() / sizeof(T))
            throw std::bad_array_new_length();
        const std::size_t bytes = count * sizeof(T);
        if (bytes < large_block_bytes) return std::allocator<T>{}.allocate(count);
        return static_cast<T*>(take_large_block(bytes));
    }
    void deallocate(T* block, std::size_t count) noexcept {
        const std::size_t bytes = count * sizeof(T);
        if (bytes < large_block_bytes) return std::allocator<T>{}.deallocate(block, count);
        give_large_block(block, bytes);
    }

    template <class U>
    void construct(U* at) noexcept(std::is_nothrow_default_constructible_v<U>) {
        ::new (static_cast<void*>(at)) U;
    }
    template <class U, class... Arguments>
    void construct(U* at, Arguments&&... arguments) {
        ::new (static_cast<void*>(at)) U(std::forward<Arguments>(arguments)...);
    }

    friend bool operator==(const LargePages&, const LargePages&) { return true; }
};

template <class T>
using LargeArray = std::vector<T, LargePages<T>>;

// Zeroed memory for what is walked in no order, such as the nodes of a tree.
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
