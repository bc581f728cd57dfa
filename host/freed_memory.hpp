// SPDX-License-Identifier: GPL-3.0-or-later
// freed_memory.hpp - lets what a program has freed go back to the system at once.
//
// The GNU allocator keeps freed blocks of up to 32 MiB for later: once one was freed, the next of
// its size comes out of the heap, which cannot shrink below what is still in use. A check, whose
// steps take some megabytes each and one after the other, then holds the sum of them.

#pragma once

namespace nearfab {

// Blocks of 64 KiB and more come from the system and go back to it. For the whole process: programs
// call it first thing, libraries do not. Nothing happens where the allocator is another one.
void give_back_freed_memory();

}  // namespace nearfab
