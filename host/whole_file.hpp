// SPDX-License-Identifier: GPL-3.0-or-later
// whole_file.hpp - the loop that reads a file into an array of any kind; for host itself.

#pragma once

#include "base/result.hpp"
#include "host/file_descriptor.hpp"
#include "host/system_failure.hpp"

#include <algorithm>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <fcntl.h>
#include <filesystem>
#include <string>
#include <sys/stat.h>
#include <unistd.h>

namespace nearfab {

// See read_file (durable_file.hpp).
template <class Bytes>
[[nodiscard]] Result<Bytes> read_whole(const std::filesystem::path& path, std::size_t max_bytes) {
    constexpr std::size_t read_step = std::size_t{256} * 1024;
    // O_NONBLOCK: opening a named pipe must not wait for somebody to write into it.
    const FileDescriptor file{::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)};
    if (!file.open()) return fail_system("cannot open " + path.string(), errno);
    struct stat facts {};
    if (::fstat(file.number(), &facts) != 0) {
        return fail_system("cannot look at " + path.string(), errno);
    }
    if (!S_ISREG(facts.st_mode)) {
        return fail(ErrorCode::storage, path.string() + " is not a regular file", "check the path");
    }
    // The size is only a hint: files in /proc say 0, and a file can grow while it is read.
    Bytes bytes;
    bytes.reserve(std::min(static_cast<std::size_t>(facts.st_size) + read_step, max_bytes + 1));
    while (bytes.size() <= max_bytes) {
        const std::size_t old_size = bytes.size();
        bytes.resize(old_size + std::min(read_step, max_bytes + 1 - old_size));
        const ssize_t got = ::read(file.number(), bytes.data() + old_size, bytes.size() - old_size);
        const int error = errno;
        bytes.resize(old_size + static_cast<std::size_t>(std::max<ssize_t>(got, 0)));
        if (got < 0 && error == EINTR) continue;
        if (got < 0) return fail_system("cannot read " + path.string(), error);
        if (got == 0) return bytes;
    }
    const auto size =
        std::max(static_cast<std::uint64_t>(facts.st_size), std::uint64_t{max_bytes} + 1);
    return fail(ErrorCode::too_large,
                path.string() + " has " + std::to_string(size) + " bytes, at most " +
                    std::to_string(max_bytes) + " are allowed",
                "give a smaller file");
}

}  // namespace nearfab
