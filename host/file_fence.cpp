// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/file_fence.hpp"

#include "host/system_failure.hpp"

#include <array>
#include <cerrno>
#include <cstdint>
#include <fcntl.h>
#include <linux/landlock.h>
#include <string>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

namespace nearfab {
namespace {

// The C library has no functions for these.
int create_ruleset(const landlock_ruleset_attr* attributes, std::size_t size, unsigned flags) {
    return static_cast<int>(::syscall(SYS_landlock_create_ruleset, attributes, size, flags));
}

constexpr std::uint64_t to_read =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_READ_DIR;
constexpr std::uint64_t to_write = LANDLOCK_ACCESS_FS_WRITE_FILE | LANDLOCK_ACCESS_FS_REMOVE_DIR |
                                   LANDLOCK_ACCESS_FS_REMOVE_FILE | LANDLOCK_ACCESS_FS_MAKE_DIR |
                                   LANDLOCK_ACCESS_FS_MAKE_REG | LANDLOCK_ACCESS_FS_MAKE_SYM;
// Refused everywhere.
constexpr std::uint64_t never = LANDLOCK_ACCESS_FS_MAKE_CHAR | LANDLOCK_ACCESS_FS_MAKE_BLOCK |
                                LANDLOCK_ACCESS_FS_MAKE_SOCK | LANDLOCK_ACCESS_FS_MAKE_FIFO;
// What a rule for a file that is no directory may say.
constexpr std::uint64_t of_files =
    LANDLOCK_ACCESS_FS_EXECUTE | LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;

Status allow(const FileDescriptor& rules, const std::string& path, std::uint64_t access) {
    const FileDescriptor place{::open(path.c_str(), O_PATH | O_CLOEXEC)};
    if (!place.open()) return fail_system("cannot open " + path, errno);
    struct stat kind {};
    if (::fstat(place.number(), &kind) != 0) return fail_system("cannot look at " + path, errno);
    landlock_path_beneath_attr rule{};
    rule.allowed_access = S_ISDIR(kind.st_mode) ? access : access & of_files;
    rule.parent_fd = place.number();
    const long error =
        ::syscall(SYS_landlock_add_rule, rules.number(), LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
    if (error != 0) return fail_system("cannot allow " + path, errno);
    return {};
}

Status allow_if_there(const FileDescriptor& rules, const char* path, std::uint64_t access) {
    if (::access(path, F_OK) != 0) return {};
    return allow(rules, path, access);
}

}  // namespace

Result<FileDescriptor> file_fence(const SandboxSpec& spec) {
    if (create_ruleset(nullptr, 0, LANDLOCK_CREATE_RULESET_VERSION) < 1) {
        return fail(ErrorCode::unsupported,
                    "this kernel has no Landlock",
                    "use a kernel from 5.13 on with Landlock switched on, or bubblewrap");
    }
    landlock_ruleset_attr handled{};
    handled.handled_access_fs = to_read | to_write | never;
    FileDescriptor rules{create_ruleset(&handled, sizeof handled, 0)};
    if (!rules.open()) return fail_system("cannot make Landlock rules", errno);
    // As in bubblewrap.cpp.
    for (const char* path : {"/usr",
                             "/bin",
                             "/sbin",
                             "/lib",
                             "/lib32",
                             "/lib64",
                             "/libx32",
                             "/etc/alternatives",
                             "/etc/ld.so.cache",
                             "/proc"}) {
        if (Status done = allow_if_there(rules, path, to_read); !done) return fail(done.error());
    }
    for (const char* path :
         {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}) {
        const std::uint64_t access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE;
        if (Status done = allow_if_there(rules, path, access); !done) return fail(done.error());
    }
    for (const auto& path : spec.read_only) {
        if (Status done = allow(rules, path.string(), to_read); !done) return fail(done.error());
    }
    if (Status done = allow(rules, spec.work_directory.string(), to_read | to_write); !done) {
        return fail(done.error());
    }
    return rules;
}

}  // namespace nearfab
