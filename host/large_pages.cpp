// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/large_pages.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <malloc.h>
#include <sys/mman.h>
#include <unistd.h>

namespace nearfab {
namespace {

constexpr std::size_t least_bytes = 96U << 20U;
constexpr std::uintptr_t large_page = 2U << 20U;

}  // namespace

void use_large_pages_for(std::size_t bytes) {
    static bool done = false;
    if (done || bytes < least_bytes) return;
    done = true;
    constexpr int most = std::numeric_limits<int>::max();
    // All of it from the heap, which grows by so much at once and does not shrink.
    mallopt(M_ARENA_MAX, 1);
    mallopt(M_MMAP_MAX, 0);
    mallopt(M_TRIM_THRESHOLD, most);
    mallopt(M_TOP_PAD, static_cast<int>(std::min<std::size_t>(bytes, most)));
    const auto begin = reinterpret_cast<std::uintptr_t>(::sbrk(0));
    void* volatile grown = std::malloc(least_bytes);
    std::free(grown);
    const auto end = reinterpret_cast<std::uintptr_t>(::sbrk(0));
    const std::uintptr_t first = (begin + large_page - 1) / large_page * large_page;
    // A refusal costs time only.
    if (first < end) (void)::madvise(reinterpret_cast<void*>(first), end - first, MADV_HUGEPAGE);
}

}  // namespace nearfab
