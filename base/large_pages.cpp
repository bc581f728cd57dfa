// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/large_pages.hpp"

#include "base/check.hpp"

#include <cstdint>
#include <sys/mman.h>

#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)
#define NEARFAB_LARGE_ARRAYS
#endif

namespace nearfab {
namespace {

// Zeroed, aligned to a large page, or its first piece would be in small ones; large pages are asked
// for behind the first `small_bytes`. Throws std::bad_alloc.
std::byte* map_aligned(std::size_t bytes, std::size_t small_bytes) {
    // A page more than needed, so that an aligned piece is in it; the rest goes back at once.
    if (bytes + large_page_bytes < bytes) throw std::bad_alloc();
    void* const all = ::mmap(nullptr,
                             bytes + large_page_bytes,
                             PROT_READ | PROT_WRITE,
                             MAP_PRIVATE | MAP_ANONYMOUS,
                             -1,
                             0);
    if (all == MAP_FAILED) throw std::bad_alloc();
    auto* const first = static_cast<std::byte*>(all);
    const std::size_t before =
        (large_page_bytes - reinterpret_cast<std::uintptr_t>(all) % large_page_bytes) %
        large_page_bytes;
    if (before > 0) ::munmap(first, before);
    std::byte* const begin = first + before;
    if (before < large_page_bytes) ::munmap(begin + bytes, large_page_bytes - before);
#ifdef MADV_HUGEPAGE
    // Refused where the system has none, which changes nothing but the speed.
    if (small_bytes < bytes)
        static_cast<void>(::madvise(begin + small_bytes, bytes - small_bytes, MADV_HUGEPAGE));
#endif
    return begin;
}

}  // namespace

#ifdef NEARFAB_LARGE_ARRAYS
namespace {

// A whole number of small pages on every kind of machine.
constexpr std::size_t granule_bytes = std::size_t{64} << 10U;

std::size_t mapped_bytes(std::size_t bytes) {
    return (bytes + granule_bytes - 1) / granule_bytes * granule_bytes;
}

}  // namespace

void* take_large_block(std::size_t bytes) {
    const std::size_t size = mapped_bytes(bytes);
    if (size < bytes) throw std::bad_alloc();
    return map_aligned(size, 0);
}

void give_large_block(void* block, std::size_t bytes) noexcept {
    ::munmap(block, mapped_bytes(bytes));
}
#else
void* take_large_block(std::size_t bytes) {
    return ::operator new(bytes);
}

void give_large_block(void* block, std::size_t bytes) noexcept {
    ::operator delete(block, bytes);
}
#endif

LargeBlock::LargeBlock(std::size_t bytes, std::size_t small_bytes) : bytes_{bytes} {
    NEARFAB_CHECK(bytes > 0 && bytes % large_page_bytes == 0 && small_bytes % large_page_bytes == 0,
                  "a large block has whole large pages");
    data_ = map_aligned(bytes, small_bytes);
}

LargeBlock::~LargeBlock() {
    if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace nearfab
