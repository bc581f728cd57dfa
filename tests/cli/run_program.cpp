// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/cli/run_program.hpp"

#include "tests/folders.hpp"

#include <catch2/catch.hpp>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace nearfab::cli::test {
namespace {

std::vector<char*> pointers(std::vector<std::string>& texts) {
    std::vector<char*> out;
    for (std::string& text : texts)
        out.push_back(text.data());
    out.push_back(nullptr);
    return out;
}

pid_t start(const TemporaryFolder& home,
            const std::vector<std::string>& arguments,
            const std::vector<std::string>& environment) {
    std::vector<std::string> words{tests::program_folder() + "/nearfab"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<std::string> variables{"HOME=" + home.path().string()};
    variables.insert(variables.end(), environment.begin(), environment.end());
    // The rest of the tester's environment is not the program's, but its sanitizer must know which
    // reports are about other people's libraries.
    for (const char* const name : {"ASAN_OPTIONS", "TSAN_OPTIONS", "UBSAN_OPTIONS"}) {
        if (const char* const value = std::getenv(name)) {
            variables.push_back(std::string{name} + "=" + value);
        }
    }
    std::vector<char*> argv = pointers(words);
    std::vector<char*> envp = pointers(variables);
    const std::string out = (home.path() / "stdout").string();
    const std::string err = (home.path() / "stderr").string();
    home.write("stdout", "");
    home.write("stderr", "");
    const pid_t child = fork();
    if (child != 0) return child;
    // Only calls that are safe between fork and exec.
    const int out_file = open(out.c_str(), O_WRONLY | O_TRUNC);
    const int err_file = open(err.c_str(), O_WRONLY | O_TRUNC);
    if (out_file < 0 || err_file < 0 || dup2(out_file, 1) < 0 || dup2(err_file, 2) < 0) _exit(99);
    execve(argv[0], argv.data(), envp.data());
    _exit(98);
}

Outcome finish(const TemporaryFolder& home, pid_t child) {
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    Outcome outcome;
    outcome.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    outcome.out = home.read("stdout");
    outcome.err = home.read("stderr");
    return outcome;
}

}  // namespace

Outcome run_nearfab(const TemporaryFolder& home,
                    const std::vector<std::string>& arguments,
                    const std::vector<std::string>& environment) {
    return finish(home, start(home, arguments, environment));
}

Outcome interrupt_nearfab(const TemporaryFolder& home,
                          const std::vector<std::string>& arguments,
                          const std::string& text) {
    const pid_t child = start(home, arguments, {});
    REQUIRE(child > 0);
    for (int i = 0; i < 400; ++i) {
        if ((home.read("stdout") + home.read("stderr")).find(text) != std::string::npos) break;
        std::this_thread::sleep_for(std::chrono::milliseconds{50});
    }
    kill(child, SIGINT);
    return finish(home, child);
}

std::string example(const std::string& name) {
    return tests::source_folder() + "/examples/designs/" + name + "/" + name + ".stl";
}

}  // namespace nearfab::cli::test
