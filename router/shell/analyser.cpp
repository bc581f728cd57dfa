// SPDX-License-Identifier: GPL-3.0-or-later

#include "router/shell/analyser.hpp"

#include "host/sandboxed_program.hpp"
#include "router/analysis/verdict.hpp"

#include <spdlog/spdlog.h>

#include <cstdint>
#include <limits>
#include <utility>

namespace nearfab::router {
namespace {

constexpr std::size_t facts_bytes_max = std::size_t{256} << 10U;
constexpr std::size_t check_bytes_max = std::size_t{4} << 20U;

SandboxSpec spec_for(const AnalyserOptions& options, const std::filesystem::path& file) {
    SandboxSpec spec;
    spec.read_only = {options.worker, file};
    spec.work_directory = options.work_directory;
    spec.memory_bytes = options.memory_bytes;
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
    // A sanitized worker reserves terabytes of address space before it does anything.
    spec.memory_bytes = std::numeric_limits<std::uint64_t>::max();
#endif
    spec.cpu_seconds = options.seconds;
    spec.wall_clock = std::chrono::seconds{options.seconds * 2};
    spec.file_bytes = 1 << 20U;
    return spec;
}

// The designer's words about the file, behind its name.
void add_reading(SandboxSpec& spec, const DesignReading& design, bool always) {
    const bool says = design.unit != LengthUnit::unstated || !design.operations.empty();
    if (says || always) spec.argv.push_back(to_string(design.unit));
    for (const LineRule& rule : design.operations)
        spec.argv.push_back(to_string(rule));
}

void warn_unless_isolated(const SandboxOutcome& outcome) {
    if (outcome.report.isolated) return;
    spdlog::warn("the analysis worker ran without bubblewrap round it: {}", outcome.report.why_not);
}

Error broken(const SandboxOutcome& outcome) {
    return {ErrorCode::invalid_file,
            "the geometry is too complex or breaks the analysis: it " + ending_text(outcome),
            "simplify the mesh and check it with: nearfab check FILE"};
}

}  // namespace

Analyser::Analyser(AnalyserOptions options, Done done)
    : options_{std::move(options)},
      done_{std::move(done)},
      thread_{[this](const std::stop_token& stop) { work(stop); }} {}

Analyser::~Analyser() {
    thread_.request_stop();
    thread_.join();
}

void Analyser::submit(Task task) {
    add([this, task = std::move(task)](const std::stop_token& stop) {
        AnalysisDone done = run(task, stop);
        if (stop.stop_requested()) return;  // Analysed again after the restart.
        done_(std::move(done));
    });
}

void Analyser::submit(CheckTask task, std::function<void(CheckDone)> done) {
    add([this, task = std::move(task), done = std::move(done)](const std::stop_token& stop) {
        CheckDone outcome = run(task, stop);
        if (!stop.stop_requested()) done(std::move(outcome));
    });
}

void Analyser::add(Work work) {
    {
        const std::lock_guard lock{mutex_};
        tasks_.push_back(std::move(work));
    }
    wake_.notify_one();
}

void Analyser::work(const std::stop_token& stop) {
    while (true) {
        Work task;
        {
            std::unique_lock lock{mutex_};
            if (!wake_.wait(lock, stop, [this] { return !tasks_.empty(); })) return;
            task = std::move(tasks_.front());
            tasks_.pop_front();
        }
        task(stop);
        if (stop.stop_requested()) return;
    }
}

AnalysisDone Analyser::run(const Task& task, const std::stop_token& stop) const {
    SandboxSpec spec = spec_for(options_, task.file);
    spec.argv = {options_.worker.string(), task.file.string()};
    add_reading(spec, task.design, false);
    spec.output_bytes = facts_bytes_max;
    auto outcome = run_sandboxed(spec, stop);
    if (!outcome) return {task.design, fail(outcome.error())};
    warn_unless_isolated(*outcome);
    if (outcome->succeeded()) return {task.design, decode_verdict(outcome->standard_output)};
    return {task.design, fail(broken(*outcome)), true};
}

Analyser::CheckDone Analyser::run(const CheckTask& task, const std::stop_token& stop) const {
    SandboxSpec spec = spec_for(options_, task.file);
    std::string processes;
    for (const std::string& process : task.processes)
        processes += (processes.empty() ? "" : ",") + process;
    spec.argv = {options_.worker.string(),
                 "--check",
                 task.file_name,
                 processes.empty() ? "-" : processes,
                 task.thickness_mm ? std::to_string(*task.thickness_mm) : "-",
                 task.file.string()};
    add_reading(spec, task.design, true);
    spec.output_bytes = check_bytes_max;
    auto outcome = run_sandboxed(spec, stop);
    if (!outcome) return {fail(outcome.error())};
    warn_unless_isolated(*outcome);
    if (outcome->output_truncated) {
        return {fail(ErrorCode::too_large,
                     "more is to be said about this file than one answer holds",
                     "check it with: nearfab check FILE")};
    }
    if (outcome->succeeded()) return {decode_check(outcome->standard_output)};
    return {fail(broken(*outcome)), true};
}

}  // namespace nearfab::router
