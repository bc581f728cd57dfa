// SPDX-License-Identifier: GPL-3.0-or-later

#include "host/sandboxed_program.hpp"

#include "base/check.hpp"
#include "host/bubblewrap.hpp"
#include "host/child_process.hpp"
#include "host/clock.hpp"
#include "host/file_fence.hpp"
#include "host/process_tree.hpp"
#include "host/system_call_filter.hpp"
#include "host/system_failure.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>

namespace nearfab {
namespace {

constexpr Duration sample_every{50};
constexpr Duration wait_for_the_dead{10'000};
constexpr std::size_t longest_report = 4096;

// One pipe from the program, kept up to a limit and read on beyond it so that it never blocks.
struct Stream {
    FileDescriptor pipe{};
    std::size_t limit = 0;
    std::string text{};
    bool truncated = false;

    void drain() {
        std::array<char, 64 * 1024> piece{};
        while (pipe.open()) {
            const ssize_t got = ::read(pipe.number(), piece.data(), piece.size());
            if (got < 0 && errno == EINTR) continue;
            if (got < 0 && errno == EAGAIN) return;
            if (got <= 0) {
                pipe.reset();
                return;
            }
            const std::size_t room = limit - text.size();
            const std::size_t size = static_cast<std::size_t>(got);
            text.append(piece.data(), std::min(room, size));
            if (size > room) {
                truncated = true;
                return;  // A flood must not keep us from the clock.
            }
        }
    }
};

// Wakes the poll below from whatever thread asks for the stop.
class StopBell {
public:
    explicit StopBell(const std::stop_token& stop)
        : bell_{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)}, callback_{stop, Ring{bell_.number()}} {}

    [[nodiscard]] int descriptor() const { return bell_.number(); }

private:
    struct Ring {
        int descriptor;
        // Adding 1 to a counter at 0 can only fail if the descriptor is not open.
        void operator()() const { static_cast<void>(::eventfd_write(descriptor, 1)); }
    };

    FileDescriptor bell_;
    std::stop_callback<Ring> callback_;
};

// Follows one child from its start to the death of its last process.
class Supervisor {
public:
    Supervisor(const SandboxSpec& spec, Child child)
        : process_{child.process},
          ended_{std::move(child.ended)},
          output_{.pipe = std::move(child.standard_output), .limit = spec.output_bytes},
          error_output_{.pipe = std::move(child.standard_error), .limit = spec.output_bytes},
          report_{.pipe = std::move(child.report), .limit = longest_report},
          isolated_{report_.pipe.open()},
          started_{SystemClock{}.read().boot},
          deadline_{started_ + spec.wall_clock} {}

    [[nodiscard]] Result<SandboxOutcome> run(const StopBell& stop) {
        while (!turn(stop.descriptor())) {
        }
        const int status = bury();
        return outcome(status);
    }

private:
    // Waits for the next thing to happen and deals with it. True when the child has ended.
    bool turn(int stop) {
        std::array<pollfd, 5> waiting{pollfd{ended_.number(), POLLIN, 0},
                                      pollfd{killed_ ? -1 : stop, POLLIN, 0},
                                      pollfd{output_.pipe.number(), POLLIN, 0},
                                      pollfd{error_output_.pipe.number(), POLLIN, 0},
                                      pollfd{report_.pipe.number(), POLLIN, 0}};
        const Duration left = std::max(deadline_ - SystemClock{}.read().boot, Duration{0});
        const Duration patience = killed_ ? sample_every : std::min(left, sample_every);
        const int ready =
            ::poll(waiting.data(), waiting.size(), static_cast<int>(patience.count()));
        NEARFAB_CHECK(ready >= 0 || errno == EINTR, "poll refused its arguments");
        if (ready > 0) {
            for (Stream* stream : {&output_, &error_output_, &report_})
                stream->drain();
            find_first_process();
            if (waiting[0].revents != 0) return true;
            if (waiting[1].revents != 0) end_it(SandboxEnding::stopped);
        }
        sample_memory();
        if (!killed_ && SystemClock{}.read().boot >= deadline_) end_it(SandboxEnding::timed_out);
        return false;
    }

    void end_it(SandboxEnding why) {
        killed_ = why;
        kill_all();
    }

    // The group holds everything outside the sandbox (without isolation: everything). Pid 1 of the
    // sandbox is reported before it leaves the group, and takes the whole sandbox with it.
    void kill_all() {
        ::kill(-process_, SIGKILL);
        report_.drain();
        find_first_process();
        if (first_process_.open()) {
            ::syscall(SYS_pidfd_send_signal, first_process_.number(), SIGKILL, nullptr, 0);
        }
    }

