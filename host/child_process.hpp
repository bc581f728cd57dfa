// SPDX-License-Identifier: GPL-3.0-or-later
// child_process.hpp - starting one program with limits, pipes and nothing else of ours.
//
// Between fork and exec only async-signal-safe calls are made, so any thread of a busy process may
// start a child. The child leads its own process group and dies with the thread that started it.

#pragma once

#include "base/result.hpp"
#include "host/file_descriptor.hpp"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nearfab {

struct ChildPlan {
    std::vector<std::string> argv{};         // REQUIRES: argv[0] is an absolute path.
    std::vector<std::string> environment{};  // "NAME=value"
    std::filesystem::path directory{};       // The current directory of the child.
    std::optional<std::vector<std::uint8_t>> standard_input{};
    bool with_report = false;  // One more pipe from the child, its descriptor `report_descriptor`.
    // BPF (system_call_filter.hpp); empty: all calls. Put on before exec, or handed to the child as
    // a file, its descriptor `filter_descriptor`, for it to put on later.
    std::vector<std::uint8_t> system_calls{};
    bool filter_as_file = false;
    const FileDescriptor* fence = nullptr;  // file_fence.hpp; put on before exec.
    std::uint64_t memory_bytes = 0;
    std::uint64_t cpu_seconds = 0;
    std::uint64_t file_bytes = 0;
    std::uint64_t stack_bytes = 0;
};

inline constexpr int report_descriptor = 3;
inline constexpr int filter_descriptor = 4;

struct Child {
    pid_t process = -1;
    FileDescriptor ended;  // A pidfd: readable when the child has ended.
    FileDescriptor standard_output;
    FileDescriptor standard_error;
    FileDescriptor report;  // Open only if asked for. All three pipes never block.
};

// The program runs when this returns; it must be waited for. not_found if there is no such program.
[[nodiscard]] Result<Child> start_child(const ChildPlan& plan);

}  // namespace nearfab
