// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/child_process.hpp"

#include "base/check.hpp"
#include "host/durable_file.hpp"
#include "host/system_failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace nearfab {
namespace {

constexpr int error_descriptor = 5;
constexpr int first_unused = 6;
constexpr int out_of_the_way = 16;  // Our ends of pipes stay clear of the child's fixed numbers.
constexpr rlim_t open_files = 1024;

struct Pipe {
    FileDescriptor from;
    FileDescriptor into;
};

Result<FileDescriptor> moved_up(FileDescriptor file) {
    if (file.number() >= out_of_the_way) return file;
    FileDescriptor higher{::fcntl(file.number(), F_DUPFD_CLOEXEC, out_of_the_way)};
    if (!higher.open()) return fail_system("cannot move a descriptor", errno);
    return higher;
}

Result<Pipe> make_pipe(int flags_of_reader) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC) != 0) return fail_system("cannot make a pipe", errno);
    FileDescriptor from_low{ends[0]};
    FileDescriptor into_low{ends[1]};
    auto from = moved_up(std::move(from_low));
    if (!from) return fail(from.error());
    auto into = moved_up(std::move(into_low));
    if (!into) return fail(into.error());
    if (::fcntl(from->number(), F_SETFL, flags_of_reader) != 0) {
        return fail_system("cannot set up a pipe", errno);
    }
    return Pipe{std::move(*from), std::move(*into)};
}

// A file in memory rather than a pipe: nobody has to feed it, and nobody gets SIGPIPE.
Result<FileDescriptor> make_input(const std::optional<std::vector<std::uint8_t>>& bytes) {
    FileDescriptor file{bytes ? ::memfd_create("standard-input", MFD_CLOEXEC)
                              : ::open("/dev/null", O_RDONLY | O_CLOEXEC)};
    if (!file.open()) return fail_system("cannot open the program's input", errno);
    if (bytes) {
        const int error = write_fully(file.number(), *bytes, 0);
        if (error != 0) return fail_system("cannot fill the program's input", error);
    }
    return moved_up(std::move(file));
}

std::vector<char*> pointers_to(const std::vector<std::string>& words) {
    std::vector<char*> pointers;
    pointers.reserve(words.size() + 1);
    // exec never writes through these; its type is older than const.
    for (const std::string& word : words)
        pointers.push_back(const_cast<char*>(word.c_str()));
    pointers.push_back(nullptr);
    return pointers;
}

// Everything the child needs, made ready before the fork: it must not allocate afterwards.
struct Launch {
    std::vector<char*> argv;
    std::vector<char*> environment;
    const char* directory = nullptr;
    std::array<rlimit, 6> limits{};
    int input = -1;
    int output = -1;
    int error_output = -1;
    int report = -1;
    int filter_file = -1;
    int fence = -1;
    sock_fprog filter{};
    int failure = -1;
    pid_t parent = -1;
    int most_descriptors = 0;
};

constexpr std::array<__rlimit_resource, 6> limited = {
    RLIMIT_AS, RLIMIT_CPU, RLIMIT_FSIZE, RLIMIT_CORE, RLIMIT_NOFILE, RLIMIT_STACK};

// A limit that is stricter already cannot be raised, and need not be.
rlimit within_ours(__rlimit_resource resource, rlim_t soft, rlim_t hard) {
    rlimit ours{};
    NEARFAB_CHECK(::getrlimit(resource, &ours) == 0, "the kernel does not know this limit");
    return {.rlim_cur = std::min(soft, ours.rlim_max), .rlim_max = std::min(hard, ours.rlim_max)};
}

std::array<rlimit, 6> limits_of(const ChildPlan& plan) {
    // One second between the polite and the hard CPU limit: SIGXCPU tells us why it ended.
    return {within_ours(RLIMIT_AS, plan.memory_bytes, plan.memory_bytes),
            within_ours(RLIMIT_CPU, plan.cpu_seconds, plan.cpu_seconds + 1),
            within_ours(RLIMIT_FSIZE, plan.file_bytes, plan.file_bytes),
            within_ours(RLIMIT_CORE, 0, 0),
            within_ours(RLIMIT_NOFILE, open_files, open_files),
            within_ours(RLIMIT_STACK, plan.stack_bytes, RLIM_INFINITY)};
}

[[noreturn]] void give_up(int failure) {
    const int error = errno;
    // If even this fails, the parent sees an exit code of 127 instead of the reason.
    static_cast<void>(!::write(failure, &error, sizeof error));
    ::_exit(127);
}

