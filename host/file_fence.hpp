// SPDX-License-Identifier: GPL-3.0-or-later
// file_fence.hpp - what a program without bubblewrap may see of the file system: Landlock.
//
// The same as inside bubblewrap as far as Landlock goes: the system's programs and the named paths
// to read, the work directory to write. Paths outside can still be named, but not be opened; the
// network is the system call filter's business (system_call_filter.hpp).

#pragma once

#include "base/result.hpp"
#include "host/file_descriptor.hpp"
#include "host/sandboxed_program.hpp"

namespace nearfab {

// The rules, for landlock_restrict_self in the child. Errors: unsupported (a kernel before 5.13, or
// one without Landlock); those of the system for a path that cannot be opened.
[[nodiscard]] Result<FileDescriptor> file_fence(const SandboxSpec& spec);

}  // namespace nearfab
