// SPDX-License-Identifier: GPL-3.0-or-later
// running_program.hpp - a real process under test: started, heard, paused, killed.

#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <sys/types.h>
#include <vector>

namespace nearfab::e2e {

using Environment = std::map<std::string, std::string>;

struct Outcome {
    int exit_code = -1;  // 128 + signal when a signal ended it.
    std::string out;
    std::string err;
};

// Runs a command to its end (at most 120 s) and gives what it said.
Outcome run(const std::vector<std::string>& argv, const Environment& environment);

// A program that runs until it is told to stop; its words go to a log file.
class RunningProgram {
public:
    RunningProgram() = default;
    RunningProgram(const std::vector<std::string>& argv,
                   const Environment& environment,
                   const std::filesystem::path& log);
    ~RunningProgram();  // Kills it.
    RunningProgram(RunningProgram&& other) noexcept;
    RunningProgram& operator=(RunningProgram&& other) noexcept;
    RunningProgram(const RunningProgram&) = delete;
    RunningProgram& operator=(const RunningProgram&) = delete;

    void signal(int number) const;
    // SIGKILL, and gone when this returns.
    void kill();
    // SIGTERM; the exit code.
    int stop();
    // Its end, when it ends by itself; the exit code.
    int wait();

private:
    pid_t pid_ = -1;
};

}  // namespace nearfab::e2e