    void find_first_process() {
        if (!isolated_ || first_process_.open()) return;
        if (const auto first = read_bubblewrap_report(report_.text).first_process) {
            // Not open if it is gone already, and then there is nothing left to end.
            first_process_ = FileDescriptor{static_cast<int>(::syscall(SYS_pidfd_open, *first, 0))};
        }
    }

    void sample_memory() {
        const auto now = SystemClock{}.read().boot;
        if (now < next_sample_) return;
        next_sample_ = now + sample_every;
        peak_memory_ = std::max(peak_memory_, peak_memory_of_tree(process_));
    }

    // Ends what the program left behind while its number is still ours, and lets go of it only when
    // all is dead: SIGKILL returns before its victims are gone.
    int bury() {
        kill_all();
        if (first_process_.open()) {
            pollfd dead{first_process_.number(), POLLIN, 0};
            const auto patience = static_cast<int>(wait_for_the_dead.count());
            int ready = 0;
            do {
                ready = ::poll(&dead, 1, patience);
            } while (ready < 0 && errno == EINTR);
            all_dead_ = ready == 1;
        }
        int status = 0;
        while (::waitpid(process_, &status, 0) < 0 && errno == EINTR) {
        }
        if (!isolated_) all_dead_ = wait_for_empty_group();
        for (Stream* stream : {&output_, &error_output_})
            stream->drain();
        // Ours only if this process adopts orphans (PR_SET_CHILD_SUBREAPER); otherwise init's.
        if (first_process_.open()) {
            siginfo_t info{};
            ::waitid(P_PIDFD, static_cast<id_t>(first_process_.number()), &info, WEXITED | WNOHANG);
        }
        return status;
    }

    // Nothing tells us when a process that is not our child ends, so this looks every millisecond.
    [[nodiscard]] bool wait_for_empty_group() const {
        const TimePoint until = SystemClock{}.read().boot + wait_for_the_dead;
        while (group_is_alive(process_)) {
            if (SystemClock{}.read().boot >= until) return false;
            ::poll(nullptr, 0, 1);
        }
        return true;
    }

    [[nodiscard]] Result<SandboxOutcome> outcome(int status) {
        if (!all_dead_) {
            return fail(ErrorCode::internal,
                        "a process of a sandboxed program does not end although it was killed",
                        "look for a process in state D and for the disk it waits for");
        }
        SandboxOutcome result;
        result.standard_output = std::move(output_.text);
        result.standard_error = std::move(error_output_.text);
        result.output_truncated = output_.truncated || error_output_.truncated;
        result.peak_memory_bytes = peak_memory_;
        result.duration = SystemClock{}.read().boot - started_;
        if (killed_) {
            result.ending = *killed_;
        } else if (WIFSIGNALED(status)) {
            set_signal(result, WTERMSIG(status));
        } else if (!isolated_) {
            result.exit_code = WEXITSTATUS(status);
        } else if (const auto code = read_bubblewrap_report(report_.text).exit_code; !code) {
            return fail(ErrorCode::unsupported,
                        "the sandbox could not be set up: " + first_line(result.standard_error),
                        "check that the paths given to it exist and can be read by this user");
        } else if (*code > 128 && *code < 128 + NSIG) {
            set_signal(result, *code - 128);
        } else {
            result.exit_code = *code;
        }
        return result;
    }

    static void set_signal(SandboxOutcome& result, int signal) {
        result.signal = signal;
        result.ending = signal == SIGXCPU   ? SandboxEnding::cpu_exceeded
                        : signal == SIGXFSZ ? SandboxEnding::file_too_large
                                            : SandboxEnding::signalled;
    }

    static std::string first_line(const std::string& text) {
        return text.empty() ? "bubblewrap gave no reason" : text.substr(0, text.find('\n'));
    }

