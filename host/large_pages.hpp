// SPDX-License-Identifier: GPL-3.0-or-later
// large_pages.hpp - memory for large data without paying for every 4 KiB of it.
//
// Linux hands out memory in pages of 4 KiB, each at the first touch, and on a virtual machine that
// takes as long as reading the page many times over; large pages of 2 MiB have to be asked for.

#pragma once

#include <cstddef>

namespace nearfab {

// From now on the program's memory comes from one place that asks for large pages, about so much of
// it, and memory that was given back is kept for the next need. Once per program counts, and only
// for at least 96 MiB; where the system does not want to, nothing changes but the time.
// Threads: to be called before others are started.
void use_large_pages_for(std::size_t bytes);

}  // namespace nearfab
