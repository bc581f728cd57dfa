// SPDX-License-Identifier: GPL-3.0-or-later

#include "bench/matching/measure.hpp"

#include "bench/matching/answer_check.hpp"
#include "bench/matching/engines.hpp"
#include "bench/matching/process_cpu.hpp"
#include "bench/matching/random.hpp"
#include "bench/matching/stop.hpp"
#include <algorithm>
#include <chrono>
#include <functional>
#include <utility>

namespace nearfab::bench {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t checked_per_class = 8;
constexpr std::size_t batch_updates = 256;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

double all_cpu_s(const Engine& engine) {
    return own_cpu_s() + engine.server_cpu_s();
}

// Compares some answers of every class with a plain scan of the world as it is now.
void check(Engine& engine, const World& world, const Effort& effort, const char* when) {
    const std::unique_ptr<Engine> scan = make_brute_force();
    scan->build(world);
    std::vector<Hit> answer;
    std::vector<Hit> expected;
    for (const std::string_view query_class : query_classes) {
        for (const Query& query :
             make_queries(world, query_class, checked_per_class, effort.seed + 1000)) {
            engine.nearest(query, effort.hits, answer);
            scan->nearest(query, effort.hits, expected);
            const auto wrong = difference(world, query, answer, expected);
            if (!wrong) continue;
            stop(engine.name() + " is wrong " + when + ", class " + std::string{query_class} +
                     ": " + *wrong,
                 "mend that engine, or leave it out with --peers");
        }
    }
}

// Runs `work(i)` for i = 0, 1, ... for about this long; gives how often. The clock is read between
// batches of at least a millisecond, so that it does not count.
template <typename Work>
std::size_t run_for(double seconds, const Work& work) {
    const auto start = Clock::now();
    std::size_t done = 0;
    std::size_t batch = 1;
    double before = 0;
    while (before < seconds) {
        for (std::size_t i = 0; i < batch; ++i)
            work(done + i);
        done += batch;
        const double now = seconds_since(start);
        if (now - before < 0.001) batch *= 2;
        before = now;
    }
    return done;
}

double percentile(const std::vector<double>& sorted, std::size_t percent) {
    return sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

ClassFigures measure_class(const Engine& engine,
                           const Effort& effort,
                           const std::function<void(std::size_t)>& ask) {
    (void)run_for(effort.seconds / 10, ask);
    ClassFigures figures;
    const double before = all_cpu_s(engine);
    figures.queries = run_for(effort.seconds * 0.5, ask);
    figures.queries_per_s = static_cast<double>(figures.queries) / (all_cpu_s(engine) - before);
    // Once more with a look at the clock around each.
    std::vector<double> us;
    constexpr std::size_t samples_max = 200'000;
    const auto start = Clock::now();
    do {
        const auto asked = Clock::now();
        ask(us.size());
        us.push_back(seconds_since(asked) * 1e6);
    } while (us.size() < samples_max && seconds_since(start) < effort.seconds * 0.4);
    std::sort(us.begin(), us.end());
    figures.p50_us = percentile(us, 50);
    figures.p99_us = percentile(us, 99);
    return figures;
}

ChangeFigures figures_of(std::vector<double> us) {
    if (us.empty()) return {};
    std::sort(us.begin(), us.end());
    return {percentile(us, 50), percentile(us, 99), us.back(), us.size()};
}

// How long each of the changes takes by itself.
ChangeFigures measure_changes(const Effort& effort,
                              const std::vector<BacklogChange>& changes,
                              const std::function<void(const BacklogChange&)>& make) {
    std::vector<double> us;
    us.reserve(changes.size());
    const auto start = Clock::now();
    for (const BacklogChange& change : changes) {
        const double before = thread_cpu_s();
        make(change);
        us.push_back((thread_cpu_s() - before) * 1e6);
        if (us.size() % 1024 == 0 && seconds_since(start) > effort.seconds * 2) break;
    }
    return figures_of(std::move(us));
}

// Every machine once, in an order that no cache knows, so that no batch has one twice.
std::vector<BacklogChange> changes_for(const World& world, std::uint64_t seed) {
    const auto count = static_cast<std::uint32_t>(world.machines.size());
    Random random{seed};
    std::vector<BacklogChange> changes(count);
    for (std::uint32_t i = 0; i < count; ++i) {
        changes[i].id = i;
        std::swap(changes[i].id, changes[random.below(i + 1)].id);
    }
    for (BacklogChange& change : changes)
        change.backlog_s = static_cast<std::int32_t>(random.below(2 * 86'400));
    return changes;
}

void make_known(World& world, std::span<const BacklogChange> changes) {
    for (const BacklogChange& change : changes)
        world.machines[change.id].backlog_s = change.backlog_s;
}

// Leaves the world as the engine then is.
void measure_updates(Engine& engine, World& world, const Effort& effort, EngineFigures& figures) {
    std::vector<BacklogChange> changes = changes_for(world, effort.seed + 2000);
    const std::size_t size = std::min(batch_updates, changes.size());
    const std::size_t batches = changes.size() / size;
    const double before = all_cpu_s(engine);
    const std::size_t done = run_for(effort.seconds / 2, [&](std::size_t i) {
        engine.set_backlogs(std::span{changes}.subspan(i % batches * size, size));
    });
    const double cpu_s = all_cpu_s(engine) - before;
    figures.updates_per_s = static_cast<double>(done * size) / cpu_s;
    make_known(world, std::span{changes}.first(std::min(done, batches) * size));
    changes = changes_for(world, effort.seed + 3000);
    figures.update = measure_changes(effort, changes, [&engine](const BacklogChange& change) {
        engine.set_backlog(change.id, change.backlog_s);
    });
    make_known(world, std::span{changes}.first(figures.update.changes));
    if (!engine.replace(changes.front().id)) return;
    figures.replace = measure_changes(
        effort, changes, [&engine](const BacklogChange& change) { engine.replace(change.id); });
}

void measure_queries(Engine& engine,
                     const World& world,
                     const Effort& effort,
                     EngineFigures& figures) {
    std::vector<Hit> hits;
    for (std::size_t c = 0; c < query_classes.size(); ++c) {
        const auto queries = make_queries(world, query_classes[c], effort.places, effort.seed);
        figures.classes[c] = measure_class(engine, effort, [&](std::size_t i) {
            engine.nearest(queries[i % queries.size()], effort.hits, hits);
        });
        if (!engine.answer_in_full(queries.front(), 0)) continue;
        figures.full[c] = measure_class(engine, effort, [&](std::size_t i) {
            engine.answer_in_full(queries[i % queries.size()], 0);
        });
        figures.plan[c] = measure_class(engine, effort, [&](std::size_t i) {
            engine.answer_in_full(queries[i % queries.size()], plan_pieces);
        });
    }
}

}  // namespace

EngineFigures measure(Engine& engine, World& world, const Effort& effort) {
    EngineFigures figures;
    figures.name = engine.name();
    const double before = all_cpu_s(engine);
    engine.build(world);
    figures.build_s = all_cpu_s(engine) - before;
    figures.arrive = figures_of(engine.take_arrivals_us());
    figures.bytes = engine.bytes();
    figures.record_bytes = engine.record_bytes();
    check(engine, world, effort, "after building");
    measure_queries(engine, world, effort, figures);
    const std::vector<BenchMachine> kept = world.machines;
    measure_updates(engine, world, effort, figures);
    check(engine, world, effort, "after updates");
    world.machines = kept;
    return figures;
}

}  // namespace nearfab::bench
