// SPDX-License-Identifier: GPL-3.0-or-later
// heap_bytes.hpp - the bytes that this program's heap holds now, as the C library counts them.
//
// The difference before and after a build is what an engine in this process takes, with the waste
// of its allocations. 0 where the C library is not
// glibc, and under sanitizers, which bring a heap of their own.

#pragma once

#include <cstddef>

namespace nearfab::bench {

[[nodiscard]] std::size_t heap_bytes();

}  // namespace nearfab::bench