    pid_t process_;
    FileDescriptor ended_;
    FileDescriptor first_process_;
    Stream output_;
    Stream error_output_;
    Stream report_;
    bool isolated_;
    bool all_dead_ = true;
    TimePoint started_;
    TimePoint deadline_;
    TimePoint next_sample_{};
    std::optional<SandboxEnding> killed_;
    std::uint64_t peak_memory_ = 0;
};

Status check_paths(const SandboxSpec& spec) {
    NEARFAB_CHECK(!spec.argv.empty() && spec.argv.front().starts_with('/'),
                  "a sandboxed program needs an absolute path");
    NEARFAB_CHECK(spec.work_directory.is_absolute(), "a work directory needs an absolute path");
    std::vector<std::filesystem::path> needed{spec.argv.front(), spec.work_directory};
    needed.insert(needed.end(), spec.read_only.begin(), spec.read_only.end());
    for (const auto& path : needed) {
        NEARFAB_CHECK(path.is_absolute(), "a sandbox needs absolute paths");
        if (::access(path.c_str(), F_OK) != 0) {
            return fail_system("cannot give " + path.string() + " to a sandboxed program", errno);
        }
    }
    return {};
}

// What is round the program beside the limits.
enum class Walls : std::uint8_t { bubblewrap, fence, none };

ChildPlan plan_for(const SandboxSpec& spec, Walls walls) {
    const bool wrapped = walls == Walls::bubblewrap;
    ChildPlan plan{.argv = spec.argv,
                   .environment = {},
                   .directory = spec.work_directory,
                   .standard_input = spec.standard_input,
                   .with_report = wrapped,
                   .memory_bytes = spec.memory_bytes,
                   .cpu_seconds = spec.cpu_seconds,
                   .file_bytes = spec.file_bytes,
                   .stack_bytes = spec.stack_bytes};
    for (const auto& [name, value] : spec.environment) {
        plan.environment.push_back(name + "=" + value);
    }
    if (walls != Walls::none && system_call_filter()) {
        plan.system_calls = *system_call_filter();
        plan.filter_as_file = wrapped;
    }
    if (wrapped) {
        plan.argv = bubblewrap_command(
            spec, report_descriptor, plan.system_calls.empty() ? -1 : filter_descriptor);
    } else if (walls == Walls::fence && !spec.environment.contains("TMPDIR")) {
        plan.environment.push_back("TMPDIR=" + spec.work_directory.string());
    }
    return plan;
}

Result<SandboxOutcome> run_with(const SandboxSpec& spec, Walls walls, const std::stop_token& stop) {
    ChildPlan plan = plan_for(spec, walls);
    FileDescriptor fence;
    if (walls == Walls::fence) {
        auto rules = file_fence(spec);
        if (!rules && rules.error().code != ErrorCode::unsupported) return fail(rules.error());
        if (rules) {
            fence = std::move(*rules);
            plan.fence = &fence;
        }
    }
    const StopBell bell{stop};
    if (bell.descriptor() < 0) return fail_system("cannot make an event descriptor", errno);
    auto child = start_child(plan);
    if (!child) return fail(child.error());
    return Supervisor{spec, std::move(*child)}.run(bell);
}

SandboxReport try_out() {
    if (::access(bubblewrap_program, X_OK) != 0) {
        return {false, std::string{bubblewrap_program} + " is not installed"};
    }
    const SandboxSpec spec{.argv = {"/usr/bin/true"},
                           .work_directory = "/tmp",
                           .wall_clock = std::chrono::seconds{10}};
    const auto outcome = run_with(spec, Walls::bubblewrap, {});
    if (!outcome) return {false, outcome.error().message};
    if (!outcome->succeeded()) return {false, "a first try " + ending_text(*outcome)};
    return {true, ""};
}

std::string seconds_text(Duration time) {
    const auto tenths = (time.count() + 50) / 100;
    return std::to_string(tenths / 10) + "." + std::to_string(tenths % 10) + " s";
}

}  // namespace

const SandboxReport& sandbox_report() {
    static const SandboxReport report = try_out();
    return report;
}

Result<SandboxOutcome> run_sandboxed(const SandboxSpec& spec, const std::stop_token& stop) {
    if (Status found = check_paths(spec); !found) return fail(found.error());
    SandboxReport report{false, "not asked for"};
    const bool tried =
        spec.isolation == Isolation::best_available || spec.isolation == Isolation::required;
    if (tried) report = sandbox_report();
    if (spec.isolation == Isolation::required && !report.isolated) {
        return fail(ErrorCode::unsupported,
                    "cannot isolate " + spec.argv.front() + ": " + report.why_not,
                    "install bubblewrap and allow user namespaces, or allow running with limits "
                    "only");
    }
    const Walls walls = report.isolated                            ? Walls::bubblewrap
                        : spec.isolation == Isolation::limits_only ? Walls::none
                                                                   : Walls::fence;
    auto outcome = run_with(spec, walls, stop);
    if (outcome) outcome->report = std::move(report);
    return outcome;
}

std::string ending_text(const SandboxOutcome& outcome) {
    switch (outcome.ending) {
        case SandboxEnding::exited:
            return "ended with exit code " + std::to_string(outcome.exit_code);
        case SandboxEnding::signalled:
            return "was ended by signal " + std::to_string(outcome.signal);
        case SandboxEnding::timed_out:
            return "was ended after " + seconds_text(outcome.duration) + ", the time allowed";
        case SandboxEnding::cpu_exceeded:
            return "used up the processor time allowed";
        case SandboxEnding::file_too_large:
            return "wrote a file larger than allowed";
        case SandboxEnding::stopped:
            return "was stopped on request after " + seconds_text(outcome.duration);
    }
    NEARFAB_CHECK(false, "an ending has no text");
    return {};
}

}  // namespace nearfab
