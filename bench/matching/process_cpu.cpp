// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/process_cpu.hpp"

#include "bench/matching/stop.hpp"
#include <cstdint>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <string>
#include <system_error>

namespace nearfab::bench {

double own_cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double thread_cpu_s() {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

double cpu_s_of(pid_t process) {
    const std::string folder = "/proc/" + std::to_string(process) + "/task";
    std::error_code error;
    std::uint64_t total_ns = 0;
    for (const auto& thread : std::filesystem::directory_iterator{folder, error}) {
        std::ifstream file{thread.path() / "schedstat"};
        std::uint64_t ns = 0;
        // A thread that ended between the two looks has no figure, and needs none.
        if (file >> ns) total_ns += ns;
    }
    if (error || total_ns == 0) {
        stop("the CPU time of the server's process " + std::to_string(process) + " is not known",
             "run the server on this machine, with a kernel that has /proc/<pid>/schedstat");
    }
    return static_cast<double>(total_ns) * 1e-9;
}

}  // namespace nearfab::bench
