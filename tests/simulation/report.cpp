// SPDX-License-Identifier: GPL-3.0-or-later

#include "tests/simulation/report.hpp"

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

namespace nearfab::simulation {
namespace {

std::uint64_t seed_under_way = 0;  // For the last words of a failed NEARFAB_CHECK.

extern "C" void tell_seed(int) {
    char text[64];
    const int length = std::snprintf(text,
                                     sizeof text,
                                     "repeat it: scripts/simulate --seed %llu\n",
                                     static_cast<unsigned long long>(seed_under_way));
    [[maybe_unused]] const auto written =
        ::write(STDERR_FILENO, text, static_cast<std::size_t>(length));
    std::signal(SIGABRT, SIG_DFL);
    std::abort();
}

double processor_seconds() {
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

int run_one(std::uint64_t seed) {
    seed_under_way = seed;
    const Outcome outcome = World{seed, true}.run();
    fmt::print("seed {}: {:.1f} h, {} pieces begun, fingerprint {:016x}: {}\n",
               seed,
               static_cast<double>(outcome.simulated.count()) / 3.6e6,
               outcome.pieces,
               outcome.fingerprint,
               outcome.violation.value_or("all invariants hold"));
    return outcome.violation ? 1 : 0;
}

}  // namespace

void Figures::add(const Outcome& outcome) {
    ++seeds;
    if (outcome.violation) violations.emplace_back(outcome.seed, *outcome.violation);
    simulated_hours += static_cast<double>(outcome.simulated.count()) / 3.6e6;
    for (std::size_t i = 0; i < fault_count; ++i)
        faults[i] += outcome.faults[i];
    coverage.add(outcome.coverage);
    steps += outcome.steps;
    pieces += outcome.pieces;
    beside_others += outcome.beside_others;
}

int run(const Campaign& campaign) {
    std::signal(SIGABRT, tell_seed);
    if (campaign.only) return run_one(*campaign.only);
    using clock = std::chrono::steady_clock;
    const auto begin = clock::now();
    const double cpu_begin = processor_seconds();
    const auto minutes_gone = [&] {
        return std::chrono::duration<double>(clock::now() - begin).count() / 60;
    };
    Figures figures;
    for (std::uint64_t i = 0; i < campaign.seeds; ++i) {
        if (campaign.minutes > 0 && minutes_gone() >= campaign.minutes) break;
        seed_under_way = campaign.first + i;
        const Outcome outcome = World{seed_under_way}.run();
        figures.add(outcome);
        if (!outcome.violation) continue;
        fmt::print("seed {}: {}\n  repeat it: scripts/simulate --seed {}\n",
                   outcome.seed,
                   *outcome.violation,
                   outcome.seed);
        std::fflush(stdout);
        if (campaign.stop_at_first) break;
    }
    const double seconds = processor_seconds() - cpu_begin;
    fmt::print("{}", to_text(figures, seconds));
    if (!campaign.json.empty()) std::ofstream{campaign.json} << to_json(figures, seconds);
    return figures.violations.empty() ? 0 : 1;
}

std::string to_text(const Figures& figures, double seconds) {
    std::string text = fmt::format(
        "{} seeds, {} violations, {:.0f} simulated hours, {} pieces begun ({} beside others), {} "
        "steps "
        "of the cores\n"
        "{:.1f} seeds/s and {:.0f} simulated hours per minute of one core\n"
        "steps of the state tables taken: {} of {}\n",
        figures.seeds,
        figures.violations.size(),
        figures.simulated_hours,
        figures.pieces,
        figures.beside_others,
        figures.steps,
        static_cast<double>(figures.seeds) / std::max(seconds, 1e-9),
        figures.simulated_hours / std::max(seconds, 1e-9) * 60,
        figures.coverage.taken(),
        Coverage::possible());
    for (const std::string& step : figures.coverage.missing())
        text += "  not taken: " + step + "\n";
    text += "faults:\n";
    for (std::size_t i = 0; i < fault_count; ++i) {
        text += fmt::format("  {:32} {}\n", to_string(static_cast<Fault>(i)), figures.faults[i]);
    }
    return text;
}

std::string to_json(const Figures& figures, double seconds) {
    std::string faults;
    for (std::size_t i = 0; i < fault_count; ++i) {
        faults += fmt::format("{}\n    \"{}\": {}",
                              i == 0 ? "" : ",",
                              to_string(static_cast<Fault>(i)),
                              figures.faults[i]);
    }
    return fmt::format(
        "{{\n  \"seeds\": {},\n  \"violations\": {},\n  \"simulated_hours\": {:.1f},\n"
        "  \"seeds_per_s\": {:.2f},\n  \"simulated_hours_per_core_minute\": {:.0f},\n"
        "  \"transitions_covered\": {:.4f},\n  \"transitions\": {},\n  \"pieces\": {},\n"
        "  \"pieces_beside_others\": {},\n"
        "  \"faults\": {{{}\n  }}\n}}\n",
        figures.seeds,
        figures.violations.size(),
        figures.simulated_hours,
        static_cast<double>(figures.seeds) / std::max(seconds, 1e-9),
        figures.simulated_hours / std::max(seconds, 1e-9) * 60,
        static_cast<double>(figures.coverage.taken()) / static_cast<double>(Coverage::possible()),
        Coverage::possible(),
        figures.pieces,
        figures.beside_others,
        faults);
}

}  // namespace nearfab::simulation
