// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/system_call_filter.hpp"

#include "host/file_descriptor.hpp"
#include "host/system_failure.hpp"

#include <array>
#include <cerrno>
#include <cstddef>
#include <fcntl.h>
#include <linux/sched.h>
#include <memory>
#include <seccomp.h>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

namespace nearfab {
namespace {

// By name, because not every architecture and every release of libseccomp knows all of them.
constexpr std::array<std::string_view, 4> refused{
    // Other machines and other programs.
    "socket socketcall ptrace process_vm_readv process_vm_writev kcmp pidfd_getfd process_madvise",
    // Another view of the file system.
    "mount umount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree "
    "mount_setattr unshare setns name_to_handle_at open_by_handle_at quotactl quotactl_fd "
    "fanotify_init mknod mknodat "
    // By path, which Landlock lets through before Linux 6.2.
    "truncate truncate64",
    // Where the kernel's faults have been.
    "bpf perf_event_open userfaultfd io_uring_setup io_uring_enter io_uring_register add_key "
    "request_key keyctl modify_ldt personality vmsplice move_pages migrate_pages uselib "
    "lookup_dcookie nfsservctl remap_file_pages",
    // The machine itself.
    "kexec_load kexec_file_load init_module finit_module delete_module create_module reboot swapon "
    "swapoff acct syslog vhangup iopl ioperm sysfs _sysctl settimeofday clock_settime "
    "clock_adjtime adjtimex stime sethostname setdomainname pciconfig_read pciconfig_write"};

constexpr scmp_datum_t new_namespaces = CLONE_NEWNS | CLONE_NEWCGROUP | CLONE_NEWUTS |
                                        CLONE_NEWIPC | CLONE_NEWUSER | CLONE_NEWPID | CLONE_NEWNET;

struct Release {
    void operator()(void* filter) const { ::seccomp_release(filter); }
};
using Filter = std::unique_ptr<void, Release>;

// The sanitizers look for leaks with ptrace and switch off the shuffling of addresses.
bool is_spared(std::string_view name) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    return name == "ptrace" || name == "personality" || name == "process_vm_readv";
#else
    static_cast<void>(name);
    return false;
#endif
}

bool refuse_named(scmp_filter_ctx filter, const std::string& name) {
    if (is_spared(name)) return true;
    const int number = ::seccomp_syscall_resolve_name(name.c_str());
    if (number == __NR_SCMP_ERROR) return true;  // Unknown here, so nothing can call it by name.
    const int error = ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(EPERM), number, 0);
    return error == 0 || error == -EDOM;  // EDOM: not on this architecture.
}

// Each flag by itself: one rule cannot say "any of these bits".
bool refuse_namespaces(scmp_filter_ctx filter) {
    for (scmp_datum_t flag = 1; flag <= new_namespaces; flag <<= 1U) {
        if ((new_namespaces & flag) == 0) continue;
        const int error = ::seccomp_rule_add(filter,
                                             SCMP_ACT_ERRNO(EPERM),
                                             SCMP_SYS(clone),
                                             1,
                                             SCMP_A0(SCMP_CMP_MASKED_EQ, flag, flag));
        if (error != 0) return false;
    }
    // Its flags lie in memory, where no filter can look; the C library falls back to clone.
    return ::seccomp_rule_add(filter, SCMP_ACT_ERRNO(ENOSYS), SCMP_SYS(clone3), 0) == 0;
}

// Letters typed into the terminal that we were started from.
bool refuse_typing(scmp_filter_ctx filter) {
    for (const scmp_datum_t request : {scmp_datum_t{TIOCSTI}, scmp_datum_t{TIOCLINUX}}) {
        const int error = ::seccomp_rule_add(filter,
                                             SCMP_ACT_ERRNO(EPERM),
                                             SCMP_SYS(ioctl),
                                             1,
                                             SCMP_A1(SCMP_CMP_MASKED_EQ, 0xFFFFFFFF, request));
        if (error != 0) return false;
    }
    return true;
}

Result<std::vector<std::uint8_t>> bytes_of(scmp_filter_ctx filter) {
    const FileDescriptor file{::memfd_create("system-call-filter", MFD_CLOEXEC)};
    if (!file.open()) return fail_system("cannot make a file in memory", errno);
    if (const int error = ::seccomp_export_bpf(filter, file.number()); error != 0) {
        return fail_system("cannot write the system call filter", -error);
    }
    struct stat size {};
    if (::fstat(file.number(), &size) != 0) return fail_system("cannot look at a file", errno);
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(size.st_size));
    if (::pread(file.number(), bytes.data(), bytes.size(), 0) != size.st_size) {
        return fail_system("cannot read the system call filter", errno);
    }
    return bytes;
}

Result<std::vector<std::uint8_t>> make_filter() {
    if (::prctl(PR_GET_SECCOMP, 0, 0, 0, 0) < 0) {
        return fail(ErrorCode::unsupported,
                    "this kernel has no filter for system calls (seccomp)",
                    "use a kernel with CONFIG_SECCOMP_FILTER, as all distributions have");
    }
    const Filter filter{::seccomp_init(SCMP_ACT_ALLOW)};
    bool made = filter != nullptr;
    for (const std::string_view group : refused) {
        std::istringstream names{std::string{group}};
        for (std::string name; names >> name;)
            made = made && refuse_named(filter.get(), name);
    }
    made = made && refuse_namespaces(filter.get()) && refuse_typing(filter.get());
    if (!made) {
        return fail(ErrorCode::unsupported,
                    "libseccomp cannot make the system call filter on this machine",
                    "report this with the architecture and the version of libseccomp");
    }
    return bytes_of(filter.get());
}

}  // namespace

const Result<std::vector<std::uint8_t>>& system_call_filter() {
    static const Result<std::vector<std::uint8_t>> filter = make_filter();
    return filter;
}

}  // namespace nearfab
