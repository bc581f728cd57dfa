// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/disk_space.hpp"

#include "host/system_failure.hpp"

#include <cerrno>
#include <sys/statvfs.h>

namespace nearfab {

Result<std::uint64_t> free_bytes(const std::filesystem::path& path) {
    struct statvfs room {};
    if (::statvfs(path.c_str(), &room) != 0) {
        return fail_system("cannot ask for the free space of " + path.string(), errno);
    }
    return static_cast<std::uint64_t>(room.f_bavail) * room.f_frsize;
}

}  // namespace nearfab
