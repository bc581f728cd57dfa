// SPDX-License-Identifier: GPL-3.0-or-later
// sandboxed_program.hpp - one run of a program that reads untrusted input, with limits on all of
// it.
//
// Slicers and the analysis worker parse files from strangers, so they run as child processes that
// may not use more than they are given and, where bubblewrap works, see nothing but the system's
// programs, the named read-only paths and one work directory: no network, no other processes, no
// other files. In there a filter refuses the system calls that no reader of files needs
// (system_call_filter.hpp). Where bubblewrap is missing or forbidden (some containers), Landlock
// (file_fence.hpp) keeps other files shut and the filter the network, as far as the kernel has
// them; the program then still sees names of files and of processes, and `SandboxReport` says that
// it was not isolated, which the caller is expected to log.
//
// Nothing of the caller is inherited: no descriptor beyond the three standard ones, no environment,
// no blocked signals. When a run returns, all its processes are gone. The one exception: without
// isolation, a process that left its process group on purpose survives.
//
// Blocking; safe from any number of threads at once. The calling thread must not be a forked copy.

#pragma once

#include "base/clock.hpp"
#include "base/result.hpp"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

namespace nearfab {

enum class Isolation : std::uint8_t {
    best_available,  // Bubblewrap if it works here, else as `fence`.
    required,        // Refuse to run (code unsupported) without bubblewrap.
    fence,           // As if bubblewrap was missing: Landlock, the filter and the limits.
    limits_only,     // For programs that read nothing from strangers.
};

struct SandboxSpec {
    // The program and its arguments. REQUIRES: argv[0] is an absolute path.
    std::vector<std::string> argv{};
    // Seen read-only at the same place, beyond /usr, /bin, /sbin, /lib*, /etc/alternatives and the
    // linker's cache. REQUIRES: absolute paths.
    std::vector<std::filesystem::path> read_only{};
    // Seen writable at the same place; the current directory of the program. REQUIRES: absolute.
    std::filesystem::path work_directory{};
    std::map<std::string, std::string> environment{};      // All of it. DEFAULT: empty.
    std::uint64_t memory_bytes = std::uint64_t{2} << 30U;  // Address space of each process.
    // Of each thread, the first included; all of it counts as address space, used or not.
    std::uint64_t stack_bytes = std::uint64_t{8} << 20U;
    std::uint32_t cpu_seconds = 60;                        // Of each process.
    std::uint64_t file_bytes = std::uint64_t{200} << 20U;  // Of each file, and of /tmp in all.
    Duration wall_clock = std::chrono::seconds{120};       // Of the whole run.
    std::size_t output_bytes = std::size_t{64} << 10U;     // Kept of each output; the rest is lost.
    std::optional<std::vector<std::uint8_t>> standard_input{};  // DEFAULT: an empty file.
    Isolation isolation = Isolation::best_available;
};

struct SandboxReport {
    bool isolated = false;
    std::string why_not;  // Empty when isolated.
};

enum class SandboxEnding : std::uint8_t {
    exited,          // By itself; exit_code is set.
    signalled,       // By a signal that was not ours; signal is set.
    timed_out,       // We ended it: wall_clock was over.
    cpu_exceeded,    // The kernel ended it: cpu_seconds were used up.
    file_too_large,  // The kernel ended it: a file grew past file_bytes.
    stopped,         // We ended it: the stop token asked for it.
};

struct SandboxOutcome {
    SandboxEnding ending = SandboxEnding::exited;
    int exit_code = 0;
    // With isolation an exit code of 128 + n is read as signal n: bubblewrap reports them alike.
    int signal = 0;
    std::string standard_output;
    std::string standard_error;
    bool output_truncated = false;
    // The largest resident memory of any one process, sampled every 50 ms: 0 for a very short run.
    std::uint64_t peak_memory_bytes = 0;
    Duration duration{};
    SandboxReport report;

    [[nodiscard]] bool succeeded() const {
        return ending == SandboxEnding::exited && exit_code == 0;
    }
};

// Runs the program to its end. An Error means that it never ran (a missing program or path, no more
// processes, isolation required but not to be had) or that the system failed underneath it.
[[nodiscard]] Result<SandboxOutcome> run_sandboxed(const SandboxSpec& spec,
                                                   const std::stop_token& stop = {});

// What `best_available` means on this machine. Tried out once, on the first call.
[[nodiscard]] const SandboxReport& sandbox_report();

// How it ended, for people: "ended with exit code 3", "was ended after 60 s, the time allowed".
[[nodiscard]] std::string ending_text(const SandboxOutcome& outcome);

}  // namespace nearfab
