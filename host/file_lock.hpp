// SPDX-License-Identifier: GPL-3.0-or-later
// file_lock.hpp - one process at a time.
//
// A lock on a file of its own, never on the data: closing any other descriptor of a data file would
// drop a POSIX record lock without a word. The kernel lets go of the lock when its holder ends, by
// kill -9 too, so there is no stale lock to clean up. The file itself stays; it holds the number of
// the process that took it last.

#pragma once

#include "base/result.hpp"
#include "host/file_descriptor.hpp"

#include <filesystem>

namespace nearfab {

class FileLock {
public:
    // Takes the lock or says who has it (code conflict); never waits. `guarded` is the thing the
    // message names.
    [[nodiscard]] static Result<FileLock> take(const std::filesystem::path& lock_file,
                                               const std::filesystem::path& guarded);

private:
    explicit FileLock(FileDescriptor file) : file_{std::move(file)} {}

    FileDescriptor file_;
};

}  // namespace nearfab
