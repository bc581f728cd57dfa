// SPDX-License-Identifier: GPL-3.0-or-later
// fixed_runs.cpp - runs a target on its seeds and on a fixed number of mutations of them.
//
//   fuzz_NAME_runs                      the runs of the test
//   fuzz_NAME_runs --from A --to B      some runs only, to find the one that fails
//   fuzz_NAME_runs --keep FILE          each input is in FILE before it is run
//   fuzz_NAME_runs --write-seeds DIR    the seeds, as the beginning of a long run

#include "tests/fuzz/mutator.hpp"

#include <cstdint>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <string>

namespace nearfab::fuzz {
namespace {

constexpr std::uint64_t runs_of_the_test = 4000;

void write(const std::filesystem::path& path, const Bytes& bytes) {
    std::ofstream file(path, std::ios::binary | std::ios::trunc);
    for (const std::uint8_t byte : bytes)
        file.put(static_cast<char>(byte));
    if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

int write_seeds(const std::filesystem::path& directory) {
    std::filesystem::create_directories(directory);
    int number = 0;
    for (const Bytes& seed : seeds())
        write(directory / ("seed_" + std::to_string(number++)), seed);
    return 0;
}

int run_all(std::uint64_t from, std::uint64_t to, const std::string& keep) {
    Mutator mutator(seeds(), words());
    for (std::uint64_t i = from; i < to; ++i) {
        const Bytes input = mutator.input(i);
        if (!keep.empty()) write(keep, input);
        // What is printed last tells where to look when the next run crashes.
        if (i % 500 == 0) std::cout << "run " << i << std::endl;
        run(input);
    }
    std::cout << "runs " << from << " to " << to << ": nothing found" << std::endl;
    return 0;
}

}  // namespace
}  // namespace nearfab::fuzz

int main(int count, char** arguments) {
    std::uint64_t from = 0;
    std::uint64_t to = nearfab::fuzz::runs_of_the_test;
    std::string keep;
    try {
        for (int i = 1; i + 1 < count; i += 2) {
            const std::string option = arguments[i];
            const std::string value = arguments[i + 1];
            if (option == "--write-seeds") return nearfab::fuzz::write_seeds(value);
            if (option == "--from") from = std::stoull(value);
            if (option == "--to") to = std::stoull(value);
            if (option == "--keep") keep = value;
        }
        return nearfab::fuzz::run_all(from, to, keep);
    } catch (const std::exception& problem) {
        std::cerr << problem.what() << std::endl;
        return 1;
    }
}
