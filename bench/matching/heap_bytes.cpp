// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/heap_bytes.hpp"

#include <cstdlib>

#ifdef __GLIBC__
#include <malloc.h>
#endif

namespace nearfab::bench {

std::size_t heap_bytes() {
#ifdef __GLIBC__
    const struct mallinfo2 now = mallinfo2();
    return now.uordblks + now.hblkhd;
#else
    return 0;
#endif
}

}  // namespace nearfab::bench
