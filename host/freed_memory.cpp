// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/freed_memory.hpp"

#include <cstdlib>  // __GLIBC__ is known after any header.

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace nearfab {

void give_back_freed_memory() {
#ifdef __GLIBC__
    constexpr int block_bytes = 64 * 1024;
    // Refused by an allocator that has no such setting, which is as good.
    static_cast<void>(::mallopt(M_MMAP_THRESHOLD, block_bytes));
    static_cast<void>(::mallopt(M_TRIM_THRESHOLD, 2 * block_bytes));
#endif
}

}  // namespace nearfab
