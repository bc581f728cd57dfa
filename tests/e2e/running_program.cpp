// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/e2e/running_program.hpp"

#include <cstdlib>
#include <fcntl.h>
#include <fstream>
#include <signal.h>
#include <sstream>
#include <stdexcept>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace nearfab::e2e {
namespace {

pid_t spawn(const std::vector<std::string>& argv,
            const Environment& environment,
            const std::string& out,
            const std::string& err) {
    std::vector<char*> words;
    for (const std::string& word : argv)
        words.push_back(const_cast<char*>(word.c_str()));
    words.push_back(nullptr);
    std::vector<std::string> pairs;
    for (const auto& [name, value] : environment)
        pairs.push_back(name + "=" + value);
    std::vector<char*> variables;
    for (std::string& pair : pairs)
        variables.push_back(pair.data());
    variables.push_back(nullptr);
    const pid_t pid = ::fork();
    if (pid < 0) throw std::runtime_error{"fork failed"};
    if (pid > 0) return pid;
    const int in_file = ::open("/dev/null", O_RDONLY);
    const int out_file = ::open(out.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    const int err_file =
        err == out ? out_file : ::open(err.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(in_file, 0);
    ::dup2(out_file, 1);
    ::dup2(err_file, 2);
    ::execve(words[0], words.data(), variables.data());
    ::_exit(127);
}

int code_of(int status) {
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

int await(pid_t pid) {
    int status = 0;
    while (::waitpid(pid, &status, 0) < 0) {
        if (errno != EINTR) return -1;
    }
    return code_of(status);
}

std::string text_of(const std::filesystem::path& file) {
    std::ostringstream text;
    text << std::ifstream{file}.rdbuf();
    return text.str();
}

}  // namespace

Outcome run(const std::vector<std::string>& argv, const Environment& environment) {
    std::string pattern = (std::filesystem::temp_directory_path() / "nearfab-run-XXXXXX").string();
    const std::filesystem::path folder = ::mkdtemp(pattern.data());
    // A command that hangs is a failure of the test, not of the whole suite.
    std::vector<std::string> limited{"/usr/bin/timeout", "120"};
    limited.insert(limited.end(), argv.begin(), argv.end());
    const pid_t pid = spawn(limited, environment, folder / "out", folder / "err");
    Outcome outcome;
    outcome.exit_code = await(pid);
    outcome.out = text_of(folder / "out");
    outcome.err = text_of(folder / "err");
    std::filesystem::remove_all(folder);
    return outcome;
}

RunningProgram::RunningProgram(const std::vector<std::string>& argv,
                               const Environment& environment,
                               const std::filesystem::path& log)
    : pid_{spawn(argv, environment, log, log)} {}

RunningProgram::~RunningProgram() {
    kill();
}

RunningProgram::RunningProgram(RunningProgram&& other) noexcept
    : pid_{std::exchange(other.pid_, -1)} {}

RunningProgram& RunningProgram::operator=(RunningProgram&& other) noexcept {
    if (this != &other) {
        kill();
        pid_ = std::exchange(other.pid_, -1);
    }
    return *this;
}

void RunningProgram::signal(int number) const {
    if (pid_ > 0) ::kill(pid_, number);
}

void RunningProgram::kill() {
    if (pid_ <= 0) return;
    signal(SIGKILL);
    await(std::exchange(pid_, -1));
}

int RunningProgram::stop() {
    signal(SIGCONT);
    signal(SIGTERM);
    return wait();
}

int RunningProgram::wait() {
    return await(std::exchange(pid_, -1));
}

}  // namespace nearfab::e2e
