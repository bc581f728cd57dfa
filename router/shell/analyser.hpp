// SPDX-License-Identifier: GPL-3.0-or-later
// analyser.hpp - runs the analysis worker for one design after another, beside the event loop.
//
// Owns one thread. submit() may be called from the loop's thread only; outcomes are handed to
// `done` on the analyser's own thread, which must only pass them on.

#pragma once

#include "proto/model/part.hpp"
#include "router/core/event.hpp"

#include <condition_variable>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <stop_token>
#include <string>
#include <thread>
#include <vector>

namespace nearfab::router {

struct AnalyserOptions {
    std::filesystem::path worker;          // The program nearfab-analyse.
    std::filesystem::path work_directory;  // Empty, ours; the worker may write there.
    // The largest file that may be sent (64 MiB, 1.3 million triangles) took 7 s and 270 MB when
    // this was written; what takes ten times as long is no part but an attempt.
    std::uint64_t memory_bytes = 2ULL << 30U;
    std::uint32_t seconds = 60;  // Of processor time; twice as long by the clock.
};

class Analyser {
public:
    struct Task {
        DesignReading design;
        std::filesystem::path file;
    };
    using Done = std::function<void(AnalysisDone)>;

    // The whole check, for people: one object of `nearfab check --json`.
    struct CheckTask {
        DesignReading design;
        std::filesystem::path file;
        std::string file_name;               // As it is called in the answer.
        std::vector<std::string> processes;  // Empty: all that have limits.
        std::optional<double> thickness_mm;  // Of the sheet that a drawing is cut from.
    };
    struct CheckDone {
        Result<std::string> json;
        bool broke = false;  // It crashed, hung or ran out of memory; `json` is an error.
    };

    Analyser(AnalyserOptions options, Done done);
    ~Analyser();
    Analyser(const Analyser&) = delete;
    Analyser& operator=(const Analyser&) = delete;

    void submit(Task task);
    void submit(CheckTask task, std::function<void(CheckDone)> done);

private:
    // One run of the worker, and then, unless the analyser is being stopped, its outcome.
    using Work = std::function<void(const std::stop_token& stop)>;
    void add(Work work);
    void work(const std::stop_token& stop);
    [[nodiscard]] AnalysisDone run(const Task& task, const std::stop_token& stop) const;
    [[nodiscard]] CheckDone run(const CheckTask& task, const std::stop_token& stop) const;

    AnalyserOptions options_;
    Done done_;
    std::mutex mutex_;
    std::condition_variable_any wake_;
    std::deque<Work> tasks_;
    std::jthread thread_;  // Last: it uses everything above.
};

}  // namespace nearfab::router
