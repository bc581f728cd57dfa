// SPDX-License-Identifier: GPL-3.0-or-later
// process_cpu.hpp - CPU seconds (user and system) that a process has used so far.
//
// CPU time says nearly the same whatever else runs on the machine; wall time does not.

#pragma once

#include <sys/types.h>

namespace nearfab::bench {

[[nodiscard]] double own_cpu_s();

// All threads of another process, from /proc/<pid>/task/*/schedstat (nanoseconds). Ends the program
// if there is no such process.
[[nodiscard]] double cpu_s_of(pid_t process);

// CPU seconds of this thread so far: other programs do not count, however busy the machine is.
[[nodiscard]] double thread_cpu_s();

}  // namespace nearfab::bench
