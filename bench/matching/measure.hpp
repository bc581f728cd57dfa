// SPDX-License-Identifier: GPL-3.0-or-later
// measure.hpp - how fast one engine is, in bounded time, and whether it is right.

#pragma once

#include "bench/matching/engine.hpp"
#include "bench/matching/queries.hpp"
#include <array>
#include <string>

namespace nearfab::bench {

struct ClassFigures {
    double queries_per_s = 0;  // Of one core: from CPU time, the server's included.
    double p50_us = 0;         // Wall time of one query.
    double p99_us = 0;
    std::size_t queries = 0;  // How many were counted.
};

struct ChangeFigures {
    double p50_us = 0;
    double p99_us = 0;
    double max_us = 0;
    std::size_t changes = 0;  // How many were counted.
};

// An everyday order.
inline constexpr std::uint32_t plan_pieces = 20;

struct EngineFigures {
    std::string name;
    bool is_peer = true;
    double build_s = 0;  // CPU, the server's included.
    std::size_t bytes = 0;
    std::size_t record_bytes = 0;
    double updates_per_s = 0;  // As queries_per_s; 256 at once.
    std::array<ClassFigures, query_classes.size()> classes{};
    // CPU time of one change, microseconds.
    ChangeFigures update;
    // Of engines that know such things; none was counted otherwise.
    ChangeFigures arrive;                                   // A machine that was never there.
    ChangeFigures replace;                                  // A machine goes and comes back.
    std::array<ClassFigures, query_classes.size()> full{};  // Engine::answer_in_full, one piece.
    std::array<ClassFigures, query_classes.size()> plan{};  // The same with plan_pieces.
};

struct Effort {
    double seconds = 3;  // At most, for each engine and class.
    std::size_t hits = 10;
    std::size_t places = 1024;  // Distinct queries of a class.
    std::uint64_t seed = 1;
};

// Builds, checks, measures; `world` is as it was afterwards. A wrong answer ends the program: its
// figures would mean nothing.
[[nodiscard]] EngineFigures measure(Engine& engine, World& world, const Effort& effort);

}  // namespace nearfab::bench
