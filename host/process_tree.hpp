// SPDX-License-Identifier: GPL-3.0-or-later
// process_tree.hpp - what /proc tells about a program and its children.
//
#pragma once

#include <cstdint>
#include <sys/types.h>

namespace nearfab {

// The largest VmHWM among `root` and its descendants, in bytes; 0 if none can be read (any more).
// The maximum that wait4() reports cannot be used: it counts the moment between fork and exec,
// when the child still is a copy of us.
[[nodiscard]] std::uint64_t peak_memory_of_tree(pid_t root);

// Whether any process of this process group still runs. Ended ones that nobody has collected yet do
// not count: in some containers they stay for ever.
[[nodiscard]] bool group_is_alive(pid_t group);

}  // namespace nearfab