void reset_signals() {
    struct sigaction plain {};
    plain.sa_handler = SIG_DFL;
    // Some numbers are refused (SIGKILL, the C library's own); there is nothing to reset in those.
    for (int signal = 1; signal < NSIG; ++signal)
        ::sigaction(signal, &plain, nullptr);
    sigset_t none;
    sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

void close_the_rest(int most_descriptors) {
    if (::close_range(first_unused, ~0U, 0) == 0) return;
    // Kernels before 5.9, and some containers.
    for (int number = first_unused; number < most_descriptors; ++number)
        ::close(number);
}

// Runs in the child. Only async-signal-safe calls from here to exec.
[[noreturn]] void become_program(const Launch& launch) {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != launch.parent) ::_exit(127);
    reset_signals();
    if (::dup2(launch.input, STDIN_FILENO) < 0 || ::dup2(launch.output, STDOUT_FILENO) < 0 ||
        ::dup2(launch.error_output, STDERR_FILENO) < 0 ||
        ::dup3(launch.failure, error_descriptor, O_CLOEXEC) < 0) {
        give_up(launch.failure);
    }
    if (launch.report < 0) {
        ::close(report_descriptor);
    } else if (::dup2(launch.report, report_descriptor) < 0) {
        give_up(error_descriptor);
    }
    if (launch.filter_file < 0) {
        ::close(filter_descriptor);
    } else if (::dup2(launch.filter_file, filter_descriptor) < 0) {
        give_up(error_descriptor);
    }
    const bool confined = launch.fence >= 0 || launch.filter.len > 0;
    if (confined && ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) give_up(error_descriptor);
    if (launch.fence >= 0 && ::syscall(SYS_landlock_restrict_self, launch.fence, 0) != 0) {
        give_up(error_descriptor);
    }
    close_the_rest(launch.most_descriptors);
    if (::chdir(launch.directory) != 0) give_up(error_descriptor);
    for (std::size_t i = 0; i < limited.size(); ++i) {
        if (::setrlimit(limited[i], &launch.limits[i]) != 0) give_up(error_descriptor);
    }
    if (launch.filter.len > 0 &&
        ::prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &launch.filter, 0, 0) != 0) {
        give_up(error_descriptor);
    }
    ::execve(launch.argv[0], launch.argv.data(), launch.environment.data());
    give_up(error_descriptor);
}

// With every signal blocked around the fork, no handler of ours can run inside the child.
pid_t fork_quietly(const Launch& launch) {
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    const pid_t process = ::fork();
    if (process == 0) become_program(launch);
    const int error = errno;
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
    errno = error;
    return process;
}

// 0 once exec has closed the pipe; the errno of the step that failed otherwise.
int wait_for_exec(int failure) {
    int error = 0;
    ssize_t got = 0;
    do {
        got = ::read(failure, &error, sizeof error);
    } while (got < 0 && errno == EINTR);
    if (got == 0) return 0;
    return got == static_cast<ssize_t>(sizeof error) ? error : EIO;
}

void reap(pid_t process) {
    while (::waitpid(process, nullptr, 0) < 0 && errno == EINTR) {
    }
}

Result<Child> launch_child(const ChildPlan& plan, Launch& launch, Pipe& failure) {
    Child child;
    child.process = fork_quietly(launch);
    if (child.process < 0) return fail_system("cannot start another process", errno);
    failure.into.reset();
    if (const int error = wait_for_exec(failure.from.number()); error != 0) {
        reap(child.process);
        return fail_system("cannot run " + plan.argv.front(), error);
    }
    child.ended = FileDescriptor{static_cast<int>(::syscall(SYS_pidfd_open, child.process, 0))};
    if (!child.ended.open()) {
        const int error = errno;
        ::kill(-child.process, SIGKILL);
        reap(child.process);
        return fail_system("cannot watch the process of " + plan.argv.front(), error);
    }
    return child;
}

std::size_t instructions_in(const ChildPlan& plan) {
    NEARFAB_CHECK(plan.system_calls.size() % sizeof(sock_filter) == 0 &&
                      plan.system_calls.size() / sizeof(sock_filter) <= BPF_MAXINSNS,
                  "a filter is whole instructions, as many as the kernel takes");
    return plan.system_calls.size() / sizeof(sock_filter);
}

}  // namespace

Result<Child> start_child(const ChildPlan& plan) {
    auto input = make_input(plan.standard_input);
    if (!input) return fail(input.error());
    auto output = make_pipe(O_NONBLOCK);
    auto error_output = make_pipe(O_NONBLOCK);
    auto report = make_pipe(O_NONBLOCK);
    auto failure = make_pipe(0);
    for (const auto* pipe : {&output, &error_output, &report, &failure}) {
        if (!*pipe) return fail(pipe->error());
    }
    std::optional<std::vector<std::uint8_t>> filter;
    if (plan.filter_as_file) filter = plan.system_calls;
    auto filter_file = make_input(filter);
    if (!filter_file) return fail(filter_file.error());
    FileDescriptor fence;
    if (plan.fence != nullptr) {
        fence = FileDescriptor{::fcntl(plan.fence->number(), F_DUPFD_CLOEXEC, out_of_the_way)};
        if (!fence.open()) return fail_system("cannot move a descriptor", errno);
    }
    std::vector<sock_filter> instructions(plan.filter_as_file ? 0 : instructions_in(plan));
    if (!instructions.empty())
        std::memcpy(instructions.data(), plan.system_calls.data(), plan.system_calls.size());
    const std::string directory = plan.directory.string();
    Launch launch{.argv = pointers_to(plan.argv),
                  .environment = pointers_to(plan.environment),
                  .directory = directory.c_str(),
                  .limits = limits_of(plan),
                  .input = input->number(),
                  .output = output->into.number(),
                  .error_output = error_output->into.number(),
                  .report = plan.with_report ? report->into.number() : -1,
                  .filter_file = plan.filter_as_file ? filter_file->number() : -1,
                  .fence = fence.number(),
                  .filter = {static_cast<unsigned short>(instructions.size()), instructions.data()},
                  .failure = failure->into.number(),
                  .parent = ::getpid(),
                  .most_descriptors = static_cast<int>(::sysconf(_SC_OPEN_MAX))};
    auto child = launch_child(plan, launch, *failure);
    if (!child) return child;
    child->standard_output = std::move(output->from);
    child->standard_error = std::move(error_output->from);
    if (plan.with_report) child->report = std::move(report->from);
    return child;
}

}  // namespace nearfab
