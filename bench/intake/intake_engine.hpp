// SPDX-License-Identifier: GPL-3.0-or-later
// intake_engine.hpp - what every store that jobs are taken in by is asked to do.
//
// It gets jobs as fast as it can take them for a time and counts those that it has acknowledged.
// What the acknowledgement is worth is part of its name and of its note.

#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace nearfab::bench {

using Clock = std::chrono::steady_clock;

// The bytes of one job as nearfab's journal holds it (about 400), different for each number.
using JobBytes = std::function<std::vector<std::uint8_t>(std::uint64_t number)>;

struct IntakeFigures {
    std::uint64_t jobs = 0;  // Acknowledged.
    double seconds = 0;
    std::uint64_t commits = 0;  // Syncs that it counts itself; 0: it does not say.
    std::string remark{};

    [[nodiscard]] double per_s() const { return static_cast<double>(jobs) / seconds; }
};

class IntakeEngine {
public:
    IntakeEngine() = default;
    IntakeEngine(const IntakeEngine&) = delete;
    IntakeEngine& operator=(const IntakeEngine&) = delete;
    virtual ~IntakeEngine() = default;

    [[nodiscard]] virtual std::string name() const = 0;
    // Is what it acknowledged on the disk?
    [[nodiscard]] virtual bool syncs() const { return true; }
    [[nodiscard]] virtual IntakeFigures run(const JobBytes& job,
                                            std::chrono::milliseconds time) = 0;
};

struct IntakeSettings {
    std::string folder;    // Of the run, empty.
    std::string postgres;  // Connection; empty: left out.
    std::string redis;     // Unix socket.
    std::string nats;      // "127.0.0.1:PORT".
};

[[nodiscard]] std::unique_ptr<IntakeEngine> nearfab_core(const IntakeSettings& settings,
                                                         std::size_t fabs);
[[nodiscard]] std::unique_ptr<IntakeEngine> plain_log(const IntakeSettings& settings);
[[nodiscard]] std::unique_ptr<IntakeEngine> sqlite_rows(const IntakeSettings& settings,
                                                        std::size_t group);
[[nodiscard]] std::unique_ptr<IntakeEngine> postgres_rows(const IntakeSettings& settings,
                                                          std::size_t clients,
                                                          std::size_t group);
[[nodiscard]] std::unique_ptr<IntakeEngine> redis_aof(const IntakeSettings& settings,
                                                      std::size_t window);
[[nodiscard]] std::unique_ptr<IntakeEngine> nats_stream(const IntakeSettings& settings,
                                                        std::size_t window);

// One job as the client sends it; see nearfab_core.cpp.
[[nodiscard]] std::vector<std::uint8_t> sample_job(std::uint64_t number);

[[noreturn]] void give_up(const std::string& what);

}  // namespace nearfab::bench
