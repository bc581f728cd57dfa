// SPDX-License-Identifier: GPL-3.0-or-later

#include "base/large_block.hpp"

#include "base/check.hpp"

#include <cstdint>
#include <new>
#include <sys/mman.h>

namespace nearfab {

LargeBlock::LargeBlock(std::size_t bytes, std::size_t small_bytes) : bytes_{bytes} {
    NEARFAB_CHECK(bytes > 0 && bytes % large_page_bytes == 0 && small_bytes % large_page_bytes == 0,
                  "a large block has whole large pages");
    // A page more than needed, so that an aligned piece is in it; the rest goes back at once.
    const std::size_t mapped = bytes + large_page_bytes;
    void* const memory =
        ::mmap(nullptr, mapped, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) throw std::bad_alloc{};
    auto* const begin = static_cast<std::byte*>(memory);
    const std::size_t before =
        (large_page_bytes - reinterpret_cast<std::uintptr_t>(begin) % large_page_bytes) %
        large_page_bytes;
    data_ = begin + before;
    if (before > 0) ::munmap(begin, before);
    if (before < large_page_bytes) ::munmap(data_ + bytes, large_page_bytes - before);
    // Refused where the kernel has no large pages: then they are small.
    if (small_bytes < bytes) ::madvise(data_ + small_bytes, bytes - small_bytes, MADV_HUGEPAGE);
}

LargeBlock::~LargeBlock() {
    if (data_ != nullptr) ::munmap(data_, bytes_);
}

}  // namespace nearfab
