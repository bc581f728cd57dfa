// SPDX-License-Identifier: GPL-3.0-or-later
// nearfab-fake-grbl: a laser or mill that is not there, for demonstrations and end-to-end tests.
//
//   nearfab-fake-grbl laser|mill LINK
//
// makes LINK a serial port with a Grbl behind it that works at 115,200 baud and takes 5 ms for each
// move, until it is ended by a signal.

#include "tests/node-agent/drivers/fakes/fake_grbl.hpp"

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <string>
#include <string_view>

int main(int argc, char** argv) {
    const std::string_view kind = argc == 3 ? argv[1] : "";
    if (kind != "laser" && kind != "mill") {
        std::fprintf(stderr, "usage: nearfab-fake-grbl laser|mill LINK\n");
        return 2;
    }
    // Blocked before there is a thread, so that all of them leave the signals to sigwait.
    sigset_t ends{};
    sigemptyset(&ends);
    for (const int signal : {SIGTERM, SIGINT, SIGHUP})
        sigaddset(&ends, signal);
    pthread_sigmask(SIG_BLOCK, &ends, nullptr);
    nearfab::agent::fakes::FakeGrblOptions options;
    options.baud = 115'200;
    options.block_time = std::chrono::milliseconds{5};
    options.laser_mode = kind == "laser";
    options.travel_x_mm = 900;  // As the examples' laser and mill have at least.
    options.travel_y_mm = 600;
    const nearfab::agent::fakes::FakeGrbl machine{options};
    std::error_code problem;
    std::filesystem::remove(argv[2], problem);
    std::filesystem::create_symlink(machine.port(), argv[2], problem);
    if (problem) {
        std::fprintf(stderr, "cannot make %s: %s\n", argv[2], problem.message().c_str());
        return 1;
    }
    std::printf("%s\n", argv[2]);
    std::fflush(stdout);
    int signal = 0;
    sigwait(&ends, &signal);
    std::filesystem::remove(argv[2], problem);
    return 0;
}
