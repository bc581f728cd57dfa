// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/file_lock.hpp"

#include "host/system_failure.hpp"

#include <array>
#include <cerrno>
#include <fcntl.h>
#include <string>
#include <sys/file.h>
#include <sys/stat.h>

namespace nearfab {
namespace {

std::string holder_of(int descriptor) {
    std::array<char, 32> text{};
    const ssize_t length = ::pread(descriptor, text.data(), text.size(), 0);
    std::string number;
    for (ssize_t i = 0; i < length; ++i) {
        const char c = text.at(static_cast<std::size_t>(i));
        if (c < '0' || c > '9') break;
        number += c;
    }
    return number.empty() ? "" : " (process " + number + ")";
}

}  // namespace

Result<FileLock> FileLock::take(const std::filesystem::path& lock_file,
                                const std::filesystem::path& guarded) {
    FileDescriptor file{
        ::open(lock_file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR)};
    if (!file.open()) return fail_system("cannot open the lock " + lock_file.string(), errno);
    if (::flock(file.number(), LOCK_EX | LOCK_NB) != 0) {
        if (errno != EWOULDBLOCK) return fail_system("cannot lock " + lock_file.string(), errno);
        return fail(ErrorCode::conflict,
                    "another process uses " + guarded.string() + holder_of(file.number()),
                    "stop that process, or give this one a directory of its own");
    }
    const std::string holder = std::to_string(::getpid()) + "\n";
    if (::ftruncate(file.number(), 0) != 0 ||
        ::pwrite(file.number(), holder.data(), holder.size(), 0) !=
            static_cast<ssize_t>(holder.size())) {
        return fail_system("cannot write the lock " + lock_file.string(), errno);
    }
    return FileLock{std::move(file)};
}

}  // namespace nearfab
