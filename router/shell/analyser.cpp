// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/analyser.hpp"

#include "host/sandboxed_program.hpp"
#include "router/analysis/verdict.hpp"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <limits>
#include <utility>

namespace nearfab::router {

Analyser::Analyser(AnalyserOptions options, Done done)
    : options_{std::move(options)},
      done_{std::move(done)},
      thread_{[this](const std::stop_token& stop) { work(stop); }} {}

Analyser::~Analyser() {
    thread_.request_stop();
    thread_.join();
}

void Analyser::submit(Task task) {
    {
        const std::lock_guard lock{mutex_};
        tasks_.push_back(std::move(task));
    }
    wake_.notify_one();
}

void Analyser::work(const std::stop_token& stop) {
    while (true) {
        Task task;
        {
            std::unique_lock lock{mutex_};
            if (!wake_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        AnalysisDone done = run(task, stop);
        if (stop.stop_requested()) return;  // Analysed again after the restart.
        done_(std::move(done));
    }
}

AnalysisDone Analyser::run(const Task& task, const std::stop_token& stop) const {
    SandboxSpec spec;
    spec.argv = {options_.worker.string(), task.file.string()};
    const bool says = task.design.unit != LengthUnit::unstated || !task.design.operations.empty();
    if (says) spec.argv.push_back(to_string(task.design.unit));
    for (const LineRule& rule : task.design.operations)
        spec.argv.push_back(to_string(rule));
    spec.read_only = {options_.worker, task.file};
    spec.work_directory = options_.work_directory;
    spec.memory_bytes = options_.memory_bytes;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // A sanitized worker reserves terabytes of address space before it does anything.
    spec.memory_bytes = std::numeric_limits<std::uint64_t>::max();
#endif
    spec.cpu_seconds = options_.seconds;
    spec.wall_clock = std::chrono::seconds{options_.seconds * 2};
    spec.file_bytes = 1 << 20U;
    spec.output_bytes = 256U << 10U;
    auto outcome = run_sandboxed(spec, stop);
    if (!outcome) return {task.design, fail(outcome.error())};
    if (!outcome->report.isolated) {
        spdlog::warn("the analysis worker ran without bubblewrap round it: {}",
                     outcome->report.why_not);
    }
    if (outcome->succeeded()) return {task.design, decode_verdict(outcome->standard_output)};
    return {task.design,
            fail(ErrorCode::invalid_file,
                 "the geometry is too complex or breaks the analysis: it " + ending_text(*outcome),
                 "simplify the mesh and check it with: nearfab check FILE"),
            true};
}

}  // namespace nearfab::router
