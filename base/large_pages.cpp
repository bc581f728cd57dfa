// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/large_pages.hpp"

#include <cstdint>
#include <sys/mman.h>

#if defined(MAP_ANONYMOUS) && defined(MADV_HUGEPAGE) && !defined(__SANITIZE_ADDRESS__) && \
    !defined(__SANITIZE_THREAD__)
#define NEARFAB_LARGE_PAGES
#endif

namespace nearfab {

#ifdef NEARFAB_LARGE_PAGES
namespace {

// Of a large page; blocks begin on one, or their first piece would be in small ones.
constexpr std::size_t page_bytes = std::size_t{2} << 20U;
// A whole number of small pages on every kind of machine.
constexpr std::size_t granule_bytes = std::size_t{64} << 10U;

std::size_t mapped_bytes(std::size_t bytes) {
    return (bytes + granule_bytes - 1) / granule_bytes * granule_bytes;
}

}  // namespace

void* take_large_block(std::size_t bytes) {
    const std::size_t size = mapped_bytes(bytes);
    if (size < bytes || size + page_bytes < size) throw std::bad_alloc();
    void* const all = ::mmap(
        nullptr, size + page_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (all == MAP_FAILED) throw std::bad_alloc();
    auto* const first = static_cast<std::byte*>(all);
    const std::size_t before =
        (page_bytes - reinterpret_cast<std::uintptr_t>(all) % page_bytes) % page_bytes;
    if (before > 0) ::munmap(first, before);
    ::munmap(first + before + size, page_bytes - before);
    // Refused where the system has none, which changes nothing but the speed.
    static_cast<void>(::madvise(first + before, size, MADV_HUGEPAGE));
    return first + before;
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

}  // namespace nearfab
