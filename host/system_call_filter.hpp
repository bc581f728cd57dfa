// SPDX-License-Identifier: GPL-3.0-or-later
// system_call_filter.hpp - the system calls that a sandboxed program does not get.
//
// A reader of files needs memory, files, threads and time. What else the kernel offers is where its
// faults have been: sockets, other processes' memory, mounts, namespaces, keys, io_uring, BPF,
// modules, clocks. Those fail with EPERM (what the C library tries first and can do without, with
// ENOSYS), so that a program that only looks goes on; a call by another architecture's table ends
// it. Made once with libseccomp; safe from any thread.

#pragma once

#include "base/result.hpp"

#include <cstdint>
#include <vector>

namespace nearfab {

// The filter as the kernel reads it, an array of struct sock_filter. Errors (unsupported): a kernel
// without seccomp filters.
[[nodiscard]] const Result<std::vector<std::uint8_t>>& system_call_filter();

}  // namespace nearfab
